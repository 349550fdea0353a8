"""Dues owed on a day by how long they are owed (docs/rules.md, section 10). Reading only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection

from ancadmin.domain.papers import Form
from ancadmin.domain.receivables import Aged, Bucket, aged, bucket_days, charged
from ancadmin.domain.reports import Chart, Column, Kind, ReportPaper, Table, Value
from ancadmin.services.export.scope import Scope
from ancadmin.services.report.accounts import first_days, stretches
from ancadmin.services.report.places import Level, Lines, lines_of, most, paper_made
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.query import OWES, counted_as, money_on

MOST_DRAWN = 20


@dataclass(frozen=True)
class Ageing:
    """Dues owed at the end of a day: for each line of `lines`, and in all."""

    day: date
    policy_version: str
    lines: Lines
    aged: tuple[Aged, ...]
    total: Aged

    def rows(self) -> list[dict[str, Any]]:
        """The lines and the total as JSON shows them."""
        return [{**self.lines.about(at), **self._figures(one)} for at, one in enumerate((*self.aged, self.total))]

    def _figures(self, one: Aged) -> dict[str, Any]:
        buckets = {f"{bucket.value}_cents": cents for bucket, cents in zip(Bucket, one.cents, strict=True)}
        counts = {"on": self.day.isoformat(), "members_owing": one.members, **buckets}
        return {**counts, "receivable_cents": one.owed_cents, "unapplied_credit_cents": one.credit_cents}

    def paper(self) -> ReportPaper:
        """The report as a paper."""
        day, whole = self.day.isoformat(), self.total
        facts = (
            ("Place", self.lines.words),
            ("As at", f"{day}, end of the day"),
            ("Dues owed", Kind.MONEY.words(whole.owed_cents)),
            ("Members owing", Kind.COUNT.words(whole.members)),
            ("Unapplied credit", Kind.MONEY.words(whole.credit_cents)),
            ("Policy", self.policy_version),
        )
        return ReportPaper(
            title=f"Ageing of dues · {self.lines.words}",
            about=f"As at {day}",
            stem=f"ageing-{self.lines.place}-{day}",
            day=self.day,
            facts=facts,
            tables=(self._by_age(), *self._highest(), self._by_line()),
        )

    def _by_age(self) -> Table:
        whole = self.total
        rows = [
            (bucket.words, cents, cents / whole.owed_cents if whole.owed_cents else None)
            for bucket, cents in zip(Bucket, whole.cents, strict=True)
        ]
        return Table(
            "By days past the day it fell due",
            (Column("Past due", Kind.TEXT, 40), Column("Owed"), Column("Share of it", Kind.SHARE, 14)),
            tuple(rows),
            ("Total", whole.owed_cents, 1.0 if whole.owed_cents else None),
            charts=(Chart("Dues owed by age", (1,)),),
        )

    def _by_line(self) -> Table:
        columns = (
            Column("Code", Kind.TEXT, 15),
            Column("Name", Kind.TEXT, 25, room=True),
            Column("Members", Kind.COUNT, 14),
            *(Column(bucket.words.removesuffix(" days")) for bucket in Bucket),
            Column("Owed", share=21),
            Column("Credit"),
        )
        rows = [
            (code, name, *_cells(one))
            for code, name, one in zip(self.lines.codes, self.lines.names, self.aged, strict=True)
        ]
        title = f"By {self.lines.level}"
        drawn = Chart(f"Dues owed by {self.lines.level}", (len(columns) - 2,))
        charts = (drawn,) if 1 < len(rows) <= MOST_DRAWN else ()
        return Table(title, columns, tuple(rows), ("Total", "", *_cells(self.total)), charts, _EXPLAINED)

    def _highest(self) -> list[Table]:
        """Where most is owed, where there are too many places to draw them all."""
        at = most([one.owed_cents for one in self.aged], MOST_DRAWN)
        if len(self.aged) <= MOST_DRAWN or not at:
            return []
        rows = [
            (f"{self.lines.codes[one]} {self.lines.names[one]}", self.aged[one].owed_cents, self.aged[one].members)
            for one in at
        ]
        title = f"Where most is owed, by {self.lines.level}"
        columns = (Column("Place", Kind.TEXT, 50), Column("Owed"), Column("Members", Kind.COUNT, 14))
        return [Table(title, columns, tuple(rows), charts=(Chart(title, (1,)),))]


_EXPLAINED = (
    "Past due: days since the first day of the period that is unpaid; Current fell due on the day itself. Members: "
    "those who owe something. Credit: money of members that no period begun by then has used. Nothing is counted of "
    "members who are deceased, expelled, resigned, defected, lapsed or rejected. All as known now."
)


def ageing(
    session: Session,
    scope: Scope,
    *,
    on: date | None = None,
    level: Level | None = None,
    form: Form | None = None,
    file: str | None = None,
) -> Ageing:
    """What the members of a place owe at the end of `on` (default: today), a line for each place of a `level` (default:
    the next below the place). `form` and `file`: the paper that is made of it, for the trail of accesses.

    Raises UsageError, NotAllowed for callers without a role there, InputRefused for no such place or a day beyond the
    fee calendar, ConfigurationError for another policy's fees.
    """
    day = on or session.today
    level = level or Level.below(scope)
    detail = {"on": day.isoformat(), "place": scope.place, "by": level.value}
    with session.reading("report ageing", **detail, **paper_made(form, file)) as connection:
        ready(connection, day, session.policy)
        lines = lines_of(session, connection, scope, level)
        with session.progress.step("Ageing"):
            counted = _aged_by_line(session, connection, scope, lines, day)
    total = Aged(
        sum(one.members for one in counted),
        tuple(sum(one.cents[at] for one in counted) for at in range(len(Bucket))),
        sum(one.credit_cents for one in counted),
    )
    return Ageing(day, session.policy.version, lines, tuple(counted), total)


def _aged_by_line(session: Session, connection: Connection, scope: Scope, lines: Lines, day: date) -> list[Aged]:
    on = day.isoformat()
    days = first_days(connection)
    fees = charged(days, bucket_days(day), session.policy)
    owed = np.zeros((len(lines.codes), len(Bucket)), dtype=np.int64)
    owing, credit = np.zeros(len(lines.codes), dtype=np.int64), np.zeros(len(lines.codes), dtype=np.int64)
    asked = (money_on(on), counted_as(on))
    for some in stretches(connection, days, lines, scope, on, asked, decided=True):
        money, counts_as = some.columns
        unpaid = aged(fees[some.first_day], money)
        unpaid[counts_as != OWES] = 0
        ahead = np.where(counts_as > 0, np.maximum(money - fees[some.first_day, 0], 0), 0)
        np.add.at(owed, some.line, unpaid)
        np.add.at(owing, some.line, unpaid.any(axis=1))
        np.add.at(credit, some.line, ahead)
    return [
        Aged(int(members), tuple(cents.tolist()), int(ahead))
        for members, cents, ahead in zip(owing, owed, credit, strict=True)
    ]


def _cells(one: Aged) -> tuple[Value, ...]:
    return one.members, *one.cents, one.owed_cents, one.credit_cents
