"""Each type's own questions, and what is missing when a type is added."""

import pytest

from bot.privacy.refusal_grounds import REFUSAL_GROUNDS
from bot.privacy.request_types import AGENT, EXTEND_STOP, REQUEST_TYPES, STATUS, WITHDRAWAL, Field, procedure_of
from bot.privacy.statuses import Status
from bot.services.intake.fields import FIELDS
from bot.settings import ROOT
from tests.unit.services.intake.talk import missing


def _names_needed(kind):
    own = [f"{prefix}_{asked.value}" for asked in kind.fields for prefix in ("ask", "refuse", "label")]
    return [f"opening_{kind.id}", f"after_{kind.id}", *own]


@pytest.mark.parametrize("kind", REQUEST_TYPES, ids=lambda kind: kind.id)
def test_a_type_has_its_phrases_and_examples(kind, phrases):
    lacking = [name for name in _names_needed(kind) if name not in phrases.names()]
    assert not lacking, f"data/responses/ja/requests.yml lacks {lacking}"
    examples = ROOT / "data" / "nlu" / f"request_{kind.id}.yml"
    assert examples.is_file(), f"training examples are missing: {examples}"
    assert procedure_of(kind.intent) == kind.id
    assert all(asked in FIELDS for asked in kind.fields)


def test_every_field_status_ground_and_procedure_has_its_phrases(phrases):
    needed = [f"{prefix}_{asked.value}" for asked in Field for prefix in ("ask", "refuse")]
    needed += [f"label_{asked.value}" for asked in Field if asked not in (Field.CODE, Field.FACT)]
    needed += [f"status_{status.value}" for status in Status]
    needed += [f"ground_{ground.id}" for ground in REFUSAL_GROUNDS]
    needed += [f"title_{procedure}" for procedure in (STATUS, WITHDRAWAL, AGENT, EXTEND_STOP)]
    assert [name for name in needed if name not in phrases.names()] == []


@pytest.fixture
def t(talk, register):
    """A customer who was verified at the highest level a moment ago."""
    register()
    t = talk()
    t.wants("disclosure", "データ全部見せて。紙で")
    t.goes_through(("山田太郎", "電話番号"), ("taro@example.jp", "8桁"))
    t.goes_through((t.code(), "ナンバー"), ("山形500あ1234", "次の内容"), ("送信する", "受付番号"))
    return t


def _details(t):
    return dict(t.requests()[-1].details)


@pytest.mark.parametrize(
    ("kind", "said", "scope"),
    [
        ("erasure", "整備の記録だけ消してほしい", "整備の記録"),
        ("erasure", "引っ越したので私の住所と電話番号を消して", "住所と電話番号"),
        ("stop_use", "アンケートについて利用停止をお願いします", "アンケート"),
        ("disclosure", "点検履歴の開示を求めます", "点検履歴"),
    ],
)
def test_what_it_is_about_was_said_before_and_is_not_asked(t, kind, said, scope):
    heard = t.wants(kind, said)
    assert not missing(heard, f"対象の情報：{scope}")
    assert "どの情報について" not in heard


@pytest.mark.parametrize("said", ["私の情報を消して", "電話番号は090-1234-5678です。消してください", "消してください"])
def test_what_it_is_about_is_asked_where_nothing_names_it(t, said):
    assert "どの情報について" in t.wants("erasure", said)


@pytest.mark.parametrize("said", ["特にない", "わからない"])
def test_nothing_is_no_scope(t, said):
    t.wants("erasure", "消してください")
    assert "どの情報か読み取れませんでした" in t.says(said)


def test_correction_asks_item_old_and_new(t):
    heard = t.wants("correction", "引っ越したので直してください")
    assert not missing(heard, "「訂正・追加・削除」", "直す項目：住所", "いまのご登録の住所")
    t.goes_through(
        ("わからない", "新しい住所"),
        ("うち", "都道府県か市町村から"),
        ("鹿児島市西千石町7番5号です", "次の内容"),
        ("送信する", "お手続き：訂正・追加・削除"),
    )
    assert _details(t) == {"item": "address", "old_value": "unknown", "new_value": "鹿児島市西千石町7番5号"}


@pytest.mark.parametrize(
    ("item", "bad", "reason", "good", "kept"),
    [
        ("電話番号", "1234", "市外局番", "０８０ー１１１１ー２２２２", "+818011112222"),
        ("メールアドレス", "taro", "taro@example.jp", "ｎｅｗ＠example.jp", "new@example.jp"),
        ("生年月日", "さくら", "昭和60年3月1日", "S61.4.2", "1986年4月2日（水）"),
        ("車のナンバー", "1234", "山形 500 あ 12-34", "品川 330 さ 56-78", "品川 330 さ 56-78"),
        ("名前の読みがな", "123", "ヤマダ タロウ", "ヤマタ タロウ", "ヤマタ タロウ"),
    ],
)
def test_correction_checks_the_new_value_by_its_item(t, item, bad, reason, good, kept):
    t.wants("correction", "登録を直してください")
    t.goes_through((item, "いまのご登録の"), ("わからない", "新しい"), (bad, reason), (good, "次の内容"))
    t.says("送信する")
    assert _details(t)["new_value"] == kept


def test_correction_takes_old_and_new_from_one_sentence(t):
    heard = t.wants("correction", "電話番号が090-1234-5678から080-1111-2222に変わりました")
    assert not missing(heard, "いまの内容：090-1234-5678", "新しい内容：080-1111-2222", "次の内容で受け付けます")


def test_correction_takes_both_where_one_was_asked(t):
    t.wants("correction", "名字が変わったので登録を直してほしい")
    heard = t.says("山田花子から髙橋花子に変わりました")
    assert not missing(heard, "いまの内容：山田花子", "新しい内容：髙橋花子")


def test_correction_may_take_an_item_out(t):
    t.wants("correction", "登録のメールアドレスを直したい")
    t.goes_through(
        ("わからない", "新しいメールアドレス"), ("削除してください", "登録から消す"), ("送信する", "受付番号")
    )
    assert _details(t)["new_value"] == "removal"


def test_erasure_asks_what_and_why(t):
    heard = t.wants("erasure", "登録を消してほしい")
    assert not missing(heard, "「消去」", "法令で保存が必要", "どの情報")
    t.goes_through(("全部", "理由"), ("車を手放したので", "次の内容"), ("送信する", "お手続き：消去"))
    assert _details(t) == {"scope": "all", "reason": "車を手放したので"}


def test_stop_provision_offers_whom_the_policy_names(t):
    heard = t.wants("stop_provision", "よその会社に渡さないで")
    assert "どこに渡すのを止めますか" in heard
    assert not missing(
        " ".join(t.buttons()), "株式会社ロータス", "全日本ロータス同友会", "株式会社ブロードリーフ", "すべて"
    )
    t.goes_through(
        ("ブロードリーフ", "理由"), ("特にない", "渡すのを止める先：株式会社ブロードリーフ"), ("送信する", "受付番号")
    )
    assert _details(t) == {"recipient": "株式会社ブロードリーフ", "reason": "none"}


def test_stop_provision_at_the_other_company_never_names_these(talk):
    t = talk("kagoshima")
    t.wants("stop_provision", "よそに渡さないで")
    assert t.buttons() == ["日産自動車株式会社", "すべて"]


def test_purpose_notification_and_records(t):
    t.wants("purpose_notification", "私の情報の利用目的を全部通知してください")
    t.goes_through(("車検の記録", "対象の情報：車検の記録"), ("送信する", "お手続き：利用目的の通知"))
    t.wants("provision_records", "渡した記録を見せて")
    t.goes_through(("どちらでもいいです", "受け取り方：電子データ"), ("送信する", "お手続き：第三者提供記録の開示"))


def test_the_same_request_again_is_recognised_once_verified(t):
    heard = t.wants("disclosure", "データ全部紙で見せて")
    assert "次の内容で受け付けます" in heard
    first = t.requests()[0]
    assert not missing(t.says("送信する"), "すでに受け付けています", first.receipt)
    assert len(t.requests()) == 1
    t.wants("disclosure", "データ全部を電子データで見せて")
    assert "受け付けました" in t.says("送信する")
    assert len(t.requests()) == 2


def test_an_unverified_request_never_meets_a_verified_one(t, talk):
    other = talk()
    other.wants("disclosure", "データ全部見せて。紙で")
    other.goes_through(("山田太郎", "電話番号"), ("taro@example.jp", "8桁"), ("確認コードなしで進める", "運転免許証"))
    heard = other.says("送信する")
    assert "すでに" not in heard
    assert [request.verified for request in t.requests()] == [True, False]
