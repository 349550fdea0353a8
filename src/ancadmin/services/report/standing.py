"""How members moved between statuses over a period, as the sweeps recorded it (docs/rules.md, section 5)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from ancadmin.db.schema import batch as batches
from ancadmin.db.schema import member, status_change
from ancadmin.domain.flows import Every, Flow, Moves, Period, flow_of, periods
from ancadmin.domain.papers import Form
from ancadmin.domain.reports import Chart, Column, Kind, ReportPaper, Table, Value
from ancadmin.domain.roles import Role
from ancadmin.domain.standing import RULE_NUMBERS, Status
from ancadmin.services.export.scope import Scope, in_words, places
from ancadmin.services.report.accounts import within
from ancadmin.services.report.places import paper_made
from ancadmin.services.report.receivables import refuse_backwards
from ancadmin.services.session import Session

_DRAWN = (Flow.INTO_GRACE, Flow.OUT_OF_GRACE, Flow.RENEWED)
_HELD = (Status.GOOD_STANDING, Status.GRACE, Status.NOT_IN_GOOD_STANDING)


@dataclass(frozen=True)
class Flows:
    """The flows between statuses of a place: period by period, and over the whole time."""

    first: date
    last: date
    every: Every
    words: str
    place: str
    parts: tuple[Period, ...]
    total: Period

    def rows(self) -> list[dict[str, Any]]:
        """A line for each period and status, for CSV and NDJSON."""
        return [
            {"period": one.name, "from": one.first.isoformat(), "to": one.last.isoformat(), "status": status, **counts}
            for one in (*self.parts, self.total)
            for status, counts in _counts(one).items()
        ]

    def answer(self) -> dict[str, Any]:
        """The whole report as JSON shows it."""
        return {"place": self.place, "by": self.every.value, **_told(self.total), "lines": [*map(_told, self.parts)]}

    def paper(self) -> ReportPaper:
        """The report as a paper."""
        period = f"{self.first} to {self.last}"
        facts = (
            ("Place", self.words),
            ("Period", period),
            *(
                (f"{status.words.capitalize()} at the end", Kind.COUNT.words(self.total.closing[status]))
                for status in _HELD
            ),
            ("Changes of status", Kind.COUNT.words(self.total.transitions.total())),
        )
        return ReportPaper(
            title=f"Standing over time · {self.words}",
            about=period,
            stem=f"standing-{self.place}-{self.first}-{self.last}",
            day=self.last,
            facts=facts,
            tables=(self._by_flow(), self._closing(), self._by_status(), self._transitions()),
        )

    def _by_flow(self) -> Table:
        flows = [one for one in Flow if one in _DRAWN or self.total.flows[one]]
        columns = (
            Column(self.every.value.capitalize(), Kind.TEXT, 14),
            *(Column(one.words, Kind.COUNT, 14) for one in flows),
        )
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (part.name, *(part.flows[one] for one in flows)) for part in self.parts
        )
        total: tuple[Value, ...] = ("Total", *(self.total.flows[one] for one in flows))
        drawn = tuple(flows.index(one) + 1 for one in _DRAWN)
        title = f"Flows by {self.every.value}"
        return Table(title, columns, rows, total, (Chart(title, drawn, lines=True),), _EXPLAINED)

    def _closing(self) -> Table:
        held = [status for status in self.total.statuses if any(part.closing[status] for part in self.parts)]
        columns = (
            Column(self.every.value.capitalize(), Kind.TEXT, 14),
            *(Column(_words(status), Kind.COUNT, 14) for status in held),
            Column("In all", Kind.COUNT, 14),
        )
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (part.name, *(part.closing[status] for status in held), part.closing.total()) for part in self.parts
        )
        title = f"Members at the end of each {self.every.value}, by status"
        drawn = tuple(held.index(status) + 1 for status in _HELD if status in held)
        charts = (Chart(title, drawn, lines=True),) if drawn else ()
        return Table(title, columns, rows, charts=charts)

    def _by_status(self) -> Table:
        columns = (Column("Status", Kind.TEXT, 40), *(Column(one, Kind.COUNT, 15) for one in _WALK))
        counts = _counts(self.total)
        rows: tuple[tuple[Value, ...], ...] = tuple((_words(status), *one.values()) for status, one in counts.items())
        total: tuple[Value, ...] = (
            "Total",
            *(sum(column) for column in zip(*(one.values() for one in counts.values()), strict=True)),
        )
        explained = "Opening + in - out = closing, of each status and in all."
        return Table("From opening to closing", columns, rows, total if rows else None, explained=explained)

    def _transitions(self) -> Table:
        columns = (
            Column("From", Kind.TEXT, 28),
            Column("To", Kind.TEXT, 28),
            Column("What it is", Kind.TEXT, 24),
            Column("Members", Kind.COUNT, 14),
        )
        rows = tuple(
            (_words(before), _words(after), flow_of(before, after).words, count)
            for (before, after), count in _ordered(self.total)
        )
        return Table("From status to status", columns, rows, ("Total", "", "", self.total.transitions.total()))


_WALK = ("Opening", "In", "Out", "Closing")
_EXPLAINED = (
    "Changes as the sweeps recorded them, on the day the status began. Joined: on record for the first time; members "
    "of a register, whose earlier statuses nobody recorded, on the day of the sweep that found them. Renewed: from "
    "grace to good standing; who pays before grace changes no status and is not here. Back: from not in good standing. "
    "Left: resigned, defected or lapsed. Disciplined: suspended or expelled. Members count where they belonged on the "
    "last day; records merged into others do not count. All as known now."
)


def standing_flows(
    session: Session,
    scope: Scope,
    first: date,
    last: date,
    *,
    every: Every = Every.MONTH,
    form: Form | None = None,
    file: str | None = None,
) -> Flows:
    """How the members of a place moved between statuses from `first` to `last`, both included. `form` and `file` as for
    `ageing`. Raises UsageError, NotAllowed for callers without a role there, InputRefused for no such place.
    """
    refuse_backwards(first, last)
    detail = {"from": first.isoformat(), "to": last.isoformat(), "place": scope.place, "by": every.value}
    with session.reading("report standing", **detail, **paper_made(form, file)) as connection:
        there = places(session, connection, scope, Role, "see how its members' standing changed")
        with session.progress.step("Counting"):
            moves = [
                Moves(date.fromisoformat(on), before, after, count)
                for on, before, after, count in connection.execute(_moves(connection, scope, last))
            ]
    parts, total = periods(moves, first, last, every)
    return Flows(first, last, every, in_words(scope, there), scope.place, tuple(parts), total)


def _moves(connection: Connection, scope: Scope, last: date) -> Select[Any]:
    """How many changed from what to what on each day up to the last. A change that was found after a later one counts
    from that one's day: before it, the member was counted under the other status.
    """
    first_of_register = status_change.c.from_status.is_(None) & (member.c.origin == "register")
    began = case((first_of_register, _swept_to(connection)), else_=status_change.c.changed_on)
    told = (
        select(
            func.max(began).over(partition_by=status_change.c.member, order_by=status_change.c.id).label("began"),
            status_change.c.from_status,
            status_change.c.to_status,
        )
        .join_from(status_change, member, member.c.id == status_change.c.member)
        .join(batches, batches.c.number == status_change.c.batch)
        .where(
            status_change.c.reversed_by.is_(None),
            member.c.merged_into.is_(None),
            *within(connection, scope, last.isoformat()),
        )
        .subquery("told")
    )
    columns = (told.c.began, told.c.from_status, told.c.to_status)
    return select(*columns, func.count()).where(told.c.began <= last.isoformat()).group_by(*columns)


def _swept_to(connection: Connection) -> ColumnElement[Any]:
    """The day to which the sweep brought the statuses that made a change."""
    if connection.dialect.name == "postgresql":
        return func.jsonb_extract_path_text(cast(batches.c.counts, JSONB), "on")
    return func.json_extract(batches.c.counts, "$.on")


def _counts(one: Period) -> dict[str, dict[str, int]]:
    return {
        status: {
            "opening": one.opening[status],
            "in": one.entered(status),
            "out": one.left(status),
            "closing": one.closing[status],
        }
        for status in one.statuses
    }


def _told(one: Period) -> dict[str, Any]:
    return {
        "period": one.name,
        "from": one.first.isoformat(),
        "to": one.last.isoformat(),
        "statuses": [{"status": status, **counts} for status, counts in _counts(one).items()],
        "flows": {flow.value: one.flows[flow] for flow in Flow},
        "transitions": [{"from": before, "to": after, "n": count} for (before, after), count in _ordered(one)],
    }


def _ordered(one: Period) -> list[tuple[tuple[str | None, str | None], int]]:
    order: dict[str | None, int] = {status: place for place, status in enumerate(RULE_NUMBERS)}
    return sorted(one.transitions.items(), key=lambda item: [order.get(status, -1) for status in item[0]])


def _words(status: str | None) -> str:
    return "Not listed" if status is None else Status(status).words.capitalize()
