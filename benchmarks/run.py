"""The same work for us and for others, side by side, on the same files in the same run.

    python benchmarks/run.py [--members 1400000] [--seed 1994]

Files are made once and kept under benchmarks/data/. Every figure is of a whole process: wall and CPU seconds and peak
memory, as the kernel counted them. What matters are the ratios of one run: machines differ, and are noisy.
"""

import argparse
import platform
import shutil
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import cash
import migration
import others
import papers
from measure import Run, timed, timed_together
from report import Row, written

HERE = Path(__file__).parent
ANCADMIN = [str(Path(sys.executable).with_name("ancadmin"))]
TODAY = "2025-06-30"
PAST = "2024-06-30"
DUE = 4_000
# So many due, and the seconds that may take.
NIGHTS = {DUE: 1.2, 300_000: 15}
GIB = 1024.0
# How often what is proposed is right: benchmarks that stand alone, each with the most members it is asked about. What
# they say is added at the report's end.
HOW_RIGHT = {"duplicates": 1_400_000, "repairs": 20_000, "suggestions": 200_000}


def main() -> None:
    """Makes the files, measures, prints the table and keeps it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=1_400_000)
    parser.add_argument("--seed", type=int, default=1994)
    parser.add_argument("--no-result", action="store_true", help="do not write benchmarks/results/<date>.md")
    asked = parser.parse_args()
    data = sample(asked.members, asked.seed)
    work = HERE / "data" / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    bench = Bench(data, work, asked.members)
    bench.door()
    bench.registers()
    bench.deposits()
    bench.standing()
    bench.papers()
    bench.memory()
    text = written(asked.members, bench.lines, bench.rows, bench.runs, about()) + how_right(asked.members)
    print(text)
    if not asked.no_result:
        results = HERE / "results"
        results.mkdir(exist_ok=True)
        (results / f"{datetime.now().astimezone():%Y-%m-%d}.md").write_text(text, encoding="utf-8")
    shutil.rmtree(work)


def sample(members: int, seed: int) -> Path:
    """The folder with the files of one size and seed; made when it is not there."""
    folder = HERE / "data" / f"{members}-{seed}"
    done = folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        say(f"making the files for {members:,} members")
        script = "import sys; from pathlib import Path; from ancadmin.services.demo import plan; plan.NATIONAL = 1\n"
        # The national shape at every size: one register, one statement.
        script += "from ancadmin.services.demo.generate import generate\n"
        script += "folder = Path(sys.argv[1]); folder.mkdir(parents=True)\n"
        script += "generate(folder, int(sys.argv[2]), int(sys.argv[3]))\n"
        run = timed("the files", [sys.executable, "-c", script, str(folder), str(members), str(seed)])
        done.write_text(f"{run.wall:.1f} s, {run.peak_mib:.0f} MiB\n", encoding="utf-8")
    return folder


def night_of(path: Path, least: int = DUE) -> tuple[str, int]:
    """The first day after TODAY by which so many members have come due, and how many that is."""
    store = sqlite3.connect(path)
    due, night = 0, TODAY
    query = "SELECT next_change_on, count(*) FROM standing WHERE next_change_on > ? GROUP BY 1 ORDER BY 1"
    for day, count in store.execute(query, (TODAY,)):
        due, night = due + count, day
        if due >= least:
            break
    store.close()
    return night, due


def how_right(members: int) -> str:
    """What the benchmarks of HOW_RIGHT say; they leave with another code than 0 where it is not enough."""
    told = []
    for name, most in HOW_RIGHT.items():
        say(f"{name}.py")
        command = [sys.executable, str(HERE / f"{name}.py"), "--members", str(min(members, most))]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        verdict = "\nNOT MET" if run.returncode else ""
        told.append(f"\n## How often {name} are right\n\n```\n{run.stdout.rstrip()}{verdict}\n```\n")
    return "".join(told)


def say(line: str) -> None:
    """What is going on, on stderr."""
    print(line, file=sys.stderr, flush=True)


def about() -> str:
    """The machine and the versions, without naming either."""
    import os

    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


class Bench:
    """The measurements in the order of the work; each adds its runs and the rows of the table."""

    def __init__(self, data: Path, work: Path, members: int) -> None:
        self.data, self.work, self.members = data, work, members
        self.store = work / "store.db"
        self.on_server: Run | None = None
        self.rows: list[Row] = []
        self.runs: list[Run] = []
        with (data / "statement-national.csv").open(encoding="utf-8") as file:
            self.lines = sum(1 for _ in file) - others.PREAMBLE

    def ours(self, title: str, *words: str, db: str = "") -> Run:
        """One `ancadmin` command on the store of this run, or on another."""
        say(title)
        run = timed(title, self.command(*words, db=db))
        self.runs.append(run)
        return run

    def command(self, *words: str, db: str = "") -> list[str]:
        """One `ancadmin` command as `ours` runs it."""
        return [*ANCADMIN, "--quiet", "--db", db or str(self.store), *words]

    def theirs(self, title: str, command: list[str], stdin: str = "", *, may_fail: bool = False) -> Run:
        """One command of somebody else's program."""
        say(title)
        run = timed(title, command, stdin, may_fail=may_fail)
        self.runs.append(run)
        return run

    def door(self) -> None:
        """What it costs to come in: help beside an interpreter that does nothing, turn by turn."""
        say("ancadmin --help, and python -c pass")
        ours, nothing = timed_together(
            ("ancadmin --help", [*ANCADMIN, "--help"]), ("python -c pass", [sys.executable, "-c", "pass"]), times=11
        )
        self.runs += [ours, nothing]
        self.rows.append(Row("ancadmin --help", ours, "python -c pass", nothing, most=8))

    def registers(self) -> None:
        """The national register in: ours beside two that check nothing."""
        self.ours("init", "init", "--sole-operator")
        self.ours("db places import", "db", "places", "import", str(self.data / "places.csv"))
        register = self.data / "register-national.csv"
        words = ["register", "import", "--reading-date", TODAY]
        ours = self.ours("register import", *words, str(register))
        self.rows.append(Row("register import, memory", ours, most_mib=migration.IMPORT_MIB))
        shell = others.sqlite_import(self, register)
        if shell is not None:
            self.rows.append(Row("register import", ours, "sqlite3 .import", shell, most=migration.SQLITE_MOST))
        utils = others.sqlite_utils_insert(self, register)
        if utils is not None:
            self.rows.append(Row("register import", ours, "sqlite-utils insert --pk", utils, faster=3))
        migration.again(self, ours, words, register)
        migration.undone(self, ours)
        self.on_server = migration.postgres(self, words, register, cash.on_postgres)

    def deposits(self) -> None:
        """The national statement in and matched, beside a journal that reads the same lines."""
        statement = self.data / "statement-national.csv"
        read = self.ours("deposits import", "deposits", "import", str(statement))
        matched = self.ours("deposits match", "deposits", "match")
        both = Run.sum("deposits import + match", read, matched)
        cash.compared(self, both, self.on_server, self.lines)
        cash.damaged(self)
        ledger = others.hledger(self, statement, self.lines)
        if ledger is not None:
            self.rows.append(
                Row(
                    "deposits import + match",
                    both,
                    f"hledger, the first {ledger[1]:,} of the lines",
                    ledger[0],
                    each=self.lines,
                    their_each=ledger[1],
                )
            )

    def standing(self) -> None:
        """The first sweep, a night with about 4,000 due, one with 300,000, and the check of everyone; one member's
        standing explained, and everyone's on a past day.
        """
        first = self.ours("first sweep", "sweep", "--on", TODAY)
        self.rows.append(Row("first sweep", first, each=self.members))
        for least, most_seconds in NIGHTS.items():
            night, due = night_of(self.store, least)
            run = self.ours(f"a night with {due:,} due", "sweep", "--on", night, "--yes")
            self.rows.append(Row(run.title, run, most_seconds=most_seconds))
        verify = self.ours("sweep --verify", "sweep", "--on", night, "--verify")
        self.rows.append(Row("sweep --verify", verify, most_seconds=20))
        store = sqlite3.connect(self.store)
        (number,) = store.execute("SELECT id_number FROM member WHERE id = ?", (self.members // 2,)).fetchone()
        store.close()
        run = self.ours("member explain", "member", "explain", number, "--on", TODAY)
        self.rows.append(Row(run.title, run, most_seconds=1))
        run = self.ours("member list on a past day, everyone", "member", "list", "--on", PAST, "--format", "csv")
        self.rows.append(Row(run.title, run, each=self.members, most_seconds=25))

    def papers(self) -> None:
        """The quality of every branch, one branch's attendance register as PDF, and those of the whole country."""
        migration.quality(self)
        papers.one_register(self)
        papers.country(self)

    def memory(self) -> None:
        """The most memory any command of ours took."""
        names = {title for title in (run.title for run in self.runs) if not title.startswith(others.TITLES)}
        most = max((run for run in self.runs if run.title in names), key=lambda run: run.peak_mib)
        self.rows.append(Row(f"most memory ({most.title})", most, most_mib=GIB))


if __name__ == "__main__":
    main()
