"""Fingerprints of texts and numbers, a column at a time: 64 bits, the same on every machine and in every version.

Two different lines of one account and day share a fingerprint once in 10^19. They are no secret and no seal.
"""

import numpy as np
import numpy.typing as npt

from ancadmin.domain.id_columns import Digits, Offsets

Hashes = npt.NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def text_hashes(offsets: Offsets, data: Digits) -> Hashes:
    """A hash for each of n texts, `data[offsets[i]:offsets[i + 1]]`: a sum of its bytes, each times a number that
    stands for its place.
    """
    lengths = np.diff(offsets)
    hashes = np.zeros(len(lengths), dtype=np.uint64)
    filled = np.flatnonzero(lengths)
    if len(filled):
        starts = offsets[:-1][filled]
        # Empty texts have no bytes, so those of the others follow one another.
        place = np.arange(offsets[0], offsets[-1]) - np.repeat(starts, lengths[filled])
        weights = mixed(np.arange(1, int(lengths.max()) + 1, dtype=np.uint64))
        products = (data[offsets[0] : offsets[-1]].astype(np.uint64) + np.uint64(1)) * weights[place]
        hashes[filled] = np.add.reduceat(products, starts - offsets[0])
    return mixed(hashes + lengths.astype(np.uint64))


def mixed(numbers: Hashes) -> Hashes:
    """Every bit spread over all others (the finaliser of splitmix64)."""
    state = numbers * _GOLDEN
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def joined(*columns: npt.NDArray[np.integer]) -> Hashes:
    """One hash a row for several columns of integers or hashes; their order counts."""
    state = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        state = mixed(state + _GOLDEN) ^ mixed(column.astype(np.uint64, casting="unsafe") + _GOLDEN)
        state = mixed(state)
    return state
