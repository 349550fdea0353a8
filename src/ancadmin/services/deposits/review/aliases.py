"""What officers' decisions teach: a reference or a depositor's words mean a member, until that is forgotten
(docs/rules.md, section 4.2).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    CompoundSelect,
    Connection,
    Integer,
    MetaData,
    ScalarSelect,
    Select,
    String,
    Table,
    Text,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    union,
    update,
)

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import insert_rows, plain_rows
from ancadmin.db.schema import alias, allocation, branch, deposit, member
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.contacts import read_cell
from ancadmin.domain.id_numbers import digits_of_any_age
from ancadmin.domain.references import depositor_key, old_reference_keys, reference_key, reference_keys, telling_keys
from ancadmin.errors import InputRefused
from ancadmin.services.deposits.allowed import money_roles, require_officer
from ancadmin.services.deposits.matching.known import spelt_alike
from ancadmin.services.member.decide import require_reason
from ancadmin.services.member.within import members_within, seen_member
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session

REFERENCE, DEPOSITOR = "reference", "depositor"
_AT_A_TIME = 10_000
_REFERENCES = "SELECT coalesce(merged_into, id), old_reference FROM member WHERE old_reference IS NOT NULL"
_OWN = MetaData()
# Deposits, and the members they were meant for.
_MEANT = Table(
    "meant",
    _OWN,
    Column("deposit", Integer, primary_key=True, autoincrement=False),
    Column("member", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
# What they say; `cell` is what the key is as a cell number, where it is one.
_SAID = Table(
    "said",
    _OWN,
    Column("key", String, primary_key=True),
    Column("deposit", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("cell", String),
    Column("member", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)


class Taught(NamedTuple):
    """What a deposit taught."""

    kind: str
    key: str


@dataclass(frozen=True)
class Forgotten:
    """What was forgotten, of whom."""

    batch: int
    alias: int
    kind: str
    key: str
    id_number: str


def learn(batch: Batch, meant: Iterable[tuple[int, int]]) -> list[Taught]:
    """Learns from deposits with the members (row ids) an officer said they were meant for: (deposit, member). Returns
    what is new. What says too little, is learnt already, or means somebody else, is left out.
    """
    connection = batch.connection
    _OWN.create_all(connection, checkfirst=False)
    insert_rows(connection, _MEANT, ("deposit", "member"), meant)
    insert_rows(connection, _SAID, ("key", "deposit", "kind", "cell", "member"), list(_said(connection)))
    connection.execute(delete(_SAID).where(_SAID.c.deposit.in_(_of_others())))
    referred = sorted(_referred_to_others(connection))
    for start in range(0, len(referred), _AT_A_TIME):
        connection.execute(delete(_SAID).where(_SAID.c.deposit.in_(referred[start : start + _AT_A_TIME])))
    known = exists(
        select(alias.c.id).where(
            alias.c.kind == _SAID.c.kind, alias.c.key == _SAID.c.key, alias.c.reversed_by.is_(None)
        )
    )
    anew = (
        select(_SAID.c.kind, _SAID.c.key, func.min(_SAID.c.member), func.min(_SAID.c.deposit), literal(batch.number))
        .where(~known)
        .group_by(_SAID.c.kind, _SAID.c.key)
        .having(func.min(_SAID.c.member) == func.max(_SAID.c.member))
        .order_by(func.min(_SAID.c.deposit))
    )
    connection.execute(insert(alias).from_select(["kind", "key", "member", "deposit", "batch"], anew))
    learnt = connection.execute(select(alias.c.kind, alias.c.key).where(alias.c.batch == batch.number))
    taught = [Taught(row.kind, row.key) for row in learnt]
    _OWN.drop_all(connection, checkfirst=False)
    return taught


def forget(session: Session, number: int, *, why: str) -> Forgotten:
    """Forgets alias `number`; that it was learnt stays on record. Raises InputRefused for none, or one forgotten
    already; NotAllowed for a member out of reach.
    """
    why = require_reason(why)
    require_officer(session, "forget what was learnt")
    with session.batch("deposits alias forget") as batch:
        row = batch.connection.execute(_whose().where(alias.c.id == number)).first()
        if row is None or row.forgotten_in is not None:
            raise InputRefused(
                "nothing learnt is in force under this number", "See: ancadmin deposits alias list", value=str(number)
            )
        require(
            session, batch.connection, money_roles(session), row.branch, f"decide about members of branch {row.branch}"
        )
        batch.connection.execute(
            update(alias).where(alias.c.id == number).values(reversed_by=batch.number, reversed_why=why)
        )
        batch.counts.update(alias=number, kind=row.kind)
    return Forgotten(batch.number, number, row.kind, row.key, row.id_number)


def listed(session: Session, id_number: str | None = None, *, full_ids: bool) -> list[dict[str, Any]]:
    """Rows `alias, kind, key, id_number, deposit, batch, learnt_on, who, forgotten_in, forgotten_why`: what was learnt,
    of everybody or of one member, forgotten or not. Raises InputRefused for nobody's number.
    """
    query = _whose().order_by(alias.c.id)
    one = seen_member(session, id_number) if id_number is not None else None
    named = {"member": one["id"]} if one is not None else {}
    with session.reading("deposits alias list", full_ids=full_ids, **named) as connection:
        if one is not None:
            query = query.where(func.coalesce(member.c.merged_into, member.c.id) == one["id"])
        within = members_within(session, connection, None)
        if within is not None:
            query = query.where(func.coalesce(member.c.merged_into, member.c.id).in_(within))
        return [{name: value for name, value in row.items() if name != "branch"} for row in _rows(connection, query)]


def forget_taught(batch: Batch, number: int, deposits: Select[int]) -> int:
    """Forgets what batch `number` learnt from some deposits, for it is undone; returns how much that was."""
    return batch.connection.execute(
        update(alias)
        .where(alias.c.batch == number, alias.c.reversed_by.is_(None), alias.c.deposit.in_(deposits))
        .values(reversed_by=batch.number, reversed_why=f"batch {number} was undone")
    ).rowcount


def unlearn(batch: Batch, number: int, why: str) -> None:
    """Forgets what deposit `number` taught of those whose credit batch `batch` took back of it: somebody else was
    meant, or nobody knows who.
    """
    taken = select(allocation.c.member).where(allocation.c.deposit == number, allocation.c.reversed_by == batch.number)
    batch.connection.execute(
        update(alias)
        .where(alias.c.deposit == number, alias.c.reversed_by.is_(None), means().in_(taken))
        .values(reversed_by=batch.number, reversed_why=why)
    )


def means() -> ScalarSelect[int]:
    """Of aliases: whom one means by now; who was merged into another is that other."""
    kept = func.coalesce(member.c.merged_into, member.c.id)
    return select(kept).where(member.c.id == alias.c.member).correlate(alias).scalar_subquery()


def _rows(connection: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _whose() -> Select[Any]:
    """What was learnt, with whom it means by now: who was merged into another is that other."""
    kept = member.alias("kept")
    return (
        select(
            alias.c.id.label("alias"),
            alias.c.kind,
            alias.c.key,
            kept.c.id_number,
            kept.c.branch,
            alias.c.deposit,
            alias.c.batch,
            batch_table.c.today.label("learnt_on"),
            batch_table.c.operator.label("who"),
            alias.c.reversed_by.label("forgotten_in"),
            alias.c.reversed_why.label("forgotten_why"),
        )
        .select_from(alias.join(member, member.c.id == alias.c.member))
        .join(kept, kept.c.id == func.coalesce(member.c.merged_into, member.c.id))
        .join(batch_table, batch_table.c.number == alias.c.batch)
    )


def _said(connection: Connection) -> Iterator[tuple[str, int, str, str | None, int]]:
    """What the deposits of _MEANT say, a row each that says anything: in the columns of _SAID."""
    rows = connection.execute(
        select(
            deposit.c.id,
            deposit.c.narrative,
            deposit.c.terminal,
            deposit.c.branch,
            _MEANT.c.member,
            member.c.old_reference,
            member.c.cell,
        )
        .select_from(_MEANT.join(deposit, deposit.c.id == _MEANT.c.deposit))
        .join(member, member.c.id == _MEANT.c.member)
        .order_by(deposit.c.id)
        .execution_options(yield_per=_AT_A_TIME)
    )
    for row in rows:
        kind, key = _telling(row)
        if key is not None:
            yield key, row.id, kind, read_cell(key) if kind == REFERENCE else None, row.member


def _telling(row: Any) -> tuple[str, str | None]:
    """Which of a narrative tells who is meant: what is on record of the member, else its one reference, else its
    words. Codes of terminals and branches are no references, and a valid ID number speaks for itself.
    """
    keys = tuple(dict.fromkeys((*reference_keys(row.narrative), *old_reference_keys(row.narrative))))
    if not keys:
        return DEPOSITOR, depositor_key(row.narrative)
    reference = reference_key(row.old_reference or "")
    own = [key for key in keys if key == reference or (row.cell is not None and read_cell(key) == row.cell)]
    if own:
        return REFERENCE, own[0]
    codes = {row.terminal, row.branch}
    others = [key for key in telling_keys(row.narrative) if key not in codes and digits_of_any_age(key) is None]
    return REFERENCE, others[0] if len(others) == 1 else None


def _of_others() -> CompoundSelect[int]:
    """The deposits of _SAID whose key is a branch's code, or another member's cell number on record."""
    # Changed in nothing, so that SQLite goes through the members once, and not for every key.
    cell = member.c.cell + literal("", Text)
    return union(
        select(_SAID.c.deposit).join(branch, branch.c.code == _SAID.c.key),
        select(_SAID.c.deposit)
        .join(member, _SAID.c.cell == cell)
        .where(_SAID.c.member != func.coalesce(member.c.merged_into, member.c.id)),
    )


def _referred_to_others(connection: Connection) -> set[int]:
    """The deposits of _SAID whose key is another member's old reference on record, however that is spelt: in one pass
    over the references, which the store cannot spell alike.
    """
    said: dict[str, list[tuple[int, int]]] = {}
    for row in connection.execute(select(_SAID).where(_SAID.c.kind == REFERENCE)):
        said.setdefault(row.key, []).append((row.deposit, row.member))
    if not said:
        return set()
    return {
        number
        for who, reference in plain_rows(connection, _REFERENCES)
        for number, meant in said.get(spelt_alike(reference), ())
        if meant != who
    }
