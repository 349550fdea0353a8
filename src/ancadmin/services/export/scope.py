"""Which branches a command is about, and where each lies."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, select

from ancadmin.db.schema import branch, province, region
from ancadmin.domain.papers import BranchPlace
from ancadmin.domain.roles import NATIONAL, Role
from ancadmin.errors import InputRefused, UsageError
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Scope:
    """One branch, the branches of a region or a province, or all of them: exactly one of the four."""

    branch: str | None = None
    region: str | None = None
    province: str | None = None
    everything: bool = False

    @property
    def place(self) -> str:
        """The code of the place asked about. Raises UsageError unless there is exactly one."""
        codes = [code for code in (self.branch, self.region, self.province) if code is not None]
        if self.everything:
            codes.append(NATIONAL)
        if len(codes) != 1:
            raise UsageError(
                "which branches is not clear", "Give one of --branch CODE, --region CODE, --province CODE or --all."
            )
        return codes[0]


def scope_of(branch: str | None, region: str | None, province: str | None) -> Scope:
    """The place asked about; every branch where none is named. Raises UsageError for more than one."""
    named = [code for code in (branch, region, province) if code is not None]
    if len(named) > 1:
        raise UsageError("which branches is not clear", "Give one of --branch CODE, --region CODE, --province CODE.")
    return Scope(branch, region, province, not named)


def in_words(scope: Scope, there: Sequence[BranchPlace]) -> str:
    """The place as papers name it; `there` are its branches."""
    first = there[0]
    if scope.branch is not None:
        return f"{first.name} ({first.code})"
    if scope.region is not None:
        return f"{first.region} ({first.region_code})"
    return f"{first.province} ({first.province_code})" if scope.province is not None else "All branches"


def places(
    session: Session, connection: Connection, scope: Scope, roles: Iterable[Role], what: str
) -> list[BranchPlace]:
    """The branches of `scope`, in order of province, region and code. Raises UsageError, NotAllowed for callers
    without one of `roles` there, InputRefused when no branch is on record for it.
    """
    asked = scope.place
    query = _placed().order_by(province.c.code, region.c.code, branch.c.code)
    if scope.branch is not None:
        query = query.where(branch.c.code == asked)
    elif scope.region is not None:
        query = query.where(region.c.code == asked)
    elif scope.province is not None:
        query = query.where(province.c.code == asked)
    found = [BranchPlace(**row) for row in connection.execute(query).mappings()]
    if not found:
        raise InputRefused("no branch is on record there", "See: ancadmin db places list", value=asked)
    require(session, connection, frozenset(roles), asked, what)
    return found


def place_of(connection: Connection, code: str) -> BranchPlace:
    """Where a branch on record lies."""
    return BranchPlace(**connection.execute(_placed().where(branch.c.code == code)).mappings().one())


def _placed() -> Select[Any]:
    """Every branch, with the columns of BranchPlace."""
    return (
        select(
            branch.c.code,
            branch.c.name,
            region.c.code.label("region_code"),
            region.c.name.label("region"),
            province.c.code.label("province_code"),
            province.c.name.label("province"),
            branch.c.ward,
            branch.c.ward_year,
        )
        .join(region, region.c.code == branch.c.region)
        .join(province, province.c.code == region.c.province)
    )


def chunks(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Lists of up to `size` items, in order."""
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
