"""What papers share: their form, the branch they are about, the order of names (docs/rules.md, section 6)."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar


class Form(StrEnum):
    """What kind of file a paper is; also its suffix."""

    PDF = "pdf"
    XLSX = "xlsx"


@dataclass(frozen=True)
class BranchPlace:
    """A branch and where it lies. A ward number means nothing without its delimitation year."""

    code: str
    name: str
    region_code: str
    region: str
    province_code: str
    province: str
    ward: str | None = None
    ward_year: int | None = None

    @property
    def ward_words(self) -> str:
        """`79700001 (wards of 2021)`, or a dash."""
        if self.ward is None:
            return "–"
        return self.ward if self.ward_year is None else f"{self.ward} (wards of {self.ward_year})"


def hash_of(said: object) -> str:
    """SHA-256 over what a paper says, in one canonical form: the same for every file that says the same."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


class Person(Protocol):
    """Somebody a paper names."""

    @property
    def id_number(self) -> str:
        """13 digits."""

    @property
    def surname(self) -> str:
        """As on record."""

    @property
    def first_names(self) -> str:
        """As on record; may be empty."""


_Person = TypeVar("_Person", bound=Person)

# Letters that no accent can be taken off of.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
_SILENT = dict.fromkeys(map(ord, "'’‘ʼ`´.-‐‑–"))


def in_order(text: str) -> str:
    """What a name is sorted by, the same on every machine: letters without accents and case, word by word.

    Apostrophes, hyphens and dots count nothing, as in a spreadsheet: `Mc-Nab`, `McNab` and `mcnáb` stand together.
    """
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in parts if not unicodedata.combining(letter)).casefold().translate(_LETTERS)
    return " ".join(text.casefold().translate(_SILENT).split())


def name_order(one: Person) -> tuple[str, str, str, str, str]:
    """The order of papers: surname, first names, and where these look alike something that never ties."""
    return in_order(one.surname), in_order(one.first_names), one.surname, one.first_names, one.id_number


def sorted_by_name(people: Iterable[_Person]) -> tuple[_Person, ...]:
    """People in the order of papers."""
    return tuple(sorted(people, key=name_order))


def cell_words(cell: str | None) -> str:
    """A cell number as people read it: `+27821234567` → `082 123 4567`; others as they are."""
    if cell and cell.startswith("+27") and len(cell) == 12:
        return f"0{cell[3:5]} {cell[5:8]} {cell[8:]}"
    return cell or ""


# What people type for the digits they read; no letter of these is one of a hash.
_TAKEN_FOR_DIGITS = str.maketrans("OoIiLl", "001111")


def digits_meant(text: str) -> str:
    """Digits, and letters A to F, as they were meant by whoever typed an O for a 0, or an l or an I for a 1."""
    return text.translate(_TAKEN_FOR_DIGITS)


def masked(id_number: str) -> str:
    """An ID number as screens and masked papers show it: `8001015009087` → `800101****087`."""
    return f"{id_number[:6]}****{id_number[10:]}"
