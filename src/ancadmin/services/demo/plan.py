"""The organisation of the sample: its places, how many members each has, and the days everything is dated by."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np

from ancadmin.services.demo.draws import Rows, draws, whole
from ancadmin.services.demo.names import names

# The registers were drawn up on REGISTER_DAY; the statements run from FIRST_DAY to LAST_DAY, the demo's "today".
REGISTER_DAY = date(2025, 3, 31)
FIRST_DAY = date(2025, 1, 2)
LAST_DAY = date(2025, 6, 30)

SMALL = 5_000
# From this size on there is one national register and one national statement, written in pieces.
NATIONAL = 50_000
_MOST_BRANCHES = 5_000
_REGIONS = 53

# The regions of the small sample: isiZulu and Gauteng's mix, Afrikaans, and Tshivenda with its diacritics.
_FIRST_REGIONS = ("EKU", "DC28", "DC4", "DC34")
_PROVINCE_DIGITS = {"WC": 1, "EC": 2, "NC": 3, "FS": 4, "KZN": 5, "NW": 6, "GP": 7, "MP": 8, "LIM": 9}
_METROS = {"CPT": 91, "BUF": 92, "NMA": 93, "MAN": 94, "ETH": 95, "EKU": 97, "JHB": 98, "TSH": 99}
_LOCALS = 5
# Which office keeps a province's register in a sample below NATIONAL; the first keeps the others'.
_OFFICES = {"WC": 2, "NC": 2, "LIM": 3, "EC": 3, "NW": 3, "FS": 3}
# The only office whose register says who died or was expelled.
_STATUS_OFFICE = 3


@dataclass(frozen=True)
class RegionPlan:
    """A region. `code` is the district's, or the metro's; Cape Town has two regions, which makes them 53."""

    code: str
    name: str
    province: str


@dataclass(frozen=True)
class BranchPlan:
    """A branch and the ward it stands on, whose number is also its code."""

    code: str
    name: str
    region: RegionPlan


@dataclass(frozen=True)
class Plan:
    """A sample of `members` people. `branch_ends[k]` is how many people are in branches 0 … k."""

    members: int
    seed: int
    branches: tuple[BranchPlan, ...]
    branch_ends: Rows

    @property
    def national(self) -> bool:
        """Whether there is one register and one statement for the whole country."""
        return self.members >= NATIONAL

    @property
    def deposits(self) -> int:
        """How many lines the statements have: as many as members nationally, three to five in a small sample."""
        return self.members if self.national else self.members * 3 // 5

    def branch_of(self, rows: Rows) -> Rows:
        """The index of each person's branch; people are numbered branch by branch."""
        found: Rows = np.searchsorted(self.branch_ends, rows, side="right").astype(np.int64)
        return found

    def office(self, branch: int) -> int:
        """Which of the three registers a branch is in: 1, 2 or 3; always 1 nationally."""
        return 1 if self.national else _OFFICES.get(self.branches[branch].region.province, 1)

    def tells_status(self, branch: int) -> bool:
        """Whether the register a branch is in says who died or was expelled."""
        return self.office(branch) == _STATUS_OFFICE

    def unknown_branch(self, code: str) -> str:
        """A ward number of an earlier delimitation, which no branch of the sample has."""
        return f"{code[:5]}{900 + int(code[5:]) % 100}"


def make_plan(members: int, seed: int) -> Plan:
    """The places for `members` people: 40 branches in 4 regions for 5,000, 4,000 in 53 for 1.4 million."""
    regions = _regions()
    # 40 at 5,000 and 4,000 at 1.4 million, growing evenly between: 100 times the branches for 280 times the members.
    wanted = round(40 * (members / SMALL) ** 0.8173)
    count = min(max(wanted, len(_FIRST_REGIONS)), _MOST_BRANCHES, max(members, 1))
    in_regions = min(max(len(_FIRST_REGIONS), count // 10), _REGIONS)
    branches = tuple(
        branch
        for index, region in enumerate(regions[:in_regions])
        for branch in _branches_of(region, index, count // in_regions + (index < count % in_regions), seed)
    )
    rows = np.arange(len(branches))
    weights = 0.4 + draws(seed, "branch size", rows) + 2 * draws(seed, "large branch", rows) ** 6
    ends = np.floor(np.cumsum(weights) / weights.sum() * members + 0.5).astype(np.int64)
    ends[-1] = members
    return Plan(members, seed, branches, ends)


def _regions() -> list[RegionPlan]:
    text = files("ancadmin.services.demo").joinpath("districts.csv").read_text(encoding="utf-8")
    found = []
    for row in csv.DictReader(text.splitlines()):
        parts = [" North", " South"] if row["code"] == "CPT" else [""]
        found += [RegionPlan(row["code"] + part[1:2], row["name"] + part, row["province"]) for part in parts]
    first = [region for code in _FIRST_REGIONS for region in found if region.code == code]
    return first + [region for region in found if region not in first]


def _branches_of(region: RegionPlan, index: int, count: int, seed: int) -> Iterator[BranchPlan]:
    district = region.code.removesuffix("N").removesuffix("S") if region.code.startswith("CPT") else region.code
    digit = _PROVINCE_DIGITS[region.province]
    rows = np.arange(count) + index * 1000
    mix = names().provinces[region.province]
    languages = names().draw_languages(seed, rows, np.full(count, region.province))
    words = whole(seed, "branch word", rows, 0, 8)
    for number in range(count):
        if district in _METROS:
            # The two regions of Cape Town share its wards: the second begins at 201.
            ward = number + (201 if region.code == "CPTS" else 1)
            code = f"{digit}{_METROS[district]}00{ward:03d}"
        else:
            # Ward numbers of a district: its number, the municipality in it, the ward in that.
            code = f"{digit}{int(district[2:]):02d}{number % _LOCALS + 1:02d}{number // _LOCALS + 1:03d}"
        language = names().languages[int(languages[number])] if mix else "english"
        word = names().branches[language][int(words[number])]
        yield BranchPlan(code, f"{word} Ward {int(code[5:])}", region)


def write_places(plan: Plan, path: Path) -> None:
    """The places as `ancadmin db places import` reads them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["province", "region_code", "region", "branch_code", "branch", "ward"])
        for branch in plan.branches:
            region = branch.region
            out.writerow([region.province, region.code, region.name, branch.code, branch.name, branch.code])
