"""Who may do what (docs/rules.md, section 7)."""

from collections.abc import Collection
from enum import StrEnum

NATIONAL = "national"


class Role(StrEnum):
    """A role, held for a place; it reaches what lies below that place."""

    BRANCH_SECRETARY = "branch_secretary"
    MEMBERSHIP_OFFICER = "membership_officer"
    REGIONAL_ORGANISER = "regional_organiser"
    REGIONAL_SECRETARY = "regional_secretary"
    PROVINCIAL_OFFICER = "provincial_officer"
    NATIONAL_OFFICER = "national_officer"
    CALL_CENTRE_AGENT = "call_centre_agent"
    CALL_CENTRE_SUPERVISOR = "call_centre_supervisor"
    AUDITOR = "auditor"

    @property
    def writes(self) -> bool:
        """Auditors read only."""
        return self is not Role.AUDITOR

    @property
    def words(self) -> str:
        """The role as people say it: `branch_secretary` → `branch secretary`."""
        return self.value.replace("_", " ")

    def stands_in_for(self, other: "Role") -> bool:
        """Whether who holds this role may do, for the same place, what the other role did: it is the same, or an
        officer's no lower than that.
        """
        if self is other or self not in LEVELS:
            return self is other
        return other not in LEVELS or LEVELS.index(self) >= LEVELS.index(other)


# The officers: who works on registers, deposits and sheets. Who records which decision is for the matrix to say.
DECIDES = frozenset({Role.MEMBERSHIP_OFFICER, Role.REGIONAL_SECRETARY, Role.PROVINCIAL_OFFICER, Role.NATIONAL_OFFICER})

# Who sees what members paid, and lists of it: all but the call centre, which looks people up.
SEES_PAYMENTS = frozenset(Role) - {Role.CALL_CENTRE_AGENT, Role.CALL_CENTRE_SUPERVISOR}

# Who sees what is of no branch: bank accounts, deposits of nobody, rows of registers held back.
SEES_UNPLACED = DECIDES | {Role.AUDITOR}

# The levels an approval climbs, lowest first.
LEVELS = (Role.MEMBERSHIP_OFFICER, Role.REGIONAL_SECRETARY, Role.PROVINCIAL_OFFICER, Role.NATIONAL_OFFICER)


def either(roles: Collection[Role]) -> str:
    """The roles as people say them: `regional secretary, provincial officer or national officer`."""
    names = [role.words for role in Role if role in roles]
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
