"""One definition of the tables: the models. What queries are written with, and what migrations make, is the same."""

import ast
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ancadmin.db import schema
from ancadmin.db.store import schema_version, store_at
from ancadmin.db.tables import METADATA
from ancadmin.db.tables.__main__ import rendered
from ancadmin.db.upgrade import alembic_config
from ancadmin.db.version import SCHEMA_HEAD, SCHEMA_VERSIONS


def test_the_tables_of_the_queries_are_those_of_the_models():
    written = ast.parse(Path(schema.__file__).read_text(encoding="utf-8"))
    assert ast.dump(written) == ast.dump(ast.parse(rendered())), "run: make docs"


def test_the_migrations_make_the_tables_of_the_models(office):
    with store_at(office.db).engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
        assert schema_version(connection) == SCHEMA_HEAD


def test_a_difference_would_be_seen(office):
    """The comparison above is no empty promise: take a column and an index away, and it says so."""
    with store_at(office.db).engine.connect() as connection:
        connection.exec_driver_sql("DROP INDEX ix_member_branch")
        connection.exec_driver_sql("ALTER TABLE province DROP COLUMN name")
        found = compare_metadata(MigrationContext.configure(connection), METADATA)
        assert sorted(difference[0] for difference in found) == ["add_column", "add_index"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_versions_are_those_of_the_migrations(office):
    with store_at(office.db).engine.connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(revisions)) == SCHEMA_VERSIONS
    assert scripts.get_heads() == [SCHEMA_HEAD]
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_checks_stand_in_the_store(office):
    """Alembic does not compare CHECK constraints, so these are tried."""
    for statement in (
        "INSERT INTO allocation (deposit, member, cents, value_date, reason, batch) VALUES (1, 1, 0, '', '', 1)",
        "INSERT INTO deposit (batch, statement, line, account, value_date, cents, narrative, fingerprint, occurrence, "
        "readings, bulk_words, state, unallocated_cents) VALUES (1, 1, 1, '', '', 1, '', 1, 1, 0, false, 'open', -1)",
    ):
        with store_at(office.db).engine.connect() as connection, pytest.raises(Exception, match=r"(?i)check"):
            connection.exec_driver_sql(statement)
