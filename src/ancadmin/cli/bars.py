"""Shares as bars of block characters, where a terminal shows them."""

import shutil
import sys
from math import floor

from ancadmin.cli.output import Format, Output
from ancadmin.domain.quality import percent

# From so many columns on a terminal has room for longer words and figures.
WIDE = 100
_LEAST, _MOST = 4, 16
_EIGHTHS = " ▏▎▍▌▋▊▉"


def room(output: Output) -> int:
    """How many columns the terminal has that a table goes to; 0 for a pipe, a file or another format."""
    if output.format is not Format.TABLE or output.file is not None or not sys.stdout.isatty():
        return 0
    return shutil.get_terminal_size().columns


def shown(share: float | None, columns: int, beside: int, bars: int = 3) -> str:
    """A share in figures, on a terminal with so many `columns` beside a bar: `██████▌   65.1%`.

    `beside` is what the other columns of the table and the figures take, `bars` how many bars stand side by side.
    """
    if not columns:
        return "" if share is None else percent(share)
    figure = percent(share) if columns >= WIDE or share is None else f"{floor(share * 100 + 1e-9)}%"
    width = max(_LEAST, min(_MOST, (columns - beside) // bars))
    whole, rest = divmod(round((share or 0.0) * width * 8), 8)
    bar = "█" * whole + (_EIGHTHS[rest] if rest else "")
    return f"{bar:<{width}} {figure:>{6 if columns >= WIDE else 4}}"
