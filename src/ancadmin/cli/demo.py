"""`ancadmin demo`."""

import contextlib
import io
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ancadmin.cli.output import Format, FormatOption, JsonOption, chosen, show_result
from ancadmin.cli.state import State, state_of

app = typer.Typer(rich_markup_mode=None, add_completion=False)

# Of a listing the first lines are shown: the demo is a tour.
_LISTINGS = {"quarantine", "list", "branch-list", "attendance-register"}
_LINES_OF_A_LISTING = 6
_LINES_SHOWN = 40


@app.command()
def demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="A new or empty folder, or an earlier demo's")] = Path(
        "ancadmin-demo"
    ),
    members: Annotated[int, typer.Option("--members", min=100, help="How many; the country has 1400000")] = 5_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed makes other members")] = 1994,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Do the main job on sample data, in a store of its own: from registers to papers.

    Example: ancadmin demo

    Every command is shown as it is typed, so that the demo can be done again by hand in its folder. The sample data
    is synthetic and the same every time.
    """
    from ancadmin.cli.tour import tour
    from ancadmin.services.demo.folder import PAPERS, STORE, prepare
    from ancadmin.services.demo.summary import summary

    state, output = state_of(ctx), chosen(form, as_json, None)
    state.say(f"Making the sample: {members} members, seed {seed}")
    sample = prepare(folder, members, seed)
    state.say(f"\n$ cd {shlex.quote(str(folder))}")
    with contextlib.chdir(folder):
        here = State(db=f"sqlite:///{STORE}", policy=state.policy, quiet=state.quiet, debug=state.debug)
        for words in tour(sample):
            _run(here, words)
        found = summary(here.session(), Path(PAPERS))
    shown = {**found, "store": str(folder / STORE), "papers_in": str(folder / PAPERS)}
    if output.format is Format.TABLE:
        _tell(shown)
    else:
        show_result(output, shown)


def _run(state: State, words: list[str]) -> None:
    """One command line, through the same door as a typed one. A failure ends the demo with its exit code."""
    from ancadmin.cli.app import run

    state.say(f"\n$ ancadmin {shlex.join(words)}")
    common = ["--db", str(state.db), *(["--policy", str(state.policy)] if state.policy else [])]
    flags = [flag for flag, on in (("--quiet", state.quiet), ("--debug", state.debug)) if on]
    lines = _LINES_OF_A_LISTING if _LISTINGS & set(words) else _LINES_SHOWN
    with contextlib.redirect_stdout(_Screen(0 if state.quiet else lines)):
        code = run([*common, *flags, *words])
    if code:
        raise typer.Exit(code)


class _Screen(io.TextIOBase):
    """Passes the first lines of what a command prints on to stderr, and passes for the terminal that is."""

    def __init__(self, lines: int) -> None:
        self._left = lines
        self._shows = lines > 0

    def reconfigure(self, **options: Any) -> None:
        """Nothing to do: stderr is set already."""

    def isatty(self) -> bool:
        """As stderr: that is where it is shown."""
        return sys.stderr.isatty()

    def write(self, text: str) -> int:
        """As many lines as are left to show; then once that there is more. Bytes are refused, as by any text stream."""
        if not isinstance(text, str):
            raise TypeError("text, not bytes")
        for line in text.splitlines(keepends=True):
            if self._left > 0:
                sys.stderr.write(line)
            elif self._left == 0 and self._shows:
                sys.stderr.write("…\n")
                self._left = -1
            if line.endswith("\n") and self._left > 0:
                self._left -= 1
        return len(text)


def _tell(shown: dict[str, Any]) -> None:
    """The summary, for people, on stdout."""
    from ancadmin.domain.money import rands

    rows, deposits, statuses = shown["register_rows"], shown["deposits"], shown["standing"]
    lines = (
        ("registers", f"{rows['read']} rows read, {shown['members']} members, {rows['quarantined']} rows held back"),
        ("deposits", f"{sum(deposits.values())} of {rands(shown['deposited_cents'])}: {_counts(deposits)}"),
        ("money", f"{rands(shown['allocated_cents'])} allocated, {rands(shown['unallocated_cents'])} not yet"),
        ("standing", _counts(statuses)),
        ("papers", f"{shown['papers']} in {shown['papers_in']}"),
        ("store", f"{shown['store']}: cd there, and every ancadmin command uses it"),
    )
    typer.echo("\n".join(f"{what:<10} {says}" for what, says in lines))


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
