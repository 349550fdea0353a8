"""Rows held back, read again with some cells changed, as if they were imported so: every check holds.

What is sound is written as an import writes it; what is not stays as it was, and says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import Integer, cast, select, union, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import change, decision, member, register_row
from ancadmin.domain.policy import Policy
from ancadmin.services.register.branches import Branches, KnownBranches
from ancadmin.services.register.cleaning import SCHEMA, Cleaner, Terms
from ancadmin.services.register.codes import NOBODYS, PROBLEMS, Bits, codes_of, problem_bit
from ancadmin.services.register.entries import asked_anew
from ancadmin.services.register.groups import OUTCOMES, QUARANTINED, Positions, resolve
from ancadmin.services.register.record import Record
from ancadmin.services.register.texts import Flags
from ancadmin.services.register.waiting import Sources, Waiting, chunk_of, claimants
from ancadmin.services.register.writing import Writer
from ancadmin.services.standing.settle import settle


@dataclass(frozen=True)
class Asked:
    """A row as it shall be read: `cells` are all its cells. `theirs`: an officer has seen that the ID number is this
    person's, although other rows that wait claim it.
    """

    waiting: Waiting
    cells: tuple[str, ...]
    theirs: bool = False

    @property
    def changed(self) -> dict[int, tuple[str, str]]:
        """The cells that differ: column → what it was, what it shall be."""
        pairs = enumerate(zip(self.waiting.cells, self.cells, strict=True))
        return {column: pair for column, pair in pairs if pair[0] != pair[1]}


@dataclass(frozen=True)
class Answer:
    """What a row became: accepted, updated or unchanged; or quarantined still, for the `problems` that remain."""

    waiting: Waiting
    outcome: str
    problems: tuple[str, ...]


def clean(
    rows: Sequence[tuple[Waiting, Sequence[str]]],
    policy: Policy,
    today: date,
    branches: KnownBranches,
    numbers: dict[int, int] | None = None,
) -> pa.Table:
    """Rows with their cells as clean columns (cleaning.SCHEMA), in the order given. `numbers`: the sources' new ids."""
    by_source: dict[int, list[int]] = {}
    for place, (waiting, _) in enumerate(rows):
        by_source.setdefault(waiting.source.id, []).append(place)
    tables, order = [SCHEMA.empty_table()], []
    for number, places in by_source.items():
        source = rows[places[0]][0].source
        terms = Terms(policy, today, source.reading_date, create_branches=False)
        cleaner = Cleaner(source.sheet, (numbers or {}).get(number, number), terms, branches)
        chunk = chunk_of([(rows[place][0].row, rows[place][1]) for place in places], len(source.headings))
        tables.append(cleaner.clean(chunk)[0])
        order += places
    back = np.argsort(np.array(order, dtype=np.int64))
    return pa.concat_tables(tables).take(pa.array(back)).combine_chunks()


class Rereading:
    """Decisions about rows held back, in one batch."""

    def __init__(self, batch: Batch, sources: Sources) -> None:
        self._batch = batch
        self._sources = sources
        self._record = Record(batch.connection)
        self._branches = Branches(batch)
        self._writer = Writer(batch, {})

    def take(self, asked: Sequence[Asked]) -> list[Answer]:
        """Writes the rows that are sound now, after which they wait no longer. One answer a row, in their order."""
        numbers = self._new_sources(asked)
        rows = clean(
            [(one.waiting, one.cells) for one in asked],
            self._batch.policy,
            self._batch.today,
            self._branches,
            numbers,
        )
        rows = _with_problems(rows, self._contested(asked, rows))
        outcome, problems = self._decided(rows)
        sound = np.flatnonzero(outcome != QUARANTINED)
        if len(sound):
            self._write(rows.take(pa.array(sound)))
            self._writer.resolve([asked[place].waiting.id for place in sound.tolist()])
            self._settle()
        return [
            Answer(one.waiting, OUTCOMES[outcome[place]], tuple(codes_of(int(problems[place]), PROBLEMS)))
            for place, one in enumerate(asked)
        ]

    @property
    def writer(self) -> Writer:
        """What was written, with its counts."""
        return self._writer

    def _new_sources(self, asked: Sequence[Asked]) -> dict[int, int]:
        numbers: dict[int, int] = {}
        for one in asked:
            source = one.waiting.source
            if source.id not in numbers:
                number = numbers[source.id] = self._writer.source(source.sheet, source.sha256)
                self._writer.reading(number, source.fields, source.sheet.settled)
                self._record.reads(number, source.sha256)
        return numbers

    def _contested(self, asked: Sequence[Asked], rows: pa.Table) -> list[int]:
        """The places of rows whose number another row that waits claims for somebody of another surname."""
        wanted = {
            number: place
            for place, (number, one) in enumerate(zip(rows.column("id_number").to_pylist(), asked, strict=True))
            if not one.theirs
        }
        mine = {one.waiting.id for one in asked}
        others = [row for row in claimants(self._batch.connection, self._sources, set(wanted)) if row.id not in mine]
        if not others:
            return []
        read = clean([(row, row.cells) for row in others], self._batch.policy, self._batch.today, self._branches)
        keys = rows.column("key").to_pylist()
        claims = zip(read.column("id_number").to_pylist(), read.column("key").to_pylist(), strict=True)
        rival = {(number, key) for number, key in claims if number in wanted and key != keys[wanted[number]]}
        return sorted({wanted[number] for number, _ in rival})

    def _decided(self, rows: pa.Table) -> tuple[npt.NDArray[np.int8], Bits]:
        problems = rows.column("problems").to_numpy().copy()
        outcome = np.full(len(problems), QUARANTINED, dtype=np.int8)
        somebodys = np.flatnonzero((problems & NOBODYS) == 0)
        if len(somebodys):
            some = rows.take(pa.array(somebodys))
            _, seen, _ = self._known(some)
            numbers = some.column("number").to_numpy()
            resolved = resolve(some, self._record.found(np.unique(numbers[~seen])), seen)
            outcome[somebodys], problems[somebodys] = resolved.outcome, resolved.problems
        return outcome, problems

    def _write(self, rows: pa.Table) -> None:
        members, seen, stored = self._known(rows)
        rows = asked_anew(rows, members, self._record)
        numbers = rows.column("number").to_numpy()
        record = self._record.found(np.unique(numbers[~seen]))
        self._writer.take(rows, record, resolve(rows, record, seen), members, stored)
        self._writer.finish()

    def _known(self, rows: pa.Table) -> tuple[Positions, Flags, Flags]:
        """Who on record each row is about, and which rows were seen before, and stored of the same file."""
        different, at = np.unique(rows.column("number").to_numpy(), return_inverse=True)
        members = self._record.ids(different)[at]
        return members, *self._record.seen(members, rows)

    def _settle(self) -> None:
        number = self._batch.number
        touched = union(
            select(member.c.id).where(member.c.batch == number),
            select(cast(change.c.key, Integer)).where(change.c.batch == number, change.c.table_name == "member"),
            select(decision.c.member).where(decision.c.batch == number),
        )
        settle(self._batch, select(member.c.id).where(member.c.id.in_(touched)))


def set_aside(batch: Batch, ids: Sequence[int]) -> None:
    """Rows that wait no longer although nothing is taken from them."""
    batch.connection.execute(update(register_row).where(register_row.c.id.in_(ids)).values(resolved_by=batch.number))


def _with_problems(rows: pa.Table, contested: list[int]) -> pa.Table:
    if not contested:
        return rows
    problems = rows.column("problems").to_numpy().copy()
    problems[contested] |= problem_bit("id_shared")
    return rows.set_column(rows.schema.get_field_index("problems"), "problems", pa.array(problems))
