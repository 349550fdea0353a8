"""The same files through other programs: what a shop without ancadmin would reach for."""

import csv
import shutil
import sys
from importlib.util import find_spec
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
_MERGE = """\
import sys
import pandas
register = pandas.read_csv(sys.argv[1], dtype=str, usecols=["ID NUMBER", "SURNAME", "BRANCH CODE"])
names = ["date", "amount", "balance", "narrative"]
lines = pandas.read_csv(sys.argv[2], skiprows=int(sys.argv[3]), names=names, dtype=str, skipinitialspace=True)
merged = lines.merge(register.drop_duplicates("ID NUMBER"), left_on="narrative", right_on="ID NUMBER", how="left")
print(len(merged), int(merged["ID NUMBER"].notna().sum()))
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


def pandas_merge(bench: Bench, register: Path, statement: Path) -> Run | None:
    """pandas merging the lines with the register where the narrative is an ID number and nothing else: no store, no
    damaged, glued or parted number, nothing checked or credited.
    """
    if find_spec("pandas") is None:
        return None
    return bench.theirs(
        "python, pandas merge", [sys.executable, "-c", _MERGE, str(register), str(statement), str(PREAMBLE)]
    )


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
