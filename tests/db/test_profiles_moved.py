"""Schema 0005: profiles of registers saved before stand on the shelf statements share, as they stood."""

from alembic import command
from sqlalchemy import text
from tests.tamper import sql

from ancadmin.db.store import create_sqlite_file, store_at
from ancadmin.db.upgrade import alembic_config

MAPPING = '[[sheet]]\n[sheet.fields]\nid_number = "{}"\n'


def test_profiles_of_registers_keep_their_order_and_who_reversed_them(office):
    with _at(office, "0004").write() as connection:
        for number in (1, 2, 3):
            connection.execute(
                text(
                    "INSERT INTO batch (number, command, operator, started_at, today, policy_version, counts, inputs) "
                    f"VALUES ({number}, 'register profile save', 'x', '', '', '', '{{}}', '[]')"
                )
            )
        for number, (name, heading, batch, reversed_by) in enumerate(
            [("odd", "K1", 1, 3), ("plain", "ID", 2, None), ("odd", "K2", 3, None)], 5
        ):
            connection.execute(
                text(
                    "INSERT INTO register_profile (id, name, content, headings, batch, reversed_by) "
                    "VALUES (:id, :name, :content, '[]', :batch, :reversed_by)"
                ),
                {
                    "id": number,
                    "name": name,
                    "content": MAPPING.format(heading),
                    "batch": batch,
                    "reversed_by": reversed_by,
                },
            )
        command.upgrade(alembic_config(connection), "0005")
        connection.execute(
            text("INSERT INTO profile (kind, name, content, headings, batch) VALUES ('statement', 'odd', '', '[]', 3)")
        )
    assert sql(office, "SELECT kind, name, content, batch, reversed_by FROM profile ORDER BY id") == [
        ("register", "odd", MAPPING.format("K1"), 1, 3),
        ("register", "plain", MAPPING.format("ID"), 2, None),
        ("register", "odd", MAPPING.format("K2"), 3, None),
        ("statement", "odd", "", 3, None),
    ]


def _at(office, version):
    """The office's store emptied, and made as an earlier version made it."""
    if office.db.startswith("sqlite"):
        path = office.folder / "store.db"
        path.unlink()
        create_sqlite_file(path)
    else:
        sql(office, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "SELECT 1")
    store = store_at(office.db)
    with store.write() as connection:
        command.upgrade(alembic_config(connection), version)
    return store
