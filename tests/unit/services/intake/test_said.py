"""What one message says already, so that it isn't asked again."""

import pytest

from tests.unit.services.intake.talk import missing

MOVED = (
    "山田太郎と申します。090-1234-5678です。登録の住所が古いので、"
    "山形県みほん市架空町1-2-3から山形県みほん市新町9-8-7に直してください"
)


def test_a_correction_takes_the_contact_the_old_and_the_new_value_from_one_message(talk, register):
    register(address="山形県みほん市架空町1-2-3")
    t = talk()
    heard = t.wants("correction", MOVED)
    assert not missing(heard, "直す項目：住所", "いまの内容：山形県みほん市架空町1-2-3", "確認コードを入力してください")
    assert "・新しい内容：山形県みほん市新町9-8-7\n" in heard


def test_the_item_is_the_one_whose_piece_speaks_of_a_change(talk):
    t = talk()
    heard = t.wants("correction", "電話番号は090-1234-5678です。住所を直したいです")
    assert not missing(heard, "直す項目：住所", "ご連絡先：090-1234-5678")


def test_a_new_value_may_come_with_the_old_one(talk):
    t = talk()
    t.wants("correction", "住所を直したい")
    t.says("わからない")
    t.says("山形県みほん市架空町1から山形県みほん市新町9-8-7")
    with t.store.transaction() as tx:
        values = tx.drafts.get(t.id).values
    assert (values["old_value"], values["new_value"]) == ("山形県みほん市架空町1", "山形県みほん市新町9-8-7")


def test_the_name_of_an_item_is_not_its_value(talk):
    t = talk()
    t.wants("correction", "でんわばんごうをなおしてほしい")
    assert "いまの内容を読み取れませんでした" in t.says("でんわばんごう")
    assert "新しい電話番号" in t.says("090-1111-2222")


def test_a_family_name_alone_is_asked_for_in_full(talk):
    t = talk()
    assert "お名前：" not in t.wants("disclosure", "山田と申します。データを全部、紙で見せてください")
    assert "姓と名の両方" in t.says("山田")
    assert "電話番号かメールアドレス" in t.says("山田 太郎")


@pytest.mark.parametrize("name", ["佐々木", "長谷川", "林純"])
def test_a_short_name_said_twice_is_taken(talk, name):
    t = talk()
    t.wants("disclosure", "データを全部、紙で見せてください")
    assert "姓と名の両方" in t.says(name)
    assert "電話番号かメールアドレス" in t.says(name)


def test_a_family_name_with_a_contact_keeps_the_contact(talk):
    t = talk()
    t.wants("disclosure", "データを全部、紙で見せてください")
    assert "お名前（姓と名）" in t.says("山田です。090-1234-5678です")
    assert "8桁の確認コード" in t.says("山田太郎")
