"""An earlier answer is changed by saying the new one, wherever the form is."""

import pytest

from tests.unit.services.intake.talk import missing

STREET = "山形県山形市緑町1-2-3"


def _values(t):
    with t.store.transaction() as tx:
        return dict(tx.drafts.get(t.id).values)


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("やっぱりデータじゃなくて紙でください", ("form", "paper")),
        ("やはり整備の記録だけにします", ("scope", "整備の記録")),
        ("名前を間違えました。お名前は田中一郎です", ("name", "田中一郎")),
    ],
)
def test_second_thoughts_change_an_answer_at_a_later_question(talk, said, changed):
    t = talk()
    t.wants("disclosure", "山田太郎と申します。データを全部、電子データで見せてください")
    assert t.expectation(said).kind == "given"
    assert not missing(t.says(said), "うかがった内容です", "電話番号かメールアドレスを教えて")
    assert _values(t)[changed[0]] == changed[1]


def test_a_smaller_scope_is_no_reason(talk):
    t = talk()
    t.wants("erasure", "データを全部消して")
    assert not missing(t.says("やっぱり電話番号だけで"), "対象の情報：電話番号", "理由を教えて")


def test_a_change_that_is_taken_for_a_cancellation_is_made(talk):
    t = talk()
    t.wants("disclosure", "データを全部、電子データで見せてください")
    assert "受け取り方：紙" in t.does("cancel", "やっぱり書面で")


def _corrects_address(talk):
    t = talk()
    t.wants("correction", "住所を直したい")
    t.goes_through(
        ("わからない", "新しい住所"), (STREET, "お名前"), ("山田太郎", "電話番号"), ("わからない", "ご連絡できる")
    )
    t.goes_through(("ない", "次の内容"))
    return t


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("すみません、緑町4-5でした", "山形県山形市緑町4-5"),
        ("山形県山形市緑町6-7", "山形県山形市緑町6-7"),
        ("新しい住所は山形県天童市北町8-9です", "山形県天童市北町8-9"),
        ("はい、ただ住所は山形県天童市北町8-9が正しいです", "山形県天童市北町8-9"),
    ],
)
def test_a_value_at_the_summary_takes_the_place_of_the_one_shown(talk, said, kept):
    t = _corrects_address(talk)
    assert t.expectation(said).kind == "given"
    assert "次の内容" in t.says(said)
    assert _values(t)["new_value"] == kept
    assert t.requests() == []


def test_the_value_that_is_there_already_changes_nothing(talk):
    t = _corrects_address(talk)
    before = _values(t)
    t.says(STREET)
    assert _values(t) == before


def test_a_new_number_is_no_contact(talk):
    t = talk()
    t.wants("correction", "電話番号を直したい")
    t.goes_through(("わからない", "新しい電話番号"), ("090-1111-2222", "お名前"), ("山田太郎", "電話番号"))
    t.says("taro@example.jp")
    heard = t.says("間違えていました。新しい番号は090-3333-4444です")
    assert not missing(heard, "新しい内容：090-3333-4444", "確認コードを入力")
    assert _values(t)["contact"] == "taro@example.jp"


@pytest.mark.parametrize("said", ["住所", "ご住所です", "住所を変えたい", "方法"])
def test_a_field_is_named_in_any_words_where_it_is_asked_which(talk, said):
    t = talk()
    t.wants("stop_marketing", f"{STREET}へのハガキを止めて")
    t.goes_through(("続けて", "次の内容"), ("直す", "どの項目"))
    assert t.expectation(said).kind == "given"
    assert "止め" in t.says(said)


def test_what_names_no_field_is_refused_with_the_choices(talk):
    t = talk()
    t.wants("stop_marketing", f"{STREET}へのハガキを止めて")
    t.goes_through(("続けて", "次の内容"), ("直す", "どの項目"), ("全然違う", "読み取れません"))
    assert "止めるご住所を直す" in t.buttons()


@pytest.mark.parametrize("said", ["電話も要りません 090-1111-2222", "090-1111-2222", "電話 090-1111-2222 も止めて"])
def test_a_number_at_the_summary_is_stopped_too(talk, said):
    t = talk()
    t.wants("stop_marketing", f"{STREET}へのハガキを止めて")
    t.says("続けて")
    assert "「090-1111-2222」へのご案内を、いま止めました" in t.says(said)
    assert {(STREET, "post", "marketing"), ("+819011112222", "phone", "marketing")} <= t.suppressions()


@pytest.mark.parametrize("said", ["メールも", "やっぱりメールも止めて", "メールもいらない"])
@pytest.mark.parametrize("again", [True, False])
def test_means_at_the_summary_are_added(talk, said, again):
    t = talk()
    t.wants("stop_marketing", f"{STREET}へのハガキを止めて")
    t.says("続けて")
    heard = t.wants("stop_marketing", said) if again else t.says(said)
    assert "メールアドレスを教えて" in heard
    assert t.suppressions() == {(STREET, "post", "marketing")}


def test_a_wrong_number_is_let_go_for_the_right_one(talk):
    t = talk()
    t.wants("stop_marketing", "090-1111-2222への電話をやめて")
    t.says("続けて")
    t.says("すみません、090-3333-4444でした")
    assert {contact for contact, _, _ in t.suppressions()} == {"+819033334444"}


@pytest.mark.parametrize("said", ["メールも止まりますか", "紙の書類はどう捨てているの"])
def test_a_question_changes_nothing(talk, said):
    t = talk()
    t.wants("stop_marketing", f"{STREET}へのハガキを止めて")
    t.says("続けて")
    assert t.expectation(said).kind == "choice"


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("すみません、ちがいました。090-5555-6666です", ("contact", "+819055556666")),
        ("やっぱり書面で", ("form", "paper")),
        ("やっぱり全部じゃなくて整備の記録だけ", ("scope", "整備の記録")),
        ("やはりすべてではなく連絡先だけで", ("scope", "連絡先")),
    ],
)
def test_answers_are_changed_while_the_code_is_waited_for(talk, said, changed):
    t = talk()
    t.wants("disclosure", "山田太郎と申します。データを全部、電子データで見せてください。taro@example.jp")
    assert "確認コードを入力" in t.says(said)
    assert _values(t)[changed[0]] == changed[1]
