"""Reload, second tab, network loss, a desk that was killed: nothing is lost, nothing comes twice."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import DeskProcess, Visit

FAILED = "送信できていません"


def test_a_reload_loses_nothing(visit: Visit) -> None:
    visit.write("こんにちは")
    expect(visit.bubbles("bot").last).to_contain_text("「こんにちは」ですね。")
    visit.page.reload()
    expect(visit.bubbles("customer")).to_have_count(1)
    expect(visit.bubbles("bot").last).to_contain_text("「こんにちは」ですね。")


def test_a_second_tab_shows_the_same_conversation(visit: Visit, context: BrowserContext) -> None:
    visit.write("ひとつめの画面から")
    expect(visit.bubbles("bot")).to_have_count(2)
    other = Visit(context.new_page()).open(visit.page.url)
    expect(other.bubbles("customer")).to_contain_text(["ひとつめの画面から"])
    other.write("ふたつめの画面から")
    expect(visit.bubbles("customer")).to_contain_text(["ひとつめの画面から", "ふたつめの画面から"])
    expect(visit.bubbles("bot")).to_have_count(3)
    assert other.conversation == visit.conversation


def test_erasing_in_one_tab_ends_the_other(visit: Visit, context: BrowserContext) -> None:
    visit.write("こんにちは")
    expect(visit.bubbles("bot")).to_have_count(2)
    other = Visit(context.new_page()).open(visit.page.url)
    other.page.get_by_role("button", name="メニュー").click()
    other.page.get_by_role("button", name="ご相談を消す").click()
    other.page.get_by_role("alertdialog").get_by_role("button", name="消す").click()
    expect(visit.page.get_by_text("このご相談は終了しました。").first).to_be_visible()
    expect(visit.bubbles("customer")).to_have_count(0)


def test_what_is_written_without_network_goes_out_with_it(visit: Visit, context: BrowserContext) -> None:
    for text in ("ひとつめ", "ふたつめ", "みっつめ", "よっつめ"):
        visit.write(text)
        expect(visit.bubbles("bot").last).to_contain_text(text)
    context.set_offline(True)
    expect(visit.page.get_by_text("インターネットにつながっていません")).to_be_visible()
    visit.write("電波のないところから")
    expect(visit.page.get_by_text(FAILED)).to_be_visible()
    expect(visit.page.get_by_role("button", name="取り消す")).to_be_in_viewport(ratio=1)
    context.set_offline(False)
    expect(visit.bubbles("bot").last).to_contain_text("「電波のないところから」ですね。")
    expect(visit.page.get_by_text(FAILED)).to_have_count(0)
    expect(visit.page.get_by_text("インターネットにつながっていません")).to_have_count(0)


def test_a_desk_that_was_killed_loses_and_doubles_nothing(context: BrowserContext, own_desk: DeskProcess) -> None:
    visit = Visit(context.new_page()).open(f"{own_desk.url}/page/plain?company=okura")
    visit.write("ひとつめ")
    expect(visit.bubbles("bot")).to_have_count(2)
    own_desk.kill()
    visit.write("ふたつめ")
    visit.write("みっつめ")
    expect(visit.page.get_by_text(FAILED)).to_have_count(2)
    own_desk.start()
    expect(visit.bubbles("bot").last).to_contain_text("「みっつめ」ですね。")
    expect(visit.page.get_by_text(FAILED)).to_have_count(0)
    said = [message["text"] for message in own_desk.stored(visit.conversation) if message["author"] == "customer"]
    assert said == ["ひとつめ", "ふたつめ", "みっつめ"]
    expect(visit.bubbles("customer")).to_have_count(3)
    expect(visit.bubbles("bot")).to_have_count(4)


def test_a_page_closed_while_the_desk_was_down_sends_when_it_comes_back(
    context: BrowserContext, own_desk: DeskProcess
) -> None:
    visit = Visit(context.new_page()).open(f"{own_desk.url}/page/plain?company=okura")
    visit.write("ひとつめ")
    expect(visit.bubbles("bot")).to_have_count(2)
    address = visit.page.url
    own_desk.kill()
    visit.write("閉じる前に書いた")
    expect(visit.page.get_by_text(FAILED)).to_be_visible()
    visit.page.close()
    own_desk.start()
    again = Visit(context.new_page())
    again.page.goto(address)
    again.page.get_by_role("button", name="個人情報のご相談").click()
    expect(again.bubbles("bot").last).to_contain_text("「閉じる前に書いた」ですね。")


def test_a_receipt_that_was_lost_doubles_nothing(visit: Visit, desk: DeskProcess) -> None:
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        if not lost:
            lost.append(str(route.fetch().status))
            route.abort()
        else:
            route.continue_()

    visit.page.route("**/chat/messages", lose_once)
    visit.write("受け取りの返事がなくなる")
    expect(visit.bubbles("bot").last).to_contain_text("ですね。")
    expect(visit.page.get_by_text(FAILED)).to_have_count(0)
    assert lost == ["202"]
    assert len(desk.stored(visit.conversation)) == 2
    expect(visit.bubbles("customer")).to_have_count(1)


def test_a_receipt_slower_than_the_answer_leaves_nothing_waiting(visit: Visit) -> None:
    def late(route: Route) -> None:
        answer = route.fetch()
        expect(visit.bubbles("bot")).to_have_count(2)
        route.fulfill(response=answer)

    visit.page.route("**/chat/messages", late)
    visit.write("もう案内を止めてほしい")
    expect(visit.bubbles("bot")).to_have_count(2)
    visit.page.wait_for_timeout(300)
    expect(visit.page.get_by_role("button", name="郵便")).to_be_visible()
    expect(visit.page.get_by_text("お答えを準備しています")).to_have_count(0)


def test_a_failed_message_can_be_sent_again_or_taken_back(visit: Visit) -> None:
    visit.page.route("**/chat/messages", lambda route: route.abort())
    visit.write("取り消すもの")
    visit.write("送るもの")
    expect(visit.page.get_by_text(FAILED)).to_have_count(2)
    visit.page.get_by_role("button", name="取り消す").first.click()
    visit.page.unroute("**/chat/messages")
    visit.page.get_by_role("button", name="もう一度送る").click()
    expect(visit.bubbles("bot").last).to_contain_text("「送るもの」ですね。")
    expect(visit.bubbles("customer")).to_have_count(1)


def test_a_network_that_holds_streams_back_is_asked_instead(context: BrowserContext, desk: DeskProcess) -> None:
    page = context.new_page()
    page.route("**/chat/events", lambda route: None)
    visit = Visit(page).open(f"{desk.url}/page/plain?company=okura")
    visit.write("こんにちは")
    expect(visit.bubbles("bot").last).to_contain_text("「こんにちは」ですね。")


def test_a_forgotten_conversation_gives_way_to_a_new_one(visit: Visit, desk: DeskProcess) -> None:
    visit.write("こんにちは")
    expect(visit.bubbles("bot")).to_have_count(2)
    visit.page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((key) => key.endsWith(" session"));
          const session = JSON.parse(localStorage[key]);
          localStorage[key] = JSON.stringify({ ...session, token: session.token + "x" });
        }"""
    )
    visit.write("まだ覚えていますか")
    expect(visit.bubbles("bot").last).to_contain_text("「まだ覚えていますか」ですね。")
    expect(visit.bubbles("customer")).to_have_count(1)


def test_a_desk_out_of_reach_says_so_and_tries_again(context: BrowserContext, own_desk: DeskProcess) -> None:
    page: Page = context.new_page()
    page.goto(f"{own_desk.url}/page/plain?company=okura")
    own_desk.kill()
    page.get_by_role("button", name="個人情報のご相談").click()
    expect(page.get_by_text("ただいま窓口につながりません")).to_be_visible()
    own_desk.start()
    page.get_by_role("button", name="もう一度つなぐ").click()
    expect(page.get_by_role("log")).to_be_visible()


class TestWhileClosed:
    def test_a_new_message_is_counted_on_the_launcher(self, visit: Visit, desk: DeskProcess) -> None:
        visit.write("こんにちは")
        expect(visit.bubbles("bot")).to_have_count(2)
        visit.page.get_by_role("button", name="閉じる").click()
        desk.say(visit.conversation, "担当者からのお返事です")
        launcher = visit.page.get_by_role("button", name="新しいメッセージが1件あります")
        expect(launcher).to_be_visible()
        launcher.click()
        expect(visit.bubbles("staff")).to_be_visible()
        visit.page.get_by_role("button", name="閉じる").click()
        expect(visit.page.get_by_role("button", name="個人情報のご相談", exact=True)).to_be_visible()

    def test_also_after_coming_back_to_the_site(self, visit: Visit, context: BrowserContext, desk: DeskProcess) -> None:
        visit.write("こんにちは")
        expect(visit.bubbles("bot")).to_have_count(2)
        conversation, address = visit.conversation, visit.page.url
        visit.page.close()
        desk.say(conversation, "担当者からのお返事です")
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_role("button", name="新しいメッセージが1件あります")).to_be_visible()

    def test_a_visitor_who_never_opened_it_costs_the_desk_nothing(
        self, context: BrowserContext, desk: DeskProcess
    ) -> None:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{desk.url}/page/plain?company=okura")
        expect(page.get_by_role("button", name="個人情報のご相談")).to_be_visible()
        assert not [url for url in asked if "/chat/" in url]
