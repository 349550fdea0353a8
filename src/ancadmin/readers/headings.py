"""Which row of a sheet holds the headings, and which member's field each column is.

A heading counts by its wording (`headings.csv`, English and Afrikaans) and by the cells below it: `Laaste betaling`
over dates is a day, over rands an amount.
"""

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from ancadmin.readers.evidence import Evidence, evidence_of
from ancadmin.readers.tables import ROWS_LOOKED_AT, first_row_of_words
from ancadmin.readers.text import Record

_LEAST_CONFIDENCE = 0.3
# A heading with a known wording as one of its parts, a typing mistake away from one, or with one among its words.
_PART, _CLOSE, _INSIDE = 0.95, 0.8, 0.7
_PROVEN = 0.95
_EVIDENCE_ONLY = {"id_number": 0.7, "email": 0.6, "cell": 0.4}
_KINDS = {
    "id_number": "id_number",
    "surname": "name",
    "first_names": "name",
    "full_name": "full_name",
    "branch": "code",
    "branch_name": "name",
    "region": "text",
    "province": "text",
    "ward": "number",
    "voting_district": "number",
    "cell": "phone",
    "email": "email",
    "gender": "gender",
    "joined_on": "day",
    "last_payment_on": "day",
    "last_payment_cents": "amount",
    "old_reference": "text",
    "status": "text",
    "status_on": "day",
}
FIELDS = tuple(_KINDS)
DATE_FIELDS = tuple(name for name, kind in _KINDS.items() if kind == "day")
# Wordings that look like a field's and are none: a date of birth, an amount that is owed.
NOT_A_FIELD = "none"


@dataclass(frozen=True)
class Recognised:
    """Which column (index from 0) is which field, and how sure that is, from 0 to 1."""

    fields: dict[str, int]
    confidence: dict[str, float]


def find_headings(top: Sequence[Record]) -> int | None:
    """The index of the row among the first 20 with most headings of a register, by wording; None where none has two.

    A sheet with ID numbers under words nobody has thought of yet is found by its first row of words.
    """
    scores = [_row_score(cells) for _, cells in top[:ROWS_LOOKED_AT]]
    best = max(range(len(scores)), key=lambda index: (scores[index], -index), default=None)
    if best is not None and scores[best] > 0:
        return best
    words = first_row_of_words(top)
    if words is None:
        return None
    below = [cells for _, cells in top[words + 1 :]]
    width = max(map(len, below), default=0)
    has_ids = any(evidence_of(_column(below, index)).valid_id_number > 0.5 for index in range(width))
    return words if has_ids else None


def recognise(columns: Sequence[str], below: Sequence[Record]) -> Recognised:
    """Maps headings to fields, each field to one column at most, the surest first. `below`: rows under them."""
    rows = [cells for _, cells in below]
    offers: list[tuple[float, int, str]] = []
    for index, heading in enumerate(columns):
        evidence = evidence_of(_column(rows, index))
        worded = wordings_of(heading)
        if NOT_A_FIELD in worded:
            continue
        for name in FIELDS:
            sure = _confidence(name, worded.get(name, 0.0), evidence)
            if sure >= _LEAST_CONFIDENCE:
                offers.append((sure, -index, name))
    fields: dict[str, int] = {}
    confidence: dict[str, float] = {}
    for sure, minus_index, name in sorted(offers, reverse=True):
        if name not in fields and -minus_index not in fields.values():
            fields[name] = -minus_index
            confidence[name] = round(sure, 2)
    return _one_name_or_two(Recognised(fields, confidence))


def wordings_of(heading: str, *, exactly: bool = False) -> dict[str, float]:
    """The fields a heading's words may mean, each with a weight from 0 to 1; `NOT_A_FIELD` rules it out.

    A heading in two languages (`Surname / Van`) or with a remark (`ID No (13 digits)`) counts by its best part.
    `exactly`: only known wordings, none that are merely like one.
    """
    found = _known(heading)
    for part in re.split(r"[/()\[\]|:\n]| - ", heading) if found is None else ():
        for name, weight in (_known(part) or {}).items():
            found = found or {}
            found[name] = max(found.get(name, 0.0), weight * _PART)
    if found is None and not exactly:
        found = _like_a_known(plain_words(heading))
    return found or {}


def _known(heading: str) -> dict[str, float] | None:
    return _wordings().get("".join(plain_words(heading)))


def _like_a_known(words: list[str]) -> dict[str, float]:
    """Wordings inside the heading that make up half of it or more; else a wording a typing mistake away."""
    table = _wordings()
    key = "".join(words)
    found: dict[str, float] = {}
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            inside = "".join(words[start:end])
            fields = table.get(inside, {})
            if NOT_A_FIELD in fields:
                return fields
            share = len(inside) / len(key)
            if len(inside) > 2 and share >= 0.5:
                for name, weight in fields.items():
                    found[name] = max(found.get(name, 0.0), weight * _INSIDE * (0.5 + share / 2))
    close = get_close_matches(key, [known for known in table if len(known) > 4], n=1, cutoff=0.85)
    for name, weight in table[close[0]].items() if close and len(key) > 4 else ():
        found[name] = max(found.get(name, 0.0), weight * _CLOSE)
    return found


def plain_words(text: str) -> list[str]:
    """The words of a heading in lower case, without accents and punctuation: `Id_Nommer` → id, nommer."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    bare = re.sub(r"['’]s\b", "", bare.replace("&", " and "))
    bare = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", bare)
    return re.findall(r"[a-z0-9]+", bare.lower())


@cache
def _wordings() -> dict[str, dict[str, float]]:
    """For each known wording, its words run together, the fields it may mean."""
    table: dict[str, dict[str, float]] = {}
    text = files("ancadmin.readers").joinpath("headings.csv").read_text(encoding="utf-8")
    for line in csv.DictReader(text.splitlines()):
        for wording in line["wordings"].split(";"):
            known = table.setdefault("".join(plain_words(wording)), {})
            known[line["field"]] = max(known.get(line["field"], 0.0), float(line["weight"]))
    return table


def _row_score(cells: Sequence[str]) -> float:
    weights = [
        max(wordings_of(cell, exactly=True).values(), default=0.0) for cell in cells if 0 < len(cell.strip()) <= 60
    ]
    known = [weight for weight in weights if weight >= 0.5]
    return sum(known) if len(known) > 1 else 0.0


def _confidence(name: str, worded: float, evidence: Evidence) -> float:
    """Words count for half, cells for half; a column without cells is believed by its words."""
    share = evidence.share(_KINDS[name])
    if name == "id_number" and 0 < worded < _PROVEN:
        # `Lidnommer` may be anything; check digits that hold in most cells prove what it is.
        worded = max(worded, _PROVEN * (evidence.valid_id_number > 0.5))
    if worded:
        return worded if share is None else worded * (0.5 + share / 2) if share else worded * 0.4
    if name == "id_number":
        share = evidence.valid_id_number
    return _EVIDENCE_ONLY.get(name, 0.0) * (share or 0.0)


def _one_name_or_two(found: Recognised) -> Recognised:
    """`Name` beside `Surname` means first names; alone it means all of them."""
    fields, confidence = dict(found.fields), dict(found.confidence)
    if "full_name" in fields and "surname" in fields and "first_names" not in fields:
        fields["first_names"] = fields.pop("full_name")
        confidence["first_names"] = confidence.pop("full_name")
    elif "first_names" in fields and "surname" not in fields and "full_name" not in fields:
        fields["full_name"] = fields.pop("first_names")
        confidence["full_name"] = confidence.pop("first_names")
    return Recognised(fields, confidence)


def _column(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    return [row[index] for row in rows if index < len(row)]
