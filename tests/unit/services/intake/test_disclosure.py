"""開示 from the first words to the receipt."""

import re

from bot.privacy.statuses import IdentityStatus
from tests.unit.services.intake.talk import missing


def _to_summary(t):
    t.goes_through(
        ("電子データ", "お名前"),
        ("山田太郎です", "電話番号かメールアドレス"),
        ("taro@example.jp", "8桁の確認コード"),
    )
    t.goes_through((t.code(), "ナンバー"), ("昭和60年3月1日", "次の内容で受け付けます"))


def test_from_wish_to_receipt(talk, register):
    register()
    t = talk()
    heard = t.wants("disclosure", "私のデータ全部見せて")
    assert "「開示」（個人情報保護法33条1項）" in heard
    assert not missing(heard, "7日後", "3年後")
    assert not missing(heard, "どのような形で受け取りますか")
    assert "どの情報について" not in heard
    _to_summary(t)
    assert t.buttons() == ["送信する", "直す", "やめる"]
    heard = t.says("送信する")
    receipt = re.search(r"受付番号：(OK(?:-[0-9A-Z]{4}){3})$", heard, re.MULTILINE)[1]
    assert not missing(heard, "お手続き：開示", "回答の期限：2026年6月16日（火）")
    assert not t.intake.is_open(t.id)
    [request] = t.requests()
    assert request.receipt == receipt
    assert request.verified
    assert request.customer == "taro"
    assert dict(request.details) == {"scope": "all", "form": "electronic"}
    assert receipt in t.outbox()[-1].text
    assert t.outbox()[-1].recipient == "taro@example.jp"


def test_unknown_person_hears_the_same_and_is_left_to_staff(talk, register):
    register()
    known, unknown = talk(), talk()
    for t, name in ((known, "山田太郎"), (unknown, "山田次郎")):
        t.wants("disclosure", "データを全部見たい")
        t.says("紙")
        t.says(name)
    heard = [t.says("090-1234-5678") for t in (known, unknown)]
    assert heard[0] == heard[1]
    assert len(known.replies) == len(unknown.replies)
    assert len(known.outbox()) == 1
    assert unknown.says("00000000") == known.says("00000000")
    for _ in range(3):
        assert "確認できませんでした" in unknown.says("00000000")
    heard = unknown.says("00000000")
    assert not missing(heard, "運転免許証", "印鑑やマイナンバーは必要ありません")
    heard = unknown.says("はい")
    assert "受付番号：" in heard
    [request] = unknown.requests()
    assert request.identity is IdentityStatus.MANUAL
    assert request.customer is None
    assert dict(request.claimant) == {"name": "山田次郎", "contact": "+819012345678"}
