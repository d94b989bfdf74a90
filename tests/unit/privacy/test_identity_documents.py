import pytest

from bot.privacy.identity_documents import DocumentRefused, Seen, UnknownDocument, check_document


def test_a_licence_may_be_copied():
    assert check_document("drivers_licence", Seen.COPY).id == "drivers_licence"


def test_a_my_number_card_is_looked_at_and_never_copied():
    assert check_document("my_number_card", Seen.AT_COUNTER).id == "my_number_card"
    with pytest.raises(DocumentRefused, match="My Number"):
        check_document("my_number_card", Seen.COPY)


@pytest.mark.parametrize("document", ["", "seal", "health_insurance_card"])
def test_no_other_document_is_taken(document):
    with pytest.raises(UnknownDocument):
        check_document(document, Seen.AT_COUNTER)
