"""The reference: a page a noun, from `--help`; the errors and exit codes, from the classes that carry them."""

import contextlib
import io
import os
from importlib import import_module
from typing import Any

import typer

from ancadmin import errors
from ancadmin.cli import app

_HEAD = "<!-- Written by `make docs`; do not edit. -->\n\n"
_ALWAYS = {
    0: "done",
    1: "a defect of the program: the store is as it was; run again with `--debug` and report it",
    10: "done, but something needs a person: only with `--strict`; `check`, `deposits balance`, `audit verify` always",
    130: "interrupted; nothing half-written",
    143: "ended by the system (SIGTERM); nothing half-written",
}


def pages() -> dict[str, str]:
    """File name → text, for every page under docs/reference."""
    # Help is as wide as the terminal; the page is always the same.
    os.environ["COLUMNS"] = "100"
    written = {f"{noun}.md": _noun(noun) for noun in app.COMMANDS}
    return {"README.md": _contents(), **written, "errors.md": _errors()}


def commands() -> list[list[str]]:
    """Every command that does something, as the words a person types."""
    return [words for noun in app.COMMANDS for words, command in _walk([noun], _command(noun)) if not _below(command)]


def _command(noun: str) -> Any:
    return typer.main.get_command(import_module(f"ancadmin.cli.{noun}").app)


def _below(command: Any) -> dict[str, Any]:
    found: dict[str, Any] = getattr(command, "commands", {})
    return found


def _walk(words: list[str], command: Any) -> list[tuple[list[str], Any]]:
    found = [(words, command)]
    for name, below in _below(command).items():
        found += _walk([*words, name], below)
    return found


def _help(words: list[str]) -> str:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out):
        code = app.run([*words, "--help"])
    if code != 0:
        raise SystemExit(f"ancadmin {' '.join(words)} --help: exit {code}")
    out.seek(0)
    return out.read().rstrip()


def _noun(noun: str) -> str:
    parts = [f"# ancadmin {noun}\n\n{app.COMMANDS[noun]}.\n"]
    for words, _ in _walk([noun], _command(noun)):
        title = "" if words == [noun] else f"## {' '.join(words[1:])}\n\n"
        parts.append(f"{title}```text\n$ ancadmin {' '.join(words)} --help\n{_help(words)}\n```\n")
    return _HEAD + "\n".join(parts)


def _contents() -> str:
    lines = [f"| [{noun}]({noun}.md) | {says} |" for noun, says in app.COMMANDS.items()]
    table = "\n".join(["| command | does |", "|---|---|", *lines])
    root = _help([])
    return (
        f"{_HEAD}# Reference\n\n{table}\n\n[Errors and exit codes](errors.md). [JSON, field by field](json.md).\n\n"
        f"## Everywhere\n\n```text\n$ ancadmin --help\n{root}\n```\n"
    )


def _errors() -> str:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.AncadminError) and kind is not errors.AncadminError
    ]
    codes = dict(_ALWAYS)
    for kind in kinds:
        if "exit_code" in vars(kind):
            codes[kind.exit_code] = (kind.__doc__ or "").splitlines()[0].rstrip(".")
    rows = "\n".join(f"| {code} | {codes[code]} |" for code in sorted(codes))
    return (
        f"{_HEAD}# Errors and exit codes\n\n"
        "An error is one line on stderr, `ancadmin: error: FILE SHEET row N column X: what (value)`, and below it what "
        "to do about it. Nothing is ever half-written: a command that fails leaves the store as it was.\n\n"
        f"| exit | meaning |\n|---|---|\n{rows}\n"
    )
