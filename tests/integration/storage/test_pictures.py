"""Pictures are kept in pieces and go as a whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.storage.pictures import PIECE_BYTES
from bot.storage.store import SqlStore
from tests.records import NOW, PNG, conversation, message, picture


@pytest.fixture(autouse=True)
def _a_message(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.conversations.add_message(message())


@pytest.mark.parametrize("size", [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 12 * PIECE_BYTES])
def test_a_picture_comes_back_as_it_was(store: SqlStore, size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    with store.transaction() as tx:
        tx.pictures.add(picture(), content)
    with store.transaction(read_only=True) as tx:
        assert tx.pictures.of("c1") == [picture()]
        assert tx.pictures.content("m1") == content


@pytest.mark.parametrize("way", ["delete", "age", "message", "conversation"])
def test_nothing_is_left_of_a_picture(store: SqlStore, way: str) -> None:
    with store.transaction() as tx:
        tx.pictures.add(picture(), PNG)
    with store.transaction() as tx:
        if way == "delete":
            assert tx.pictures.delete("m1")
            assert not tx.pictures.delete("m1")
        elif way == "age":
            assert tx.pictures.delete_older(NOW) == 0
            assert tx.pictures.delete_older(NOW + timedelta(seconds=1)) == 1
        elif way == "message":
            tx.conversations.erase_message("m1")
        else:
            tx.conversations.erase("c1")
    with store.transaction(read_only=True) as tx:
        assert (tx.pictures.get("m1"), tx.pictures.of("c1"), tx.pictures.content("m1")) == (None, [], b"")
