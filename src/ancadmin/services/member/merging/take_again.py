"""What a kept record takes of those merged into it, taken again after an undo: as if what was undone had never been."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, String, and_, cast, exists, func, or_, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import change, member, merge
from ancadmin.services.batch.changes import difference
from ancadmin.services.batch.kept import Kept, member_words
from ancadmin.services.member.merging.merge import CONTACTS, PAYMENT, taken_over

_UNITS = (*((name,) for name in (*CONTACTS, "joined_on")), PAYMENT)
"""Fields that are taken over together."""

Fields = dict[str, Any]


@dataclass(frozen=True)
class TakenAgain:
    """`records`: the ids of the kept records that changed. `given_back`: the fields in which the kept record of a merge
    taken apart has nothing of that merge any more.
    """

    records: list[int] = field(default_factory=list)
    given_back: set[str] = field(default_factory=set)


def take_again(batch: Batch, undone: Row[Any] | None = None) -> TakenAgain:
    """Gives kept records what they say themselves and what they take of the others', wherever this undo changed a field
    of either; `undone` is the merge it takes apart, whose kept record gives back what it had taken. Row by row: merges
    are few, and without one nothing is looked at.
    """
    done = TakenAgain()
    others: dict[int, list[Row[Any]]] = {} if undone is None else {undone.kept: []}
    for one in batch.connection.execute(select(merge).where(merge.c.reversed_by.is_(None)).order_by(merge.c.id)):
        others.setdefault(one.kept, []).append(one)
    if not others:
        return done
    changed, before = _changed(batch), _taken_again_before(batch)
    # A record that went on into another comes before that other.
    for kept in sorted(others, key=lambda kept: max((one.id for one in others[kept]), default=0)):
        touched = changed[kept].union(*(changed[one.gone] for one in others[kept]))
        mine = undone if undone is not None and undone.kept == kept else None
        if not touched and mine is None:
            continue
        merges = others[kept] if mine is None else [*others[kept], mine]
        takes = _takes(batch, kept, merges, before)
        row = _record(batch, kept)
        own, given_back = _own(row, takes, None if mine is None else mine.batch)
        if mine is not None:
            done.given_back.update(given_back)
            touched |= {take.field for take in takes}
        fields = {name for unit in _UNITS if touched.intersection(unit) for name in unit}
        said = {**row, **{name: own[name] for name in fields}}
        after = _together(batch, said, others[kept], fields)
        names = _write(batch, row, after)
        if others[kept]:
            _note(batch, row, said, after)
        if names:
            done.records.append(kept)
            changed[kept] |= names
    return done


def left_of_merges(batch: Batch) -> list[Kept]:
    """The fields that this undo gave a value a record has of a merge undone before it, which that undo had to keep."""
    mine, undo = change.alias("mine"), change.alias("undo")
    undos = select(batch_table.c.number).where(batch_table.c.undoes == merge.c.batch)
    put_back = exists().where(
        undo.c.batch.in_(undos),
        *(undo.c[name] == change.c[name] for name in ("table_name", "key", "field")),
    )
    same = [mine.c[name] == change.c[name] for name in ("table_name", "key", "field", "new")]
    rows = batch.connection.execute(
        select(member.c.id, member.c.id_number, change.c.field, merge.c.batch)
        .select_from(merge.join(change, change.c.batch == merge.c.batch).join(member, member.c.id == merge.c.kept))
        .join(mine, and_(*same))
        .where(
            merge.c.reversed_by.is_not(None),
            change.c.table_name == member.name,
            change.c.key == cast(merge.c.kept, String),
            mine.c.batch == batch.number,
            ~put_back,
        )
        .order_by(member.c.id_number, change.c.field)
    )
    return [
        Kept(
            f"{member_words(row.id_number)}: {row.field.replace('_', ' ')}",
            f"the merge of batch {row.batch} brought it: undo that once more",
            row.id,
        )
        for row in rows
    ]


def _together(batch: Batch, said: Fields, merges: list[Row[Any]], fields: set[str]) -> Fields:
    """Of some fields, what a record that says something itself has after it took of the others in some merges."""
    after = dict(said)
    for one in merges:
        taken = taken_over(after, _record(batch, one.gone), batch.policy)
        after.update({name: value for name, value in taken.items() if name in fields})
    return {name: after[name] for name in sorted(fields)}


def _write(batch: Batch, row: Fields, after: Fields) -> set[str]:
    """Writes the fields that differ, and answers their names."""
    changes = difference(member, row["id"], row, after)
    if changes:
        new = {one["field"]: after[one["field"]] for one in changes}
        batch.connection.execute(update(member).where(member.c.id == row["id"]).values(new))
    batch.changed(changes)
    return {one["field"] for one in changes}


def _note(batch: Batch, row: Fields, said: Fields, after: Fields) -> None:
    """Records what a kept record would say itself beside what it has now, of fields where the two differ or that were
    written just now: the next undo goes by that.
    """
    batch.changed(
        [
            {
                "table_name": merge.name,
                "key": str(row["id"]),
                "field": name,
                "old": _text(said[name]),
                "new": _text(value),
            }
            for name, value in after.items()
            if not row[name] == said[name] == value
        ]
    )


def _record(batch: Batch, which: int) -> Fields:
    return dict(batch.connection.execute(select(member).where(member.c.id == which)).mappings().one())


def _changed(batch: Batch) -> dict[int, set[str]]:
    """The fields this undo changed of records in a merge that is in force, by record."""
    people = [select(cast(one, String)).where(merge.c.reversed_by.is_(None)) for one in (merge.c.kept, merge.c.gone)]
    rows = batch.connection.execute(
        select(change.c.key, change.c.field).where(
            change.c.batch == batch.number,
            change.c.table_name == member.name,
            or_(*(change.c.key.in_(some) for some in people)),
        )
    )
    changed: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        changed[int(row.key)].add(row.field)
    return changed


def _taken_again_before(batch: Batch) -> list[Row[Any]]:
    """What kept records took again in undos, of all of them: the undo of an import of everyone is read through once."""
    undos = select(batch_table.c.number).where(
        batch_table.c.undoes.is_not(None), batch_table.c.number > select(func.min(merge.c.batch)).scalar_subquery()
    )
    query = select(change).where(change.c.table_name == merge.name, change.c.batch.in_(undos))
    return list(batch.connection.execute(query).all())


def _takes(batch: Batch, kept: int, merges: list[Row[Any]], before: list[Row[Any]]) -> list[Row[Any]]:
    """What the record took in some merges, and again in undos since, the last first."""
    numbers = [one.batch for one in merges]
    mine = (change.c.table_name == member.name, change.c.key == str(kept), change.c.batch.in_(numbers))
    again = [one for one in before if one.key == str(kept) and one.batch > min(numbers)]
    made = batch.connection.execute(select(change).where(*mine)).all()
    return sorted([*made, *again], key=lambda one: one.id, reverse=True)


def _own(row: Fields, takes: list[Row[Any]], undone: int | None) -> tuple[Fields, set[str]]:
    """The record as it would be without what it took, where nobody else changed that since; and the fields freed of
    what it took in the merge of batch `undone`.
    """
    own, freed, done = dict(row), set[str](), set[tuple[str, ...]]()
    groups: dict[tuple[tuple[str, ...], int], list[Row[Any]]] = defaultdict(list)
    for take in takes:
        for unit in _UNITS:
            if take.field in unit:
                groups[unit, take.batch].append(take)
    for (unit, number), group in groups.items():
        if unit in done or any(_text(own[take.field]) != take.new for take in group):
            continue
        for take in group:
            kind = member.c[take.field].type.python_type
            own[take.field] = None if take.old is None else kind(take.old)
        again = group[0].table_name == merge.name  # which says what is its own, whatever it took before
        if again:
            done.add(unit)
        if again or number == undone:
            freed.update(unit)
    return own, freed


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
