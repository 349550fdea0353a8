"""Rungs 6 and 8: members by an old reference, by what officers have learnt, and by a cell number.

What is wanted is written down first, deposit by deposit; then one pass over the members finds who has it, for an index
on 1.4 million of them would cost every import of a register more than it saves here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, FromClause, Text, cast, exists, func, insert, literal, select

from ancadmin.db.bulk import insert_rows
from ancadmin.db.schema import alias, member
from ancadmin.domain.contacts import cells_in
from ancadmin.domain.references import depositor_key, old_reference_keys, reference_keys
from ancadmin.domain.suggestions import CELL, LEARNT, REFERENCE
from ancadmin.services.deposits.matching.working import CANDIDATE, LEGACY_REFERENCE, PHONE, WANTED, told

_ONE_NUMBER = re.compile(r"[0-9]{12,14}")
# What people write between the letters and digits of a reference.
_MARKS = " -/._\\'’`\u00a0:#,"


def want_references(connection: Connection, deposits: Sequence[int], narratives: Sequence[str]) -> None:
    """Writes down what the narratives of some deposits may call somebody by."""
    learns = connection.scalar(select(exists().where(alias.c.reversed_by.is_(None))))
    rows = {
        (kind, key, deposit)
        for deposit, narrative in zip(deposits, narratives, strict=True)
        for kind, key in _keys(narrative, learnt=bool(learns))
    }
    insert_rows(connection, WANTED, ("kind", "key", "deposit"), sorted(rows))


def _keys(narrative: str, *, learnt: bool) -> Iterator[tuple[str, str]]:
    if _ONE_NUMBER.fullmatch(narrative):
        # As most of them are: nothing but a number as long as an ID number.
        if learnt:
            yield "number", narrative
        yield from (("cell", cell) for cell in cells_in(narrative))
        return
    for key in {*reference_keys(narrative), *old_reference_keys(narrative)}:
        if not _ONE_NUMBER.fullmatch(key):
            yield "reference", key
        elif learnt:
            yield "number", key
    yield from (("cell", cell) for cell in cells_in(narrative))
    if learnt and (words := depositor_key(narrative)):
        yield "depositor", words


def find_references(connection: Connection) -> None:
    """Adds the candidates of all deposits whose wants were written down."""
    told(connection, WANTED)
    kinds = set(connection.scalars(select(WANTED.c.kind).distinct()))
    if "reference" in kinds:
        words = literal("the old reference ", Text) + member.c.old_reference + literal(" is in the text", Text)
        _find_members(connection, "reference", _key_of(member.c.old_reference), LEGACY_REFERENCE, REFERENCE, words)
    if "cell" in kinds:
        words = literal("the member's cell number is in the text", Text)
        # Put together with nothing, so that SQLite goes through the members once instead of sorting them first.
        _find_members(connection, "cell", member.c.cell + literal("", Text), PHONE, CELL, words)
    _find_learnt(connection, kinds)


def _find_members(
    connection: Connection,
    kind: str,
    key: ColumnElement[str | None],
    rung: int,
    weight: float,
    words: ColumnElement[str],
) -> None:
    whose = func.coalesce(member.c.merged_into, member.c.id)
    wanted = (WANTED.c.kind == kind, WANTED.c.key == key)
    _add(connection, rung, weight, words, whose, member.join(WANTED, *wanted[1:]), wanted[:1])


def _find_learnt(connection: Connection, kinds: Iterable[str]) -> None:
    """What officers have said a reference or a depositor's words mean."""
    said = {
        "reference": "an officer has accepted this reference for the member before",
        "number": "an officer has accepted this number for the member before",
        "depositor": "an officer has accepted these words for the member before",
    }
    for kind in said.keys() & set(kinds):
        learnt_as = "reference" if kind == "number" else kind
        joined = WANTED.join(alias, alias.c.key == WANTED.c.key).join(member, member.c.id == alias.c.member)
        where = (WANTED.c.kind == kind, alias.c.kind == learnt_as, alias.c.reversed_by.is_(None))
        whose = func.coalesce(member.c.merged_into, member.c.id)
        _add(connection, LEGACY_REFERENCE, LEARNT, literal(said[kind], Text), whose, joined, where)


def _add(
    connection: Connection,
    rung: int,
    weight: float,
    words: ColumnElement[str],
    whose: ColumnElement[int],
    joined: FromClause,
    where: Iterable[ColumnElement[bool]],
) -> None:
    found = select(WANTED.c.deposit, literal(rung), whose, literal(weight), cast(words, Text)).select_from(joined)
    connection.execute(insert(CANDIDATE).from_select(CANDIDATE.columns.keys(), found.where(*where)))


def _key_of(reference: ColumnElement[str | None]) -> ColumnElement[str | None]:
    """`reference_key` as SQL, for what registers write."""
    key: ColumnElement[str | None] = func.upper(reference)
    for mark in _MARKS:
        key = func.replace(key, mark, "")
    return key
