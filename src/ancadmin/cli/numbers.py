"""Numbers of what is on record, as they are typed."""

from typing import Any

import typer

LARGEST = 2**31 - 1
"""PostgreSQL numbers rows up to this, and will not look for more."""


def numbered(what: str, metavar: str = "N") -> Any:
    """The argument N of a command; `what` says which number it is."""
    return typer.Argument(metavar=metavar, min=1, max=LARGEST, help=what)


def number_option(name: str, what: str) -> Any:
    """An option with such a number, or with how many there are to be; `what` says what it is for."""
    return typer.Option(name, metavar="N", min=1, max=LARGEST, help=what)
