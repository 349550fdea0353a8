"""Members looked up by their numbers, and by the day they were born: never by a search among all."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ancadmin.db.schema import member
from ancadmin.domain.names import first_names_of
from ancadmin.domain.repairs import Person

_LISTED = 1_000
_BORN_ON_A_DAY = 200


@dataclass(frozen=True)
class Known:
    """A member on record, as far as rows are held against them. `merged`: into another, so that nothing new is taken
    under the number.
    """

    id_number: str
    person: Person
    merged: bool


_COLUMNS = (
    member.c.id_number,
    member.c.surname,
    member.c.first_names,
    member.c.born,
    member.c.gender,
    member.c.branch,
    member.c.cell,
    member.c.merged_into,
)


def on_record(connection: Connection, numbers: set[str]) -> dict[str, Known]:
    """Who has which of some numbers."""
    known: dict[str, Known] = {}
    listed = sorted(numbers)
    for start in range(0, len(listed), _LISTED):
        query = select(*_COLUMNS).where(member.c.id_number.in_(listed[start : start + _LISTED]))
        known.update((row.id_number, _known(row)) for row in connection.execute(query))
    return known


def born_on(connection: Connection, days: set[date]) -> dict[date, list[Known]]:
    """The members born on some days, but for records merged into another: a stretch of ID numbers each."""
    found: dict[date, list[Known]] = {}
    for day in sorted(days):
        first = f"{day:%y%m%d}"
        query = (
            select(*_COLUMNS)
            .where(
                member.c.id_number.between(f"{first}0000000", f"{first}9999999"),
                member.c.born == day.isoformat(),
                member.c.merged_into.is_(None),
            )
            .limit(_BORN_ON_A_DAY)
        )
        found[day] = [_known(row) for row in connection.execute(query)]
    return found


def _known(row: Any) -> Known:
    born = date.fromisoformat(row.born)
    person = Person(row.surname, first_names_of(row.first_names), born, row.gender, row.branch, row.cell)
    return Known(row.id_number, person, row.merged_into is not None)
