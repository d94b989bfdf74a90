"""A customer at the real widget and staff at the console, each in a browser of their own."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from bot.services.records import Handoff
from tests.browser.conftest import Visit
from tests.browser.console.conftest import AUDITOR, CLERK, CLERK_2, DESKTOP, TABLET, SignIn, findings, overflows
from tests.browser.console.hall import Hall
from tests.browser.desk_process import DeskProcess
from tests.records import message, picture

Opened = Callable[..., Page]
ONE_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")


@pytest.fixture
def customer(context: BrowserContext, console: DeskProcess) -> Visit:
    """A customer in okura's chat, who has asked something."""
    visit = Visit(context.new_page()).open(f"{console.url}/page/plain?company=okura")
    visit.write("リコールのときはどうなりますか")
    expect(visit.bubbles("bot").last).to_contain_text("7.(3)⑤")
    return visit


@pytest.fixture
def conversation_of(sign_in: SignIn, console: DeskProcess) -> Opened:
    def opened(email: str, conversation: str, size: dict[str, Any] = DESKTOP, **more: Any) -> Page:
        page = sign_in(email, size=size, **more)
        page.goto(f"{console.url}/staff/okura/conversations/{conversation}")
        return page

    return opened


def transcript(page: Page) -> Locator:
    return page.locator("#transcript > li")


def answer(page: Page, text: str) -> None:
    page.get_by_label("お客さまへの返事").fill(text)
    page.get_by_role("button", name="お客さまに送る").click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_staff_and_customer_talk_live_and_the_bot_goes_on_after(
    customer: Visit, conversation_of: Opened, hall: Hall
) -> None:
    hall.calls(customer.conversation)
    clerk = conversation_of(CLERK, customer.conversation)
    # The whole talk so far is there, with the clause and its citation
    expect(transcript(clerk).first).to_contain_text("リコールのときはどうなりますか")
    expect(clerk.locator("#transcript .citation")).to_have_text("個人情報保護方針 7.(3)⑤")
    # An answer claims the case and reaches the widget at once, named
    answer(clerk, "お待たせしました。どのお車でしょうか。")
    expect(customer.bubbles("staff").last).to_contain_text("どのお車でしょうか")
    expect(customer.page.get_by_text("佐藤").first).to_be_visible()
    expect(clerk.locator("#state")).to_contain_text("自分が担当")
    expect(clerk.get_by_label("お客さまへの返事")).to_have_value("")
    # What the customer answers appears without a reload, and the bot is silent
    bots = customer.bubbles("bot").count()
    customer.write("白い軽トラックです")
    expect(transcript(clerk).last).to_contain_text("白い軽トラックです")
    answer(clerk, "ありがとうございます。")
    expect(transcript(clerk).last).to_contain_text("ありがとうございます。")
    assert customer.bubbles("bot").count() == bots
    # Given back with a word, the bot answers again
    clerk.get_by_label("お客さまへの最後のひとこと").fill("またどうぞ。")
    press(clerk, "ボットに戻して終わる")
    expect(clerk.get_by_role("status")).to_have_text("会話をボットに戻して、この件を終わりました。")
    expect(customer.bubbles("staff").last).to_contain_text("またどうぞ。")
    expect(customer.bubbles("bot").last).to_contain_text("ここからは、自動でお答えします。")
    customer.write("案内を止めて")
    expect(customer.bubbles("bot").last).to_contain_text("案内の停止を承ります")
    assert customer.complaints == []


def test_staff_see_that_the_customer_is_writing_and_nothing_of_it(
    customer: Visit, conversation_of: Opened, hall: Hall
) -> None:
    hall.calls(customer.conversation)
    clerk = conversation_of(CLERK, customer.conversation)
    answer(clerk, "どうぞ。")
    expect(customer.bubbles("staff")).to_be_visible()
    sign = clerk.get_by_text("お客さまが入力中です")
    expect(sign).to_be_hidden()
    sent: list[str] = []
    customer.page.on("request", lambda one: sent.append(f"{one.url} {one.post_data}"))
    field = customer.page.get_by_label("ご質問・ご用件")
    field.press_sequentially("ひみつです", delay=50)
    expect(sign).to_be_visible()
    assert {one.rpartition("/")[2] for one in sent} == {"typing None"}
    # Once it is sent, it is read
    field.press("Enter")
    expect(transcript(clerk).last).to_contain_text("ひみつです")
    expect(sign).to_be_hidden()


@pytest.mark.parametrize("size", [DESKTOP, TABLET, {"viewport": {"width": 1180, "height": 820}}])
def test_the_talk_and_the_answer_are_both_in_sight(
    conversation_of: Opened, hall: Hall, console: DeskProcess, size: dict[str, Any]
) -> None:
    case = hall.comes()
    for number in range(20):
        console.say(case.conversation, f"{number}番目のことばです", author="customer")
    clerk = conversation_of(CLERK, case.conversation, size=size)
    press(clerk, "担当する")
    # The word of what was done stands above, and still all fits
    expect(clerk.get_by_role("status")).not_to_be_empty()
    expect(transcript(clerk).last).to_be_in_viewport(ratio=1)
    expect(clerk.get_by_label("お客さまへの返事")).to_be_in_viewport(ratio=1)
    expect(clerk.get_by_role("button", name="お客さまに送る")).to_be_in_viewport(ratio=1)
    talk = clerk.locator("[data-transcript]").bounding_box()
    assert talk is not None
    assert talk["height"] >= 200


def test_a_picture_is_seen_and_destroyed(conversation_of: Opened, hall: Hall, console: DeskProcess) -> None:
    case, store = hall.comes(channel="line"), hall.services.store
    brought = message(f"m-{case.id}", conversation=case.conversation, text="〔画像〕", body={"picture": "1"})
    with store.transaction() as tx:
        tx.conversations.add_message(brought)
    clerk = conversation_of(CLERK, case.conversation)
    expect(clerk.get_by_text("画像は残っていません。")).to_be_visible()
    # It is fetched while the page is open, and shows with the word to the customer
    now, words = hall.services.clock.now(), "お預かりしました"
    told = message(f"a-{case.id}", conversation=case.conversation, author="bot", text=words, reply_to=brought.id)
    with store.transaction() as tx:
        tx.pictures.add(picture(brought.id, conversation=case.conversation, media_type="image/gif"), ONE_PIXEL)
        tx.conversations.add_message(replace(told, created_at=now))
    shown = clerk.get_by_role("img", name="お客さまから届いた画像")
    expect(shown).to_be_visible()
    assert shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1
    expect(transcript(clerk)).to_have_count(2)
    clerk.on("dialog", lambda asked: asked.accept())
    press(clerk, "マイナンバーなどが写っている（消す）")
    expect(clerk.get_by_role("status")).to_contain_text("画像を消しました")
    expect(shown).to_have_count(0)
    with store.transaction(read_only=True) as tx:
        assert tx.pictures.get(brought.id) is None


def test_each_message_stands_once_however_fast_they_come(
    customer: Visit, conversation_of: Opened, hall: Hall, console: DeskProcess
) -> None:
    hall.calls(customer.conversation)
    clerk = conversation_of(CLERK, customer.conversation)
    # Two presses of the same button are one answer
    clerk.get_by_label("お客さまへの返事").fill("一度だけ")
    clerk.get_by_role("button", name="お客さまに送る").dblclick()
    for number in range(8):
        console.say(customer.conversation, f"つづき{number}", author="customer")
    expect(transcript(clerk).last).to_contain_text("つづき7")
    expect(transcript(clerk).filter(has_text="一度だけ")).to_have_count(1)
    said = transcript(clerk).locator(".said-text").all_inner_texts()
    # Which of the two was first is the desk's to say.
    assert said[-9:] == [one["text"] for one in console.stored(customer.conversation)][-9:]
    assert sorted(said[-9:]) == sorted(["一度だけ", *(f"つづき{number}" for number in range(8))])


def test_a_colleague_reads_along_and_takes_over_only_by_an_explicit_act(conversation_of: Opened, hall: Hall) -> None:
    case = hall.comes()
    first = conversation_of(CLERK, case.conversation)
    second = conversation_of(CLERK_2, case.conversation)
    expect(first.locator("#state")).to_contain_text("鈴木さんが見ています")
    press(first, "担当する")
    expect(second.locator("#state")).to_contain_text("佐藤さんが担当")
    answer(second, "わたしがお答えします")
    expect(second.get_by_role("status")).to_contain_text("佐藤さんが担当しています")
    expect(second.get_by_label("お客さまへの返事")).to_have_value("わたしがお答えします")
    second.once("dialog", lambda dialog: dialog.accept())
    press(second, "担当を引き継ぐ")
    expect(second.get_by_role("status")).to_have_text("担当者を変えました。")
    expect(first.locator("#state")).to_contain_text("鈴木さんが担当")
    # And on to a third
    second.get_by_label("新しい担当").select_option(label="佐藤")
    press(second, "任せる")
    expect(second.locator("#state")).to_contain_text("佐藤さんが担当")


def test_what_the_customer_wrote_meanwhile_is_not_passed_over(
    conversation_of: Opened, hall: Hall, console: DeskProcess
) -> None:
    case = hall.comes()
    clerk = conversation_of(CLERK, case.conversation)
    press(clerk, "担当する")
    expect(clerk.locator("#state")).to_contain_text("自分が担当")
    clerk.context.route("**/messages?*", lambda route: route.fulfill(status=204))
    console.say(case.conversation, "もうひとつお願いです", author="customer")
    clerk.wait_for_timeout(300)
    clerk.get_by_label("お客さまへの最後のひとこと").fill("それでは。")
    press(clerk, "ボットに戻して終わる")
    expect(clerk.get_by_text("お客さまから新しいメッセージが届いています。")).to_be_visible()
    expect(clerk.get_by_text("それでは。")).to_be_visible()  # What was typed isn't lost.


def test_a_clause_and_a_canned_answer_go_into_the_answer_word_for_word(
    customer: Visit, conversation_of: Opened, hall: Hall
) -> None:
    hall.services.canned_answers.add("okura", "はじめのあいさつ", "お世話になっております。", "test")
    hall.calls(customer.conversation)
    clerk = conversation_of(CLERK, customer.conversation)
    clerk.get_by_text("定型文を入れる").click()
    greeting = clerk.locator(".canned > li", has_text="はじめのあいさつ")
    greeting.get_by_role("button", name="返事に入れる").click()
    clerk.get_by_text("方針の条文を入れる").click()
    clerk.get_by_label("条文を探す言葉").fill("リコール")
    press(clerk, "条文を探す")
    clause = clerk.locator(".found-clauses > li").first
    published = clause.locator("blockquote").inner_text()
    clause.get_by_role("button", name="返事に入れる").click()
    written = clerk.get_by_label("お客さまへの返事").input_value()
    assert written.startswith("お世話になっております。\n")
    assert " ".join(published.split()) in " ".join(written.split())
    assert " ".join(published.split()) in " ".join(hall.services.companies.get("okura").policy.text.split())
    assert "（個人情報保護方針 7." in written
    press(clerk, "お客さまに送る")
    expect(customer.bubbles("staff").last).to_contain_text("お世話になっております。")


def test_a_note_stays_among_staff(customer: Visit, conversation_of: Opened, hall: Hall) -> None:
    hall.calls(customer.conversation)
    clerk = conversation_of(CLERK, customer.conversation)
    clerk.get_by_label("お客さまへの返事").fill("書きかけの返事")
    clerk.get_by_label("メモ").fill("電話で本人確認ずみ")
    press(clerk, "メモを残す")
    expect(clerk.get_by_role("status")).to_have_text("メモを残しました。")
    expect(clerk.locator(".memo")).to_contain_text("電話で本人確認ずみ")
    # An answer that was begun stays, and isn't left behind unasked
    expect(clerk.get_by_label("お客さまへの返事")).to_have_value("書きかけの返事")
    asked: list[str] = []
    clerk.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with clerk.expect_event("dialog"):
        clerk.get_by_role("link", name="お申し出", exact=True).first.click(no_wait_after=True)
    assert asked == ["beforeunload"]
    expect(clerk.get_by_label("お客さまへの返事")).to_have_value("書きかけの返事")
    expect(clerk).to_have_url(re.compile(f"{customer.conversation}$"))
    colleague = conversation_of(CLERK_2, customer.conversation)
    expect(colleague.locator(".memo")).to_contain_text("電話で本人確認ずみ")
    expect(colleague.locator(".memo")).to_contain_text("佐藤")
    answer(clerk, "はい")
    expect(customer.bubbles("staff").last).to_contain_text("はい")
    assert "電話で本人確認ずみ" not in customer.page.content()


def test_a_conversation_is_taken_from_the_bot(customer: Visit, conversation_of: Opened, console: DeskProcess) -> None:
    clerk = conversation_of(CLERK, customer.conversation)
    expect(clerk.get_by_label("お客さまへの返事")).to_have_count(0)
    press(clerk, "ボットから引き受ける")
    answer(clerk, "ここからは佐藤がお答えします")
    expect(customer.bubbles("staff").last).to_contain_text("佐藤がお答えします")
    bots = customer.bubbles("bot").count()
    customer.write("見せて")
    expect(transcript(clerk).last).to_contain_text("見せて")
    press(clerk, "お待ちに戻す")
    clerk.wait_for_url(re.compile("/queue$"))
    assert customer.bubbles("bot").count() == bots


def test_staff_talk_goes_on_while_the_engine_is_down(
    customer: Visit, conversation_of: Opened, console: DeskProcess, context: BrowserContext, hall: Hall
) -> None:
    console.script(down=True)
    try:
        hall.calls(customer.conversation)
        clerk = conversation_of(CLERK, customer.conversation)
        answer(clerk, "担当者はおります")
        expect(customer.bubbles("staff").last).to_contain_text("担当者はおります")
        # A new customer can leave a message, which comes to the queue
        other = context.browser.new_context(locale="ja-JP")  # type: ignore[union-attr]
        visit = Visit(other.new_page()).open(f"{console.url}/page/plain?company=okura")
        visit.write("だれかいますか")
        expect(visit.bubbles("bot").last).to_contain_text("ただいま自動でのお答えができません")
        clerk.goto(f"{console.url}/staff/okura/queue")
        expect(clerk.get_by_role("link", name="ボットが止まっていた")).to_be_visible()
        other.close()
    finally:
        console.script(down=False)


def test_nothing_that_a_customer_writes_runs_in_the_console(
    conversation_of: Opened, hall: Hall, console: DeskProcess
) -> None:
    case = hall.comes()
    clerk = conversation_of(CLERK, case.conversation)
    attack = (
        '<img src=x onerror="document.title=\'gone\'"><script>document.title="gone"</script><a href="javascript:1">'
    )
    console.say(case.conversation, attack, author="customer")
    expect(transcript(clerk).last).to_contain_text(attack)
    console.say(case.conversation, "つぎ", author="bot", body={"parts": [{"kind": "quote", "text": attack}]})
    expect(transcript(clerk).last).to_contain_text(attack)
    clerk.reload()
    expect(transcript(clerk).last).to_contain_text(attack)
    assert clerk.title().startswith("お客さまとの会話")


def test_an_auditor_reads_and_has_nothing_to_press(conversation_of: Opened, hall: Hall) -> None:
    case = hall.comes()
    page = conversation_of(AUDITOR, case.conversation)
    expect(page.locator("#state")).to_contain_text("お待ちです")
    assert page.locator("main button").count() == 0


SAID = (("customer", "開示をお願いしたいのですが"), ("bot", "開示を承ります。" * 12), ("staff", "担当の佐藤です。"))


def _talk(hall: Hall) -> Handoff:
    case, now = hall.comes(), hall.services.clock.now()
    with hall.services.store.transaction() as tx:
        for author, text in SAID:
            values = {"conversation": case.conversation, "author": author, "text": text, "created_at": now}
            tx.conversations.add_message(message(f"{case.id}-{author}", **values))
    return case


def test_the_page_fits_every_screen_and_axe_finds_nothing(
    conversation_of: Opened, hall: Hall, screen: dict[str, Any], axe: str
) -> None:
    case = _talk(hall)
    page = conversation_of(CLERK, case.conversation, size=screen, bypass_csp=True)
    press(page, "担当する")
    expect(page.locator("#state")).to_contain_text("自分が担当")
    page.get_by_text("方針の条文を入れる").click()
    page.get_by_label("条文を探す言葉").fill("共同利用")
    press(page, "条文を探す")
    expect(page.locator(".found-clauses > li").first).to_be_visible()
    assert not overflows(page)
    assert findings(page, axe) == []
