"""Numbers of what is on record, as they are typed."""

from typing import Any

import typer

LARGEST = 2**31 - 1
"""PostgreSQL numbers rows up to this, and will not look for more."""


def numbered(what: str) -> Any:
    """The argument N of a command; `what` says which number it is."""
    return typer.Argument(metavar="N", min=1, max=LARGEST, help=what)
