"""The authorisation matrix (docs/rules.md, section 7): for each kind of decision who may ask, who records alone, who
approves, and how far back a day may lie. `policy.toml` gives it; nothing of it is known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ancadmin.domain.roles import Role


class Act(StrEnum):
    """The kinds of decision the matrix tells apart."""

    APPLICATION = "application"
    ACCEPTANCE = "acceptance"
    OBJECTION = "objection"
    DISCIPLINE = "discipline"
    DEPARTURE = "departure"
    DEATH = "death"
    CONTACT = "contact"
    ID_NUMBER = "id_number"
    TRANSFER = "transfer"
    DISPUTE = "dispute"
    DEMARCATION = "demarcation"
    MERGE = "merge"
    MONEY = "money"

    @property
    def words(self) -> str:
        """The kind as people say it: `id_number` → `id number`."""
        return self.value.replace("_", " ")


@dataclass(frozen=True)
class Authority:
    """Of one kind of decision: what `alone` record takes effect at once, what `ask` record waits until one of `approve`
    approves it.
    """

    alone: frozenset[Role]
    ask: frozenset[Role]
    approve: frozenset[Role]


@dataclass(frozen=True)
class Matrix:
    """The authority over every kind of decision. `back_days`: how many days back what a role records alone, or
    approves, may take effect; a role that is not named has no such limit. `gives`: which roles a role gives others, and
    takes back, within its own place.
    """

    authorities: Mapping[Act, Authority]
    back_days: Mapping[Role, int] = field(default_factory=dict)
    gives: Mapping[Role, frozenset[Role]] = field(default_factory=dict)

    def alone(self, act: Act, on: date | None, today: date) -> frozenset[Role]:
        """The roles whose decision of this kind, effective on a day (None: it has none), holds at once."""
        return self._reaching_back(self.authorities[act].alone, on, today)

    def may_ask(self, act: Act) -> frozenset[Role]:
        """The roles that may record a decision of this kind at all, be it only to ask for it."""
        return self.authorities[act].alone | self.authorities[act].ask

    def approve(self, act: Act, on: date | None, today: date) -> frozenset[Role]:
        """The roles that may approve what others asked for, effective on a day (None: it has none)."""
        return self._reaching_back(self.authorities[act].approve, on, today)

    def givers(self, role: Role) -> frozenset[Role]:
        """The roles whose holders may give, or take back, `role`; a national officer gives every role."""
        return frozenset({Role.NATIONAL_OFFICER, *(giver for giver, given in self.gives.items() if role in given)})

    @property
    def giving(self) -> frozenset[Role]:
        """The roles whose holders give any role at all."""
        return frozenset(role for role in Role if any(role in self.givers(given) for given in Role))

    def _reaching_back(self, roles: frozenset[Role], on: date | None, today: date) -> frozenset[Role]:
        back = 0 if on is None else (today - on).days
        return frozenset(role for role in roles if back <= self.back_days.get(role, back))
