"""Who may do what (docs/rules.md, section 7)."""

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


# Who records decisions about members. What a branch secretary captures takes effect only when approved above, which
# needs the authorisation matrix; until then it is recorded above.
DECIDES = frozenset({Role.MEMBERSHIP_OFFICER, Role.REGIONAL_SECRETARY, Role.PROVINCIAL_OFFICER, Role.NATIONAL_OFFICER})

# The levels an approval climbs, lowest first.
LEVELS = (Role.MEMBERSHIP_OFFICER, Role.REGIONAL_SECRETARY, Role.PROVINCIAL_OFFICER, Role.NATIONAL_OFFICER)

# Who gives and takes which roles, within the place the own role is held for.
GIVES: dict[Role, frozenset[Role]] = {
    Role.REGIONAL_SECRETARY: frozenset({Role.BRANCH_SECRETARY}),
    Role.PROVINCIAL_OFFICER: frozenset(
        {Role.BRANCH_SECRETARY, Role.MEMBERSHIP_OFFICER, Role.REGIONAL_ORGANISER, Role.REGIONAL_SECRETARY}
    ),
    Role.NATIONAL_OFFICER: frozenset(Role),
}


def givers(role: Role) -> frozenset[Role]:
    """The roles whose holders may give, or take back, `role`."""
    return frozenset(giver for giver, given in GIVES.items() if role in given)
