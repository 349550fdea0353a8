"""What became of the deposits of a period (docs/rules.md, section 10). Reading only."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from ancadmin.domain.cash import Cash, Many, Suspense
from ancadmin.domain.deposits import Reason, State
from ancadmin.domain.papers import Form
from ancadmin.domain.receivables import months
from ancadmin.domain.reports import Chart, Column, Kind, ReportPaper, Table, Value
from ancadmin.services.report.cash_queries import credits_made, deposits_until, taken_back
from ancadmin.services.report.places import paper_made
from ancadmin.services.report.receivables import refuse_backwards
from ancadmin.services.session import Session

_MOST_DRAWN = 24


class By(StrEnum):
    """What the report has a line for."""

    MONTH = "month"
    ACCOUNT = "account"


@dataclass(frozen=True)
class CashReport:
    """The deposits of a period, both days included: by month or account, in all, and by state and reason."""

    first: date
    last: date
    policy_version: str
    by: By
    lines: dict[str, Cash]
    total: Cash
    reasons: dict[tuple[str, str], Many]

    def rows(self) -> list[dict[str, Any]]:
        """The lines and the total as JSON shows them."""
        named = [{"kind": self.by.value, "name": name, **_figures(one)} for name, one in self.lines.items()]
        return [*named, {"kind": "total", "name": "", **_figures(self.total)}]

    def answer(self) -> dict[str, Any]:
        """The whole report as JSON shows it."""
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            **_figures(self.total),
            "suspense_by_age": {
                bucket.value: {"deposits": one.deposits, "cents": one.cents}
                for bucket, one in self.total.suspense.by_age.items()
            },
            "by_reason": [
                {"state": state, "reason": reason or None, "deposits": one.deposits, "cents": one.cents}
                for (state, reason), one in self.reasons.items()
            ],
            "lines": self.rows()[:-1],
        }

    def paper(self) -> ReportPaper:
        """The report as a paper."""
        one, period = self.total, f"{self.first} to {self.last}"
        waiting, oldest = one.suspense.total, one.suspense.oldest
        facts = (
            ("Period", period),
            ("Policy", self.policy_version),
            ("Deposits", f"{Kind.COUNT.words(one.all.deposits)}, {Kind.MONEY.words(one.all.cents)}"),
            ("Unapplied", f"{Kind.MONEY.words(one.unapplied.cents)}, {Kind.SHARE.words(one.unapplied_share)}"),
            (
                "Straight through",
                f"{Kind.SHARE.words(one.straight_share)}, by value {Kind.SHARE.words(one.straight_value_share)}",
            ),
            ("Matches reversed", Kind.SHARE.words(one.reversal_share)),
            ("Median to apply", _in_days(one)),
            ("Suspense at the end", Kind.MONEY.words(waiting.cents)),
            ("The oldest of it", str(oldest) if oldest else "–"),
        )
        return ReportPaper(
            title="Deposits and what became of them",
            about=period,
            stem=f"cash-{self.first}-{self.last}",
            day=self.last,
            facts=facts,
            tables=(self._by_line(), self._by_reason(), self._by_age()),
        )

    def _by_line(self) -> Table:
        columns = (
            Column(self.by.value.capitalize(), Kind.TEXT, 20),
            Column("Deposits", Kind.COUNT, 14),
            Column("Value", share=22),
            Column("Straight through, count", Kind.SHARE, 15),
            Column("Straight through, value", Kind.SHARE, 15),
            Column("Matches reversed", Kind.SHARE, 15),
            Column("Unapplied", share=21),
            Column("Share of value", Kind.SHARE, 14),
            Column("Median days", Kind.DAYS, 13),
            Column("Suspense", share=21),
        )
        rows = tuple((name, *_cells(one)) for name, one in self.lines.items())
        # More bars than these would not stand on a page.
        charts: tuple[Chart, ...] = (Chart("Deposits by value", (2,)),) if len(rows) <= _MOST_DRAWN else ()
        if self.by is By.MONTH and len(rows) > 1:
            charts = (Chart("Straight-through rate by month", (3, 4), lines=True), *charts)
        return Table(
            f"By {self.by}", columns, rows, ("Total", *_cells(self.total)), charts=charts, explained=_EXPLAINED
        )

    def _by_reason(self) -> Table:
        columns = (
            Column("State", Kind.TEXT, 30),
            Column("Reason", Kind.TEXT, 40),
            Column("Deposits", Kind.COUNT, 18),
            Column("Value", share=28),
            Column("Share of value", Kind.SHARE, 18),
        )
        whole = self.total.all.cents
        rows = [
            (state.replace("_", " "), reason.replace("_", " "), one.deposits, one.cents, _part(one.cents, whole))
            for (state, reason), one in self.reasons.items()
        ]
        total = ("Total", "", self.total.all.deposits, whole, _part(whole, whole))
        return Table("By reason", columns, tuple(rows), total)

    def _by_age(self) -> Table:
        columns = (Column("Since the value date", Kind.TEXT, 40), Column("Waiting"), Column("Deposits", Kind.COUNT, 14))
        ages = self.total.suspense.by_age
        rows = tuple((bucket.words, one.cents, one.deposits) for bucket, one in ages.items())
        whole = self.total.suspense.total
        title = f"Suspense at the end of {self.last}, by age"
        return Table(title, columns, rows, ("Total", whole.cents, whole.deposits), charts=(Chart(title, (1,)),))


_EXPLAINED = (
    "Straight through: credited by ID number without anybody's help and untouched since, of all deposits. Matches "
    "reversed: of those credited by ID number, the ones taken back since. Unapplied: neither credited nor given back. "
    "Median days: from the value date to the day the money was credited. Suspense: unapplied at the end of the month "
    "or period, whenever it came. All as known now."
)


def cash(
    session: Session,
    first: date,
    last: date,
    *,
    by: By = By.MONTH,
    form: Form | None = None,
    file: str | None = None,
) -> CashReport:
    """What became of the deposits whose value date is from `first` to `last`, both included. `form` and `file` as for
    `ageing`. Raises UsageError for a period that ends before it begins.
    """
    refuse_backwards(first, last)
    detail = {"from": first.isoformat(), "to": last.isoformat(), "by": by.value}
    with (
        session.reading("report cash", **detail, **paper_made(form, file)) as connection,
        session.progress.step("Counting"),
    ):
        return _Counting(connection, first, last, by).report(session.policy.version)


@dataclass(frozen=True)
class _Counting:
    """One run of the report."""

    connection: Connection
    first: date
    last: date
    by: By

    def report(self, policy_version: str) -> CashReport:
        ends = {f"{start:%Y-%m}": end for start, end in months(self.first, self.last)}
        lines: dict[str, Cash] = {name: Cash() for name in ends} if self.by is By.MONTH else {}
        total = Cash()
        reasons: dict[tuple[str, str], Many] = defaultdict(Many)
        for row in self.connection.execute(deposits_until(self.last)):
            on = date.fromisoformat(row.value_date)
            count, cents, unapplied, waiting = (int(row[at]) for at in (4, 5, 6, 7))
            if self.by is By.ACCOUNT:
                lines.setdefault(row.account, Cash()).suspense.add(on, self.last, unapplied, waiting)
            else:
                for name, end in ends.items():
                    if on <= end:
                        lines[name].suspense.add(on, end, unapplied, waiting)
            total.suspense.add(on, self.last, unapplied, waiting)
            if on < self.first:
                continue
            reasons[row.state, row.reason or ""].add(count, cents)
            for one in (lines[self._line(row.account, on)], total):
                one.all.add(count, cents)
                one.unapplied.add(unapplied, waiting)
                if row.state == State.MATCHED and row.reason == Reason.ID_REFERENCE:
                    one.straight.add(count, cents)
        self._add_reversed(lines, total)
        self._add_waits(lines, total)
        inside = {name: one for name, one in sorted(lines.items()) if self.by is By.MONTH or _any(one)}
        ordered = dict(sorted(reasons.items(), key=lambda pair: (-pair[1].cents, pair[0])))
        return CashReport(self.first, self.last, policy_version, self.by, inside, total, ordered)

    def _line(self, account: str, on: date) -> str:
        return account if self.by is By.ACCOUNT else f"{on:%Y-%m}"

    def _add_reversed(self, lines: dict[str, Cash], total: Cash) -> None:
        for account, day, count, cents in self.connection.execute(taken_back(self.first, self.last)):
            for one in (lines.setdefault(self._line(account, date.fromisoformat(day)), Cash()), total):
                one.reversed.add(count, int(cents))

    def _add_waits(self, lines: dict[str, Cash], total: Cash) -> None:
        made = credits_made(self.first, self.last, accounts=self.by is By.ACCOUNT)
        for account, day, applied, count in self.connection.execute(made):
            on = date.fromisoformat(day)
            days = max((date.fromisoformat(applied) - on).days, 0)
            for one in (lines.setdefault(self._line(account, on), Cash()), total):
                one.waits[days] += count


def _any(one: Cash) -> bool:
    return bool(one.all.deposits or one.suspense.total.deposits)


def _part(cents: int, whole: int) -> float | None:
    return cents / whole if whole else None


def _in_days(one: Cash) -> str:
    days = one.median_days
    return Kind.DAYS.words(days) + ("" if days is None else " days")


def _figures(one: Cash) -> dict[str, Any]:
    shares = {
        "straight_through_share": one.straight_share,
        "straight_through_value_share": one.straight_value_share,
        "reversal_share": one.reversal_share,
        "unapplied_share": one.unapplied_share,
    }
    waiting: Suspense = one.suspense
    return {
        "deposits": one.all.deposits,
        "deposits_cents": one.all.cents,
        "straight_through": one.straight.deposits,
        "straight_through_cents": one.straight.cents,
        "automatic": one.automatic.deposits,
        "reversed": one.reversed.deposits,
        "reversed_cents": one.reversed.cents,
        "unapplied": one.unapplied.deposits,
        "unapplied_cents": one.unapplied.cents,
        **{name: None if value is None else round(value, 4) for name, value in shares.items()},
        "median_days_to_apply": None if one.median_days is None else float(one.median_days),
        "suspense": waiting.total.deposits,
        "suspense_cents": waiting.total.cents,
        "suspense_oldest": waiting.oldest.isoformat() if waiting.oldest else None,
    }


def _cells(one: Cash) -> tuple[Value, ...]:
    return (
        one.all.deposits,
        one.all.cents,
        one.straight_share,
        one.straight_value_share,
        one.reversal_share,
        one.unapplied.cents,
        one.unapplied_share,
        one.median_days,
        one.suspense.total.cents,
    )
