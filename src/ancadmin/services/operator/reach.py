"""Who reaches what: a role is held for a place and reaches what lies below it (docs/rules.md, section 7).

On SQLite this guides, because whoever can write the file can write anything in it; on PostgreSQL, where only the
server writes the files, it protects as far as the logins' own rights do.
"""

from collections.abc import Collection

from sqlalchemy import Connection, or_, select

from ancadmin.db.schema import branch, operator, operator_role, province, region
from ancadmin.domain.roles import NATIONAL, SEES_UNPLACED, Role, either
from ancadmin.errors import NotAllowed
from ancadmin.services.session import Session


def places_above(connection: Connection, code: str) -> tuple[str, ...]:
    """The place itself and every place it lies in, up to `national`; empty for a place not on record."""
    if code == NATIONAL:
        return (NATIONAL,)
    if connection.scalar(select(province.c.code).where(province.c.code == code)) is not None:
        return (code, NATIONAL)
    above = connection.scalar(select(region.c.province).where(region.c.code == code))
    if above is not None:
        return (code, above, NATIONAL)
    row = connection.execute(
        select(region.c.code, region.c.province)
        .join(branch, branch.c.region == region.c.code)
        .where(branch.c.code == code)
    ).first()
    return (code, row.code, row.province, NATIONAL) if row else ()


def reaches(session: Session, connection: Connection, roles: Collection[Role], place: str) -> bool:
    """Whether the caller holds one of `roles` for `place` or for a place it lies in."""
    above = places_above(connection, place)
    return any(role in roles and held in above for role, held in session.roles)


def branches_reached(session: Session, connection: Connection, roles: Collection[Role]) -> frozenset[str] | None:
    """The codes of the branches the caller reaches with one of `roles`; None for every branch there is."""
    places = [place for role, place in session.roles if role in roles]
    if NATIONAL in places:
        return None
    below = select(branch.c.code).join(region, branch.c.region == region.c.code)
    held = or_(branch.c.code.in_(places), region.c.code.in_(places), region.c.province.in_(places))
    return frozenset(connection.scalars(below.where(held)))


def places_reached(session: Session, connection: Connection, roles: Collection[Role]) -> frozenset[str] | None:
    """The codes of branches, regions and provinces the caller reaches with one of `roles`; None for all there are."""
    held = [place for role, place in session.roles if role in roles]
    if NATIONAL in held:
        return None
    lie = select(province.c.code, region.c.code, branch.c.code).select_from(
        province.outerjoin(region, region.c.province == province.c.code).outerjoin(
            branch, branch.c.region == region.c.code
        )
    )
    chains = (list(filter(None, row)) for row in connection.execute(lie))
    return frozenset(code for chain in chains for at, place in enumerate(chain) if place in held for code in chain[at:])


def sees_unplaced(session: Session) -> bool:
    """Whether the caller sees what is of no branch: deposits of nobody, say."""
    return any(role in SEES_UNPLACED for role, _ in session.roles)


def accounts_reached(session: Session, connection: Connection) -> frozenset[str] | None:
    """The accounts whose work the caller sees: the own one, and those that hold or held a role where the caller is an
    officer or an auditor; None for everybody's.
    """
    reached = places_reached(session, connection, SEES_UNPLACED)
    if reached is None:
        return None
    there = connection.scalars(select(operator_role.c.account).where(operator_role.c.place.in_(sorted(reached))))
    return frozenset({session.account, *there})


def require(session: Session, connection: Connection, roles: Collection[Role], place: str, what: str) -> None:
    """Raises NotAllowed, saying who may do `what`, unless the caller holds one of `roles` there."""
    if reaches(session, connection, roles, place):
        return
    raise NotAllowed(
        f"{session.account} may not {what}", f"Ask a {either(roles)}{' of that place' if len(roles) > 1 else ''}."
    )


def refuse_no_officer(connection: Connection) -> None:
    """Raises NotAllowed when nobody is left who could give roles for the whole organisation."""
    left = connection.scalar(
        select(operator_role.c.id)
        .join(operator, operator.c.account == operator_role.c.account)
        .where(
            operator_role.c.role == Role.NATIONAL_OFFICER,
            operator_role.c.reversed_by.is_(None),
            operator_role.c.ends_on.is_(None),
            operator.c.reversed_by.is_(None),
        )
        .limit(1)
    )
    if left is None:
        raise NotAllowed(
            "the store would be left without a national officer",
            "First: ancadmin operator add ACCOUNT --name NAME --role national_officer --place national",
        )
