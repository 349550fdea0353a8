"""Does a statement add up, and which way does it run: oldest line first or newest first?"""

from dataclasses import dataclass

import numpy as np

from ancadmin.domain.dates import Days
from ancadmin.readers.statements.statement import Break, Cents, Flags, Rows


@dataclass(frozen=True)
class Chain:
    """`newest_first`: how the file runs. `breaks`: where its balances first stop following from the amounts."""

    newest_first: bool
    opening_cents: int | None
    closing_cents: int | None
    breaks: Break | None


def chain_of(row: Rows, days: Days, cents: Cents, balance: Cents, known: Flags) -> Chain:
    """Holds each known balance against the one before it and the amounts between (docs/rules.md, section 4.1).

    The file runs the way in which fewer balances are wrong; where both ways are as good, as its dates run.
    """
    forward = _breaks(cents, balance, known)
    backward = _breaks(cents[::-1], balance[::-1], known[::-1])
    dates = days[~np.isnat(days)]
    newest_first = bool(len(dates)) and bool(dates[0] > dates[-1])
    if len(forward) != len(backward):
        newest_first = len(backward) < len(forward)
    way = slice(None, None, -1) if newest_first else slice(None)
    row, cents, balance, known = row[way], cents[way], balance[way], known[way]
    points = np.flatnonzero(known)
    if not len(points):
        return Chain(newest_first, None, None, None)
    first, last = points[0], points[-1]
    opening = int(balance[first] - cents[: first + 1].sum())
    closing = int(balance[last] + cents[last + 1 :].sum())
    wrong = backward if newest_first else forward
    if not len(wrong):
        return Chain(newest_first, opening, closing, None)
    before, at = points[wrong[0]], points[wrong[0] + 1]
    expected = int(balance[before] + cents[before + 1 : at + 1].sum())
    return Chain(newest_first, opening, closing, Break(int(row[at]), expected, int(balance[at])))


@dataclass(frozen=True)
class Stated:
    """A balance the bank states beside its lines, and the row where it does."""

    row: int
    cents: int


def with_stated(chain: Chain, cents: Cents, opening: Stated | None, closing: Stated | None) -> Chain:
    """The chain of lines that move `cents`, held against the balances the bank states before and after them all."""
    if chain.breaks is not None:
        return chain
    opens, closes = chain.opening_cents, chain.closing_cents
    moved = int(cents.sum())
    if opens is None and opening is not None:
        opens, closes = opening.cents, opening.cents + moved
    elif opens is None and closing is not None:
        opens, closes = closing.cents - moved, closing.cents
    for stated, follows in ((opening, opens), (closing, closes)):
        if stated is not None and follows is not None and stated.cents != follows:
            return Chain(chain.newest_first, opens, closes, Break(stated.row, follows, stated.cents))
    return Chain(chain.newest_first, opens, closes, None)


def _breaks(cents: Cents, balance: Cents, known: Flags) -> Rows:
    """Which of the steps from one known balance to the next are not the amounts between, oldest first."""
    points = np.flatnonzero(known)
    moved = np.cumsum(cents)[points]
    wrong: Rows = np.flatnonzero(np.diff(balance[points]) != np.diff(moved))
    return wrong
