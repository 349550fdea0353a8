"""Rows earlier imports held back, met again by an import: those that wait still, and those whose words are settled."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ancadmin.services.register.importing.groups import QUARANTINED, Positions
from ancadmin.services.register.importing.lookup import places_in
from ancadmin.services.register.importing.texts import Flags


@dataclass(frozen=True)
class Met:
    """Of some rows: `again` those that wait already for the same reasons, `settled` those nobody is asked about again
    and `settled_by` the batch that settled each, 0 where the row is kept already; `released`: ids of waiting rows that
    are taken now, or held back for other reasons.
    """

    again: Flags
    settled: Flags
    settled_by: Positions
    released: list[int]


class Earlier:
    """`held`: the rows that wait, by fingerprint their ids and problems (`Record.held`). `settled`: by fingerprint the
    batch that settled each row in its words (`Record.settled`). `held_again`: ids of waiting rows that were met again.
    """

    def __init__(self, held: dict[int, list[tuple[int, str]]], settled: dict[int, list[int]]) -> None:
        self._held = held
        self._waiting = _ordered(held)
        self._by = settled
        self._settled = _ordered(settled)
        self._same: dict[tuple[int, str | None], list[int]] = {}
        self._met: Counter[tuple[int, int]] = Counter()
        self._met_settled: Counter[tuple[int, int]] = Counter()
        self.held_again: set[int] = set()

    def meet(
        self,
        sources: npt.NDArray[np.int64],
        fingerprints: npt.NDArray[np.int64],
        outcome: npt.NDArray[np.int8],
        problems: list[str | None],
    ) -> Met:
        """Rows in the order they were read. Of the rows of a sheet that are written alike as many wait already as wait;
        of the others as many are settled as an officer decided about, and the rest wait anew.
        """
        back = outcome == QUARANTINED
        waiting: Flags = places_in(self._waiting, fingerprints) >= 0
        again, more = np.zeros_like(waiting), np.zeros_like(waiting)
        over: set[int] = set()
        for place in np.flatnonzero(waiting).tolist():
            words = int(fingerprints[place])
            same = self._waiting_for(words, problems[place]) if back[place] else []
            if same:
                self._met[int(sources[place]), words] += 1
                again[place] = self._met[int(sources[place]), words] <= len(same)
                more[place] = not again[place]
            else:
                over.add(words)
        settled, by = self._words_settled(sources, fingerprints, back & (more | ~waiting))
        return Met(again, settled, by, [number for words in over for number, _ in self._held[words]])

    def _waiting_for(self, words: int, problems: str | None) -> list[int]:
        """The ids of the rows in these words that wait for these reasons."""
        if (words, problems) not in self._same:
            same = [number for number, text in self._held[words] if text == problems]
            self._same[words, problems] = same
            self.held_again.update(same)
        return self._same[words, problems]

    def _words_settled(
        self, sources: npt.NDArray[np.int64], fingerprints: npt.NDArray[np.int64], among: Flags
    ) -> tuple[Flags, Positions]:
        settled: Flags = among & (places_in(self._settled, fingerprints) >= 0)
        by = np.zeros(len(among), dtype=np.int64)
        for place in np.flatnonzero(settled).tolist():
            words = int(fingerprints[place])
            met = self._met_settled[int(sources[place]), words]
            settled[place] = met < len(self._by[words])
            if settled[place]:
                by[place] = self._by[words][met]
                self._met_settled[int(sources[place]), words] += 1
        return settled, by


def _ordered(fingerprints: Collection[int]) -> npt.NDArray[np.int64]:
    return np.sort(np.fromiter(fingerprints, dtype=np.int64, count=len(fingerprints)))
