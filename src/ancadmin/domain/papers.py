"""What papers say, apart from how they look (docs/rules.md, section 6). Writers take these and nothing else."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from ancadmin.domain.standing import Status


class Form(StrEnum):
    """What kind of file a paper is; also its suffix."""

    PDF = "pdf"
    XLSX = "xlsx"


class Meeting(StrEnum):
    """The kinds of branch meeting a register is made for."""

    BGM = "BGM"
    BBGM = "BBGM"
    BAGM = "BAGM"

    @property
    def words(self) -> str:
        """The kind spelled out."""
        return {"BGM": "Branch General", "BBGM": "Branch Biennial General", "BAGM": "Branch Annual General"}[
            self.value
        ] + " Meeting"


def quorum_of(members: int) -> int:
    """More than half of those in good standing: ⌊n/2⌋ + 1 (docs/rules.md, section 6)."""
    return members // 2 + 1


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


@dataclass(frozen=True)
class Attendee:
    """A row of an attendance register; the voting district and the cell number may be missing."""

    id_number: str
    surname: str
    first_names: str
    voting_district: str | None = None
    cell: str | None = None


@dataclass(frozen=True)
class AttendanceRegister:
    """What an attendance register says: who was in good standing at the end of the day `cut_off`, in order."""

    place: BranchPlace
    meeting: Meeting
    meeting_date: date
    cut_off: date
    attendees: tuple[Attendee, ...]

    @property
    def quorum(self) -> int:
        """How many have to be present."""
        return quorum_of(len(self.attendees))

    def content_hash(self) -> str:
        """SHA-256 over header and rows in one canonical form: the same for every file that says the same."""
        said = {
            "kind": "attendance register",
            "place": astuple(self.place),
            "meeting": self.meeting,
            "meeting_date": self.meeting_date.isoformat(),
            "cut_off": self.cut_off.isoformat(),
            "members": len(self.attendees),
            "quorum": self.quorum,
            "rows": [
                (one.id_number, one.surname, one.first_names, one.voting_district, one.cell) for one in self.attendees
            ],
        }
        return _hash(said)


@dataclass(frozen=True)
class Seal:
    """What an issued paper carries besides its content. `trail_head` is the hash of the last link of the write chain
    before the paper; `sole_operator` says that one person may approve their own work.
    """

    serial: str
    content_hash: str
    trail_head: str
    sole_operator: bool
    issued_on: date

    @property
    def code(self) -> str:
        """The text of the QR code: serial and content hash, in the capitals that make it small."""
        return f"{self.serial} {self.content_hash}".upper()


@dataclass(frozen=True)
class ListedMember:
    """A row of a branch list. `last_payment_*` are None where not captured, `paid_until` where nothing is covered."""

    id_number: str
    surname: str
    first_names: str
    status: Status
    last_payment_on: date | None
    last_payment_cents: int | None
    paid_until: date | None
    arrears_cents: int

    @property
    def paid_up_to(self) -> date | None:
        """The last covered day: the day before `paid_until`."""
        return None if self.paid_until is None else self.paid_until - timedelta(days=1)


@dataclass(frozen=True)
class BranchList:
    """What a branch list says: everyone listed at the end of `day`, in order; `minimum` is policy."""

    place: BranchPlace
    day: date
    minimum: int
    members: tuple[ListedMember, ...]

    def groups(self) -> list[tuple[Status, list[ListedMember]]]:
        """Members by status, in the order of docs/rules.md, section 5; statuses nobody has are left out."""
        by_status: dict[Status, list[ListedMember]] = {status: [] for status in Status}
        for one in self.members:
            by_status[one.status].append(one)
        return [(status, members) for status, members in by_status.items() if members]

    @property
    def in_good_standing(self) -> int:
        """How many are in good standing."""
        return sum(one.status is Status.GOOD_STANDING for one in self.members)

    @property
    def reaches_minimum(self) -> bool:
        """Whether the branch is in good standing: docs/rules.md, section 1."""
        return self.in_good_standing >= self.minimum

    @property
    def arrears_cents(self) -> int:
        """What is owed by all."""
        return sum(one.arrears_cents for one in self.members)

    def content_hash(self) -> str:
        """SHA-256 over header and rows in one canonical form."""
        said = {
            "kind": "branch list",
            "place": astuple(self.place),
            "day": self.day.isoformat(),
            "minimum": self.minimum,
            "rows": [
                (
                    one.id_number,
                    one.surname,
                    one.first_names,
                    one.status,
                    one.last_payment_on and one.last_payment_on.isoformat(),
                    one.last_payment_cents,
                    one.paid_until and one.paid_until.isoformat(),
                    one.arrears_cents,
                )
                for one in self.members
            ],
        }
        return _hash(said)


def _hash(said: object) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


_Person = TypeVar("_Person", Attendee, ListedMember)

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


def name_order(one: Attendee | ListedMember) -> tuple[str, str, str, str, str]:
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
