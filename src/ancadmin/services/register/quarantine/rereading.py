"""Rows held back, read again with some cells changed, as if they were imported so: every check holds.

What is sound is written as an import writes it; what is not stays as it was, and says why.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, Integer, cast, func, select, union, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import change, decision, member, register_row
from ancadmin.domain.policy import Policy
from ancadmin.services.register.codes import NOBODYS, PROBLEMS, codes_of, problem_bit
from ancadmin.services.register.importing.branches import KnownBranches
from ancadmin.services.register.importing.cleaning import SCHEMA, Cleaner, Terms
from ancadmin.services.register.importing.entries import asked_anew
from ancadmin.services.register.importing.groups import OUTCOMES, QUARANTINED, Positions, Resolved, resolve
from ancadmin.services.register.importing.merged import with_merged
from ancadmin.services.register.importing.moved import numbered_now, where_transferred
from ancadmin.services.register.importing.record import Record
from ancadmin.services.register.importing.texts import Flags
from ancadmin.services.register.importing.writing import Writer
from ancadmin.services.register.quarantine.waiting import Sources, Waiting, chunk_of, contested, still_waiting
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


class Rereader:
    """Reads rows held back again, remembering what it looked up for the rows before them."""

    def __init__(self, policy: Policy, today: date) -> None:
        self._policy = policy
        self._today = today
        self._cleaners: dict[int, Cleaner] = {}
        self._branches: KnownBranches | None = None
        self._claims: dict[str, list[int]] | None = None
        self._known_until = 0
        self.sources = Sources()

    def clean(self, connection: Connection, rows: Sequence[tuple[Waiting, Sequence[str]]]) -> pa.Table:
        """Rows with their cells as clean columns (cleaning.SCHEMA), in the order given."""
        branches = self._known_branches(connection)
        by_source: dict[int, list[int]] = {}
        for place, (waiting, _) in enumerate(rows):
            by_source.setdefault(waiting.source.id, []).append(place)
        tables, order = [SCHEMA.empty_table()], []
        for number, places in by_source.items():
            source = rows[places[0]][0].source
            if number not in self._cleaners:
                terms = Terms(self._policy, self._today, source.reading_date, create_branches=False)
                self._cleaners[number] = Cleaner(source.sheet, number, terms, branches)
            chunk = chunk_of([(rows[place][0].row, rows[place][1]) for place in places], len(source.headings))
            tables.append(self._cleaners[number].clean(chunk)[0])
            order += places
        back = np.argsort(np.array(order, dtype=np.int64))
        return pa.concat_tables(tables).take(pa.array(back)).combine_chunks()

    def claimants(self, connection: Connection, numbers: Collection[str]) -> list[Waiting]:
        """The rows that wait because two people share a number which is one of `numbers`."""
        self._look_again(connection)
        if self._claims is None:
            self._claims = contested(connection, self.sources)
        ids = [row for number in numbers for row in self._claims.get(number, ())]
        still = connection.scalars(still_waiting().where(register_row.c.id.in_(ids))).all() if ids else []
        return self.sources.rows(connection, sorted(still))

    def _known_branches(self, connection: Connection) -> KnownBranches:
        self._look_again(connection)
        if self._branches is None:
            self._branches = KnownBranches(connection)
        return self._branches

    def _look_again(self, connection: Connection) -> None:
        """Forgets what it looked up once some other work than a desk's has been done: that makes no branches, and only
        settles whose a number is.
        """
        latest = connection.scalar(
            select(func.max(batch_table.c.number)).where(
                batch_table.c.number > self._known_until, batch_table.c.command != "register desk"
            )
        )
        if latest is not None:
            self._known_until = latest
            self._branches = self._claims = None
            self._cleaners.clear()


@dataclass(frozen=True)
class _Read:
    """What `Writer.take` is given."""

    rows: pa.Table
    record: pa.Table
    resolved: Resolved
    members: Positions
    stored: Flags


class Rereading:
    """Decisions about rows held back, in one batch."""

    def __init__(self, batch: Batch, rereader: Rereader) -> None:
        self._batch = batch
        self._rereader = rereader
        self._record = Record(batch.connection)
        self._writer = Writer(batch, {})

    def take(self, asked: Sequence[Asked]) -> list[Answer]:
        """Writes the rows that are sound now, after which they wait no longer. One answer a row, in their order."""
        sources = {one.waiting.source.id: one.waiting.source for one in asked}
        for number, source in sources.items():
            places = [one.waiting.row for one in asked if one.waiting.source is source]
            self._writer.rows.known_source(number, source.place[0], places)
        rows = self._rereader.clean(self._batch.connection, [(one.waiting, one.cells) for one in asked])
        rows = _with_problems(rows, self._contested(asked, rows))
        problems = rows.column("problems").to_numpy().copy()
        outcome = np.full(len(problems), QUARANTINED, dtype=np.int8)
        somebodys = np.flatnonzero((problems & NOBODYS) == 0)
        if len(somebodys):
            read = self._read(rows.take(pa.array(somebodys)))
            outcome[somebodys], problems[somebodys] = read.resolved.outcome, read.resolved.problems
            sound = np.flatnonzero(outcome != QUARANTINED)
            if len(sound):
                # Conflicts are of whole numbers, so what is sound beside the others is sound without them.
                self._write(read if len(sound) == len(somebodys) else self._read(rows.take(pa.array(sound))))
                taken = (asked[place].waiting for place in sound.tolist())
                self._writer.rows.resolve([waiting.id for waiting in taken if waiting.problems])
                self._settle()
        return [
            Answer(one.waiting, OUTCOMES[outcome[place]], tuple(codes_of(int(problems[place]), PROBLEMS)))
            for place, one in enumerate(asked)
        ]

    @property
    def writer(self) -> Writer:
        """What was written, with its counts."""
        return self._writer

    def _contested(self, asked: Sequence[Asked], rows: pa.Table) -> list[int]:
        """The places of rows whose number another row that waits claims for somebody of another surname."""
        keys = rows.column("key").to_pylist()
        wanted: dict[str, list[int]] = {}
        for place, (number, one) in enumerate(zip(rows.column("id_number").to_pylist(), asked, strict=True)):
            if not one.theirs:
                wanted.setdefault(number, []).append(place)
        mine = {one.waiting.id for one in asked}
        rivals = self._rereader.claimants(self._batch.connection, wanted)
        others = [row for row in rivals if row.id not in mine]
        if not others:
            return []
        read = self._rereader.clean(self._batch.connection, [(row, row.cells) for row in others])
        claims = set(zip(read.column("id_number").to_pylist(), read.column("key").to_pylist(), strict=True))
        contested = {place for number, key in claims for place in wanted.get(number, ()) if keys[place] != key}
        return sorted(contested)

    def _read(self, rows: pa.Table) -> "_Read":
        """Rows beside each other and beside the record, as an import looks at a bucket of them."""
        rows = numbered_now(rows, self._record.numbers_now)
        numbers = rows.column("number").to_numpy()
        different, at = np.unique(numbers, return_inverse=True)
        members = self._record.ids(different)[at]
        rows = with_merged(asked_anew(rows, members, self._record), members, self._record, self._batch.policy)
        seen, stored = self._record.seen(members, rows)
        record = self._record.found(np.unique(numbers[~seen]))
        rows = where_transferred(rows, record, members, seen, self._record.left(members[~seen]))
        return _Read(rows, record, resolve(rows, record, seen), members, stored)

    def _write(self, read: "_Read") -> None:
        self._writer.take(read.rows, read.record, read.resolved, read.members, read.stored)
        self._writer.finish()

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
