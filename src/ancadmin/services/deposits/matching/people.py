"""Rung 8: members of a branch that a narrative names, by surname; whose initials fit is judged later."""

from collections.abc import Sequence

from sqlalchemy import Connection, Text, insert, literal, select

from ancadmin.db.bulk import insert_rows
from ancadmin.db.schema import member
from ancadmin.domain.named_people import Words
from ancadmin.domain.names import surname_key
from ancadmin.domain.suggestions import NAME
from ancadmin.services.deposits.matching.working import CANDIDATE, FAMILY, NAMED, SPELT, told
from ancadmin.services.deposits.matching.working import NAME as RUNG


def want_people(
    connection: Connection, deposits: Sequence[int], narratives: Sequence[str], branches: Sequence[str | None]
) -> None:
    """Writes down what may be a surname in the narratives that name a branch."""
    rows = [
        (branch, key, deposit)
        for deposit, narrative, branch in zip(deposits, narratives, branches, strict=True)
        if branch is not None
        for key in Words(narrative).surnames
    ]
    insert_rows(connection, NAMED, ("branch", "key", "deposit"), sorted(rows))


def find_people(connection: Connection) -> None:
    """Adds everybody of the branches named whose surname is written beside."""
    told(connection, NAMED)
    branches = select(NAMED.c.branch).distinct().subquery()
    surnames = select(member.c.surname).distinct().join(branches, branches.c.branch == member.c.branch)
    wanted = set(connection.scalars(select(NAMED.c.key).distinct()))
    if not wanted:
        return
    spelt = {surname: surname_key(surname) for surname in connection.scalars(surnames)}
    rows = sorted((surname, key) for surname, key in spelt.items() if key in wanted)
    insert_rows(connection, SPELT, ("surname", "key"), rows)
    connection.execute(
        insert(FAMILY).from_select(
            FAMILY.columns.keys(),
            select(member.c.branch, SPELT.c.key, member.c.id)
            .select_from(branches.join(member, member.c.branch == branches.c.branch))
            .join(SPELT, SPELT.c.surname == member.c.surname)
            .where(member.c.merged_into.is_(None)),
        )
    )
    told(connection, FAMILY)
    words = literal("the only one of that name in the branch", Text)
    connection.execute(
        insert(CANDIDATE).from_select(
            CANDIDATE.columns.keys(),
            select(NAMED.c.deposit, literal(RUNG), FAMILY.c.member, literal(NAME), words)
            .join(FAMILY, (FAMILY.c.branch == NAMED.c.branch) & (FAMILY.c.key == NAMED.c.key))
            .distinct(),
        )
    )
