"""The data keys of one database, as one transaction sees them."""

from __future__ import annotations

import secrets
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select, text, update
from sqlalchemy.engine import Connection

from bot.errors import SettingError
from bot.storage.sqlite import straight_to_driver
from bot.storage.tables import data_keys
from bot.storage.vault import SealBroken, Vault, key_id_of, seal, unseal

_ACTIVE = select(data_keys).where(data_keys.c.active).with_for_update(read=True, key_share=True)
_ACTIVE_ON_SQLITE = "SELECT id, wrapped FROM data_keys WHERE active = 1"


class Keyring:
    """Seal with the active data key, open with whichever a value was sealed with."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self.vault = vault
        self._keys: dict[str, AESGCM] = {}
        self._active: str | None = None

    def seal(self, place: str, value: str) -> str:
        """Encrypt for one place: table, column and row."""
        key_id = self.active()
        return seal(key_id, self._keys[key_id], place, value)

    def open(self, place: str, sealed: str) -> str:
        """Decrypt; raise SealBroken if it was changed or belongs elsewhere."""
        return unseal(self._key(key_id_of(sealed)), place, sealed)

    def active(self) -> str:
        """The id of the key that seals.

        It is read once in each transaction, and PostgreSQL keeps it from being deleted until the transaction ends:
        else a rotation could end between this look and our commit, and take the key from what we write.
        """
        if self._active is None:
            # A rotation between look and lock leaves the first look without a row: the second finds the new key.
            row = self._look() or self._look()
            if row is None:
                raise SettingError("the database has no data key: prepare the store first")
            key_id, wrapped = row
            self._keys[key_id] = self.vault.data_key(key_id, wrapped)
            self._active = key_id
        return self._active

    def _look(self) -> tuple[str, str] | None:
        if self._connection.dialect.name == "sqlite":
            with straight_to_driver(self._connection) as driver:
                found: tuple[str, str] | None = driver.execute(_ACTIVE_ON_SQLITE).fetchone()
                return found
        row = self._connection.execute(_ACTIVE).first()
        return None if row is None else (row.id, row.wrapped)

    def add_active(self, now: datetime) -> str:
        """Make a new key the active one; return its id."""
        key_id = secrets.token_hex(8)
        self._connection.execute(update(data_keys).where(data_keys.c.active).values(active=False))
        self._connection.execute(
            insert(data_keys).values(id=key_id, wrapped=self.vault.new_data_key(key_id), active=True, created_at=now)
        )
        self._active = None
        return self.active()

    def unused_since_now(self, patience_s: int) -> list[str]:
        """The keys that were active once, when no transaction seals with one any more."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text(f"SET LOCAL lock_timeout = '{patience_s}s'"))
        query = select(data_keys.c.id).where(~data_keys.c.active).with_for_update()
        return list(self._connection.execute(query).scalars())

    def check(self) -> int:
        """Unwrap every data key, raising SettingError for a wrong SECRET_KEY; return how many there are."""
        rows = self._connection.execute(select(data_keys)).all()
        for row in rows:
            self.vault.data_key(row.id, row.wrapped)
        return len(rows)

    def _key(self, key_id: str) -> AESGCM:
        if key_id not in self._keys:
            self._keys[key_id] = self.vault.opened(key_id) or self._load(key_id)
        return self._keys[key_id]

    def _load(self, key_id: str) -> AESGCM:
        wrapped = self._connection.execute(select(data_keys.c.wrapped).where(data_keys.c.id == key_id)).scalar()
        if wrapped is None:
            raise SealBroken(f"there is no data key {key_id}")
        return self.vault.data_key(key_id, wrapped)
