"""What a column's cells look like: evidence for what its heading means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

from ancadmin.domain.id_numbers import check_digit_holds
from ancadmin.readers.cells import MISSING_WORDS

_ID_NUMBER = re.compile(r"^\d{10,13}([.,]0+)?$|^\d[.,]\d+e\+?1[0-2]$")
_VALID_ID_NUMBER = re.compile(r"^\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{4}[0-2]\d\d$", re.ASCII)
_DAY = re.compile(
    r"^\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}\b|^\d{1,2}[-/. ]\d{1,2}[-/. ](\d{4}|\d{2})\b|^(19|20)\d{6}$|^[2-6]\d{4}(\.\d+)?$"
    r"|^\d{1,2}(st|nd|rd|th|ste|de)?[-/. ,]*[a-z]{3,9}[-/. ,]+'?\d{2,4}\b|^[a-z]{3,9}[-/. ]+\d{1,2}[-/. ,]+\d{2,4}\b"
)
_AMOUNT = re.compile(r"^(r|zar)? ?-?\d{1,3}([ ,.]?\d{3})*([.,]\d{1,2}|-\d\d)?( ?rand)?$")
_PHONE = re.compile(r"^(\+?27|0)?[1-8]\d{8}$")
_GENDERS = {"m", "f", "v", "male", "female", "man", "vrou", "manlik", "vroulik", "woman"}


@dataclass(frozen=True)
class Evidence:
    """The share of filled cells, 0 to 1, that look like each kind of thing. `cells`: how many are filled."""

    cells: int
    id_number: float = 0.0
    valid_id_number: float = 0.0
    day: float = 0.0
    amount: float = 0.0
    phone: float = 0.0
    email: float = 0.0
    gender: float = 0.0
    number: float = 0.0
    code: float = 0.0
    name: float = 0.0
    full_name: float = 0.0
    text: float = 1.0

    def share(self, kind: str) -> float | None:
        """The share of cells of a kind; None where no cell is filled."""
        return float(getattr(self, kind)) if self.cells else None


def evidence_of(column: Sequence[str]) -> Evidence:
    """Looks at the cells of one column; blank ones and `N/A` say nothing."""
    filled = [text for cell in column if (text := " ".join(cell.split()).lower()) not in MISSING_WORDS]
    if not filled:
        return Evidence(0)
    counts = dict.fromkeys((field.name for field in fields(Evidence)), 0)
    for text in filled:
        digits = re.sub(r"[\s\-'.()]", "", text)
        is_day = _DAY.match(text) is not None
        is_id = _ID_NUMBER.match(re.sub(r"[\s\-'`]", "", text).replace("o", "0").replace("l", "1")) is not None
        is_valid_id = _VALID_ID_NUMBER.match(digits) is not None and check_digit_holds(digits)
        letters = sum(1 for c in text if c.isalpha())
        has_digit = any(c.isdigit() for c in text)
        counts["id_number"] += is_id
        counts["valid_id_number"] += is_valid_id
        counts["day"] += is_day
        counts["amount"] += _AMOUNT.match(text) is not None and len(digits) < 9
        counts["phone"] += _PHONE.match(digits) is not None
        counts["email"] += "@" in text
        counts["gender"] += text in _GENDERS
        counts["number"] += has_digit and not is_day
        counts["code"] += has_digit and not is_day and not is_id
        counts["name"] += letters > 1 and not has_digit
        counts["full_name"] += letters > 1 and not has_digit and (" " in text or "," in text)
        counts["text"] += 1
    return Evidence(len(filled), **{k: count / len(filled) for k, count in counts.items() if k != "cells"})
