"""The members as a table of DuckDB, with what is compared of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import Connection, select

from ancadmin.db.schema import member
from ancadmin.errors import ConfigurationError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CHUNK = 100_000
_MEMORY = "3GB"
_THREADS = 2
# A cell number, an address or a reference of more people than this is an office's, and nobody's own.
_MOST_HOLDERS = 20
_COLUMNS = ("id", "id_number", "surname", "first_names", "gender", "born", "branch", "cell", "email", "old_reference")
_LETTERS = "regexp_replace(strip_accents(lower({})), '[^a-z0-9]', '', 'g')"
_OWN = f"CASE WHEN count(*) OVER (PARTITION BY {{0}}) <= {_MOST_HOLDERS} THEN {{0}} END AS {{0}}"
_PEOPLE = f"""
CREATE TABLE people AS
WITH spelt AS (
    SELECT id, id_number, gender, born, branch, nullif(cell, '') AS cell, nullif(lower(email), '') AS email,
        nullif(upper(old_reference), '') AS old_reference,
        nullif({_LETTERS.format("surname")}, '') AS surname,
        list_filter(regexp_split_to_array(strip_accents(lower(first_names)), '[^a-z0-9]+'), lambda x: x <> '') AS words
    FROM written
)
SELECT id AS unique_id, gender, born, CAST(born[1:4] AS INTEGER) AS year, id_number[1:12] AS twelve,
    id_number[7:12] AS rest, id_number[7:10] AS sequence, surname, words, words[1] AS first_name,
    nullif(array_to_string(words, ' '), '') AS first_names,
    array_to_string(list_transform(words, lambda x: x[1]), '') AS initials,
    coalesce(list_max(list_transform(words, lambda x: length(x))) = 1, false) AS only_initials,
    branch, {_OWN.format("cell")}, {_OWN.format("email")}, {_OWN.format("old_reference")}
FROM spelt
"""


@contextmanager
def workshop() -> Iterator["DuckDBPyConnection"]:
    """A DuckDB of two threads and 3 GB, whose overflow goes to a folder nobody else can read and which is gone in the
    end. Raises ConfigurationError where the libraries are not installed.
    """
    try:
        import duckdb
        import splink  # noqa: F401 - said here, before anything is read
    except ImportError as error:
        raise ConfigurationError(
            "looking for people on record twice needs a record-linkage library, which is not installed",
            'Install it: pip install "ancadmin[duplicates]"',
        ) from error
    with TemporaryDirectory(prefix="ancadmin-duplicates-") as folder:  # made with 0700
        settings: dict[str, Any] = {
            "memory_limit": _MEMORY,
            "threads": _THREADS,
            "temp_directory": folder + os.sep,
            "autoinstall_known_extensions": False,  # nothing is fetched from anywhere
        }
        with duckdb.connect(":memory:", config=settings) as connection:
            connection.execute("SET enable_progress_bar = false").fetchall()
            yield connection


def take_in(workshop: "DuckDBPyConnection", store: Connection) -> int:
    """Reads every member whose record is not merged into another's, in chunks; how many there are."""
    columns = ", ".join(f"{name} {'BIGINT' if name == 'id' else 'VARCHAR'}" for name in _COLUMNS)
    workshop.execute(f"CREATE TABLE written ({columns})").fetchall()
    rows = store.execution_options(yield_per=_CHUNK).execute(
        select(*(member.c[name] for name in _COLUMNS)).where(member.c.merged_into.is_(None))
    )
    members = 0
    for part in rows.partitions(_CHUNK):
        chunk = pa.table(
            [
                pa.array(column, pa.int64() if name == "id" else pa.string())
                for name, column in zip(_COLUMNS, zip(*part, strict=True), strict=True)
            ],
            names=list(_COLUMNS),
        )
        workshop.register("chunk", chunk)
        workshop.execute("INSERT INTO written SELECT * FROM chunk").fetchall()
        workshop.unregister("chunk")
        members += chunk.num_rows
    for statement in (_PEOPLE, "DROP TABLE written"):
        workshop.execute(statement).fetchall()
    return members
