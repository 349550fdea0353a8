"""People whom a narrative names: which of its words may be a surname, and whether the words beside it are the first
names or initials of somebody (docs/rules.md, section 4.2).
"""

import re
from enum import IntEnum
from functools import lru_cache

from ancadmin.domain.names import surname_key
from ancadmin.domain.narratives import plain_text

_WORDS = re.compile(r"[A-Z]+")
_NAMES = re.compile(r"[\s.-]+")
_LONGEST_SURNAME = 4
_SHORTEST_KEY = 2
_INITIALS = 3
_SHORT_WORDS = (
    "MR MRS MS DR DS MNR MEV MEJ ME CR FNB PMT TRF RTC EFT SMS BR TO OF NO FOR THE AND FEE SUB PAY ID OB IB REF DEP "
    "VAN DER DE DU"
)
_NO_INITIALS = frozenset(_SHORT_WORDS.split())


_key_of = lru_cache(maxsize=50_000)(surname_key)


class Fit(IntEnum):
    """How well the words beside a surname fit somebody's first names."""

    OTHER = 0
    UNSAID = 1
    INITIALS = 2
    FIRST_NAME = 3


class Words:
    """The words of a narrative, in capitals and without accents."""

    def __init__(self, narrative: str) -> None:
        upper = (narrative if narrative.isascii() else plain_text(narrative)).upper()
        self._words = _WORDS.findall(upper)
        self._places: dict[str, list[tuple[int, int]]] = {}
        for start in range(len(self._words)):
            for stop in range(start + 1, min(start + _LONGEST_SURNAME, len(self._words)) + 1):
                key = "".join(self._words[start:stop]).lower()
                if len(key) >= _SHORTEST_KEY:
                    self._places.setdefault(key, []).append((start, stop))

    @property
    def surnames(self) -> list[str]:
        """The keys (`surname_key`) of whatever may be a surname: one to four words that follow one another."""
        return list(self._places)

    def fit(self, surname: str, first_names: str) -> Fit | None:
        """How well the words beside the surname with this key fit, at the place where they fit best; None where the
        narrative does not have the surname.
        """
        places = self._places.get(surname)
        if not places:
            return None
        names = [key for name in _NAMES.split(first_names) if (key := _key_of(name))]
        return max(self._fit_beside(start, stop, names) for start, stop in places)

    def _fit_beside(self, start: int, stop: int, names: list[str]) -> Fit:
        words = [word.lower() for place, word in enumerate(self._words) if not start <= place < stop]
        if any(word in names for word in words if len(word) > _SHORTEST_KEY):
            return Fit.FIRST_NAME
        wanted = "".join(name[0] for name in names)
        said = [found for found in (self._initials(start - 1, -1), self._initials(stop, 1)) if found]
        if not said or not wanted:
            return Fit.UNSAID
        return Fit.INITIALS if any(wanted.startswith(found) for found in said) else Fit.OTHER

    def _initials(self, place: int, step: int) -> str:
        """Single letters on one side of a surname, or two or three written together; "" where there are none."""
        found = ""
        while 0 <= place < len(self._words) and len(self._words[place]) == 1:
            found = self._words[place] + found if step < 0 else found + self._words[place]
            place += step
        if not found and 0 <= place < len(self._words):
            word = self._words[place]
            together = 1 < len(word) <= _INITIALS and word not in _NO_INITIALS
            found = word if together else ""
        return found.lower()
