"""The same files through other programs: what a shop without ancadmin would reach for."""

import csv
import shutil
import sys
from itertools import islice
from pathlib import Path
from typing import Protocol

from measure import Run

# Lines above the first deposit of FNB's online history.
PREAMBLE = 7
# hledger keeps the journal in memory: at national size more than most machines have. Rates a row say the same.
HLEDGER_LINES = 100_000
TITLES = ("sqlite3", "sqlite-utils", "hledger", "psql", "python")

_RULES = """\
skip {skip}
fields date, amount, balance, description
date-format %Y/%m/%d
currency R
account1 assets:bank:membership
account2 income:unallocated
if ([^0-9]|^)[0-9]{{13}}([^0-9]|$)
 account2 income:fees:matched
if BULK|MEMBERS|BRANCH
 account2 income:bulk
"""


class Bench(Protocol):
    """What these need of the run they are part of."""

    work: Path

    def theirs(self, title: str, command: list[str], stdin: str = "", *, may_fail: bool = False) -> Run:
        """Runs somebody else's program."""


def sqlite_import(bench: Bench, register: Path) -> Run | None:
    """`sqlite3 .import` into a WITHOUT ROWID table keyed by ID number. It checks nothing; rows whose number is
    already there are refused one by one, which is not a failure.
    """
    if not shutil.which("sqlite3"):
        return None
    with register.open(encoding="utf-8", newline="") as file:
        headings = next(csv.reader(file))
    columns = ", ".join(f'"{name}" TEXT' + (" PRIMARY KEY" if name == headings[0] else "") for name in headings)
    script = f'CREATE TABLE member({columns}) WITHOUT ROWID;\n.mode csv\n.import --skip 1 "{register}" member\n'
    return bench.theirs("sqlite3 .import", ["sqlite3", str(bench.work / "shell.db")], script, may_fail=True)


def sqlite_utils_insert(bench: Bench, register: Path) -> Run | None:
    """`sqlite-utils insert --pk`; `--ignore` because otherwise it stops at the first number that comes twice."""
    program = Path(sys.executable).with_name("sqlite-utils")
    if not program.exists():
        return None
    options = ["--csv", "--pk", "ID NUMBER", "--ignore", "--silent", "--no-detect-types"]
    command = [str(program), "insert", str(bench.work / "utils.db"), "member", str(register), *options]
    return bench.theirs("sqlite-utils insert --pk", command)


def hledger(bench: Bench, statement: Path, lines: int) -> tuple[Run, int] | None:
    """hledger reading the same lines, with rules that call 13 digits a match; how many lines it was given, too."""
    if not shutil.which("hledger"):
        return None
    count = min(lines, HLEDGER_LINES)
    piece, rules = bench.work / "statement.csv", bench.work / "statement.rules"
    with statement.open(encoding="utf-8") as whole, piece.open("w", encoding="utf-8") as part:
        part.writelines(islice(whole, PREAMBLE + count))
    rules.write_text(_RULES.format(skip=PREAMBLE), encoding="utf-8")
    command = ["hledger", "-f", str(piece), "--rules-file", str(rules), "balance"]
    return bench.theirs(f"hledger balance, {count:,} lines", command), count
