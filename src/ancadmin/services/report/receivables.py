"""What was billed, received and still owed over a period, and how well it was collected (docs/rules.md, section 10)."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, or_

from ancadmin.db.schema import standing
from ancadmin.domain.papers import Form
from ancadmin.domain.receivables import Moved, Receivables, Snapshot, charged, moved
from ancadmin.domain.reports import Chart, Column, Kind, ReportPaper, Table, Value
from ancadmin.domain.settlement import Cents, Positions
from ancadmin.errors import UsageError
from ancadmin.services.export.scope import Scope
from ancadmin.services.report.accounts import Stretch, first_days, owing, periods_begun, stretches
from ancadmin.services.report.places import Level, Lines, lines_of, paper_made
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.query import Condition, money_on

# Of the others dues are owed on every day on which a period of theirs begins.
_ONE_BY_ONE: Condition = or_(standing.c.decided, standing.c.listed_from > standing.c.first_day)
_FIGURES = tuple(field.name for field in fields(Moved))


@dataclass(frozen=True)
class Collected:
    """The receivables of a period, both days included: for each line of `lines`, and in all."""

    first: date
    last: date
    policy_version: str
    lines: Lines
    of_line: tuple[Receivables, ...]
    total: Receivables

    def rows(self) -> list[dict[str, Any]]:
        """The lines and the total as JSON shows them."""
        period = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        every = enumerate((*self.of_line, self.total))
        return [{**self.lines.about(at), **period, **_figures(one)} for at, one in every]

    def paper(self) -> ReportPaper:
        """The report as a paper."""
        whole, period = self.total, f"{self.first} to {self.last}"
        many = "day" if whole.days == 1 else "days"
        facts = (
            ("Place", self.lines.words),
            ("Period", f"{period}, {whole.days} {many}"),
            ("DSO", _in_days(whole.dso)),
            ("Best possible DSO", _in_days(whole.best_possible_dso)),
            ("ADD", _in_days(whole.add)),
            ("Turnover", Kind.RATIO.words(whole.turnover)),
            ("CEI", Kind.SHARE.words(whole.cei)),
            ("Policy", self.policy_version),
        )
        return ReportPaper(
            title=f"Receivables · {self.lines.words}",
            about=period,
            stem=f"receivables-{self.lines.place}-{self.first}-{self.last}",
            day=self.last,
            facts=facts,
            tables=(self._walk(), self._by_line(), self._ratios()),
        )

    def _walk(self) -> Table:
        one = self.total
        rows = (
            (f"Owed before {self.first}", one.opening),
            ("Billed", one.billed),
            ("Applied", one.applied),
            ("Fell away", one.fell_away),
            (f"Owed at the end of {self.last}", one.closing),
        )
        return Table(
            "From the opening to the closing receivable",
            (Column("What", Kind.TEXT, 50), Column("Amount")),
            rows,
            charts=(Chart("From the opening to the closing receivable", (1,)),),
            explained="Owed before + billed – applied – fell away = owed at the end.",
        )

    def _by_line(self) -> Table:
        titles = ("Opening", "Billed", "Received", "Applied", "Fell away", "Closing", "Current")
        columns = (*_PLACE, *(Column(title) for title in titles))
        return self._table(f"By {self.lines.level}", columns, _money_cells, _EXPLAINED)

    def _ratios(self) -> Table:
        in_days = (Column(title, Kind.DAYS, 17) for title in ("DSO, days", "Best possible, days", "ADD, days"))
        ratios = (Column("Turnover", Kind.RATIO, 17), Column("CEI", Kind.SHARE, 14))
        columns = (*_PLACE, Column("Net billed"), *in_days, *ratios)
        return self._table(f"How well it was collected, by {self.lines.level}", columns, _ratio_cells, _FORMULAS)

    def _table(self, title: str, columns: tuple[Column, ...], cells: Any, explained: str) -> Table:
        places = zip(self.lines.codes, self.lines.names, self.of_line, strict=True)
        rows = tuple((code, name, *cells(one)) for code, name, one in places)
        return Table(title, columns, rows, ("Total", "", *cells(self.total)), explained=explained)


_PLACE = (Column("Code", Kind.TEXT, 15), Column("Name", Kind.TEXT, 27, room=True))
_EXPLAINED = (
    "Billed: fees of the periods that began, of members who owed dues that day. Received: money that counts from a day "
    "in the period. Applied: what periods begun by the end have used of it, and of money received before. Fell away: "
    "dues of those who died, left or lapsed, less dues owed again. Current: of the closing, what fell due on the last "
    "day. All as known now."
)
_FORMULAS = (
    "DSO = closing ÷ billed × days. Best possible = current ÷ billed × days. ADD = DSO – best possible. Turnover = net "
    "billed ÷ the mean of opening and closing; net billed is without the fees of those who owe no dues at the end. "
    "CEI = (opening + billed – closing) ÷ (opening + billed – current). n/a: nothing to divide by."
)


def receivables(
    session: Session,
    scope: Scope,
    first: date,
    last: date,
    *,
    level: Level | None = None,
    form: Form | None = None,
    file: str | None = None,
) -> Collected:
    """The receivables of a place from `first` to `last`, both included, a line for each place of a `level` (default:
    the next below the place). `form` and `file` as for `ageing`, whose errors it raises too.
    """
    refuse_backwards(first, last)
    level = level or Level.below(scope)
    detail = {"from": first.isoformat(), "to": last.isoformat(), "place": scope.place, "by": level.value}
    with session.reading("report receivables", **detail, **paper_made(form, file)) as connection:
        ready(connection, last, session.policy)
        lines = lines_of(session, connection, scope, level)
        with session.progress.step("Reckoning"):
            sums = _sums(session, connection, scope, lines, first, last)
    days = (last - first).days + 1
    of_line = tuple(Receivables(days, *map(int, row)) for row in sums)
    return Collected(
        first, last, session.policy.version, lines, of_line, Receivables(days, *map(int, sums.sum(axis=0)))
    )


def refuse_backwards(first: date, last: date) -> None:
    """Raises UsageError for a period that ends before it begins, or begins on the first day there is."""
    if first > last:
        raise UsageError(f"the period ends on {last}, before it begins on {first}", "Give --from and --to in order.")
    if first == date.min:
        raise UsageError(f"no day is before {first}", "Begin the period later.")


def _sums(session: Session, connection: Connection, scope: Scope, lines: Lines, first: date, last: date) -> Cents:
    """The columns of `Moved`, summed for each line."""
    before, after = (first - timedelta(days=1)).isoformat(), last.isoformat()
    days = first_days(connection)
    # Charged before the period, by its end, and by the day before its end.
    boundaries = np.array([before, after, last - timedelta(days=1)], dtype="datetime64[D]")
    fees = charged(days, boundaries, session.policy)
    special = _Special(session, connection, before, first.isoformat(), after)
    sums = np.zeros((len(lines.codes), len(_FIGURES)), dtype=np.int64)
    asked = (money_on(before), money_on(after))
    for some in stretches(connection, days, lines, scope, after, asked, decided=False):
        columns = _moved(some, fees[some.first_day], special).columns()
        np.add.at(sums, some.line, np.stack(columns, axis=1))
    return sums


class _Special:
    """Members looked at one by one: about whom anything was decided, or whose periods began before they were listed."""

    def __init__(self, session: Session, connection: Connection, before: str, first: str, after: str) -> None:
        everyone = connection.execute(standing.select().with_only_columns(standing.c.member).where(_ONE_BY_ONE))
        self.members = _column(row[0] for row in everyone)
        self.owed_before = _column(owing(connection, before, _ONE_BY_ONE))
        self.owed_after = _column(owing(connection, after, _ONE_BY_ONE))
        billed_to, days = periods_begun(connection, first, after, _ONE_BY_ONE)
        fees = session.policy.fees_on(days)
        self.billed_to, at = np.unique(billed_to, return_inverse=True)
        self.billed = np.zeros(len(self.billed_to) + 1, dtype=np.int64)
        np.add.at(self.billed, at, fees)

    def fees_of(self, members: Positions) -> Cents:
        """What was billed to each of these."""
        at = np.searchsorted(self.billed_to, members)
        found = np.isin(members, self.billed_to)
        return np.where(found, self.billed[at], 0)


def _column(members: Any) -> Positions:
    return np.sort(np.fromiter(members, dtype=np.int64))


def _moved(some: Stretch, fees: Cents, special: _Special) -> Moved:
    money_before, money_after = some.columns
    one_by_one = np.isin(some.members, special.members)
    charged_before, charged_after, charged_eve = fees.T
    billed = np.where(one_by_one, special.fees_of(some.members), charged_after - charged_before)
    before = Snapshot(charged_before, money_before, ~one_by_one | np.isin(some.members, special.owed_before))
    after = Snapshot(charged_after, money_after, ~one_by_one | np.isin(some.members, special.owed_after))
    current = np.maximum(charged_after - money_after, 0) - np.maximum(charged_eve - money_after, 0)
    return moved(before, after, billed, current)


def _figures(one: Receivables) -> dict[str, Any]:
    cents = {f"{name}_cents": getattr(one, name) for name in (*_FIGURES, "fell_away")}
    ratios = {"dso_days": one.dso, "best_possible_dso_days": one.best_possible_dso, "add_days": one.add}
    ratios |= {"turnover": one.turnover, "cei_percent": None if one.cei is None else one.cei * 100}
    return {
        "days": one.days,
        **cents,
        **{name: None if ratio is None else float(round(ratio, 2)) for name, ratio in ratios.items()},
    }


def _in_days(value: Any) -> str:
    words = Kind.DAYS.words(value)
    return words if value is None else f"{words} days"


def _money_cells(one: Receivables) -> tuple[Value, ...]:
    return (
        one.opening,
        one.billed,
        one.received,
        one.applied,
        one.fell_away,
        one.closing,
        one.closing_current,
    )


def _ratio_cells(one: Receivables) -> tuple[Value, ...]:
    return one.net_billed, one.dso, one.best_possible_dso, one.add, one.turnover, one.cei
