"""Writing what an import decided: members in the order of their numbers, changed fields, entries; and the rows."""

from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import bindparam, insert, update

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import ids_used, insert_rows, next_id
from ancadmin.db.schema import change, decision, member
from ancadmin.services.register.importing.entries import replace
from ancadmin.services.register.importing.groups import (
    PAYMENT,
    QUARANTINED,
    SINGLE,
    Positions,
    Resolved,
)
from ancadmin.services.register.importing.keeping import Counts, Rows, slices
from ancadmin.services.register.importing.texts import Flags, objects

_MEMBER = ("id_number", "gender", "born", *SINGLE, *PAYMENT)


class Writer:
    """Writes one import's rows. `held`: the rows waiting since earlier imports (`Record.held`); `settled`: those
    that are settled, by fingerprint (`Record.settled`).
    """

    def __init__(
        self, batch: Batch, held: dict[int, list[tuple[int, str]]], settled: dict[int, list[int]] | None = None
    ) -> None:
        self._batch = batch
        self._connection = batch.connection
        self._next_member = next_id(batch.connection, member)
        self.counts = Counts()
        self.rows = Rows(batch, self.counts, held, settled or {})

    def finish(self) -> None:
        """Tells the store which ids were handed out here."""
        ids_used(self._connection, member)
        self.rows.finish()

    def hold_back(self, rows: pa.Table) -> None:
        """Rows that are nobody's: without a valid ID number or without a surname."""
        outcome = np.full(rows.num_rows, QUARANTINED, dtype=np.int8)
        everyone = np.zeros(rows.num_rows, dtype=np.int64)
        self.rows.keep(
            rows, outcome, rows.column("problems").to_numpy(), everyone, np.zeros(rows.num_rows, dtype=np.bool_)
        )

    def take(self, rows: pa.Table, record: pa.Table, resolved: Resolved, members: Positions, stored: Flags) -> None:
        """A bucket's rows, as they were decided about. `members`: who on record each is about, 0 for
        nobody; `stored`: those an earlier import has of the same file.
        """
        new = resolved.taken & (resolved.on_record < 0)
        ids = np.zeros(len(resolved.numbers), dtype=np.int64)
        ids[new] = self._next_member + np.arange(np.count_nonzero(new))
        self._next_member += int(np.count_nonzero(new))
        recorded = resolved.on_record >= 0
        ids[recorded] = record.column("id").to_numpy()[resolved.on_record[recorded]]
        self._members(rows, resolved, np.flatnonzero(new), ids)
        for name in (*SINGLE, *PAYMENT):
            self._change(name, rows, record, resolved, ids)
        self._entries(rows, resolved, ids)
        self.rows.keep(
            rows, resolved.outcome, resolved.problems, np.where(members > 0, members, ids[resolved.group]), stored
        )

    def _members(self, rows: pa.Table, resolved: Resolved, groups: Positions, ids: Positions) -> None:
        for some in slices(groups):
            columns = []
            for name in _MEMBER:
                # Who has a surname has all that comes from the ID number, in the same row.
                places = resolved.last.get(name, resolved.last["surname"])[some]
                column = rows.column(name).take(pa.array(places, mask=places < 0)).combine_chunks()
                columns.append(objects(column.fill_null("") if name == "first_names" else column))
            insert_rows(
                self._connection,
                member,
                ("id", *_MEMBER, "origin", "batch"),
                zip(ids[some].tolist(), *columns, repeat("register"), repeat(self._batch.number), strict=False),
            )

    def _change(self, name: str, rows: pa.Table, record: pa.Table, resolved: Resolved, ids: Positions) -> None:
        """Gives members on record the new values of one field, and notes the old ones."""
        groups = np.flatnonzero(resolved.differs[name])
        if not len(groups):
            return
        before = record.column(name).take(pa.array(resolved.on_record[groups])).combine_chunks()
        # No first names are an empty text on record: that is what an undo has to put back.
        old = objects(before.fill_null("") if name == "first_names" else before)
        new = objects(rows.column(name).take(pa.array(resolved.last[name][groups])).combine_chunks())
        changed = [
            (number, before, after)
            for number, before, after in zip(ids[groups].tolist(), old, new, strict=True)
            if before != after
        ]
        if not changed:
            return
        self._connection.execute(
            update(member).where(member.c.id == bindparam("which")).values({name: bindparam("value")}),
            [{"which": number, "value": after} for number, _, after in changed],
        )
        insert_rows(
            self._connection,
            change,
            ("batch", "table_name", "key", "field", "old", "new"),
            (
                (self._batch.number, "member", str(number), name, _text(before), _text(after))
                for number, before, after in changed
            ),
        )
        self.counts.changed[name] += len(changed)

    def _entries(self, rows: pa.Table, resolved: Resolved, ids: Positions) -> None:
        """The decisions a status column asks for, unless a later row says something else."""
        asked = resolved.last["entry"] >= 0
        asked &= resolved.differs["entry"] | (resolved.on_record < 0)
        groups = np.flatnonzero(asked & resolved.taken)
        if not len(groups):
            return
        status = rows.column("register_status")
        places = resolved.last["entry"][groups]
        said = status.take(pa.array(places))
        agrees = pc.equal(said, status.take(pa.array(resolved.last["register_status"][groups])))
        agreed = np.flatnonzero(np.asarray(agrees))
        groups, places = groups[agreed], places[agreed]
        taken = rows.take(pa.array(places))
        columns = (taken.column(name).combine_chunks() for name in ("entry", "entry_on", "source", "row"))
        values = [
            {
                "member": number,
                "kind": kind,
                "begins_on": begins_on,
                "why": f"register {self.rows.file_of(source)} row {row}",
                "asked_by": self._batch.operator,
                "decided_at": self._batch.started_at,
                "policy_version": self._batch.policy.version,
                "batch": self._batch.number,
            }
            for number, kind, begins_on, source, row in zip(ids[groups].tolist(), *map(objects, columns), strict=True)
        ]
        if not values:
            return
        again = (resolved.on_record[groups] >= 0).tolist()
        known = [value for value, on_record in zip(values, again, strict=True) if on_record]
        replace(self._connection, self._batch.number, known)
        if known:
            self.counts.changed["entry"] += len(known)
        self._connection.execute(insert(decision), values)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
