"""What lies on the disk: nothing personal in clear, in any column of any table."""

from __future__ import annotations

from bot.privacy.folding import fold_name
from bot.storage.store import SqlStore
from bot.storage.tables import metadata
from tests.integration.storage.a_full_desk import LINE_USER, fill

PERSONAL = (
    *("髙橋", "花子", fold_name("髙橋花子"), "タカハシ", "hanako", "old@example.jp", "9012345678"),
    *("999-0001", "本町1-2-3", "1980-04-01", "12-34", "12345678", "こんにちは", "すべて", "ドローン", LINE_USER),
    *("help.example", "whsec_x"),
)


def test_no_column_holds_anything_personal(store: SqlStore) -> None:
    fill(store)
    with store.session() as session:
        for table in metadata.sorted_tables:
            rows = session.connection.execute(table.select()).mappings().all()
            assert rows, f"{table.name} is empty"
            for name, value in ((name, str(value)) for row in rows for name, value in row.items()):
                # Base64 and hex may hold any four letters by chance; nobody reads a person out of them.
                if not value.startswith("v1:") and not name.endswith("digest"):
                    assert not [one for one in PERSONAL if one in value], f"{table.name}.{name}"
