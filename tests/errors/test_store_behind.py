"""A store an earlier version wrote: refused until it is upgraded, and the remedy works."""

import os

import pytest
from alembic import command
from tests.errors.stores import one_line, refused_as_it_was

import ancadmin.db.store as store
import ancadmin.db.upgrade as upgrade
import ancadmin.services.db.init as db_init
import ancadmin.services.db.upgrade as db_upgrade
import ancadmin.services.session as session
from ancadmin.db.identity import calling_account
from ancadmin.db.store import create_sqlite_file
from ancadmin.db.version import SCHEMA_HEAD, SCHEMA_VERSIONS

NEXT = "9001"


@pytest.mark.parametrize("words", [["batch", "list"], ["db", "info"], ["batch", "undo", "1"]])
def test_a_store_that_is_behind(office, monkeypatch, words):
    monkeypatch.setattr(store, "SCHEMA_VERSIONS", (*SCHEMA_VERSIONS, NEXT))
    monkeypatch.setattr(store, "SCHEMA_HEAD", NEXT)
    what = f"the store is behind this program (schema {SCHEMA_HEAD}, needed {NEXT})"
    refused_as_it_was(office, words, what, "ancadmin db upgrade")


@pytest.fixture
def older(office, tmp_path, monkeypatch):
    """The same program one migration later; what the migration does is to be written to `scripts`."""
    scripts = tmp_path / "migrations"
    scripts.mkdir()
    original = upgrade.alembic_config

    def config(connection, **attributes):
        made = original(connection, **attributes)
        made.set_main_option("path_separator", "os")
        locations = [f"{made.get_main_option('script_location')}/versions", str(scripts)]
        made.set_main_option("version_locations", os.pathsep.join(locations))
        return made

    monkeypatch.setattr(upgrade, "alembic_config", config)
    for module in (store, upgrade):
        monkeypatch.setattr(module, "SCHEMA_VERSIONS", (*SCHEMA_VERSIONS, NEXT))
    for module in (store, db_init):
        monkeypatch.setattr(module, "SCHEMA_HEAD", NEXT)
    migration(office, "")
    return office


def migration(office, then):
    """A migration that adds a column and goes on with `then`."""
    text = (
        f"revision = {NEXT!r}\ndown_revision = {SCHEMA_HEAD!r}\n"
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'def upgrade():\n    op.add_column("province", sa.Column("capital", sa.String()))\n    {then}\n'
    )
    (office.folder / "migrations" / f"{NEXT}_a_column_more.py").write_text(text, encoding="utf-8")


def columns_of(office):
    with store.store_at(office.db).engine.connect() as connection:
        names = {column["name"] for column in connection.dialect.get_columns(connection, "province")}
        return names, store.schema_version(connection)


def test_the_remedy_brings_it_up_and_is_on_record(older):
    older("batch", "list", code=5)
    done = older("db", "upgrade", "--json").json
    assert (done["before"], done["after"]) == (SCHEMA_HEAD, NEXT)
    assert "capital" in columns_of(older)[0]
    assert older("batch", "list", "--json").json[0]["command"] == "db upgrade"
    assert older("audit", "verify", "--json").json["flaws"] == []
    assert older("db", "upgrade", "--json").json["batch"] is None


def test_init_brings_it_up_too_and_a_stranger_does_not(older, monkeypatch):
    stranger = "someone_else"
    with monkeypatch.context() as patch:
        for module in (db_upgrade, session):
            patch.setattr(module, "calling_account", lambda _store: stranger)
        for words in (["init"], ["db", "upgrade"]):
            assert f"{stranger} may not upgrade" in older(*words, code=7).err
    assert columns_of(older)[1] == SCHEMA_HEAD
    done = older("init", "--json").json
    assert (done["before"], done["schema"]) == (SCHEMA_HEAD, NEXT)


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(older):
    migration(older, "raise RuntimeError('halfway')")
    with pytest.raises(RuntimeError, match="halfway"):
        older("db", "upgrade")
    names, version = columns_of(older)
    assert "capital" not in names
    assert version == SCHEMA_HEAD
    older("batch", "list", code=5)


def test_a_store_of_the_first_version_comes_up(run, tmp_path):
    """The real thing: a file as the first version left it."""
    path = tmp_path / "old.db"
    create_sqlite_file(path)
    old = store.store_at(f"sqlite:///{path}")
    with old.write() as connection:
        command.upgrade(upgrade.alembic_config(connection), SCHEMA_VERSIONS[0])
        account = calling_account(old)
        connection.exec_driver_sql(
            "INSERT INTO batch (number, command, operator, started_at, today, policy_version, counts, inputs) "
            "VALUES (1, 'init', 'x', '', '', '', '{}', '[]')"
        )
        connection.exec_driver_sql("INSERT INTO operator (account, name, batch) VALUES (?, 'N', 1)", (account,))
        connection.exec_driver_sql(
            "INSERT INTO operator_role (account, role, place, begins_on, batch) "
            "VALUES (?, 'national_officer', 'national', '2020-01-01', 1)",
            (account,),
        )
    answer = run(["--db", str(path), "batch", "list"])
    one_line(answer, f"behind this program (schema {SCHEMA_VERSIONS[0]}", "ancadmin db upgrade", 5)
    assert run(["--db", str(path), "db", "upgrade"]).code == 0
    assert run(["--db", str(path), "batch", "list"]).code == 0
