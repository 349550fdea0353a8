"""Text that says nothing: the list, in one place (docs/rules.md, sections 8 and 9).

A field is vague when the whole of it is on the list, whatever its case, spaces and punctuation: `Faulty  unit.` is,
`faulty unit: the print head leaves a white line` is not.
"""

import unicodedata

# English and Afrikaans, as people write them. Sorted within each group; the Excel sheet carries the same list.
VAGUE = (
    # what is to be done, said by naming the kind of thing done
    *("contract out", "exchange", "fix", "fix it", "fix unit", "fixed", "fixing", "maintenance", "new", "new one"),
    *("new unit", "outsource", "overhaul", "purchase", "repair", "repair it", "repair unit", "repaired", "repairs"),
    *("replace", "replace it", "replace unit", "replaced", "replacement", "service", "service unit", "servicing"),
    *("herstel", "maak reg", "nuwe", "regmaak", "vervang", "vervanging"),
    # what is wrong, said by saying that something is wrong
    *("bad", "broke", "broken", "broken item", "broken part", "broken unit", "damage", "damaged", "damaged unit"),
    *("dead", "defect", "defective", "defective part", "defective unit", "does not work", "error", "fail", "failed"),
    *("failure", "fault", "faulty", "faulty equipment", "faulty item", "faulty part", "faulty unit", "not ok"),
    *("not working", "old", "out of order", "problem", "problems", "stopped working", "unserviceable", "wear"),
    *("wear and tear", "worn", "worn out"),
    *("buite werking", "defek", "fout", "foutief", "gebreek", "kapot", "oud", "stukkend", "verslete", "werk nie"),
    # what it is, said by saying that it is something
    *("charge", "charges", "cost", "costs", "device", "equipment", "expenses", "fee", "goods", "item", "items", "job"),
    *("labour", "labor", "machine", "material", "materials", "misc", "miscellaneous", "other", "part", "parts"),
    *("services", "sundries", "sundry", "thing", "unit", "various", "work"),
    *("arbeid", "diverse", "onderdeel", "onderdele", "toerusting"),
    # nothing at all
    *("as above", "as agreed", "as before", "as discussed", "as per quote", "blank", "ditto", "dunno", "idem"),
    *("n/a", "nil", "no", "no comment", "no idea", "none", "not applicable", "not known", "not sure", "nothing"),
    *("approved", "because", "fine", "ok", "okay", "pending", "same", "see above", "see attached", "see quote"),
    *("tba", "tbc", "tbd", "test", "to be advised", "to be confirmed", "unknown", "unsure", "urgent", "yes"),
    *("geen", "ja", "nee", "nvt", "onbekend", "sien aangeheg"),
)


def folded(text: str) -> str:
    """The letters and digits of a text, in small letters, nothing between them: what texts are compared by."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


_FOLDED = frozenset(folded(entry) for entry in VAGUE)


def is_blank(text: str) -> bool:
    """Whether a text has no letter and no digit: nothing, spaces, a dash, a question mark."""
    return not folded(text)


def is_vague(text: str) -> bool:
    """Whether the whole text is one of VAGUE. A blank text is not vague: it is blank."""
    return folded(text) in _FOLDED
