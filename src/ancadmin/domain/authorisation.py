"""The authorisation matrix (docs/rules.md, section 7): for each kind of decision, and for each role that is given or
taken back, who may ask, who does it alone, who approves; and how far back a day may lie. `policy.toml` gives it;
nothing of it is known here.
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


# What somebody has authority over: a kind of decision, or the giving and taking back of a role.
Matter = Act | Role


def matter_named(name: str) -> Matter:
    """The matter of a name; no role is named as a kind of decision is."""
    return Role(name) if name in set(Role) else Act(name)


@dataclass(frozen=True)
class Authority:
    """Of one matter: what `alone` record takes effect at once, what `ask` record waits until one of `approve`
    approves it.
    """

    alone: frozenset[Role]
    ask: frozenset[Role]
    approve: frozenset[Role]


@dataclass(frozen=True)
class Matrix:
    """The authority over every kind of decision. `back_days`: how many days back what a role records alone, or
    approves, may take effect; a role that is not named has no such limit. `gives`: which roles a role gives others, and
    takes back, within its own place; `asks`: which it may only ask for, so that one who gives them approves.
    """

    authorities: Mapping[Act, Authority]
    back_days: Mapping[Role, int] = field(default_factory=dict)
    gives: Mapping[Role, frozenset[Role]] = field(default_factory=dict)
    asks: Mapping[Role, frozenset[Role]] = field(default_factory=dict)

    def over(self, matter: Matter) -> Authority:
        """The authority over a matter; who gives a role approves that others are given it."""
        if isinstance(matter, Act):
            return self.authorities[matter]
        givers = self.givers(matter)
        return Authority(givers, _naming(matter, self.asks), givers)

    def alone(self, matter: Matter, on: date | None, today: date) -> frozenset[Role]:
        """The roles whose decision of this kind, effective on a day (None: it has none), holds at once."""
        return self._reaching_back(self.over(matter).alone, on, today)

    def may_ask(self, matter: Matter) -> frozenset[Role]:
        """The roles that may record a decision of this kind at all, be it only to ask for it."""
        return self.over(matter).alone | self.over(matter).ask

    def approve(self, matter: Matter, on: date | None, today: date) -> frozenset[Role]:
        """The roles that may approve what others asked for, effective on a day (None: it has none)."""
        return self._reaching_back(self.over(matter).approve, on, today)

    def givers(self, role: Role) -> frozenset[Role]:
        """The roles whose holders may give, or take back, `role`; a national officer gives every role."""
        return frozenset({Role.NATIONAL_OFFICER}) | _naming(role, self.gives)

    @property
    def giving(self) -> frozenset[Role]:
        """The roles whose holders give any role at all."""
        return frozenset(role for role in Role if any(role in self.givers(given) for given in Role))

    def _reaching_back(self, roles: frozenset[Role], on: date | None, today: date) -> frozenset[Role]:
        back = 0 if on is None else (today - on).days
        return frozenset(role for role in roles if back <= self.back_days.get(role, back))


def _naming(role: Role, named: Mapping[Role, frozenset[Role]]) -> frozenset[Role]:
    return frozenset(one for one, roles in named.items() if role in roles)
