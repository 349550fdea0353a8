"""Whole columns of numbers, looked up at once."""

import numpy as np
import numpy.typing as npt


def places_in(ordered: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where each number stands in an array (sorted, each once); -1 for those that are not there."""
    if not len(ordered):
        return np.full(len(numbers), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    return np.where(ordered[at] == numbers, at, -1)
