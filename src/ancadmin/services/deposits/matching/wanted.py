"""What narratives may call somebody by who is no near miss: an old reference, a cell number, a name in a branch, and
whatever an officer has said a reference or a depositor's words mean.
"""

import re
from collections.abc import Iterator

from ancadmin.domain.contacts import cells_in
from ancadmin.domain.named_people import Fit, Words
from ancadmin.domain.references import depositor_key, old_reference_keys, reference_keys

REFERENCE, DEPOSITOR = "reference", "depositor"
"""Kinds of aliases (`db/tables/suggestions.py`)."""
# As long as an ID number: no old reference is, but an officer may have said whose a mistyped number is.
_ONE_NUMBER = re.compile(r"[0-9]{12,14}")


class Wanted:
    """What to look for, each with the numbers of the deposits that have it. `learnt`: there are aliases."""

    def __init__(self, *, learnt: bool) -> None:
        self._learnt = learnt
        self._narratives: dict[int, str] = {}
        self._words: dict[int, Words] = {}
        self.cells: dict[str, list[int]] = {}
        self.references: dict[str, list[int]] = {}
        self.names: dict[tuple[str, str], list[int]] = {}
        self.aliases: dict[tuple[str, str], list[int]] = {}

    def add(self, deposit: int, narrative: str, branch: str | None) -> None:
        """Takes in one narrative; `branch` is the code of a branch on record in it."""
        for cell in cells_in(narrative):
            self.cells.setdefault(cell, []).append(deposit)
        for key in self._keys(narrative):
            if not _ONE_NUMBER.fullmatch(key):
                self.references.setdefault(key, []).append(deposit)
            if self._learnt:
                self.aliases.setdefault((REFERENCE, key), []).append(deposit)
        if self._learnt and (words := depositor_key(narrative)):
            self.aliases.setdefault((DEPOSITOR, words), []).append(deposit)
        if branch is not None:
            self._narratives[deposit] = narrative
            for surname in Words(narrative).surnames:
                self.names.setdefault((branch, surname), []).append(deposit)

    @property
    def of_members(self) -> bool:
        """Whether the members have to be gone through."""
        return bool(self.cells or self.references or self.names)

    def named(self, branch: str, surname: str, first_names: str) -> Iterator[int]:
        """The deposits that name somebody: the key of a surname in a branch, and a first name or initials beside it."""
        for deposit in self.names[branch, surname]:
            words = self._words.get(deposit)
            if words is None:
                words = self._words[deposit] = Words(self._narratives[deposit])
            if (words.fit(surname, first_names) or Fit.OTHER) >= Fit.INITIALS:
                yield deposit

    def _keys(self, narrative: str) -> tuple[str, ...]:
        if _ONE_NUMBER.fullmatch(narrative):  # as most of them are: the patterns would find nothing else
            return (narrative,) if self._learnt else ()
        return tuple(dict.fromkeys((*reference_keys(narrative), *old_reference_keys(narrative))))
