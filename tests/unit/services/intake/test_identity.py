"""Being found out, being somebody else, and the way by documents."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.privacy.statuses import IdentityStatus
from bot.services.intake import Intake
from bot.services.records import Customer
from bot.settings import Settings
from tests.unit.services.intake.talk import Talk, give, missing


def _ask(t, name, contact):
    """Go as far as the code is asked for; give all that was heard."""
    heard = [t.wants("provision_records", "記録を紙で見せて")]
    return [*heard, t.says(name), t.says(contact)]


@pytest.mark.parametrize(
    ("name", "contact"),
    [
        ("山田次郎", "taro@example.jp"),  # another name
        ("山田太郎", "jiro@example.jp"),  # another contact
        ("鈴木三郎", "0233-75-3111"),  # on file with a landline alone
        ("佐藤花子", "080-4444-4444"),  # twice on file
        ("高橋花子", "080-5555-5555"),  # another company's
    ],
)
def test_whoever_asks_hears_the_same(talk, register, sqlite_store, name, contact):
    register()
    give(
        sqlite_store,
        Customer("saburo", "okura", "3", "鈴木 三郎", phone="+81233753111"),
        Customer("h1", "okura", "4", "佐藤 花子", phone="+818044444444"),
        Customer("h2", "okura", "5", "佐藤花子", phone="+818044444444"),
        Customer("t", "kagoshima", "6", "高橋 花子", phone="+818055555555"),
    )
    known, other = talk(), talk()
    told = _ask(known, "山田太郎", "taro@example.jp")
    before = len(known.outbox())
    assert _ask(other, name, contact) == told
    assert len(other.outbox()) == before
    for _ in range(4):
        assert known.says("00000000") == other.says("00000000")
        assert len(known.replies) == len(other.replies)


def test_an_erased_person_is_as_unknown(talk, register, sqlite_store):
    register()
    known, erased = talk(), talk()
    told = _ask(known, "山田太郎", "taro@example.jp")
    with sqlite_store.transaction() as tx:
        tx.customers.erase("taro")
    assert _ask(erased, "山田太郎", "taro@example.jp") == told
    assert len(erased.outbox()) == 1


def test_a_new_address_said_in_the_chat_gets_no_code(talk, register):
    register()
    t = talk()
    t.wants("disclosure", "データ全部見せて。紙で")
    t.goes_through(("山田太郎", "電話番号"), ("新しいメールは evil@example.com です", "8桁"))
    assert t.outbox() == []
    t.does("change", "連絡先を直す")
    t.says("090-1234-5678、コードは evil@example.com に送って")
    assert [message.recipient for message in t.outbox()] in ([], ["+819012345678"])


def test_the_conversation_belongs_to_the_store_of_whoever_is_proven(talk, register, sqlite_store):
    register()
    with sqlite_store.transaction() as tx:
        [taro] = tx.customers.find_by_contact("okura", "taro@example.jp")
        tx.customers.save_many([replace(taro, store="north")])
    t = talk()
    _ask(t, "山田太郎", "taro@example.jp")
    t.says(t.code())
    with sqlite_store.transaction() as tx:
        assert tx.conversations.get(t.id).store == "north"


def test_a_code_of_the_first_person_proves_no_second(talk, register):
    register()
    register(id="hana", customer_no="2", name="山田 花子", email="hana@example.jp", phone="")
    t = talk()
    _ask(t, "山田太郎", "taro@example.jp")
    taros = t.code()
    t.does("change", "お名前を直す")
    t.says("山田花子")
    t.does("change", "ご連絡先を直す")
    t.says("hana@example.jp")
    assert "確認できませんでした" in t.says(taros)


def test_nor_where_no_second_code_could_be_sent(sqlite_store, phrases, vault, clock, companies, register):
    register()
    register(id="hana", customer_no="2", name="山田 花子", email="hana@example.jp", phone="")
    once = Intake(sqlite_store, phrases, vault, clock, Settings(code_sends_day=1), companies)
    t = Talk(once, sqlite_store, companies, clock, "okura", "web")
    _ask(t, "山田太郎", "taro@example.jp")
    t.does("change", "お名前を直す")
    assert "回数を超えました" in t.says("山田花子")
    t.does("change", "ご連絡先を直す")
    t.says("hana@example.jp")
    assert "確認できませんでした" in t.says(t.code())


def test_a_verification_at_one_company_counts_at_no_other(talk, register, sqlite_store):
    register()
    t = talk("kagoshima")
    with sqlite_store.transaction() as tx:
        thread = tx.conversations.get(t.id)
        until = t.clock.now() + timedelta(minutes=30)
        tx.conversations.save(replace(thread, verified_customer="taro", verified_level=3, verified_until=until))
    assert "お名前" in t.wants("provision_records", "記録を紙で見せて")


def test_the_second_fact_is_limited(talk, register):
    register()
    t = talk()
    t.wants("disclosure", "データ全部見せて。紙で")
    t.goes_through(("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    t.goes_through((t.code(), "ナンバー"), ("1990/1/1", "合いませんでした"), ("山形 500 い 12-34", "合いませんでした"))
    assert not missing(t.says("1991/1/1"), "運転免許証", "このあと担当者が確認します")
    t.says("送信する")
    assert t.requests()[0].identity is IdentityStatus.MANUAL


def test_without_a_second_fact_on_file_staff_verify(talk, register):
    register(plates=(), birth_date="")
    t = talk()
    t.wants("disclosure", "データ全部見せて。紙で")
    t.goes_through(("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    assert not missing(t.says(t.code()), "確認コードを確認しました", "運転免許証")


def test_no_contact_at_all_goes_by_documents(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて。紙で")
    t.goes_through(("山田太郎", "確認コードをお送りします"), ("わからない", "運転免許証"))
    assert "担当者からご連絡できる" in t.replies[-1].text
    t.goes_through(("080-9999-0001", "次の内容"), ("送信する", "受付番号"))
    [request] = t.requests()
    assert (request.identity, request.claimant["contact"]) == (IdentityStatus.MANUAL, "+818099990001")
    assert t.outbox() == []


def test_without_a_code_is_no_wish_for_another_one(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて。紙で")
    assert not missing(t.does("resend", "確認コードなしで進める"), "運転免許証", "お名前")
    assert t.outbox() == []


def test_who_can_be_reached_by_nothing_is_not_asked_twice(talk):
    t = talk()
    t.wants("disclosure", "データ全部見せて。紙で")
    t.goes_through(("確認コードなしで進める", "運転免許証"), ("山田太郎", "担当者からご連絡できる"))
    assert t.buttons() == ["連絡先はない"]
    t.goes_through(
        ("確認コードなしで進める", "読み取れませんでした"), ("連絡先はない", "次の内容"), ("送信する", "受付番号")
    )
    assert t.requests()[0].claimant["contact"] == "unknown"


@pytest.mark.parametrize(("days", "held"), [(6, True), (8, False)])
def test_a_contact_changed_lately_holds_disclosure_and_tells_the_old_one(talk, register, clock, days, held):
    changed = clock.now() - timedelta(days=days)
    register(contact_changed_at=changed, previous_contacts=("old@example.jp", "+819000001111"))
    t = talk()
    t.wants("disclosure", "データ全部見せて。紙で")
    t.goes_through(("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    t.goes_through((t.code(), "ナンバー"), ("1985/3/1", "次の内容"))
    heard = t.says("送信する")
    told = [message for message in t.outbox() if message.recipient in ("old@example.jp", "+819000001111")]
    assert (t.requests()[0].held_until is not None, "2026年6月3日" in heard, len(told)) == (
        held,
        held,
        2 if held else 0,
    )


def test_an_unchanged_type_is_not_held(talk, register, clock):
    register(contact_changed_at=clock.now(), previous_contacts=("old@example.jp",))
    t = talk()
    t.wants("stop_use", "使うのを全部やめて")
    t.goes_through(("特にない", "お名前"), ("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    t.says(t.code())
    t.says("送信する")
    assert t.requests()[0].held_until is None


def test_the_code_is_on_a_line_of_its_own_with_the_companys_name(talk, register):
    register()
    t = talk()
    _ask(t, "山田太郎", "090-1234-5678")
    [message] = t.outbox()
    assert (message.kind, message.recipient) == ("sms", "+819012345678")
    assert "有限会社大蔵自動車" in message.text
    assert t.code() in message.text.splitlines()


def test_full_width_spaced_and_invisible_digits_are_digits(talk, register):
    register()
    t = talk()
    _ask(t, "山田太郎", "taro@example.jp")
    wide = t.code().translate({48 + n: 0xFF10 + n for n in range(10)})
    assert "確認コードを確認しました" in t.says("コードは " + "\u200b".join(wide[:4]) + " " + wide[4:] + " です")


def test_codes_of_another_length_cost_no_attempt(talk, register):
    register()
    t = talk()
    _ask(t, "山田太郎", "taro@example.jp")
    for wrong in ("1234567", "123456789", "わかりません", "090-1234-5678"):
        assert "8桁の数字です" in t.says(wrong)
    assert "確認コードを確認しました" in t.says(t.code())


def test_a_resend_waits_and_then_replaces_the_code(talk, register):
    register()
    t = talk()
    _ask(t, "山田太郎", "taro@example.jp")
    first = t.code()
    assert "60秒に1回" in t.does("resend", "届かない")
    t.clock.advance(seconds=61)
    assert "お送りしました" in t.says("コードが届かない")
    assert len(t.outbox()) == 2
    assert "確認できませんでした" in t.says(first)
    assert "確認コードを確認しました" in t.says(t.code())


def test_agents_are_explained_and_never_shown_anything(talk, register):
    register()
    t = talk()
    heard = t.does("agent_path", "父の個人情報を見せてください")
    assert not missing(heard, "ご家族でも", "委任状")
    assert not t.intake.is_open(t.id)
    t.does("agent_path", "代理人として申し込む")
    assert "相続人" in t.buttons(), "which request it is was said before"
    t.goes_through(
        ("本人から頼まれた息子です", "ご本人のお名前"),
        ("山田 太郎", "どの情報"),
        ("すべて", "どのような形"),
        ("紙", "代理人の方のお名前"),
        ("山田一郎", "代理人の方の電話番号"),
        ("taro@example.jp", "次の内容で受け付けます"),
    )
    assert not missing(t.says("送信する"), "委任状", "ご本人にお知らせします")
    assert t.outbox() == []
    [request] = t.requests()
    assert (request.type, request.identity, request.customer) == ("disclosure", IdentityStatus.MANUAL, None)
    assert dict(request.claimant) == {
        "name": "山田一郎",
        "contact": "taro@example.jp",
        "relation": "mandated_agent",
        "principal": "山田 太郎",
    }
    assert dict(request.details) == {"scope": "all", "form": "paper"}


def test_a_kind_of_request_is_no_relation_and_no_name(talk):
    t = talk()
    t.does("agent_path", "代理人として申し込む")
    t.goes_through(
        ("消去", "ご関係を教えて"),
        ("消去", "ご関係を読み取れませんでした"),
        ("消去を頼まれた孫です", "ご本人のお名前"),
        ("消去", "お名前を読み取れませんでした"),
        ("山田ハル", "どの情報"),
    )


def test_an_agent_who_says_all_at_once_is_asked_the_rest(talk):
    t = talk()
    heard = t.does("agent_path", "弁護士の丙野と申します。佐藤様の代理人として、消去を請求いたします")
    assert not missing(heard, "37条3項", "ご希望のお手続き：消去", "委任による代理人", "ご本人のお名前を教えて")


@pytest.mark.parametrize("answer", ["代理人です", "はい、お願いします", "申し込みます", "代理人として申し込みます"])
def test_the_agents_way_is_taken_in_any_words_and_keeps_what_was_said(talk, answer):
    t = talk()
    t.does("agent_path", "母の保佐人です。小林一茶さんの記録を開示してほしい")
    assert t.expectation(answer).kind == "given"
    heard = t.wants(t.intake.chosen(t.turn(answer)), answer)
    assert not missing(heard, "ご希望のお手続き：開示", "法定代理人", "ご本人のお名前：小林一茶")


def test_the_agents_own_kind_of_request_leaves_the_form_as_it_is(talk):
    t = talk()
    t.does("agent_path", "小林一茶の娘です。代理人として消去をお願いします")
    assert "切り替え" not in t.wants("erasure", "消去")
    assert "切り替え" in t.wants("disclosure", "自分のデータを見たい")


def test_an_heir_is_not_told_that_the_dead_will_hear(talk):
    t = talk()
    heard = t.does("agent_path", "亡くなった母の情報を消してほしい")
    assert "亡くなった方" in heard
    heard = t.does("agent_path", "代理人として申し込む")
    assert not missing(heard, "ご希望のお手続き：消去", "相続人", "ご本人のお名前を教えて")
    for said in ("山田ハル", "すべて", "特にない", "山田次郎", "jiro@example.jp"):
        t.says(said)
    receipt = t.says("送信する")
    assert "戸籍謄本" in receipt
    assert "ご本人にお知らせ" not in receipt


@pytest.mark.parametrize("doubt", ["コードって何のため？", "これは詐欺じゃない？"])
def test_who_doubts_the_code_hears_what_it_is_for(talk, register, doubt):
    register()
    t = talk()
    t.wants("disclosure", "山田太郎です。データ全部を紙で見せて。taro@example.jp")
    heard = t.says(doubt)
    assert "なりすますのを防ぐため" in heard
    assert "届いた8桁の確認コード" in heard
