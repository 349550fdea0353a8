"""The root command: nouns loaded only when they are called, and errors turned into a line and an exit code."""

import errno
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ancadmin.cli.said import line_of, without_numbers
from ancadmin.cli.state import State
from ancadmin.errors import AncadminError, FileRefused, InputRefused

USAGE = 2
INTERRUPTED = 130
ENDED = 143

# The order is the order of the work; `--help` shows these lines without loading what they stand for.
COMMANDS = {
    "demo": "The main job on sample data, from registers to papers",
    "init": "Create or upgrade the store; make yourself its national officer",
    "register": "Legacy registers in",
    "member": "Members: look up, explain, decide",
    "deposits": "Bank statements in, deposits matched by ID number",
    "approvals": "What waits until somebody else approves it",
    "standing": "Statuses brought to a day",
    "sweep": "The nightly sweep (= standing sweep)",
    "export": "Papers out: branch lists, attendance registers, cost sheets",
    "costs": "Cost-comparison sheets",
    "report": "Dues owed and for how long, how well collected; what became of deposits",
    "batch": "Every write is a batch: list, show, undo",
    "audit": "The trail: who wrote and who read",
    "operator": "Who may use the store",
    "db": "The store: places, upgrade, where it is",
    "config": "Settings and policy in force",
    "check": "One ID number, or every consistency rule of the store",
}


# Typer gives every app of its own these; they belong to the whole.
_OF_THE_ROOT = ("install_completion", "show_completion")


class _Commands(MutableMapping[str, Any]):
    """The commands by name, each module imported when its command is asked for."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            if name not in self._names:
                raise KeyError(name)
            from importlib import import_module

            command = typer.main.get_command(import_module(f"ancadmin.cli.{name}").app)
            command.name = name
            command.params = [one for one in command.params if one.name not in _OF_THE_ROOT]
            _keep_examples_whole(command)
            self._loaded[name] = command
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _keep_examples_whole(command: Any) -> None:
    """Help is wrapped to the terminal, but an example that is to be pasted must stay on its line."""
    command.help = (command.help or "").replace("\nExample: ", "\n\b\nExample: ")
    for below in getattr(command, "commands", {}).values():
        _keep_examples_whole(below)


class RootGroup(TyperGroup):
    """The root, lazy."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands(COMMANDS)

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the work."""
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The lines of `--help`, without loading a command."""
        with formatter.section("Commands"):
            for name, line in COMMANDS.items():
                formatter.write(f"  {name:<10}{line}\n")


app = typer.Typer(
    cls=RootGroup, rich_markup_mode=None, no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False
)


def _version(value: bool) -> None:
    if value:
        from ancadmin import __version__

        typer.echo(f"ancadmin {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    db: Annotated[
        str | None, typer.Option("--db", metavar="URL", help="The store: sqlite:///FILE or postgresql://…")
    ] = None,
    policy: Annotated[Path | None, typer.Option("--policy", metavar="FILE", help="Another policy.toml")] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="No progress and no summary: for cron")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the program an error arose")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version")
    ] = False,
) -> None:
    """Administer mass membership: registers in, deposits matched, standing, papers out.

    Example: ancadmin demo

    The options below may stand anywhere on the line. Start with `ancadmin demo`, or with `ancadmin init`.
    """
    del version  # answered by its callback
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    ctx.obj = State(db=db, policy=policy, quiet=quiet, debug=debug)


_FLAGS = {"-q", "--quiet", "--debug"}
_VALUED = {"--db", "--policy"}


def hoisted(arguments: list[str]) -> list[str]:
    """The common options first, wherever they were typed; nothing after `--` is touched."""
    first: list[str] = []
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            rest += [argument, *remaining]
        elif argument in _FLAGS or (argument.partition("=")[0] in _VALUED and "=" in argument):
            first.append(argument)
        elif argument in _VALUED:
            first += [argument, *[value for value in [next(remaining, None)] if value is not None]]
        else:
            rest.append(argument)
    return first + rest


def run(arguments: list[str]) -> int:
    """Runs one command line; the exit codes are those of docs/reference. Never raises AncadminError."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        with _ended_by_the_system():
            command = typer.main.get_command(app)
            code = command.main(args=hoisted(arguments), prog_name="ancadmin", standalone_mode=False)
            sys.stdout.flush()
    except AncadminError as error:
        if "--debug" in arguments:
            from traceback import print_exception

            print_exception(error)
        return _tell(error)
    except typer.TyperException as error:
        return _tell_usage(error)
    except typer.Abort:
        code = INTERRUPTED
    except OSError as error:
        return _tell_unwritten(error)
    except SystemExit as leaving:
        # Typer leaves this way from a pipe whose reader has gone, and after completion.
        if leaving.code != ENDED and isinstance(leaving.__context__, OSError):
            return _tell_unwritten(leaving.__context__)
        code = leaving.code
    if code == INTERRUPTED:
        typer.echo("ancadmin: interrupted; nothing is half-written", err=True)
    return code if isinstance(code, int) else 0


@contextmanager
def _ended_by_the_system() -> Iterator[None]:
    """Lets SIGTERM leave as an exit does, so that what was unpacked for the run is cleared away.

    Only the main thread may ask for signals; on Windows nobody sends this one, and the process just ends.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise SystemExit(ENDED)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(error: AncadminError) -> int:
    typer.echo(f"ancadmin: error: {line_of(error)}", err=True)
    if error.remedy:
        typer.echo(error.remedy, err=True)
    for problem in error.problems[1:] if isinstance(error, FileRefused) else ():
        typer.echo(f"ancadmin: error: {line_of(FileRefused([problem]))}", err=True)
        typer.echo(problem.remedy, err=True)
    return error.exit_code


def _tell_usage(error: typer.TyperException) -> int:
    """A command line that cannot be read: one line and where to look, or the help where nothing was asked for."""
    said = error.format_message().replace("Value error, ", "")
    if said.startswith("Usage: "):
        typer.echo(said, err=True)
        return USAGE
    context = getattr(error, "ctx", None)
    typer.echo(f"ancadmin: error: {said}", err=True)
    typer.echo(f"See: {context.command_path if context else 'ancadmin'} --help", err=True)
    return USAGE


def _tell_unwritten(error: OSError) -> int:
    """The answer could not be written. A reader that has seen enough (`| head`) is no error, and nothing is said."""
    if error.errno == errno.EPIPE or (os.name == "nt" and error.errno == errno.EINVAL):
        # What is still in the buffers must not be tried again when the interpreter leaves.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        raise error
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _tell(InputRefused(f"cannot be written: {error.strerror}", "Make room, or write somewhere else with -o."))


def defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What is said of an error nobody foresaw: its kind and first line, which hold no one's particulars."""
    del trace
    first = without_numbers(str(error).partition("\n")[0])
    typer.echo(f"ancadmin: defect: {kind.__name__}: {first}", err=True)
    typer.echo(
        "This is a fault of the program; the store is as it was. Run again with --debug and report it.",
        err=True,
    )
