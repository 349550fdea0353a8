"""Whether the name in a paper may be that of the member on record."""

import re

from rapidfuzz import fuzz

from ancadmin.domain.names import surname_key

_LIKE = 85.0
_LEAST_PART = 4


def names_agree(surname: str, full_name: str, on_record: str) -> bool:
    """The surname written is that on record, a letter or two away from it, or one of two that are joined; of a column
    of whole names, it is among the words, where there are two. Where there is nothing to compare, names agree.
    """
    known = surname_key(on_record)
    if not known:
        return True
    if surname_key(surname):
        parts = _parts(surname) & _parts(on_record)
        return fuzz.ratio(surname_key(surname), known) >= _LIKE or bool(parts)
    words = full_name.split()
    if len(words) < 2 or known in surname_key(full_name):
        return True
    return any(fuzz.ratio(surname_key(word), known) >= _LIKE for word in words) or bool(_parts(full_name) & {known})


def _parts(surname: str) -> set[str]:
    """The parts that say something by themselves: of `Dlamini-Nkosi` both, of `van der Merwe` the last."""
    return {key for part in re.split(r"[\s-]+", surname) if len(key := surname_key(part)) >= _LEAST_PART}
