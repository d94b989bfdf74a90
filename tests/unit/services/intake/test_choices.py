"""What short answers mean, however they are made up."""

import pytest

from bot.services.intake import choices


@pytest.mark.parametrize("word", ["今の", "いまの", "のでは", "この件の", "やっぱり、もう、"])
def test_words_without_end_are_read_at_once(word: str) -> None:
    """With two ways to read one of them it would never end."""
    assert not choices.means_cancel(word * 300 + "x")
    assert choices.means_cancel(word * 3 + "やめます")
