"""What the matrix lets a caller do, for many decisions in one batch: looked up once a kind, not once a decision."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from ancadmin.domain.authorisation import Matter
from ancadmin.domain.roles import Role
from ancadmin.services.operator.reach import branches_reached
from ancadmin.services.session import Session


class Placed:
    """`holds_at_once` (authority.py) for branches, as two questions, and with what was found out before kept."""

    def __init__(self, session: Session, connection: Connection) -> None:
        self._session, self._connection = session, connection
        self._reached: dict[frozenset[Role], frozenset[str] | None] = {}

    def alone(self, matter: Matter, places: Collection[str], on: date | None) -> bool:
        """Whether a decision effective on a day (None: it has none) holds at once: every place is reached."""
        able = self._session.policy.authorisation.alone(matter, on, self._session.today)
        return self._session.sole_operator or all(self._reaches(able, place) for place in places)

    def may_ask(self, matter: Matter, places: Collection[str]) -> bool:
        """Whether the caller may record it at all: one of the places is reached."""
        able = self._session.policy.authorisation.may_ask(matter)
        return any(self._reaches(able, place) for place in places)

    def sees(self, place: str) -> bool:
        """Whether the caller sees the members of a branch, whichever role it is by."""
        return self._reaches(frozenset(Role), place)

    def _reaches(self, able: frozenset[Role], place: str) -> bool:
        if able not in self._reached:
            self._reached[able] = branches_reached(self._session, self._connection, able)
        reached = self._reached[able]
        return reached is None or place in reached
