"""The people of the sample, any of them at any time: every column is a function of the plan and the row."""

from dataclasses import dataclass
from functools import cache, cached_property
from math import gcd

import numpy as np
import numpy.typing as npt

from ancadmin.domain.dates import Days
from ancadmin.services.demo.draws import Rows, draws, picks, whole
from ancadmin.services.demo.names import names
from ancadmin.services.demo.plan import REGISTER_DAY, Plan

Flags = npt.NDArray[np.bool_]

# How many were born on a day of these years, against each other; between them it grows evenly.
_BORN = ((1920, 0.10), (1930, 0.25), (1940, 0.60), (1955, 1.0), (1970, 1.6), (1985, 2.2), (1995, 1.8), (2007, 0.8))
_FIRST_BIRTH = np.datetime64("1920-01-01")
_LAST_BIRTH = np.datetime64("2007-03-31")
_WOMEN = 0.53
_SEQUENCES = 5_000
_CELL_PREFIXES = (60, 61, 62, 63, 71, 72, 73, 74, 76, 78, 79, 81, 82, 83, 84)

FEE_RISES = np.datetime64("2013-01-01")
STATUSES = ("Active", "Deceased", "Expelled", "Suspended", "Resigned", "Defected", "Lapsed")
_STATUS_SHARES = (0.958, 0.014, 0.004, 0.004, 0.009, 0.004, 0.007)


@dataclass(frozen=True)
class People:
    """Some people of a plan, `rows` of them. Days are datetime64[D] (NaT: not captured), money is in cents."""

    plan: Plan
    rows: Rows

    def __len__(self) -> int:
        return len(self.rows)

    def _draws(self, what: str) -> npt.NDArray[np.float64]:
        return draws(self.plan.seed, what, self.rows)

    def _until_register(self, what: str, low: Days) -> Days:
        """A day from `low` through REGISTER_DAY, the later the likelier."""
        span = (np.datetime64(REGISTER_DAY) - low).astype(np.int64)
        share = np.sqrt(self._draws(what))
        day: Days = low + (share * (span + 1)).astype("timedelta64[D]")
        return day

    @cached_property
    def branch(self) -> Rows:
        """The index of the branch in the plan."""
        return self.plan.branch_of(self.rows)

    @cached_property
    def _rank(self) -> Rows:
        """Everyone's place in the order of birth: a permutation of the rows."""
        count = self.plan.members
        step = int(count * 0.6180339887) | 1
        while gcd(step, count) != 1:
            step += 2
        shuffled: Rows = (self.rows * step + self.plan.seed % count) % count
        return shuffled

    @cached_property
    def _birthday(self) -> Rows:
        return np.searchsorted(_births(self.plan.members), self._rank, side="right").astype(np.int64)

    @cached_property
    def born(self) -> Days:
        """1920 to 2007: everyone is 18 when the registers are drawn up."""
        return _FIRST_BIRTH + self._birthday.astype("timedelta64[D]")

    @cached_property
    def woman(self) -> Flags:
        """Women are a little more than half."""
        return self._draws("woman") < _WOMEN

    @cached_property
    def id_number(self) -> Rows:
        """The ID number as a whole number of up to 13 digits; no two people have the same."""
        ends = _births(self.plan.members)
        place = self._rank - np.where(self._birthday > 0, ends[self._birthday - 1], 0)
        # 7919 and 5000 have no common factor, so people born on one day get different sequences.
        sequence = (place * 7919 + whole(self.plan.seed, "day", self._birthday, 0, _SEQUENCES)) % _SEQUENCES
        sequence = sequence + np.where(self.woman, 0, _SEQUENCES)
        citizenship = picks(self.plan.seed, "citizenship", self.rows, (0.975, 0.02, 0.005))
        old_book = (self._draws("book") < 0.04) & (self.born < np.datetime64("1970-01-01"))
        eighth = np.where(old_book, whole(self.plan.seed, "eighth", self.rows, 0, 7), 8)
        month = self.born.astype("datetime64[M]")
        months = month.astype(np.int64)  # since January 1970
        day_of_month = (self.born - month).astype(np.int64) + 1
        day = ((70 + months // 12) % 100 * 100 + months % 12 + 1) * 100 + day_of_month
        return with_check_digit(((day * 10_000 + sequence) * 10 + citizenship) * 10 + eighth)

    @cached_property
    def language(self) -> Rows:
        """The index of the language the names are in."""
        provinces = np.array([branch.region.province for branch in self.plan.branches])
        return names().draw_languages(self.plan.seed, self.rows, provinces[self.branch])

    @cached_property
    def surname(self) -> Rows:
        """An index into `names().surnames`."""
        return names().draw(self.plan.seed, "surname", "surnames", self.rows, self.language)

    @cached_property
    def first_name(self) -> Rows:
        """An index into `names().first_names`."""
        return self._given("first name", self.language)

    @cached_property
    def second_name(self) -> Rows:
        """As `first_name`; -1 where there is none."""
        second = self._given("second name", names().second_languages(self.plan.seed, self.rows, self.language))
        has = (self._draws("has second") < 0.55) & (second != self.first_name)
        return np.where(has, second, -1)

    def _given(self, what: str, languages: Rows) -> Rows:
        women = names().draw(self.plan.seed, what, "women", self.rows, languages)
        men = names().draw(self.plan.seed, what, "men", self.rows, languages)
        return np.where(self.woman, women, men)

    @cached_property
    def cell(self) -> Rows:
        """Nine digits after the zero; 0 where there is none."""
        prefix = np.array(_CELL_PREFIXES)[whole(self.plan.seed, "prefix", self.rows, 0, len(_CELL_PREFIXES))]
        number = prefix * 10_000_000 + whole(self.plan.seed, "cell", self.rows, 0, 10_000_000)
        return np.where(self._draws("has cell") < 0.9, number, 0)

    @cached_property
    def has_email(self) -> Flags:
        """A few wrote an e-mail address."""
        return self._draws("email") < 0.15

    @cached_property
    def voting_district(self) -> Rows:
        """Eight digits; each branch has four."""
        code = np.array([int(branch.code) for branch in self.plan.branches])[self.branch]
        number: Rows = code // 10_000_000 * 10_000_000 + code % 1_000_000 * 4
        return number + whole(self.plan.seed, "vd", self.rows, 0, 4)

    @cached_property
    def joined(self) -> Days:
        """Never before the eighteenth birthday; NaT for a few."""
        adult = (self.born.astype("datetime64[M]") + np.timedelta64(18 * 12, "M")).astype("datetime64[D]")
        # A month later than the month of birth: no one has to count days.
        adult = adult + np.timedelta64(31, "D")
        last = np.datetime64(REGISTER_DAY)
        joined = self._until_register("joined", np.minimum(np.maximum(adult, np.datetime64("1994-02-01")), last))
        return np.where(self._draws("joined missing") < 0.02, np.datetime64("NaT"), joined)

    @cached_property
    def last_payment(self) -> Days:
        """The last payment in the register; NaT where it was not captured."""
        last = np.datetime64(REGISTER_DAY)
        first = np.where(np.isnat(self.joined), np.datetime64("2012-01-01"), self.joined)
        recent = np.maximum(first, last - np.timedelta64(400, "D"))
        some = np.maximum(first, last - np.timedelta64(5 * 365, "D"))
        began = np.choose(picks(self.plan.seed, "paying", self.rows, (0.45, 0.35, 0.2)), [recent, some, first])
        paid = self._until_register("paid", began)
        return np.where(self._draws("payment missing") < 0.06, np.datetime64("NaT"), paid)

    @cached_property
    def last_cents(self) -> Rows:
        """What was paid then: mostly the fee; 0 where it was not captured."""
        fee = np.where(self.last_payment < FEE_RISES, 1200, 2000)
        kind = picks(self.plan.seed, "amount", self.rows, (0.93, 0.03, 0.03, 0.01))
        cents = np.choose(kind, [fee, fee // 2, fee * 2, np.full(len(self), 10_000)])
        return np.where(np.isnat(self.last_payment), 0, cents)

    @cached_property
    def status(self) -> Rows:
        """An index into STATUSES; only the register that has a status column says it."""
        return picks(self.plan.seed, "status", self.rows, _STATUS_SHARES)

    @cached_property
    def status_day(self) -> Days:
        """When the status other than active began; NaT for active members and where nobody wrote it."""
        last = np.datetime64(REGISTER_DAY)
        first = np.where(np.isnat(self.joined), last - np.timedelta64(900, "D"), self.joined)
        day = self._until_register("status day", np.maximum(first, last - np.timedelta64(900, "D")))
        known = (self.status > 0) & (self._draws("status undated") < 0.9)
        return np.where(known, day, np.datetime64("NaT"))

    def names_of(self, place: int) -> tuple[str, str]:
        """Surname and first names of the person at `place` among these."""
        first = names().first_names[int(self.first_name[place])]
        second = int(self.second_name[place])
        return names().surnames[
            int(self.surname[place])
        ], f"{first} {names().first_names[second]}" if second >= 0 else first


def with_check_digit(twelve: Rows) -> Rows:
    """Twelve digits and their Luhn digit (docs/rules.md, section 2)."""
    total = np.zeros(len(twelve), dtype=np.int64)
    for place in range(12):
        digit = twelve // 10**place % 10
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled // 10 + doubled % 10
    return twelve * 10 + (10 - total % 10) % 10


@cache
def _births(members: int) -> Rows:
    """How many of `members` people were born through each day since _FIRST_BIRTH."""
    days = np.arange(_FIRST_BIRTH, _LAST_BIRTH + np.timedelta64(1, "D"))
    years = [np.datetime64(f"{year}-01-01") for year, _ in _BORN]
    weights = np.interp(days.astype(np.int64), np.array(years).astype(np.int64), [weight for _, weight in _BORN])
    ends: Rows = np.floor(np.cumsum(weights) / weights.sum() * members + 0.5).astype(np.int64)
    ends[-1] = members
    return ends
