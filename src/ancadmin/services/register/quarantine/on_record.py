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
    """A member on record, as far as rows are held against them."""

    id_number: str
    person: Person


_COLUMNS = (
    member.c.id_number,
    member.c.surname,
    member.c.first_names,
    member.c.born,
    member.c.gender,
    member.c.branch,
    member.c.cell,
)


def on_record(connection: Connection, numbers: set[str]) -> dict[str, Person]:
    """Who has which of some numbers."""
    known: dict[str, Person] = {}
    listed = sorted(numbers)
    for start in range(0, len(listed), _LISTED):
        query = select(*_COLUMNS).where(member.c.id_number.in_(listed[start : start + _LISTED]))
        known.update((row.id_number, _person(row)) for row in connection.execute(query))
    return known


def born_on(connection: Connection, days: set[date]) -> dict[date, list[Known]]:
    """The members born on some days: a stretch of ID numbers each."""
    found: dict[date, list[Known]] = {}
    for day in sorted(days):
        first = f"{day:%y%m%d}"
        query = (
            select(*_COLUMNS)
            .where(member.c.id_number.between(f"{first}0000000", f"{first}9999999"), member.c.born == day.isoformat())
            .limit(_BORN_ON_A_DAY)
        )
        found[day] = [Known(row.id_number, _person(row)) for row in connection.execute(query)]
    return found


def _person(row: Any) -> Person:
    born = date.fromisoformat(row.born)
    return Person(row.surname, first_names_of(row.first_names), born, row.gender, row.branch, row.cell)
