"""The lines of the bank statements, any of them at any time: who paid in, how much, and what the bank wrote."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from unicodedata import normalize

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.dates import Days
from ancadmin.services.demo.damage import Damage
from ancadmin.services.demo.draws import Rows, draws, picks, whole
from ancadmin.services.demo.names import names
from ancadmin.services.demo.national import digits, join, take, text
from ancadmin.services.demo.people import STATUSES, Flags, People, with_check_digit
from ancadmin.services.demo.plan import FIRST_DAY, LAST_DAY, Plan

# Kinds of narrative, and how many of a thousand lines are of each.
KINDS = {
    "number": 300,
    "terminal": 130,
    "terminal_glued": 100,
    "spaces": 80,
    "hyphens_and_name": 60,
    "letters": 30,
    "glued_to_words": 50,
    "surname_and_number": 90,
    "zeros_lost": 10,
    "nobody": 30,
    "wrong_digit": 20,
    "two_numbers": 8,
    "members": 6,
    "branch": 6,
    "ten_fees": 4,
    "words": 30,
    "phone": 12,
    "surname_and_branch": 10,
    "nothing": 6,
    "charge": 14,
    "transfer": 4,
}
_NAMES = list(KINDS)
_ONE_NUMBER = (
    "number",
    "terminal",
    "terminal_glued",
    "spaces",
    "hyphens_and_name",
    "letters",
    "glued_to_words",
    "surname_and_number",
    "zeros_lost",
)
_WORDS = (
    "MEMBERSHIP FEE",
    "CASH DEPOSIT",
    "SUBS",
    "MEMBERSHIP RENEWAL 2025",
    "FNB OB PMT ANC FEES",
    "INTERNET PMT FROM",
)
_FEES = (2000, 4000, 6000, 1000, 10_000, 20_000, 1500)
_FEE_SHARES = (0.84, 0.07, 0.03, 0.03, 0.015, 0.005, 0.01)
# Now and then someone pays for many on one day, at one terminal: TOGETHER lines in every EVERY.
_TOGETHER = 8
_EVERY = 20_000


@dataclass(frozen=True)
class Lines:
    """Some lines, `rows` of them, of the account `label` with `count` lines in all, in the order of time."""

    plan: Plan
    label: str
    count: int
    rows: Rows

    @cached_property
    def _source(self) -> Rows:
        """The row a line is drawn by: a twin is drawn by the row before it."""
        twin = (draws(self.plan.seed, f"{self.label} twin", self.rows) < 0.006) & (self.rows > 0)
        return np.where(twin & ~self._together, self.rows - 1, self.rows)

    @cached_property
    def _first_together(self) -> Rows:
        """The first row of the block a row may belong to."""
        every = min(_EVERY, self.count)
        first: Rows = self.rows - (self.rows - every * 2 // 5) % every
        return first

    @cached_property
    def _together(self) -> Flags:
        first = self._first_together
        flags: Flags = (first >= 0) & (self.rows - first < _TOGETHER)
        return flags

    def _draws(self, what: str) -> Any:
        return draws(self.plan.seed, f"{self.label} {what}", self._source)

    def _whole(self, what: str, low: int, high: int) -> Rows:
        return whole(self.plan.seed, f"{self.label} {what}", self._source, low, high)

    @cached_property
    def day(self) -> Days:
        """The value date: working days, in the order of the lines."""
        days = np.arange(np.datetime64(FIRST_DAY), np.datetime64(LAST_DAY) + np.timedelta64(1, "D"))
        days = days[np.is_busday(days)]
        row = np.where(self._together, self._first_together, self._source)
        dated: Days = days[row * len(days) // self.count]
        return dated

    @cached_property
    def kind(self) -> Rows:
        """An index into KINDS."""
        drawn = picks(self.plan.seed, f"{self.label} kind", self._source, list(KINDS.values()))
        return np.where(self._together, _NAMES.index("terminal"), drawn)

    def is_kind(self, *kinds: str) -> Flags:
        """Which lines are of one of these kinds."""
        flags: Flags = np.isin(self.kind, [_NAMES.index(kind) for kind in kinds])
        return flags

    @cached_property
    def payer(self) -> People:
        """Who the narrative means; anyone on the registers, or whose row was held back."""
        return People(self.plan, self._whole("payer", 0, self.plan.members))

    @cached_property
    def other(self) -> People:
        """The second person of a line that names two."""
        return People(self.plan, (self.payer.rows + self._whole("other", 1, self.plan.members)) % self.plan.members)

    @cached_property
    def cents(self) -> Rows:
        """The amount: positive for deposits, negative for what the bank or the organisation took."""
        fee = np.array(_FEES)[picks(self.plan.seed, f"{self.label} fee", self._source, _FEE_SHARES)]
        fee = np.where(self._together, 2000, fee)
        for kind, amount in (
            ("two_numbers", np.full(len(self.rows), 4000)),
            ("members", self._whole("crowd", 11, 60) * 2000),
            ("branch", self._whole("few", 3, 10) * 2000),
            ("ten_fees", self._whole("many", 11, 25) * 2000),
            ("surname_and_branch", np.full(len(self.rows), 2000)),
            ("charge", -6500 + 0 * fee),
            ("transfer", -self._whole("transfer", 10, 40) * 10_000),
        ):
            fee = np.where(self.is_kind(kind), amount, fee)
        return fee

    @cached_property
    def terminal(self) -> Rows:
        """The terminal's code: 8 digits, one for everyone who pays together."""
        alone = self._whole("terminal", 2_000_000, 100_000_000)
        return np.where(self._together, 2_100_000 + self._first_together % 7_000, alone)

    @cached_property
    def narrative(self) -> Any:
        """What the bank wrote, an Arrow array of text."""
        texts = pa.nulls(len(self.rows), pa.string())
        for number, kind in enumerate(_NAMES):
            places = np.flatnonzero(self.kind == number)
            if len(places):
                texts = pc.replace_with_mask(texts, pa.array(self.kind == number), self._written(kind, places))
        return texts

    def _written(self, kind: str, places: Rows) -> Any:
        number = digits(self._numbers(kind, places), 13)
        parts = [pc.utf8_slice_codeunits(number, *span) for span in ((0, 6), (6, 10), (10, 13))]
        terminal = digits(self.terminal[places], 8)
        person = People(self.plan, self.payer.rows[places])
        if kind in ("terminal", "terminal_glued"):
            return join("ADT CASH DEPO", terminal, number, between="" if kind == "terminal_glued" else " ")
        if kind == "spaces":
            return join("FNB OB PMT", *parts, between=" ")
        if kind == "hyphens_and_name":
            name = join(pc.utf8_slice_codeunits(_first_names(person), 0, 1), _surnames(person), between=" ")
            return join("PMT ", join(*parts, between="-"), " ", pc.utf8_upper(name))
        if kind == "letters":
            return pc.replace_substring(number, "0", "O")
        if kind == "glued_to_words":
            return join("ID", number, "RENEWAL")
        if kind == "surname_and_number":
            return join("MEMBERSHIP FEE", _surnames(person), number, between=" ")
        if kind == "zeros_lost":
            return pc.utf8_ltrim(number, characters="0")
        if kind == "two_numbers":
            return join(number, digits(self.other.id_number[places], 13), between=" ")
        return self._without_number(kind, places, person, number)

    def _without_number(self, kind: str, places: Rows, person: People, number: Any) -> Any:
        codes = take([branch.code for branch in self.plan.branches], person.branch)
        if kind == "members":
            return join("BULK DEPOSIT", text(self.cents[places] // 2000), "MEMBERS", between=" ")
        if kind == "branch":
            return join("BRANCH", codes, between=" ")
        if kind == "words":
            return take(_WORDS, self._whole("words", 0, len(_WORDS))[places])
        if kind == "phone":
            return join("0", text(np.where(person.cell > 0, person.cell, 721_234_567)))
        if kind == "surname_and_branch":
            return join(
                pc.utf8_slice_codeunits(_first_names(person), 0, 1), _surnames(person), "BRANCH", codes, between=" "
            )
        if kind == "charge":
            return take(["#MONTHLY ACCOUNT FEE"], np.zeros(len(places), dtype=np.int64))
        if kind == "transfer":
            return take(["FNB OB TRF TO NATIONAL OFFICE"], np.zeros(len(places), dtype=np.int64))
        if kind == "nothing":
            return take([""], np.zeros(len(places), dtype=np.int64))
        return number

    def _numbers(self, kind: str, places: Rows) -> Rows:
        numbers = self.payer.id_number[places]
        if kind == "nobody":
            # Nobody of the sample is a refugee with a 7 before the check digit.
            return with_check_digit(numbers // 1000 * 100 + 27)
        if kind == "wrong_digit":
            digit = numbers // 10_000 % 10
            return numbers + ((digit + 1) % 10 - digit) * 10_000
        return numbers

    @cached_property
    def expected(self) -> list[tuple[str, str]]:
        """State and reason the rules give each line (docs/rules.md, section 4.2). A suggestion is what is meant: where
        the payer is on no record, excluded, or not told apart from others, none can be made of them.
        """
        payer, damage = self.payer, Damage(self.payer)
        dead = np.isin(payer.status, [STATUSES.index("Deceased"), STATUSES.index("Expelled")])
        has_status = np.array([self.plan.tells_status(k) for k in range(len(self.plan.branches))])[payer.branch]
        excluded = dead & has_status & (payer.status_day <= self.day)
        opening = self.day <= payer.last_payment
        found = []
        for place, kind in enumerate(self.kind.tolist()):
            name = _NAMES[kind]
            if name in _ONE_NUMBER or name == "nobody":
                if name == "nobody" or not damage.accepted[place]:
                    found.append(("unallocated", "id_not_registered"))
                elif excluded[place]:
                    found.append(("unallocated", "member_excluded"))
                elif opening[place]:
                    found.append(("unallocated", "in_opening"))
                else:
                    found.append(("matched", "id_reference"))
            else:
                found.append(_EXPECTED[name])
        return found


_EXPECTED = {
    "two_numbers": ("bulk", "several_ids"),
    "members": ("bulk", "bulk_words"),
    "branch": ("bulk", "bulk_words"),
    "ten_fees": ("bulk", "bulk_amount"),
    "wrong_digit": ("suggested", "near_miss"),
    "words": ("unallocated", "no_match"),
    "phone": ("suggested", "phone"),
    "surname_and_branch": ("suggested", "name"),
    "nothing": ("unallocated", "no_reference"),
    "charge": ("not_a_deposit", "debit"),
    "transfer": ("not_a_deposit", "debit"),
}


def _surnames(person: People) -> Any:
    return take([_ascii(name).upper() for name in names().surnames], person.surname)


def _first_names(person: People) -> Any:
    return take([_ascii(name) for name in names().first_names], person.first_name)


def _ascii(name: str) -> str:
    """Banks write no diacritics."""
    return normalize("NFD", name).encode("ascii", "ignore").decode()
