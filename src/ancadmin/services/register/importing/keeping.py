"""The rows of an import as they stood: those that changed something or were held back are kept with their text, those
that say what is known are listed, and rows waiting since earlier imports are released.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import bindparam, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import ids_used, insert_rows, next_id
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import register_listing, register_row, register_source
from ancadmin.domain.id_columns import REPAIRS
from ancadmin.readers.cells import DateOrder
from ancadmin.readers.registers import RegisterSheet
from ancadmin.services.register.codes import NOBODY, NOTES, PROBLEMS, codes_of, counted
from ancadmin.services.register.importing.corrected import waiting_places
from ancadmin.services.register.importing.earlier import Earlier
from ancadmin.services.register.importing.groups import (
    OUTCOMES,
    QUARANTINED,
    UNCHANGED,
    Positions,
)
from ancadmin.services.register.importing.moved import TRANSFERRED
from ancadmin.services.register.importing.texts import Flags, objects

_AT_ONCE = 20_000
_OF_ROW = ["source", "row", "fingerprint", "notes", "repairs", "raw"]
_ROW = ("batch", "source", "row", "member", "outcome", *_OF_ROW[2:5], "problems", "raw", "resolved_by")


@dataclass
class Counts:
    """What became of the rows, by outcome and by code; `changed` counts the fields of members on record, `held_now`
    the rows held back that were not waiting already.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    held_now: int = 0


class Rows:
    """Keeps one import's rows. `held`: those waiting since earlier imports (`Record.held`); `settled`: those that are
    settled, by fingerprint (`Record.settled`).
    """

    def __init__(
        self,
        batch: Batch,
        counts: Counts,
        held: dict[int, list[tuple[int, str]]],
        settled: dict[int, list[int]],
    ) -> None:
        self._batch = batch
        self._connection = batch.connection
        self._counts = counts
        self._earlier = Earlier(held, settled)
        self._held_places: dict[int, Positions] = {}
        self._next_source = next_id(batch.connection, register_source)
        self._sources: dict[int, dict[str, Any]] = {}
        self._sources_kept: set[int] = set()
        self._read_before: set[int] = set()

    def source(self, sheet: RegisterSheet, sha256: str) -> int:
        """The number of the sheet rows come from; it is kept once a row of it is."""
        number = self._next_source
        self._next_source += 1
        self._sources[number] = {
            "id": number,
            "batch": self._batch.number,
            "file": sheet.sheet.file,
            "sheet": sheet.sheet.sheet,
            "sha256": sha256,
            "columns": json.dumps(sheet.sheet.columns, ensure_ascii=False),
            "header_row": sheet.sheet.header_row,
            "reading": None,
        }
        self._held_places[number] = waiting_places(self._batch, self._sources[number])
        if self._was_read(sheet.sheet.sheet, sha256):
            self._read_before.add(number)
        return number

    def _was_read(self, sheet: str, sha256: str) -> bool:
        """Whether an import that stands has taken in this very sheet: what it says once more is nothing new."""
        query = (
            select(register_source.c.id)
            .join(batch_table, batch_table.c.number == register_source.c.batch)
            .where(
                register_source.c.sha256 == sha256,
                register_source.c.sheet == sheet,
                batch_table.c.number < self._batch.number,
                batch_table.c.undone_by.is_(None),
            )
        )
        return self._connection.scalar(query.limit(1)) is not None

    def known_source(self, number: int, file: str, places: Sequence[int]) -> None:
        """A sheet of an earlier import, of which the rows in some places were held back and may be taken now."""
        self._sources[number] = {"file": file}
        self._sources_kept.add(number)
        self._held_places[number] = np.array(places, dtype=np.int64)

    def reading(self, source: int, sheet: RegisterSheet, orders: dict[str, DateOrder]) -> None:
        """Keeps how a source is read, for rows of it that are decided about later."""
        counted = {name: astuple(order) for name, order in orders.items()}
        said = {"said": sheet.said} if sheet.said else {}
        self._sources[source]["reading"] = json.dumps({"fields": sheet.fields, "orders": counted, **said})

    def file_of(self, source: int) -> str:
        """The file a source is of."""
        return str(self._sources[source]["file"])

    def finish(self) -> None:
        """Tells the store which ids were handed out here."""
        ids_used(self._connection, register_source)

    def keep(
        self,
        rows: pa.Table,
        outcome: npt.NDArray[np.int8],
        problems: npt.NDArray[np.int32],
        of: Positions,
        stored: Flags,
    ) -> None:
        """Counts the rows, and keeps those that changed something or were held back. Where a row says in another file
        what is known, that it stands there is kept, and its text only where an earlier row was held back in its place,
        or it names a branch its member was transferred out of.
        """
        sources, fingerprints = (rows.column(name).to_numpy() for name in ("source", "fingerprint"))
        texts = _table(problems, lambda bits: json.dumps(codes_of(bits, PROBLEMS)) if bits else None)
        met = self._earlier.meet(sources, fingerprints, outcome, texts)
        outcome = np.where(met.settled, UNCHANGED, outcome).astype(np.int8)
        self._count(rows, outcome, problems)
        listed = (outcome == UNCHANGED) & ~(met.settled | stored | _repeated(of, fingerprints, outcome))
        transferred = (rows.column("notes").to_numpy() & TRANSFERRED) != 0
        kept = ((outcome != UNCHANGED) & ~met.again) | (listed & (transferred | self._in_held_place(rows)))
        self._list(rows, of, listed & ~kept)
        # Nobody's yet; should the import that keeps them be undone, it is on record that this one holds them back too.
        self._list(rows, np.full_like(of, NOBODY), met.again & ~np.isin(sources, list(self._read_before)))
        self.resolve(met.released)
        self._counts.held_now += int(np.count_nonzero(kept & (outcome == QUARANTINED)))
        # What is settled is kept where no import that stands has it: once the decision is undone it waits again.
        outcome = np.where(met.settled_by, QUARANTINED, outcome).astype(np.int8)
        for some in slices(np.flatnonzero(kept | (met.settled_by > 0))):
            problems_kept = [texts[place] for place in some.tolist()]
            chosen = rows.select(_OF_ROW).take(pa.array(some))
            self._keep(chosen, outcome[some], of[some], problems_kept, met.settled_by[some])

    @property
    def held_again(self) -> set[int]:
        """The ids of waiting rows this import held again."""
        return self._earlier.held_again

    def _keep(
        self,
        rows: pa.Table,
        outcome: npt.NDArray[np.int8],
        of: Positions,
        problems: list[str | None],
        settled_by: Positions,
    ) -> None:
        """Rows as they stood, with what became of them."""
        columns = {name: rows.column(name).combine_chunks() for name in _OF_ROW}
        self._keep_sources(np.unique(columns["source"].to_numpy()).tolist())
        members = of.astype(object)
        members[outcome == QUARANTINED] = None
        insert_rows(
            self._connection,
            register_row,
            _ROW,
            zip(
                repeat(self._batch.number),
                objects(columns["source"]),
                objects(columns["row"]),
                members.tolist(),
                np.array(OUTCOMES, dtype=object)[outcome].tolist(),
                objects(columns["fingerprint"]),
                _table(columns["notes"].to_numpy(), lambda bits: " ".join(codes_of(bits, NOTES)) or None),
                _table(columns["repairs"].to_numpy(), lambda bits: " ".join(codes_of(bits, REPAIRS)) or None),
                problems,
                objects(columns["raw"]),
                (number or None for number in settled_by.tolist()),
                strict=False,
            ),
        )

    def _in_held_place(self, rows: pa.Table) -> Flags:
        """Rows in whose place, in an earlier copy of their file, a row was held back that waits still."""
        sources, places = (rows.column(name).to_numpy() for name in ("source", "row"))
        there = np.zeros(rows.num_rows, dtype=np.bool_)
        for source in np.unique(sources).tolist():
            held = self._held_places[source]
            if len(held):
                there |= (sources == source) & np.isin(places, held)
        return there

    def _list(self, rows: pa.Table, of: Positions, which: Flags) -> None:
        """That these rows list their members: in the order the store keeps, which it takes at a quarter of the cost."""
        places = np.flatnonzero(which)
        places = places[np.argsort(of[places], kind="stable")]
        columns = [rows.column(name).to_numpy()[places] for name in ("source", "row", "fingerprint")]
        self._keep_sources(np.unique(columns[0]).tolist())
        listings = zip(of[places].tolist(), *(column.tolist() for column in columns), strict=True)
        insert_rows(self._connection, register_listing, ("member", "source", "row", "fingerprint"), listings)

    def _keep_sources(self, numbers: list[int]) -> None:
        new = [self._sources[number] for number in numbers if number not in self._sources_kept]
        if new:
            self._connection.execute(insert(register_source), new)
            self._sources_kept.update(numbers)

    def resolve(self, numbers: Iterable[int]) -> None:
        """Rows held back that wait no longer."""
        values = [{"which": number} for number in sorted(set(numbers))]
        if values:
            self._connection.execute(
                update(register_row)
                .where(register_row.c.id == bindparam("which"))
                .values(resolved_by=self._batch.number),
                values,
            )

    def _count(self, rows: pa.Table, outcome: npt.NDArray[np.int8], problems: npt.NDArray[np.int32]) -> None:
        for place, name in enumerate(OUTCOMES):
            self._counts.outcomes[name] += int(np.count_nonzero(outcome == place))
        notes = rows.column("notes").to_numpy()
        # Of rows that say what is known only this is news.
        notes = np.where(outcome == UNCHANGED, notes & TRANSFERRED, notes)
        noted = notes[outcome != QUARANTINED]
        self._counts.notes.update(counted(noted, NOTES))
        self._counts.problems.update(counted(problems[outcome == QUARANTINED], PROBLEMS))
        self._counts.repairs.update(counted(rows.column("repairs").to_numpy()[outcome != UNCHANGED], REPAIRS))


def _repeated(of: Positions, fingerprints: npt.NDArray[np.int64], outcome: npt.NDArray[np.int8]) -> Flags:
    """Rows that say of one member what a row above them, taken in the same import, says."""
    taken = np.flatnonzero(outcome != QUARANTINED)
    order = taken[np.lexsort((taken, fingerprints[taken], of[taken]))]
    again = np.zeros(len(of), dtype=np.bool_)
    same = (of[order[1:]] == of[order[:-1]]) & (fingerprints[order[1:]] == fingerprints[order[:-1]])
    again[order[1:][same]] = True
    return again


def _table(bits: npt.NDArray[Any], text: Any) -> list[str | None]:
    """A text for each bit mask, each made once."""
    different, at = np.unique(bits, return_inverse=True)
    texts = np.array([*map(text, different.tolist()), None], dtype=object)[:-1]
    shared: list[str | None] = texts[at].tolist()
    return shared


def slices(places: Positions) -> Iterator[Positions]:
    """Positions a few at a time: as Python objects rows take ten times the room."""
    for start in range(0, len(places), _AT_ONCE):
        yield places[start : start + _AT_ONCE]
