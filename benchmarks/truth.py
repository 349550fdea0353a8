"""A pile of members among whom it is known who is whom: a register for the import, and the true pairs beside it.

5 % of the rows are a second record of somebody, each with one of seven kinds of damage; the rest of the record drifts
as well. Half the country has one of a few surnames, and families are there to mislead: they share surname, branch and
cell, twins the birth date too, sons their father's names.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ancadmin.services.demo.draws import Rows, draws, picks, whole
from ancadmin.services.demo.names import names
from ancadmin.services.demo.national import digits, join, take, text, write_lines
from ancadmin.services.demo.people import People, with_check_digit
from ancadmin.services.demo.plan import make_plan, write_places

KINDS = ("digit", "swapped", "second_number", "birth_date", "misspelt", "other_surname", "initials")
DAMAGED = 0.05
HEADINGS = "ID NUMBER,SURNAME,FIRST NAMES,BRANCH CODE,CELL,OLD REFERENCE,DATE JOINED\n"
_PIECE = 200_000


@dataclass(frozen=True)
class Pile:
    """The files, and by kind of damage the true pairs of ID numbers, the lower first."""

    places: Path
    register: Path
    truth: dict[tuple[str, str], str]


def write_pile(folder: Path, members: int, seed: int = 1994) -> Pile:
    """Writes `places.csv`, `register.csv` and `truth.csv` for about `members` records."""
    second = round(members * DAMAGED)
    plan = make_plan(members - second, seed)
    places, register = folder / "places.csv", folder / "register.csv"
    write_places(plan, places)
    people = _relatives(_columns(People(plan, np.arange(plan.members))), seed)
    taken = np.sort(people["twelve"])
    of = np.argsort(draws(seed, "damaged", np.arange(plan.members)))[:second]
    again = _again(people, of, len(plan.branches), seed)
    first = np.searchsorted(taken, again["twelve"])
    free = taken[np.minimum(first, len(taken) - 1)] != again["twelve"]
    free &= np.isin(np.arange(second), np.unique(again["twelve"], return_index=True)[1])
    again = {name: column[free] for name, column in again.items()}
    numbers = digits(with_check_digit(people["twelve"]), 13).to_pylist()
    others = digits(with_check_digit(again["twelve"]), 13).to_pylist()
    truth = {
        (min(numbers[one], other), max(numbers[one], other)): KINDS[kind]
        for one, other, kind in zip(of[free].tolist(), others, again["kind"].tolist(), strict=True)
    }
    codes = [branch.code for branch in plan.branches]
    with register.open("wb") as file:
        file.write(HEADINGS.encode())
        for columns in (people, again):
            for lines in _lines(columns, codes):
                write_lines(file, lines)
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id_number", "other", "kind"])
        out.writerows((*pair, kind) for pair, kind in truth.items())
    return Pile(places, register, truth)


@dataclass(frozen=True)
class Score:
    """How many pairs there truly are, how many were found, and how many of these are right; by kind of damage the share
    found.
    """

    true: int
    found: int
    right: int
    by_kind: dict[str, float]

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        """The share of the true pairs that was found."""
        return self.right / max(self.true, 1)


def scored(pile: Pile, found: Path) -> Score:
    """Holds what `register duplicates -o FILE.ndjson` found against the truth."""
    pairs = set()
    with found.open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            one, other = row["member"]["id_number"], row["other"]["id_number"]
            pairs.add((min(one, other), max(one, other)))
    right = pairs & pile.truth.keys()
    of_kind, hits = Counter(pile.truth.values()), Counter(pile.truth[pair] for pair in right)
    shares = {kind: hits[kind] / of_kind[kind] for kind in KINDS if of_kind[kind]}
    return Score(len(pile.truth), len(pairs), len(right), shares)


Columns = dict[str, Any]


def _columns(people: People) -> Columns:
    """What a record holds: numbers for what is drawn from a list, texts for names as they are written."""
    seed, rows = people.plan.seed, people.rows
    surnames = people.surname.copy()
    starts = np.array([names().starts[language, "surnames"][0] for language in names().languages])
    common = draws(seed, "common surname", rows) < 0.4
    surnames[common] = (starts[people.language] + picks(seed, "which common", rows, (4, 3, 2, 1)))[common]
    first_names = np.array(names().first_names, dtype=object)
    return {
        "twelve": people.id_number // 10,
        "surname": np.array(names().surnames, dtype=object)[surnames],
        "first": first_names[people.first_name],
        "second": np.where(people.second_name >= 0, first_names[people.second_name], ""),
        "branch": people.branch.copy(),
        "cell": people.cell.copy(),
        "reference": rows.copy(),
        "joined": people.joined,
    }


def _relatives(people: Columns, seed: int) -> Columns:
    """Makes some rows relatives of the row before: of a family, twins, or a child with the parent's names."""
    rows = np.arange(1, len(people["twelve"]), 2)
    kin = picks(seed, "kin", rows, (0.7, 0.26, 0.02, 0.02))
    family, twins, children = (rows[kin >= 1], rows[kin == 2], rows[kin == 3])
    for name in ("surname", "branch", "cell"):
        people[name][family] = people[name][family - 1]
    number = people["twelve"]
    sequence = number[twins - 1] // 100 % 10_000
    near = sequence // 10 * 10 + (sequence + 1 + twins % 3) % 10
    number[twins] = number[twins - 1] + (near - sequence) * 100
    for name in ("first", "second"):
        people[name][children] = people[name][children - 1]
    year = number[children - 1] // 10**10
    later = (year + 22 + children % 12) % 100
    adult = (year >= 25) & (year + 34 <= 105)
    parents = np.where(adult, children - 1, children)
    woman = number[parents] // 100 % 10_000 < 5_000
    own = number[children] // 100 % 5_000 + np.where(woman, 0, 5_000)
    day = number[parents] // 10**6 % 10_000
    day = np.where(day == 229, 228, day)
    number[children] = np.where(adult, (later * 10_000 + day) * 10**6 + own * 100 + 8, number[children])
    # Whoever got somebody's number keeps the own row, without it.
    _, once = np.unique(number, return_index=True)
    once.sort()
    lost = np.setdiff1d(np.arange(len(number)), once)
    number[lost] = _free_numbers(number, lost)
    return people


def _free_numbers(taken: Rows, rows: Rows) -> Rows:
    """Numbers nobody has, for a few rows."""
    used = set(taken.tolist())
    found = []
    for row in rows.tolist():
        number = int(taken[row])
        while number in used:
            number = number // 10**6 * 10**6 + (number % 10**6 // 100 + 37) % 10_000 * 100 + 8
        used.add(number)
        found.append(number)
    return np.array(found, dtype=np.int64)


def _again(people: Columns, of: Rows, branches: int, seed: int) -> Columns:
    """Second records of the people at `of`, damaged."""
    found: Columns = {name: column[of].copy() for name, column in people.items()}
    kind = np.arange(len(of)) % len(KINDS)
    chance = {name: draws(seed, f"again {name}", of) for name in ("cell", "branch", "reference", "second", "number")}
    for place in range(len(of)):
        row = int(of[place])
        _damage(found, place, KINDS[kind[place]], float(chance["number"][place]), row)
    fresh = whole(seed, "again new cell", of, 600_000_000, 849_999_999)
    cell = np.select([chance["cell"] < 0.55, chance["cell"] < 0.8], [found["cell"], 0], fresh)
    moved = whole(seed, "again new branch", of, 0, branches)
    lost = (chance["second"] < 0.3) & (kind != KINDS.index("initials"))
    return found | {
        "kind": kind,
        "cell": cell,
        "branch": np.where(chance["branch"] < 0.8, found["branch"], moved),
        "reference": np.where(chance["reference"] < 0.25, found["reference"], found["reference"] + 10_000_000),
        "second": np.where(lost, "", found["second"]),
    }


def _damage(found: Columns, place: int, kind: str, chance: float, row: int) -> None:
    surname, first, second = (found[name][place] for name in ("surname", "first", "second"))
    number = f"{int(found['twelve'][place]):012}"
    how = kind
    if kind in ("misspelt", "other_surname", "initials"):
        how = "digit" if chance < 0.5 else "second_number"
    found["twelve"][place] = int(_NUMBERS[how](number, row))
    if kind == "misspelt":
        found["surname"][place] = _misspelt(surname, row)
    elif kind == "other_surname" and int(number[6]) < 5:
        others = names().surnames
        found["surname"][place] = others[(row * 7919 + 13) % len(others)]
    elif kind == "other_surname":
        found["surname"][place], found["first"][place] = first, surname
        found["second"][place] = ""
    elif kind == "initials":
        found["first"][place], found["second"][place] = first[0], second[:1]


def _digit(number: str, row: int) -> str:
    at = 7 + row % 3
    return f"{number[:at]}{(int(number[at]) + 1 + row // 3 % 9) % 10}{number[at + 1 :]}"


def _swapped(number: str, row: int) -> str:
    at = 7 + row % 2
    if number[at] == number[at + 1]:
        return _digit(number, row)
    return f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}"


def _second_number(number: str, row: int) -> str:
    sequence = (int(number[7:10]) + 100 + row * 31 % 800) % 1000
    return f"{number[:7]}{sequence:03}{number[10:]}"


def _birth_date(number: str, row: int) -> str:
    year, month, day = int(number[:2]), int(number[2:4]), int(number[4:6])
    if row % 3 == 0:
        day = day % 28 + 1
    elif row % 3 == 1:
        month = month % 12 + 1
    else:
        year = year - 1 if year % 10 else year + 1
    return f"{year:02}{month:02}{min(day, 28):02}{number[6:]}"


_NUMBERS = {"digit": _digit, "swapped": _swapped, "second_number": _second_number, "birth_date": _birth_date}


def _misspelt(surname: str, row: int) -> str:
    at = 1 + row % (len(surname) - 2)
    ways = (
        surname[:at] + surname[at + 1 :],
        surname[:at] + surname[at] + surname[at:],
        surname[:at] + surname[at + 1] + surname[at] + surname[at + 2 :],
        surname[:at] + "aeiou"[row % 5] + surname[at + 1 :],
    )
    wrong = ways[row // 7 % len(ways)]
    return wrong if wrong != surname else ways[0]


def _lines(columns: Columns, codes: list[str]) -> Iterator[Any]:
    for start in range(0, len(columns["twelve"]), _PIECE):
        some = {name: column[start : start + _PIECE] for name, column in columns.items()}
        cells = pa.array(np.char.add("0", some["cell"].astype(str)), mask=some["cell"] == 0)
        second = np.where(some["second"] == "", "", " " + some["second"])
        yield join(
            digits(with_check_digit(some["twelve"]), 13),
            pa.array(some["surname"], pa.string()),
            pa.array(some["first"] + second, pa.string()),
            take(codes, some["branch"]),
            cells,
            join("REF", text(some["reference"])),
            pa.array(some["joined"].astype("datetime64[D]")).cast(pa.string()),
            between=",",
            end="\n",
        )
