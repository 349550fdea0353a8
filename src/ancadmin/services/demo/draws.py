"""Chance that can be repeated: every draw is a function of the seed, of what is drawn, and of the row it is for.

So any row can be made without the rows before it, in any order and in pieces of any size, and the same again under
every version of numpy, whose own generators may change.
"""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def draws(seed: int, what: str, rows: Rows) -> Shares:
    """A number in [0, 1) for each row. `what` names the draw: other names give independent numbers."""
    salt = int.from_bytes(blake2b(f"{seed}:{what}".encode(), digest_size=8).digest(), "little")
    # splitmix64: the row's place in a sequence of odd steps, stirred twice.
    mixed = rows.astype(np.uint64) * _STEP + np.uint64(salt)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    mixed ^= mixed >> np.uint64(31)
    shares: Shares = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return shares


def whole(seed: int, what: str, rows: Rows, low: int | Rows, high: int | Rows) -> Rows:
    """A whole number from `low` up to, not including, `high` for each row."""
    span = np.maximum(np.asarray(high) - np.asarray(low), 1)
    drawn: Rows = np.asarray(low) + (draws(seed, what, rows) * span).astype(np.int64)
    return drawn


def picks(seed: int, what: str, rows: Rows, weights: npt.ArrayLike) -> Rows:
    """The index of one of `weights` for each row, the heavier the more often."""
    upto = np.cumsum(np.asarray(weights, dtype=np.float64))
    found: Rows = np.searchsorted(upto / upto[-1], draws(seed, what, rows), side="right").astype(np.int64)
    return np.minimum(found, len(upto) - 1)
