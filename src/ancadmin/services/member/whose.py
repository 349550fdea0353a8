"""Finding the member a command is about, by the ID number that was typed."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, Integer, RowMapping, Select, bindparam, cast, func, or_, select

from ancadmin.db.schema import change, member, merge
from ancadmin.domain.id_numbers import digits_of_any_age, read_id_number
from ancadmin.domain.policy import Policy
from ancadmin.errors import InputRefused
from ancadmin.services.batch.kept import member_words
from ancadmin.services.member.numbers.former import FORMER
from ancadmin.services.session import Session

_MERGED = (
    select(member)
    .where(
        member.c.id.in_(select(merge.c.gone).where(merge.c.reversed_by.is_(None))),
        member.c.merged_into == bindparam("kept"),
    )
    .order_by(member.c.id)
)


def typed_id_number(text: str, today: date, policy: Policy) -> str:
    """The 13 digits of an ID number as it was typed; a number on record is good whatever age it gives.

    Raises InputRefused with the problem (docs/rules.md, section 2).
    """
    digits = digits_of_any_age(text)
    if digits is None:
        problem = read_id_number(text, today, policy).problem
        raise InputRefused(
            f"not an ID number: {str(problem).replace('_', ' ')}",
            f"See what is wrong with it: ancadmin check id '{text}'",
            value=text,
            code=str(problem),
        )
    return digits


def member_row(connection: Connection, text: str, today: date, policy: Policy) -> dict[str, Any]:
    """The row of the member whose ID number was typed; of a record merged into another, that other's. Raises
    InputRefused for no number, and for nobody's.
    """
    row = _numbered(connection, text, today, policy)
    if row["merged_into"] is None:
        return row
    kept = connection.execute(select(member).where(member.c.id == row["merged_into"])).mappings().one()
    return dict(kept)


def own_row(connection: Connection, text: str, today: date, policy: Policy) -> dict[str, Any]:
    """The record that has the ID number itself, or had it before it was corrected, merged or not. Raises InputRefused
    as `member_row` does.
    """
    row = _numbered(connection, text, today, policy)
    return member_row(connection, text, today, policy) if row["origin"] == FORMER else row


def _numbered(connection: Connection, text: str, today: date, policy: Policy, *, ever: bool = False) -> dict[str, Any]:
    """The row of `member` with the number that was typed, be it only to say whose it is now; where it is nobody's, with
    `ever` the row of whoever had it last.
    """
    id_number = typed_id_number(text, today, policy)
    row = connection.execute(select(member).where(member.c.id_number == id_number)).mappings().first()
    if row is None and ever:
        row = connection.execute(_had_it_last(id_number)).mappings().first()
    if row is None:
        raise InputRefused(
            "nobody on record has this ID number",
            "Look for them by name: ancadmin member find SURNAME; new people apply: ancadmin member apply",
            value=id_number,
            code="not_on_record",
        )
    return dict(row)


def _had_it_last(id_number: str) -> Select[Any]:
    """The row of the record a correction, or the undo of one, took the number from last."""
    taken = (
        select(change.c.key)
        .where(
            change.c.table_name == member.name,
            change.c.field == member.c.id_number.name,
            change.c.old == id_number,
        )
        .order_by(change.c.id.desc())
        .limit(1)
    )
    return select(member).where(member.c.id == cast(taken.scalar_subquery(), Integer))


def numbered(id_numbers: Collection[str]) -> Select[tuple[int]]:
    """The ids of the members with some ID numbers; of records merged into others, those others'."""
    return select(func.coalesce(member.c.merged_into, member.c.id)).where(member.c.id_number.in_(id_numbers))


def asked_row(session: Session, text: str) -> dict[str, Any]:
    """The row of the record that has the ID number that was typed, or ever had it, whatever that record was merged
    into since. Raises InputRefused.
    """
    with session.store.connect() as connection:
        row = _numbered(connection, text, session.today, session.policy, ever=True)
        if row["origin"] != FORMER:
            return row
        moved_on = select(change.c.old).where(
            change.c.table_name == member.name,
            change.c.key == str(row["id"]),
            change.c.field == member.c.merged_into.name,
        )
        held_by = connection.scalar(moved_on.order_by(change.c.id).limit(1)) or row["merged_into"]
        return dict(connection.execute(select(member).where(member.c.id == int(held_by))).mappings().one())


def merged_together(connection: Connection, number: int) -> set[int]:
    """The ids of all records that were ever merged with the record `number`, or with one of these; and its own."""
    found: set[int] = set()
    new = {number}
    while new:
        found |= new
        pairs = connection.execute(
            select(merge.c.kept, merge.c.gone).where(or_(merge.c.kept.in_(new), merge.c.gone.in_(new)))
        )
        new = {one for pair in pairs for one in pair} - found
    return found


def merged_records(connection: Connection, kept: int) -> list[RowMapping]:
    """The rows of `member` merged into the one with the id `kept`, in the order of their ids."""
    return list(connection.execute(_MERGED, {"kept": kept}).mappings())


def told_of_merge(session: Session, text: str) -> str | None:
    """What to say where the number that was typed was corrected since, or is of a record merged into another: which
    record answers for it.
    """
    with session.store.connect() as connection:
        row = _numbered(connection, text, session.today, session.policy)
        if row["merged_into"] is None:
            return None
        number = connection.scalar(select(member.c.id_number).where(member.c.id == row["merged_into"]))
        made_in = connection.scalar(
            select(merge.c.batch).where(merge.c.gone == row["id"], merge.c.reversed_by.is_(None))
        )
    words = member_words(row["id_number"])
    if row["origin"] == FORMER:
        return (
            f"the ID number of {words} was corrected in batch {row['batch']}; it leads to {member_words(str(number))}"
        )
    return f"{words} was merged into {member_words(str(number))} in batch {made_in}; this is the record kept"
