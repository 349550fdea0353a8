"""Reads the authorisation matrix out of `policy.toml`; says which entry is wrong and what belongs there."""

from collections.abc import Mapping

from ancadmin.domain.authorisation import Act, Authority, Matrix
from ancadmin.domain.roles import LEVELS, Role
from ancadmin.errors import ConfigurationError, Place

_PARTS = ("alone", "ask", "approve")
_AND_ABOVE = "+"


def matrix_of(section: Mapping[str, object], shipped: Mapping[str, object], file: str) -> Matrix:
    """The matrix of the section `authorisation`; kinds it does not name are as they are shipped. Raises
    ConfigurationError.
    """
    given = {**_table(shipped, "decisions", file), **_table(section, "decisions", file)}
    unknown = sorted(set(given) - set(Act))
    if unknown:
        raise _wrong("decisions", f"has no kind `{unknown[0]}`", f"The kinds are: {', '.join(Act)}.", file)
    authorities = {act: _authority(act, given[act], file) for act in Act}
    days = section.get("back_days", shipped.get("back_days"))
    return Matrix(authorities, _back_days(days, file))


def _authority(act: Act, entry: object, file: str) -> Authority:
    if not isinstance(entry, dict) or set(entry) - set(_PARTS):
        raise _wrong(f"decisions.{act}", "must say who decides", f"Its parts are: {', '.join(_PARTS)}.", file)
    return Authority(**{part: _roles(f"decisions.{act}.{part}", entry.get(part, []), file) for part in _PARTS})


def _roles(key: str, names: object, file: str) -> frozenset[Role]:
    """`["branch_secretary", "membership_officer+"]`: that role, and that level with those above it."""
    if not isinstance(names, list):
        raise _wrong(key, "must be a list of roles", 'Write, say: ["branch_secretary", "membership_officer+"].', file)
    found: set[Role] = set()
    for name in names:
        role = str(name).removesuffix(_AND_ABOVE)
        above = str(name).endswith(_AND_ABOVE)
        if role not in set(Role) or (above and role not in LEVELS):
            able = LEVELS if above else tuple(Role)
            raise _wrong(key, f"names no role: {name}", f"Write one of: {', '.join(able)}.", file)
        found.update(LEVELS[LEVELS.index(Role(role)) :] if above else [Role(role)])
    if any(not role.writes for role in found):
        raise _wrong(key, f"lets one decide who may only read: {Role.AUDITOR}", "Take that role out.", file)
    return frozenset(found)


def _back_days(days: object, file: str) -> dict[Role, int]:
    if not isinstance(days, dict):
        raise _wrong("back_days", "must name roles and days", "Write, say: membership_officer = 180.", file)
    for role, count in days.items():
        if role not in set(Role):
            raise _wrong("back_days", f"names no role: {role}", f"Write one of: {', '.join(Role)}.", file)
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise _wrong(f"back_days.{role}", "must be a whole number of days", f"Write {role} = 180.", file)
    return {Role(role): count for role, count in days.items()}


def _table(section: Mapping[str, object], key: str, file: str) -> dict[str, object]:
    entries = section.get(key, {})
    if isinstance(entries, dict):
        return entries
    raise _wrong(key, "must be a table", "Compare: ancadmin config policy", file)


def _wrong(key: str, what: str, remedy: str, file: str) -> ConfigurationError:
    return ConfigurationError(f"`authorisation.{key}` {what}", remedy, place=Place(file=file))
