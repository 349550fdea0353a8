"""The commands of the README and the tutorial, run for real: their output is what the documents show.

A block marked `console` is a transcript: lines beginning with `$ ` are typed, what follows is what came. All blocks of
a document are run in order, in one empty folder beside a copy of sample_data, with a store of their own.
"""

import contextlib
import getpass
import io
import itertools
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "docs/tutorial.md")
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#][^)]*)\)")
# Times, days and years since the program was first released, and hashes.
_PASSING = re.compile(r"\bAR-\d+-\d{4}-|\d{4}-\d\d-\d\dT[\d:]+Z|20(?:2[6-9]|[3-9]\d)-\d\d-\d\d|\b[0-9a-f]{8,64}\b")
# Whoever builds the documents, she is called this in them.
_OPERATOR = "thandi"
_MOST_LINES = 14
_WIDEST = 118
_PICTURE = 120
_DESK = (120, 24)


@dataclass(frozen=True)
class Answer:
    """What a command line gave: its exit code, its stdout, and stdout and stderr as they came."""

    code: int
    out: str
    said: str


class _Stream(io.TextIOBase):
    """A stream that keeps what it is given, for itself and in the order of all."""

    def __init__(self, both: list[str]) -> None:
        self._both = both
        self.own: list[str] = []

    def reconfigure(self, **options: Any) -> None:
        """Text is kept as text."""

    def write(self, text: str) -> int:
        """Keeps the text; bytes are refused, as by any text stream."""
        if not isinstance(text, str):
            raise TypeError("text, not bytes")
        self.own.append(text)
        self._both.append(text)
        return len(text)


class Desk:
    """Types commands in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def type(self, line: str) -> Answer:
        """One command line of ancadmin's, in this process: starting one each would take most of the time."""
        from ancadmin.cli.app import run

        program, *words = shlex.split(line)
        if program != "ancadmin":
            raise SystemExit(f"{line}: only ancadmin can be typed here")
        both: list[str] = []
        out, err = _Stream(both), _Stream(both)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
        return Answer(code, "".join(out.own), self._plain("".join(both)))

    def _plain(self, said: str) -> str:
        said = said.replace(str(self.folder), "~")
        return re.sub(rf"\b{re.escape(getpass.getuser())}\b", _OPERATOR, said)


@contextlib.contextmanager
def desk() -> Iterator[Desk]:
    """A folder with the sample data to type commands in, and nothing of whoever runs this."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path(name).resolve()
        shutil.copytree(TOP / "sample_data", folder / "sample_data")
        for variable in [name for name in before if name.startswith("ANCADMIN_")]:
            del os.environ[variable]
        os.environ["XDG_DATA_HOME"] = str(folder / ".local" / "share")
        os.environ["XDG_CONFIG_HOME"] = str(folder / ".config")
        try:
            yield Desk(folder)
        finally:
            os.environ.clear()
            os.environ.update(before)


def commands(text: str) -> list[str]:
    """The command lines of a document."""
    return [line[2:] for block in _BLOCK.findall(text) for line in block.splitlines() if line.startswith("$ ")]


def refreshed(text: str) -> str:
    """The document with the output its commands give now. A command that fails stops it."""
    with desk() as at:
        return _BLOCK.sub(lambda block: f"```console\n{_played(at, block.group(1))}```", text)


def _played(at: Desk, block: str) -> str:
    played = []
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        answer = at.type(line[2:])
        if answer.code not in (0, 10):
            raise SystemExit(f"{line}\n{answer.said}\nexit {answer.code}")
        lines = _lined_up(answer.said.splitlines())
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 2], "…", lines[-1]]
        played += [line, *lines]
    return "".join(f"{line}\n" for line in played)


def _lined_up(lines: list[str]) -> list[str]:
    """Tables as a terminal shows them: a pipe gets their cells parted by tabs."""
    up: list[str] = []
    for cells, same in itertools.groupby((line.split("\t") for line in lines), key=len):
        rows = list(same)
        widths = [max(len(row[place]) for row in rows) for place in range(cells)]
        lined = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
        up += [line if cells == 1 or len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…" for line in lined]
    return up


def steady(text: str) -> str:
    """The document without what differs from run to run: days and times of today, hashes."""
    return _PASSING.sub("…", text)


def links(text: str) -> list[str]:
    """The files and folders a document links to."""
    return [target.partition("#")[0] for target in _LINK.findall(text) if "://" not in target]


def picture() -> str:
    """The demo at work, as SVG: of each step what was typed and its summary, of the last ones all."""
    from rich.console import Console
    from rich.text import Text

    with desk() as at:
        answer = at.type("ancadmin demo")
    if answer.code:
        raise SystemExit(answer.said)
    console = Console(record=True, width=_PICTURE, file=io.StringIO(), force_terminal=True)
    for line in ["$ ancadmin demo", *_gist(answer.said)]:
        style = "bold green" if line.startswith("$ ") else ""
        console.print(Text(line if len(line) <= _PICTURE else f"{line[: _PICTURE - 1]}…", style=style))
    return console.export_svg(title="ancadmin", unique_id="ancadmin")


def desk_picture() -> str:
    """The cleanup desk, as SVG: a member of the demo comes again in an old book, with a digit misread."""
    import asyncio
    import json

    from ancadmin.cli.desk.app import DeskApp
    from ancadmin.services.register.desk.work import Desk as CleanupDesk
    from ancadmin.services.session import open_session
    from ancadmin.settings import load_settings

    async def drawn(work: CleanupDesk) -> str:
        app = DeskApp(work)
        async with app.run_test(size=_DESK) as pilot:
            await pilot.pause()
            return app.export_screenshot(title="ancadmin register desk")

    with desk() as at:
        answer = at.type("ancadmin demo demo --members 500")
        if answer.code:
            raise SystemExit(answer.said)
        store = "--quiet --db demo/demo.db"
        one = json.loads(at.type(f"ancadmin {store} member list --branch 79700001 --json").out)[0]
        misread = f"{one['id_number'][:8]}{(int(one['id_number'][8]) + 3) % 10}{one['id_number'][9:]}"
        initials = " ".join(name[0] for name in one["first_names"].split())
        line = f"{misread},{one['surname'].upper()},{initials},79700001,2014-03-15,2015-05-30,20.00"
        headings = "ID NO.,SURNAME,INITIALS,BRANCH,DATE JOINED,LAST PAID,AMOUNT"
        Path("book-2015.csv").write_text(f"{headings}\n{line}\n", encoding="utf-8")
        taken = json.loads(at.type(f"ancadmin {store} register import book-2015.csv --json").out)
        work = CleanupDesk(open_session(load_settings("sqlite:///demo/demo.db")), taken["batch"])
        picture = asyncio.run(drawn(work))
        work.close()
    return picture


def _gist(said: str) -> Iterator[str]:
    steps = [_lined_up(step.strip().splitlines()) for step in said.split("\n$ ")]
    for typed, *lines in steps[1:-1]:
        if typed.startswith("ancadmin costs line"):
            continue
        yield f"$ {typed}"
        if typed.startswith("ancadmin member explain"):
            yield from lines
        elif lines and lines[-1] != "…":
            yield lines[-1]
    # What comes after the last step is the demo's own summary.
    typed, *lines = steps[-1]
    yield f"$ {typed}"
    yield from lines[-7:]


def review_picture() -> str:
    """The desk for suggestions, as SVG: somebody pays with an ID number of which a digit is misread."""
    import asyncio
    import json
    from datetime import date

    from ancadmin.cli.desk.review import ReviewApp
    from ancadmin.services.deposits.listing import Wanted
    from ancadmin.services.deposits.review.waiting import Chosen, ReviewDesk
    from ancadmin.services.session import open_session
    from ancadmin.settings import load_settings

    async def drawn(work: ReviewDesk) -> str:
        app = ReviewApp(work)
        async with app.run_test(size=_DESK) as pilot:
            await pilot.pause()
            return app.export_screenshot(title="ancadmin deposits review")

    with desk() as at:
        answer = at.type("ancadmin demo demo --members 500")
        if answer.code:
            raise SystemExit(answer.said)
        store = "--quiet --db demo/demo.db"
        one = json.loads(at.type(f"ancadmin {store} member list --branch 79700001 --json").out)[0]
        number = one["id_number"]
        misread = f"{number[:8]}{(int(number[8]) + 3) % 10}{number[9:]}"
        line = f"2026-07-01,20.00,ADT CASH DEPO 02113002 {misread} {one['surname'].upper()}"
        Path("july.csv").write_text(f"Date,Amount,Description\n{line}\n", encoding="utf-8")
        at.type(f"ancadmin {store} deposits import july.csv --account 62000000017")
        at.type(f"ancadmin {store} deposits match")
        chosen = Chosen(Wanted(first_day=date(2026, 7, 1)))
        work = ReviewDesk(open_session(load_settings("sqlite:///demo/demo.db")), chosen)
        picture = asyncio.run(drawn(work))
        work.close()
    return picture
