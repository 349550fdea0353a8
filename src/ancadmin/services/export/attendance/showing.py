"""A meeting's attendance as it is on record: present against quorum, strangers, doubles (docs/rules.md, section 6)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from ancadmin.db.schema import attendance, paper
from ancadmin.domain.attendance import AttendanceRegister
from ancadmin.domain.papers import Form, masked
from ancadmin.domain.reports import Column, Kind, ReportPaper, Table, Value
from ancadmin.domain.roles import Role
from ancadmin.domain.turnout import Verdict
from ancadmin.errors import InputRefused
from ancadmin.services.export.attendance.register import register_of
from ancadmin.services.export.attendance.strangers import on_record
from ancadmin.services.export.registers.kept import serial_of, superseded_by
from ancadmin.services.operator.reach import branches_reached, require
from ancadmin.services.report.places import paper_made
from ancadmin.services.session import Session

_NOT_ON_RECORD, _NOT_IN_SIGHT = "not on record", "not on record in your places"
# Digits that may be meant for an ID number, with a mark between any two of them; a day is none.
_LONG = re.compile(r"(?<![\d:])(?!\d{4}-\d\d-\d\d(?!\d))\d(?:[ ./'-]?\d){6,}")


@dataclass(frozen=True)
class Person:
    """Somebody on the list of a meeting. `number` is the row of the register; `what` says of a stranger what the
    record has of her at the cut-off day; `times` is how many lines name her.
    """

    id_number: str
    surname: str
    first_names: str
    number: int | None = None
    seen_at: str | None = None
    times: int = 1
    what: str = ""


@dataclass(frozen=True)
class Turnout:
    """Who was at the meeting of a register."""

    serial: str
    register: AttendanceRegister
    superseded_by: str | None
    withdrawn_in: int | None
    present: tuple[Person, ...]
    strangers: tuple[Person, ...]
    unreadable: tuple[tuple[int, str], ...]

    @property
    def doubles(self) -> tuple[Person, ...]:
        """Those whom more than one line names."""
        return tuple(one for one in (*self.present, *self.strangers) if one.times > 1)

    @property
    def reached(self) -> bool:
        """Whether the meeting had its quorum."""
        return len(self.present) >= self.register.quorum

    @property
    def verdict(self) -> str:
        """The quorum in a sentence."""
        present, quorum = len(self.present), self.register.quorum
        if self.reached:
            return f"Quorum reached: {present} present, {quorum} needed."
        return f"No quorum: {present} present, {quorum} needed, {quorum - present} short."

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it."""
        return {
            **self.facts(),
            "strangers": [_row(one) for one in self.strangers],
            "doubles": [_row(one) for one in self.doubles],
            "unreadable": [{"line": line, "as_read": text} for line, text in self.unreadable],
            "present": [_row(one) for one in self.present],
        }

    def rows(self) -> list[dict[str, Any]]:
        """A line for everybody there, for CSV and NDJSON."""
        return [{"serial": self.serial, **_row(one)} for one in (*self.present, *self.strangers)]

    def facts(self) -> dict[str, Any]:
        """The counts, without anybody's name."""
        register = self.register
        return {
            "serial": self.serial,
            "branch": register.place.code,
            "meeting": register.meeting.value,
            "meeting_date": register.meeting_date.isoformat(),
            "cut_off": register.cut_off.isoformat(),
            "members": len(register.attendees),
            "quorum": register.quorum,
            "present_count": len(self.present),
            "quorum_reached": self.reached,
            "strangers_count": len(self.strangers),
            "doubles_count": len(self.doubles),
            "unreadable_count": len(self.unreadable),
            "superseded_by": self.superseded_by,
            "withdrawn_in": self.withdrawn_in,
        }

    def paper(self) -> ReportPaper:
        """The report as a paper; ID numbers masked, for it is read out and passed on."""
        register = self.register
        place = register.place
        counts = (
            ("In good standing", len(register.attendees)),
            ("Quorum", register.quorum),
            ("Present", len(self.present)),
            ("Not on the register", len(self.strangers)),
            ("Named more than once", len(self.doubles)),
            ("Not readable", len(self.unreadable)),
        )
        facts = (
            ("Branch", f"{place.name} ({place.code})"),
            ("Meeting", f"{register.meeting.words}, {register.meeting_date}"),
            ("Register", self._named),
            ("Cut-off day", register.cut_off.isoformat()),
            *((name, Kind.COUNT.words(count)) for name, count in counts),
            ("Quorum reached", "yes" if self.reached else "no"),
        )
        tables = [self._people("Present", self.present, self.verdict)]
        if self.strangers:
            tables.insert(0, self._people("Not on the register", self.strangers, _STRANGERS))
        if self.doubles:
            tables.append(self._people("Named more than once", self.doubles, "Each counts once."))
        if self.unreadable:
            tables.append(_unreadable(self.unreadable))
        return ReportPaper(
            title=f"Attendance · {place.name} ({place.code})",
            about=f"{register.meeting.words}, {register.meeting_date}",
            stem=f"attendance-{self.serial}",
            day=register.meeting_date,
            facts=facts,
            tables=tuple(tables),
        )

    @property
    def _named(self) -> str:
        """The serial, and whether the register stands."""
        withdrawn = f", withdrawn in batch {self.withdrawn_in}" if self.withdrawn_in else ""
        return f"{self.serial}{withdrawn}" + (f", superseded by {self.superseded_by}" if self.superseded_by else "")

    def _people(self, title: str, people: Sequence[Person], explained: str) -> Table:
        told, timed = any(one.what for one in people), any(one.seen_at for one in people)
        columns = (
            Column("No", Kind.COUNT, 6),
            Column("ID number", Kind.TEXT, 16),
            Column("Surname", Kind.TEXT, 26),
            Column("First names", Kind.TEXT, 30),
            *([Column("At the cut-off day", Kind.TEXT, 40)] if told else []),
            *([Column("Seen at", Kind.TEXT, 20)] if timed else []),
        )
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (
                one.number or at,
                masked(one.id_number),
                one.surname,
                one.first_names,
                *([one.what] if told else []),
                *([one.seen_at or ""] if timed else []),
            )
            for at, one in enumerate(people, 1)
        )
        return Table(title, columns, rows, explained=explained)


_STRANGERS = "They were there and could not vote: the register says who was in good standing at the cut-off day."


def _unreadable(lines: Sequence[tuple[int, str]]) -> Table:
    columns = (Column("Line", Kind.COUNT, 8), Column("As it stands there", Kind.TEXT, 60))
    # Digits that were meant for an ID number are masked like one.
    rows: tuple[tuple[Value, ...], ...] = tuple((line, _LONG.sub(_hidden, text)) for line, text in lines)
    return Table("Not readable", columns, rows, explained="Nobody was counted for these lines.")


def _hidden(found: re.Match[str]) -> str:
    return f"{''.join(filter(str.isdigit, found[0]))[:6]}****"


def _row(one: Person) -> dict[str, Any]:
    return vars(one)


def turnout(session: Session, serial: str, *, form: Form | None = None, file: Path | None = None) -> Turnout:
    """Who was at the meeting of a register. `form` and `file`: the paper that is made of it, for the trail of accesses.
    Raises InputRefused for a serial that was never issued, NotAllowed, and what `register_of` raises.
    """
    detail = {"serial": serial, **paper_made(form, None if file is None else str(file))}
    with session.reading("export attendance show", **detail) as connection:
        query = select(paper.c.serial, paper.c.branch, paper.c.reversed_by).where(
            paper.c.serial == serial_of(connection, serial)
        )
        row = connection.execute(query).first()
        if row is None:
            raise InputRefused("no register was issued under this serial", "It is printed at its foot.", value=serial)
        require(session, connection, frozenset(Role), row.branch, "see who was at its meetings")
        register = register_of(session, connection, row.serial)
        lines = _lines(connection, row.serial)
        return Turnout(
            serial=row.serial,
            register=register,
            superseded_by=superseded_by(connection, row.serial),
            withdrawn_in=row.reversed_by,
            present=_present(register, lines),
            strangers=_strangers(session, connection, register, lines),
            unreadable=tuple((one.line, one.as_read) for one in lines if one.verdict == Verdict.UNREADABLE.value),
        )


def _lines(connection: Connection, serial: str) -> Sequence[Row[Any]]:
    query = select(attendance).where(attendance.c.serial == serial, attendance.c.reversed_by.is_(None))
    return connection.execute(query.order_by(attendance.c.id)).all()


def _present(register: AttendanceRegister, lines: Sequence[Row[Any]]) -> tuple[Person, ...]:
    times: dict[int, list[Row[Any]]] = {}
    for one in lines:
        if one.row is not None:
            times.setdefault(one.row, []).append(one)
    found = []
    for number, named in sorted(times.items()):
        who = register.attendees[number - 1]
        found.append(Person(who.id_number, who.surname, who.first_names, number, named[0].seen_at, len(named)))
    return tuple(found)


def _strangers(
    session: Session, connection: Connection, register: AttendanceRegister, lines: Sequence[Row[Any]]
) -> tuple[Person, ...]:
    """Of who is a member out of the caller's sight no more is told than of nobody: whoever has a number could ask."""
    times: dict[str, list[Row[Any]]] = {}
    for one in lines:
        if one.verdict == Verdict.STRANGER.value:
            times.setdefault(one.id_number, []).append(one)
    known = on_record(connection, session.policy, register.cut_off, list(times))
    reached = branches_reached(session, connection, frozenset(Role))
    nobody = _NOT_ON_RECORD if reached is None else _NOT_IN_SIGHT
    found = []
    for id_number, named in times.items():
        who = known.get(id_number)
        if who is not None and reached is not None and who.place not in reached:
            who = None
        names = (who.surname, who.first_names) if who else ("", "")
        what = who.what if who else nobody
        found.append(Person(id_number, *names, None, named[0].seen_at, len(named), what))
    return tuple(found)
