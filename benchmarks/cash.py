"""Cash application: damaged references, and the same deposits on PostgreSQL and through a pandas merge."""

import csv
import random
import sqlite3
from pathlib import Path

import migration
import others
from measure import Run
from report import Row
from suggestions import damage

DAMAGED = 140_000
LEAST_A_SECOND = 18_000
POSTGRES_MOST = 1.3
_DAMAGED_SECONDS = 10.0
_SLIPS = ("wrong", "swapped", "missing", "extra")


def damaged(bench: migration.Bench) -> None:
    """A statement of damaged references of members on record, matched on a copy of the store."""
    lines = min(DAMAGED, bench.members)
    path = bench.work / "damaged.csv"
    write_damaged(bench.store, path, lines)
    with migration.copied(bench, "damaged") as db:
        bench.ours(f"deposits import, {lines:,} damaged references", "deposits", "import", str(path), db=db)
        run = bench.ours(f"deposits match, {lines:,} damaged references", "deposits", "match", db=db)
    bench.rows.append(Row(f"{lines:,} damaged references matched", run, each=lines, most_seconds=_DAMAGED_SECONDS))
    path.unlink()


def write_damaged(store: Path, path: Path, lines: int, seed: int = 1994) -> None:
    """A statement of so many damaged ID numbers of members of a SQLite store."""
    chance = random.Random(seed)
    connection = sqlite3.connect(store)
    numbers = [number for (number,) in connection.execute("SELECT id_number FROM member ORDER BY id")]
    connection.close()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Value date", "Cents", "Narrative"])
        for place, number in enumerate(chance.sample(numbers, lines)):
            writer.writerow(["2025-06-30", 2000, damage(number, _SLIPS[place % len(_SLIPS)], chance)])


def on_postgres(bench: migration.Bench, url: str) -> Run:
    """The national statement into a PostgreSQL store that has the register."""
    statement = bench.data / "statement-national.csv"
    read = bench.ours("deposits import (PostgreSQL)", "deposits", "import", str(statement), db=url)
    return Run.sum(
        "deposits import + match (PostgreSQL)",
        read,
        bench.ours("deposits match (PostgreSQL)", "deposits", "match", db=url),
    )


def compared(bench: migration.Bench, both: Run, server: Run | None, lines: int) -> None:
    """The rows of the national statement: by itself, on PostgreSQL beside SQLite, and beside a pandas merge."""
    bench.rows.append(Row("deposits import + match", both, each=lines, least_a_second=LEAST_A_SECOND))
    if server is not None:
        bench.rows.append(Row("deposits import + match (PostgreSQL)", server, "on SQLite", both, most=POSTGRES_MOST))
    merged = others.pandas_merge(bench, bench.data / "register-national.csv", bench.data / "statement-national.csv")
    if merged is not None:
        what = "pandas merge of plain numbers, nothing kept"
        bench.rows.append(Row("deposits import + match", both, what, merged, each=lines, their_each=lines))
