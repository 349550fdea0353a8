"""A quiet night at ten times the national size: what is due is as much, so it should cost hardly more.

    python benchmarks/fourteen_million.py [--members 1400000] [--store FILE]

Not part of `make bench`: it takes a quarter of an hour and 14 GB of disk. The store of 1.4 million (made here, unless a
swept one is named) is multiplied by ten, with every record under numbers of its own. Deposits are not: a sweep reads
allocations. Of each ten copies of a member one comes due by the night, so that both stores have the same number due.
"""

import argparse
import shutil
import sqlite3
import sys
import time
from pathlib import Path

from measure import Run, timed
from run import ANCADMIN, HERE, TODAY, night_of, sample, say

TIMES = 10
MOST = 1.5
# The columns of each table that are numbered on, by the table whose highest id they step over.
NUMBERED = {
    "member": {"id": "member"},
    "standing": {"member": "member"},
    "allocation": {"id": "allocation", "member": "member"},
    "status_change": {"id": "status_change", "member": "member"},
}


def main() -> None:
    """Multiplies, measures both, and leaves with 1 where the larger store takes more than MOST times as long."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=1_400_000)
    parser.add_argument("--seed", type=int, default=1994)
    parser.add_argument("--store", type=Path, help=f"a store already swept to {TODAY}; it is left as it is")
    asked = parser.parse_args()
    work = HERE / "data" / "work-fourteen"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    small, large = work / "small.db", work / "large.db"
    if asked.store is None:
        made(sample(asked.members, asked.seed), small)
    else:
        shutil.copy(asked.store, small)
    night, due = night_of(small)
    shutil.copy(small, large)
    began, used = time.monotonic(), time.process_time()
    multiply(large, night)
    cost = f"{time.monotonic() - began:,.0f} s, CPU {time.process_time() - used:,.0f} s"
    print(f"multiplied by {TIMES}: {cost}, {large.stat().st_size / 1e9:.1f} GB")
    one, ten = (nights(store, night) for store in (small, large))
    shutil.rmtree(work)
    for run in (one, ten):
        print(f"{run.title} with {due:,} due: {run.wall:.2f} s, CPU {run.cpu:.2f} s, {run.peak_mib:.0f} MiB")
    ratio = ten.cpu / one.cpu
    print(f"{ratio:.2f} × the CPU time (at most {MOST}: {'met' if ratio <= MOST else 'NOT MET'})")
    sys.exit(ratio > MOST)


def made(data: Path, store: Path) -> None:
    """The national work on the national files, up to the first sweep."""
    for words in (
        ("init", "--sole-operator"),
        ("db", "places", "import", str(data / "places.csv")),
        ("register", "import", "--reading-date", TODAY, str(data / "register-national.csv")),
        ("deposits", "import", str(data / "statement-national.csv")),
        ("deposits", "match"),
        ("sweep", "--on", TODAY),
    ):
        say(" ".join(words[:2]))
        timed(words[0], [*ANCADMIN, "--quiet", "--db", str(store), *words])


def multiply(path: Path, night: str) -> None:
    """Every member TIMES times over, with standing, allocations and changes."""
    store = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -262144"):
        store.execute(f"PRAGMA {setting}")
    kept = [
        row
        for row in store.execute("SELECT type, name, sql, tbl_name FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        if row[0] in ("index", "trigger") and row[3] in NUMBERED
    ]
    for kind, name, *_ in kept:
        store.execute(f"DROP {kind} {name}")
    highest = {table: store.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] for table in NUMBERED}
    for table, numbered in NUMBERED.items():
        columns = [row[1] for row in store.execute(f"PRAGMA table_info({table})")]
        for copy in range(1, TIMES):
            say(f"{table}, copy {copy}")
            told = {column: f"{column} + {copy * highest[of]}" for column, of in numbered.items()}
            # No ID number has a letter in it; copies in this order keep the unique index growing at its end.
            told |= {"id_number": f"'{chr(64 + copy)}' || id_number"} if table == "member" else {}
            chosen = ", ".join(told.get(column, column) for column in columns)
            first = next(iter(numbered))
            store.execute(f"INSERT INTO {table} SELECT {chosen} FROM {table} WHERE {first} <= {highest[table]}")
    # One of the copies of each member stays due by the night, a different one from member to member.
    count = highest["member"]
    store.execute(
        f"UPDATE standing SET next_change_on = date('{night}', '+1 day') WHERE next_change_on <= '{night}' "
        f"AND (member - 1) / {count} <> (member - 1) % {TIMES}"
    )
    for _, name, statement, _ in kept:
        say(name)
        store.execute(statement)
    store.close()


def nights(store: Path, night: str) -> Run:
    """The night, whole process, after a dry run of it that leaves the caches warm."""
    title = f"{store.stem}: a night"
    say(title)
    command = [*ANCADMIN, "--quiet", "--db", str(store), "sweep", "--on", night]
    timed("a dry run", [*command, "--dry-run"])
    return timed(title, command)


if __name__ == "__main__":
    main()
