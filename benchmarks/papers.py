"""Registers: one branch's, and those of the whole country in one command, killed half way and run again.

Beside them the same tables, written one by one with plain openpyxl and plain reportlab platypus: no header, no seal, no
QR code, nothing kept, the rows handed over ready.
"""

import csv
import hashlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from measure import Run, most_memory
from migration import copied
from report import Row

ONE_SECONDS = 1.3
COUNTRY_SECONDS = 240
COUNTRY_MIB = 1024.0
CUT_OFF, MEETING = "2025-06-30", "2025-07-05"
# So many of the registers are written plainly; rates a register say the same.
PLAIN_REGISTERS = 150
_DAYS = ["--cut-off", CUT_OFF, "--meeting-date", MEETING]
_BOTH = ["--as", "pdf", "--as", "xlsx"]

_PLAIN = """\
import json, sys
from pathlib import Path
from openpyxl import Workbook
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

titles = ["No", "ID number", "Surname", "First names", "Voting district", "Cell", "Signature"]
style = TableStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("FONTSIZE", (0, 0), (-1, -1), 8)])
folder = Path(sys.argv[2])
for number, people in enumerate(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))):
    rows = [titles, *([place, *one, ""] for place, one in enumerate(people, 1))]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / f"{number}.xlsx")
    SimpleDocTemplate(str(folder / f"{number}.pdf"), pagesize=A4).build([Table(rows, repeatRows=1, style=style)])
"""


class Bench(Protocol):
    """What these need of the run they are part of."""

    work: Path
    store: Path
    members: int
    rows: list[Row]

    def ours(self, title: str, *words: str, db: str = "") -> Run:
        """Runs one command of ours, on the store of the run or another."""

    def theirs(self, title: str, command: list[str], stdin: str = "", *, may_fail: bool = False) -> Run:
        """Runs somebody else's program."""

    def command(self, *words: str, db: str = "") -> list[str]:
        """One command of ours, as `ours` runs it."""


def one_register(bench: Bench) -> None:
    """One branch's register in PDF, the whole process."""
    branch = _asked(bench.store, "SELECT branch FROM member ORDER BY id LIMIT 1 OFFSET ?", bench.members // 2)[0][0]
    words = ["export", "attendance-register", "--branch", branch, *_DAYS, "-o", str(bench.work / "register.pdf")]
    run = bench.ours("one register in PDF", *words)
    bench.rows.append(Row("one branch's register in PDF", run, most_seconds=ONE_SECONDS))


def country(bench: Bench) -> None:
    """Every branch's register in PDF and Excel, again with nothing new, and on a copy killed half way and resumed."""
    words = ["export", "attendance-register", "--all", *_DAYS, *_BOTH, "-o"]
    whole = bench.work / "registers"
    with copied(bench, "killed") as db:
        with most_memory() as most:
            run = bench.ours("registers of the whole country", *words, str(whole))
        run = replace(run, peak_mib=max(most, default=run.peak_mib))
        count = len(_manifest(whole)) // 2
        what = f"{count:,} registers in PDF and Excel"
        bench.rows.append(Row(what, run, each=count, most_seconds=COUNTRY_SECONDS))
        bench.rows.append(Row(f"{what}, memory of all its processes", run, most_mib=COUNTRY_MIB))
        _beside_plain(bench, what, run, count)
        again = bench.ours("the same again, nothing new", *words, str(whole))
        bench.rows.append(Row(f"{what} again, nothing new", again))
        _killed(bench, words, whole, db)
    shutil.rmtree(whole)


def _beside_plain(bench: Bench, what: str, run: Run, count: int) -> None:
    rows, folder = bench.work / "plain.json", bench.work / "plain"
    folder.mkdir()
    query = "SELECT said FROM paper WHERE meeting_date = ? ORDER BY branch LIMIT ?"
    said = (json.loads(zlib.decompress(said)) for (said,) in _asked(bench.store, query, MEETING, PLAIN_REGISTERS))
    people = [[list(one.values()) for one in each["register"]["attendees"]] for each in said]
    rows.write_text(json.dumps(people), encoding="utf-8")
    title = f"python, openpyxl and platypus, {len(people)} of these one by one in one process"
    plain = bench.theirs(title, [sys.executable, "-c", _PLAIN, str(rows), str(folder)])
    bench.rows.append(Row(what, run, title.removeprefix("python, "), plain, each=count, their_each=len(people)))
    shutil.rmtree(folder)


def _killed(bench: Bench, words: list[str], whole: Path, db: str) -> None:
    """Killed when half of the files are there; after the second run every register is the one of the undisturbed run,
    under the same serial, and every file is as the manifest says.
    """
    halved = bench.work / "halved"
    half, before = len(_manifest(whole)) // 2, list[Path]()
    running = subprocess.Popen(bench.command(*words, str(halved), db=db), stdout=subprocess.DEVNULL)
    while running.poll() is None and len(before) < half:
        time.sleep(1)
        before = [path for path in halved.rglob("*.*") if path.suffix in (".pdf", ".xlsx")]
    running.send_signal(signal.SIGKILL)
    running.wait()
    kept = {path: _hash(path) for path in before}
    resumed = bench.ours("killed half way, and resumed", *words, str(halved), db=db)
    same = ("serial", "branch", "members", "content_hash", "file")
    said = [[[row[name] for name in same] for row in _manifest(folder)] for folder in (whole, halved)]
    for row in _manifest(halved):
        if _hash(halved / row["file"]) != row["hash"]:
            raise SystemExit(f"{row['file']} is not what its manifest says")
    if said[0] != said[1] or any(_hash(path) != was for path, was in kept.items()):
        raise SystemExit("killed and resumed, the registers are not those of the undisturbed run")
    bench.rows.append(Row(f"resumed, {len(kept):,} files there already, the same registers in the end", resumed))
    shutil.rmtree(halved)


def _manifest(folder: Path) -> list[dict[str, str]]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _asked(path: Path, query: str, *values: Any) -> list[Any]:
    store = sqlite3.connect(path)
    rows = store.execute(query, values).fetchall()
    store.close()
    return rows
