"""Reads the section `authorisation`: the matrix of who decides what, and the level that approves a cost sheet."""

from collections.abc import Mapping
from typing import Any

from ancadmin.domain.authorisation import Act, Authority, Matrix
from ancadmin.domain.roles import LEVELS, Role
from ancadmin.policy.faults import Table

_PARTS = ("alone", "ask", "approve")
_AND_ABOVE = "+"


def read_level(section: Table) -> Role:
    """Who approves what a cost sheet recommends."""
    value = section.entries.get("cost_sheet")
    for role in LEVELS:
        if role == value:
            return role
    section.wrong("cost_sheet", "must name a level of approval", f"Write one of: {', '.join(LEVELS)}.", value)
    return LEVELS[0]


def read_matrix(section: Table, shipped: Mapping[str, Any]) -> Matrix:
    """The matrix; kinds it does not name are as they are shipped."""
    given = section.table("decisions", {})
    for kind in sorted(set(given.entries) - set(Act)):
        given.wrong(kind, "is no kind of decision", f"The kinds are: {', '.join(Act)}.", given.entries[kind])
    decisions = Table({**shipped["decisions"], **given.entries}, given.name, section.faults)
    authorities = {act: _authority(decisions.table(act)) for act in Act}
    gives, asks = (_roles_given(section.table(part, shipped[part])) for part in ("gives", "asks"))
    return Matrix(authorities, _back_days(section.table("back_days", shipped["back_days"])), gives, asks)


def _authority(kind: Table) -> Authority:
    for part in sorted(set(kind.entries) - set(_PARTS)):
        kind.wrong(part, "does not say who decides", f"The parts are: {', '.join(_PARTS)}.", kind.entries[part])
    return Authority(**{part: _roles(kind, part) for part in _PARTS})


def _roles(kind: Table, part: str) -> frozenset[Role]:
    """`["branch_secretary", "membership_officer+"]`: that role, and that level with those above it."""
    names = kind.entries.get(part, [])
    if not isinstance(names, list):
        kind.wrong(part, "must be a list of roles", 'Write, say: ["branch_secretary", "membership_officer+"].', names)
        return frozenset()
    found: set[Role] = set()
    for name in names:
        role, above = str(name).removesuffix(_AND_ABOVE), str(name).endswith(_AND_ABOVE)
        able = LEVELS if above else tuple(Role)
        if role not in able:
            kind.wrong(part, "names no role", f"Write one of: {', '.join(able)}.", name)
        elif not Role(role).writes:
            kind.wrong(part, "lets one decide who may only read", "Take that role out.", name)
        else:
            found.update(LEVELS[LEVELS.index(Role(role)) :] if above else [Role(role)])
    return frozenset(found)


def _roles_given(section: Table) -> dict[Role, frozenset[Role]]:
    """Who gives which roles, or asks for them. An auditor's role may be given like any other; only a national officer
    makes another.
    """
    for role in section.entries:
        if role not in set(Role) - {Role.AUDITOR}:
            what = "names no role that gives others, or asks for them"
            section.wrong(role, what, f"Write one of: {', '.join(Role)}.", role)
    found = {}
    for role in (role for role in Role if role in section.entries):
        names = section.entries[role]
        able = [one for one in Role if one is not Role.NATIONAL_OFFICER]
        if not isinstance(names, list) or not set(map(str, names)) <= set(able):
            section.wrong(role, "must be a list of roles", f"Write some of: {', '.join(able)}.", names)
            continue
        found[role] = frozenset(Role(name) for name in names)
    return found


def _back_days(section: Table) -> dict[Role, int]:
    for role in section.entries:
        if role not in set(Role):
            section.wrong(role, "names no role", f"Write one of: {', '.join(Role)}.", section.entries[role])
    return {role: section.count(role) for role in Role if role in section.entries}
