"""The register beside what was said."""

import pytest

from bot.services.register_comparison import compare, search_words
from tests.records import customer, data_subject_request

HANAKO = customer(plates=("山形 500 あ 12-34", "山形 300 さ 1"))


def _rows(claimant, details=None, person=HANAKO):
    return {row.field: row for row in compare(data_subject_request(claimant=claimant, details=details or {}), person)}


@pytest.mark.parametrize(
    ("claimant", "field", "agrees"),
    [
        ({"name": "高橋花子"}, "name", True),
        ({"name": "たかはし・はなこ"}, "name", True),
        ({"name": "高橋 花"}, "name", False),
        ({"name": "高橋花子", "contact": "HANAKO@example.jp"}, "email", True),
        ({"name": "高橋花子", "contact": "+819012345678"}, "phone", True),
        ({"name": "高橋花子", "contact": "+819012345679"}, "phone", False),
        ({"name": "高橋花子", "contact": "unknown"}, "phone", None),
        ({"name": "高橋花子", "contact": "山形県山形市緑町1-2-3"}, "phone", None),
        # An agent's own name and number say nothing of the principal.
        ({"name": "高橋一郎", "contact": "+819099999999", "relation": "母", "principal": "髙橋花子"}, "name", True),
        ({"name": "高橋一郎", "contact": "+819099999999", "relation": "母", "principal": "髙橋花子"}, "phone", None),
    ],
)
def test_what_agrees(claimant, field, agrees):
    assert _rows(claimant)[field].agrees is agrees


@pytest.mark.parametrize(
    ("item", "old", "field", "agrees"),
    [
        ("address", "山形県新庄市本町１－２－３", "address", True),
        ("birth_date", "昭和55年4月1日", "birth_date", True),
        ("birth_date", "1980-04-02", "birth_date", False),
        ("plate", "山形300さ1", "plates", True),
        ("kana", "タカハシ ハナ", "name_kana", False),
        ("phone", "unknown", "phone", None),
    ],
)
def test_what_is_to_be_corrected_is_compared_too(item, old, field, agrees):
    assert _rows({}, {"item": item, "old_value": old})[field].agrees is agrees


def test_fields_are_written_as_people_do():
    rows = _rows({"contact": "+819012345679"})
    assert (rows["phone"].on_file, rows["phone"].said) == ("090-1234-5678", "090-1234-5679")
    assert rows["birth_date"].on_file == "1980年4月1日"
    assert rows["plates"].on_file == "山形 500 あ 12-34、山形 300 さ 1"


def test_without_a_person_there_is_what_was_said():
    assert list(_rows({"name": "高橋花子", "contact": "a@example.jp"}, person=None)) == ["name", "email"]


def test_a_person_is_looked_for_by_contact_before_name():
    request = data_subject_request(claimant={"name": "高橋花子", "contact": "a@example.jp"}, details={})
    assert search_words(request) == ("a@example.jp", "高橋花子")
