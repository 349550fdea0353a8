"""One number of two people: rows of registers held back because the number is on record, or written, for another."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import member, register_row, register_source
from ancadmin.domain.duplicates import Kind, Says
from ancadmin.domain.id_numbers import digits_of_any_age
from ancadmin.domain.names import first_names_of, split_full_name, surname_key, surname_of

_LISTED = 1_000
_EVIDENCE = (
    ("number", Says.AGREE, "one ID number on both", "it can be only one person's"),
    ("surname", Says.DIFFER, "another surname", "so neither changes the other's record until an officer decides"),
)


@dataclass(frozen=True)
class SharedNumber:
    """Who has the number, a member on record or else the first row held back with it, and the row in conflict."""

    member: dict[str, Any]
    other: dict[str, Any]

    def as_row(self) -> dict[str, Any]:
        """As the rows of pairs. The score is certain: that the two share a number is no guess."""
        evidence = [
            dict(zip(("field", "says", "words", "worth"), (name, str(says), *rest), strict=True), bits=0.0)
            for name, says, *rest in _EVIDENCE
        ]
        return {
            "member": self.member,
            "other": self.other,
            "kind": str(Kind.ID_SHARED),
            "score": 1.0,
            "evidence": evidence,
        }


def shared_numbers(
    connection: Connection, *, among: Collection[str] | None, touching: Collection[str] | None
) -> Iterator[SharedNumber]:
    """Of the rows waiting, those held back as `id_shared`, each beside whoever has the number already. Both of a branch
    in `among`, one of them in `touching`; None for every branch.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in _held(connection):
        groups.setdefault(row["id_number"], []).append(row)
    on_record = _on_record(connection, sorted(groups))
    for id_number, rows in sorted(groups.items()):
        first, *others = [on_record[id_number], *rows] if id_number in on_record else rows
        for other in others:
            if surname_key(first["surname"]) == surname_key(other["surname"]):
                continue
            codes = {first["branch"], other["branch"]}
            if (among is None or codes <= set(among)) and (touching is None or codes & set(touching)):
                yield SharedNumber(first, other)


def _held(connection: Connection) -> Iterator[dict[str, Any]]:
    """The rows, as they can be read again: number, names, branch and where they stand."""
    rows = connection.execute(
        select(
            register_row.c.batch,
            register_row.c.source,
            register_source.c.file,
            register_source.c.sheet,
            register_source.c.columns,
            register_source.c.reading,
            register_row.c.row,
            register_row.c.raw,
        )
        .join(register_source, register_source.c.id == register_row.c.source)
        .join(batch_table, batch_table.c.number == register_row.c.batch)
        .where(
            register_row.c.outcome == "quarantined",
            register_row.c.problems.like('%"id_shared"%'),
            register_row.c.resolved_by.is_(None),
            batch_table.c.undone_by.is_(None),
        )
        .order_by(register_row.c.id)
    ).all()
    by_source: dict[int, list[Any]] = {}
    for row in rows:
        by_source.setdefault(row.source, []).append(row)
    for some in by_source.values():
        yield from _read(some)


def _read(rows: list[Any]) -> Iterator[dict[str, Any]]:
    """Rows of one sheet, its columns as they were read then; as its headings say, where an earlier version read it."""
    from ancadmin.readers.headings import recognise

    cells = [row.raw.split("\x1f") for row in rows]
    below = [(row.row, some) for row, some in zip(rows, cells, strict=True)]
    reading = rows[0].reading
    known = None if reading is None else json.loads(reading)["fields"]
    fields: dict[str, int] = recognise(json.loads(rows[0].columns), below[:100]).fields if known is None else known
    for row, some in zip(rows, cells, strict=True):
        at = {name: some[place] if place < len(some) else "" for name, place in fields.items()}
        id_number = digits_of_any_age(at.get("id_number", ""))
        if id_number is None:
            continue
        surname, first_names = surname_of(at.get("surname", "")), first_names_of(at.get("first_names", ""))
        if "full_name" in at:
            surname, first_names = split_full_name(at["full_name"], surname_first=True)
        yield {
            "id_number": id_number,
            "surname": surname,
            "first_names": first_names,
            "born": None,
            "branch": at.get("branch") or None,
            "cell": at.get("cell") or None,
            "batch": row.batch,
            "file": row.file,
            "sheet": row.sheet,
            "row": row.row,
        }


def _on_record(connection: Connection, numbers: list[str]) -> dict[str, dict[str, Any]]:
    columns = (
        member.c.id_number,
        member.c.surname,
        member.c.first_names,
        member.c.born,
        member.c.branch,
        member.c.cell,
    )
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(numbers), _LISTED):
        some = select(*columns).where(member.c.id_number.in_(numbers[start : start + _LISTED]))
        found.update((row["id_number"], dict(row)) for row in connection.execute(some).mappings())
    return found
