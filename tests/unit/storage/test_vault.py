from __future__ import annotations

import re
from base64 import b64decode, b64encode

import pytest

from bot.errors import SettingError
from bot.storage.vault import SealBroken, Vault, key_id_of, seal, unseal

SECRET = "0123456789abcdef0123456789abcdef"
PLACE = "messages.text/m1"


@pytest.fixture
def data_key(vault: Vault) -> object:
    return vault.data_key("k1", vault.new_data_key("k1"))


def test_a_digest_depends_on_key_purpose_and_value() -> None:
    digest = Vault(SECRET).digest("code", "12345678")
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert digest == Vault(SECRET).digest("code", "12345678")
    assert digest != Vault(SECRET).digest("contact", "12345678")
    assert digest != Vault(SECRET).digest("code", "12345679")
    assert digest != Vault(SECRET[::-1]).digest("code", "12345678")


def test_a_short_secret_is_refused_with_its_mend() -> None:
    with pytest.raises(SettingError, match=r"SECRET_KEY has 31 characters .*openssl rand"):
        Vault(SECRET[1:])


def test_a_value_opens_in_its_place(data_key: object) -> None:
    sealed = seal("k1", data_key, PLACE, "髙橋 \x00 \udc80")
    assert re.fullmatch(r"v1:k1:[A-Za-z0-9+/=]+", sealed)
    assert "髙橋" not in sealed
    assert key_id_of(sealed) == "k1"
    assert unseal(data_key, PLACE, sealed) == "髙橋 \x00 \udc80"


def test_sealing_twice_gives_two_texts(data_key: object) -> None:
    assert seal("k1", data_key, PLACE, "はい") != seal("k1", data_key, PLACE, "はい")


@pytest.mark.parametrize("place", ["messages.text/m2", "messages.body/m1", "drafts.text/m1"])
def test_a_value_does_not_open_elsewhere(data_key: object, place: str) -> None:
    sealed = seal("k1", data_key, PLACE, "はい")
    with pytest.raises(SealBroken, match=re.escape(f"the sealed value of {place} does not open")):
        unseal(data_key, place, sealed)


def test_no_byte_of_it_can_be_changed(data_key: object) -> None:
    head, _, body = seal("k1", data_key, PLACE, "はい").rpartition(":")
    raw = b64decode(body)
    for position in range(len(raw)):
        changed = raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1 :]
        with pytest.raises(SealBroken):
            unseal(data_key, PLACE, f"{head}:{b64encode(changed).decode()}")


@pytest.mark.parametrize("text", ["", "plain text", "v2:k1:AAAA", "v1:AAAA"])
def test_what_was_never_sealed_is_broken(text: str) -> None:
    with pytest.raises(SealBroken):
        key_id_of(text)


@pytest.mark.parametrize("text", ["v1:k1:", "v1:k1:AAAA", "v1:k1:not base64"])
def test_what_is_no_ciphertext_is_broken(data_key: object, text: str) -> None:
    with pytest.raises(SealBroken):
        unseal(data_key, PLACE, text)


def test_a_data_key_is_unwrapped_by_its_secret_alone() -> None:
    wrapped = Vault(SECRET).new_data_key("k1")
    assert Vault(SECRET).data_key("k1", wrapped)
    with pytest.raises(SettingError, match="SECRET_KEY is not the one this database was encrypted with"):
        Vault(SECRET[::-1]).data_key("k1", wrapped)


def test_a_wrapped_key_belongs_to_its_id() -> None:
    wrapped = Vault(SECRET).new_data_key("k1")
    with pytest.raises(SettingError):
        Vault(SECRET).data_key("k2", wrapped)


def test_a_key_once_unwrapped_is_remembered() -> None:
    vault = Vault(SECRET)
    assert vault.opened("k1") is None
    data_key = vault.data_key("k1", vault.new_data_key("k1"))
    assert vault.opened("k1") is data_key
