"""The three legacy registers of the small sample, each of another shape, as three offices kept them."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np

from ancadmin.services.demo.damage import KINDS, Damage
from ancadmin.services.demo.draws import Rows, draws, whole
from ancadmin.services.demo.people import STATUSES, People
from ancadmin.services.demo.plan import BranchPlan, Plan

_ENGLISH_MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
_FIRST_HEADINGS = [
    "ID NO.",
    "SURNAME",
    "FULL NAMES",
    "SEX",
    "WARD NO.",
    "VD NUMBER",
    "CELL NO.",
    "E-MAIL",
    "OLD MEMBERSHIP NO.",
    "DATE JOINED",
    "DATE LAST PAID",
    "AMOUNT PAID",
]
_THIRD_HEADINGS = [
    "Identity Number",
    "Name of member",
    "Branch code",
    "Voting district",
    "Contact number",
    "Date of joining",
    "Last payment date",
    "Last payment amount",
    "Membership status",
    "Status date",
]
_CHILD = [kind.name for kind in KINDS].index("child")


@dataclass(frozen=True)
class Entry:
    """One person as a register has them: what is written, and what keeps the row out. Money in cents, 0: not
    captured.
    """

    person: int
    id_number: str
    plain: bool
    surname: str
    first_names: str
    gender: str
    home: BranchPlan
    branch: str
    voting_district: str
    cell: int
    cell_cut: bool
    email: str
    old_reference: str
    joined: date | None
    last_payment: date | None
    cents: int
    status: str
    status_day: date | None
    variant: int
    problems: tuple[str, ...]


@dataclass
class Register:
    """A register file being written: its path, and a row of truth for each person's row."""

    path: Path
    truth: list[dict[str, Any]] = field(default_factory=list)

    def note(self, entry: Entry, row: int, sheet: str = "") -> None:
        """Remembers what becomes of a row; `row` counts as the spreadsheet program does."""
        self.truth.append(
            {
                "file": self.path.name,
                "sheet": sheet,
                "row": row,
                "person": entry.person,
                "outcome": "quarantined" if entry.problems else "accepted",
                "problems": " ".join(entry.problems),
            }
        )


def people_of(plan: Plan, office: int) -> Rows:
    """The rows of everyone in one office's branches, branch by branch."""
    starts = np.concatenate([[0], plan.branch_ends[:-1]])
    parts = [
        np.arange(starts[branch], plan.branch_ends[branch])
        for branch in range(len(plan.branches))
        if plan.office(branch) == office
    ]
    return np.concatenate(parts).astype(np.int64) if parts else np.array([], dtype=np.int64)


def entries(plan: Plan, rows: Rows) -> Iterator[Entry]:
    """The rows of a register, damage and copies included."""
    people = People(plan, rows)
    damage = Damage(people)
    damaged = damage.damaged()
    numbers = damage.id_as_read
    variants = whole(plan.seed, "hand", rows, 0, 5040)
    for place, person in enumerate(rows.tolist()):
        surname, first_names = people.names_of(place)
        branch = plan.branches[int(people.branch[place])]
        woman = bool(people.woman[place]) != bool(damage.gender_wrong[place])
        # Without a joining date a child's number has no day on which it could be an adult's.
        joined = None if damage.kind[place] == _CHILD else _day(people.joined[place])
        entry = Entry(
            person=person,
            id_number=damaged.get(place, f"{int(numbers[place]):013d}"),
            plain=place not in damaged,
            surname="" if damage.surname_missing[place] else surname,
            first_names="" if damage.first_names_missing[place] else first_names,
            gender="F" if woman else "M",
            home=branch,
            branch=plan.unknown_branch(branch.code) if damage.branch_unknown[place] else branch.code,
            voting_district=f"{int(people.voting_district[place]):08d}",
            cell=int(people.cell[place]),
            cell_cut=bool(damage.cell_malformed[place]),
            email=f"member{person}@example.org" if people.has_email[place] else "",
            old_reference=f"{branch.region.code}{person:06d}",
            joined=joined,
            last_payment=_day(people.last_payment[place]),
            cents=int(people.last_cents[place]),
            status=STATUSES[int(people.status[place])],
            status_day=_day(people.status_day[place]),
            variant=int(variants[place]),
            problems=tuple(damage.problems(place)),
        )
        yield entry
        if damage.copied[place]:
            yield entry


def write_first(plan: Plan, folder: Path) -> Register:
    """A CSV with semicolons in cp1252: titles above shouting headings, a subtotal under every branch."""
    register = Register(folder / "register-1-inland.csv")
    lines: list[list[str]] = [
        ["MEMBERSHIP OFFICE - INLAND REGIONS"],
        ["REGISTER OF MEMBERS AS AT 31 MARCH 2025"],
        [""] * len(_FIRST_HEADINGS),
        _FIRST_HEADINGS,
    ]
    for home, group in groupby(entries(plan, people_of(plan, 1)), key=lambda entry: entry.home):
        block = list(group)
        for entry in block:
            lines.append(
                [
                    entry.id_number,
                    entry.surname.upper(),
                    entry.first_names.upper(),
                    entry.gender,
                    entry.branch,
                    entry.voting_district,
                    _cell(entry, spaced=True),
                    entry.email,
                    entry.old_reference,
                    _text(entry.joined, lambda day: f"{day:%d/%m/%Y}"),
                    _text(entry.last_payment, lambda day: f"{day:%d/%m/%Y}", blank="N/A"),
                    f"R{entry.cents / 100:.2f}".replace(".", ",") if entry.cents else "N/A",
                ]
            )
            register.note(entry, len(lines))
        total = sum(entry.cents for entry in block) / 100
        lines.append(["", f"SUBTOTAL {home.code}", *[""] * 9, f"R{total:.2f}".replace(".", ",")])
    with register.path.open("w", encoding="cp1252", newline="") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\r\n")
        out.writerows([_typed(cell) for cell in line] for line in lines)
    return register


def write_third(plan: Plan, folder: Path) -> Register:
    """UTF-8 with a BOM: surname and first names in one column, dates as everybody liked, a status."""
    register = Register(folder / "register-3-north.csv")
    lines = [_THIRD_HEADINGS]
    for entry in _moved_and(plan, entries(plan, people_of(plan, 3))):
        lines.append(
            [
                entry.id_number,
                f"{entry.surname}, {entry.first_names}" if entry.surname else "",
                entry.branch,
                entry.voting_district,
                _cell(entry, spaced=False),
                _text(entry.joined, _DATE_HANDS[entry.variant % 5]),
                _text(entry.last_payment, _DATE_HANDS[entry.variant % 5], blank=("N/A", "")[entry.variant % 2]),
                f"{entry.cents / 100:.2f}" if entry.cents else "",
                entry.status,
                _text(entry.status_day, _DATE_HANDS[entry.variant % 3]),
            ]
        )
        register.note(entry, len(lines))
    with register.path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    return register


def moved(plan: Plan) -> Rows:
    """Members of the first register who moved to a branch of the third and were written down there too."""
    rows = people_of(plan, 1)
    here = People(plan, rows)
    sound = Damage(here).accepted & (Damage(here).kind == 0) & ~Damage(here).copied & ~Damage(here).zeros_lost
    chosen: Rows = rows[sound & (draws(plan.seed, "moved", rows) < 0.015)]
    return chosen if len(people_of(plan, 3)) else chosen[:0]


def _moved_and(plan: Plan, others: Iterable[Entry]) -> Iterator[Entry]:
    target = next(k for k in range(len(plan.branches)) if plan.office(k) == 3) if len(moved(plan)) else 0
    for entry in entries(plan, moved(plan)):
        yield replace(entry, branch=plan.branches[target].code, status="Active", status_day=None)
    yield from others


def _typed(text: str) -> str:
    """As the old system's keyboard had it: letters that cp1252 lacks lose their marks (Muḓau became Mudau)."""
    letters = (character if _in_cp1252(character) else normalize("NFD", character)[0] for character in text)
    return "".join(letters)


def _in_cp1252(character: str) -> bool:
    return character.isascii() or bool(character.encode("cp1252", errors="ignore"))


def _day(value: Any) -> date | None:
    day: date | None = value.astype("datetime64[D]").item()
    return day


def _text(day: date | None, write: Callable[[date], str], blank: str = "") -> str:
    return write(day) if day else blank


def _cell(entry: Entry, *, spaced: bool) -> str:
    if not entry.cell:
        return ""
    text = str(entry.cell)
    if entry.cell_cut:
        return f"0{text[:6]}"
    if spaced:
        return f"0{text[:2]} {text[2:5]} {text[5:]}"
    # The third office's spreadsheet took the numbers for amounts.
    return (text, f"0{text}", f"+27{text}")[entry.variant % 3]


_DATE_HANDS: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: str((day - date(1899, 12, 30)) // timedelta(days=1)),
)
