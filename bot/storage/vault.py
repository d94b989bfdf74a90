"""Keys and ciphers: everything below the store that comes from SECRET_KEY."""

from __future__ import annotations

import hmac
import os
from base64 import b64decode, b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import MadoguchiError, SettingError

VERSION = "v1"
NONCE_BYTES = 12
"""NIST SP 800-38D's length for random nonces: safe for 2^32 values a key."""
SHORTEST_SECRET = 32


class SealBroken(MadoguchiError):
    """A ciphertext does not open: it was changed, moved from another row, or its key is gone."""


class Vault:
    """Keyed hashes, and the key that wraps the data keys of the database."""

    def __init__(self, secret_key: str) -> None:
        """Derive; raise SettingError for a key that is too short to be one."""
        if len(secret_key) < SHORTEST_SECRET:
            raise SettingError(
                f"SECRET_KEY has {len(secret_key)} characters and needs {SHORTEST_SECRET}: "
                "set 32 random bytes, e.g. `openssl rand -hex 32`"
            )
        self._secret = secret_key.encode()
        self._derive = lru_cache(maxsize=256)(self._derived)
        self._opened: dict[str, AESGCM] = {}

    def digest(self, purpose: str, value: str) -> str:
        """HMAC-SHA256 in hex under a key of its own for `purpose`; no rotation of data keys changes it."""
        return hmac.digest(self._derive(f"digest:{purpose}"), _bytes(value), "sha256").hex()

    def new_data_key(self, key_id: str) -> str:
        """Make a data key, wrapped."""
        return _encrypt(AESGCM(self._derive("wrap")), os.urandom(32), key_id.encode())

    def data_key(self, key_id: str, wrapped: str) -> AESGCM:
        """Unwrap a data key; raise SettingError if this SECRET_KEY didn't wrap it."""
        if key_id not in self._opened:
            try:
                raw = _decrypt(AESGCM(self._derive("wrap")), wrapped, key_id.encode())
            except InvalidTag:
                raise SettingError(
                    "SECRET_KEY is not the one this database was encrypted with: set the one that was in force "
                    "when its data was written (in development it is kept in VAR_DIR/secret_key)"
                ) from None
            self._opened[key_id] = AESGCM(raw)
        return self._opened[key_id]

    def opened(self, key_id: str) -> AESGCM | None:
        """A data key that this process has unwrapped before, so that reading costs no look at the table of keys."""
        return self._opened.get(key_id)

    def _derived(self, purpose: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"madoguchi:{purpose}".encode()).derive(self._secret)


def seal(key_id: str, key: AESGCM, place: str, text: str) -> str:
    """Encrypt a value for one place (table, column and row): anywhere else it doesn't open."""
    return f"{VERSION}:{key_id}:{_encrypt(key, _bytes(text), place.encode())}"


def key_id_of(sealed: str) -> str:
    """Name the data key that a ciphertext needs."""
    version, _, rest = sealed.partition(":")
    key_id, separator, _ = rest.partition(":")
    if version != VERSION or not separator:
        raise SealBroken("a sealed value has no key id")
    return key_id


def unseal(key: AESGCM, place: str, sealed: str) -> str:
    """Decrypt; raise SealBroken that names the place but nothing of the value."""
    try:
        return _decrypt(key, sealed.rpartition(":")[2], place.encode()).decode("utf-8", "surrogatepass")
    except (InvalidTag, ValueError):
        raise SealBroken(f"the sealed value of {place} does not open") from None


def _encrypt(key: AESGCM, data: bytes, bound_to: bytes) -> str:
    nonce = os.urandom(NONCE_BYTES)
    return b64encode(nonce + key.encrypt(nonce, data, bound_to)).decode()


def _decrypt(key: AESGCM, text: str, bound_to: bytes) -> bytes:
    data = b64decode(text, validate=True)
    return key.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound_to)


def _bytes(text: str) -> bytes:
    # A lone surrogate from a broken client is no reason to lose its message.
    return text.encode("utf-8", "surrogatepass")
