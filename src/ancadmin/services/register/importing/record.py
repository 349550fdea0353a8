"""What is on record already, as an import needs it: members, rows seen before, rows held back."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import Connection, func, select

from ancadmin.db.schema import batch, member, merge, register_row, register_source, transfer
from ancadmin.domain.names import surname_key
from ancadmin.services.member.numbers.former import now_numbered
from ancadmin.services.register.codes import TAKES_ROWS
from ancadmin.services.register.importing.groups import PAYMENT
from ancadmin.services.register.importing.lookup import places_in
from ancadmin.services.register.importing.texts import Flags, Mapping
from ancadmin.services.standing.chosen import fetched

# What is looked up is listed where it is few beside all that lies between its ends; else the whole stretch is read.
_FEW = 4
_LISTED = 1_000
_COLUMNS = (
    "id",
    "id_number",
    "surname",
    "first_names",
    "branch",
    "voting_district",
    "cell",
    "email",
    "old_reference",
    "joined_on",
    "last_payment_on",
    "last_payment_cents",
    "register_status",
)
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("number", pa.int64()),
        *((name, pa.string()) for name in _COLUMNS[2:9]),
        ("joined_on", pa.date32()),
        ("last_payment_on", pa.date32()),
        ("last_payment_cents", pa.int64()),
        ("register_status", pa.string()),
        ("key", pa.string()),
        ("entry", pa.string()),
        ("entry_on", pa.date32()),
        ("merged", pa.bool_()),
    ]
)


class Record:
    """The store as it was before this import."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._undone = set(connection.scalars(select(batch.c.number).where(batch.c.undone_by.is_not(None))))
        self._key = Mapping(surname_key)
        self._files: dict[str, int] = {}
        self._file_of: dict[int, int] = {}
        self._undone_sources: list[int] = []
        for source, sha256, number in connection.execute(
            select(register_source.c.id, register_source.c.sha256, register_source.c.batch)
        ):
            self.reads(source, sha256)
            if number in self._undone:
                self._undone_sources.append(source)

    @cached_property
    def members(self) -> int:
        """How many are on record."""
        return self._connection.scalar(select(func.count()).select_from(member)) or 0

    @cached_property
    def _gone(self) -> list[dict[str, Any]]:
        """The records merged into another."""
        gone = select(merge.c.gone).where(merge.c.reversed_by.is_(None))
        columns = (member.c[name] for name in ("id_number", "merged_into", "joined_on", *PAYMENT))
        return [dict(row) for row in self._connection.execute(select(*columns).where(member.c.id.in_(gone))).mappings()]

    @cached_property
    def merged_into(self) -> dict[int, list[dict[str, Any]]]:
        """The joining and the last payment of records merged into others, days as days, by the id of the one kept."""
        into: dict[int, list[dict[str, Any]]] = {}
        for row in self._gone:
            days = {name: row[name] and date.fromisoformat(row[name]) for name in ("joined_on", PAYMENT[0])}
            into.setdefault(row["merged_into"], []).append({**row, **days})
        return into

    @cached_property
    def numbers_now(self) -> dict[int, int]:
        """The number each one that was corrected leads to."""
        return now_numbered(self._connection)

    @cached_property
    def _anyone_moved(self) -> bool:
        moved = select(transfer.c.id).where(transfer.c.reversed_by.is_(None))
        return self._connection.scalar(moved.limit(1)) is not None

    def left(self, members: npt.NDArray[np.int64]) -> dict[int, set[str]]:
        """The branches some members (0 for none) were transferred out of, by their ids."""
        known = np.unique(members[members > 0])
        left: dict[int, set[str]] = {}
        for among in _among("member", known) if self._anyone_moved and len(known) else ():
            query = f"SELECT member, from_branch FROM transfer WHERE reversed_by IS NULL AND {among}"
            for number, code in fetched(self._connection, query):
                left.setdefault(number, set()).add(code)
        return left

    def ids(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The members some ID numbers belong to (sorted, each once), by their ids; 0 for nobody's."""
        rows = self._rows(numbers, ("id", "CAST(id_number AS BIGINT)"))
        ids = np.zeros(len(numbers), dtype=np.int64)
        if rows:
            found, known = _whole_numbers(rows, 2)
            at = places_in(numbers, known)
            ids[at[at >= 0]] = found[at >= 0]
        return ids

    def found(self, numbers: npt.NDArray[np.int64]) -> pa.Table:
        """The members with some ID numbers (sorted, each once), in SCHEMA, sorted by number."""
        rows = self._rows(numbers, _COLUMNS)
        if not rows:
            return SCHEMA.empty_table()
        columns = dict(zip(_COLUMNS, (list(column) for column in zip(*rows, strict=True)), strict=True))
        found = np.array(columns.pop("id_number"), dtype=np.int64)
        columns["first_names"] = [name or None for name in columns["first_names"]]
        table = {
            name: pa.array(values, _stored(name)).cast(SCHEMA.field(name).type) for name, values in columns.items()
        }
        table["number"] = pa.array(found)
        table["key"] = self._key.texts(table["surname"])
        # Entries that are on record are no longer asked for (`entries.asked_anew`): any left is another one.
        for name in ("entry", "entry_on"):
            table[name] = pa.nulls(len(rows), SCHEMA.field(name).type)
        table["merged"] = pa.array(np.isin(found, [int(row["id_number"]) for row in self._gone]))
        whole = pa.table([table[name] for name in SCHEMA.names], schema=SCHEMA)
        asked = np.flatnonzero(np.isin(found, numbers, assume_unique=True))
        return whole.take(pa.array(asked[np.argsort(found[asked])]))

    def reads(self, source: int, sha256: str) -> None:
        """Rows of the register_source `source` are read from a file with this SHA-256."""
        self._file_of[source] = self._files.setdefault(sha256, len(self._files))

    def seen(self, members: npt.NDArray[np.int64], rows: pa.Table) -> tuple[Flags, Flags]:
        """Which of a bucket's rows, by member on record (0 for none) and fingerprint, were taken before by a batch not
        undone; and which of them from the very same file as now.
        """
        sources, fingerprints = (rows.column(name).to_numpy() for name in ("source", "fingerprint"))
        known = np.unique(members[members > 0])
        # A row decided about at the desk is of the sheet of an import, but stands with the batch of the decision.
        taken = f"outcome <> 'quarantined' AND batch NOT IN ({_numbers(self._undone)})"
        listed = f"source NOT IN ({_numbers(self._undone_sources)})"
        before = [*self._rows_of("register_row", taken, known), *self._rows_of("register_listing", listed, known)]
        if not before:
            return np.zeros(len(members), dtype=np.bool_), np.zeros(len(members), dtype=np.bool_)
        member_of, fingerprint, source = _whole_numbers(before, 3)
        file_of = np.zeros(max(self._file_of) + 1, dtype=np.int64)
        file_of[list(self._file_of)] = list(self._file_of.values())
        said, says = _mixed(member_of, fingerprint), _mixed(members, fingerprints)
        seen: Flags = np.isin(says, said) & (members > 0)
        same_file: Flags = np.isin(_mixed(file_of[sources], says), _mixed(file_of[source], said))
        return seen, seen & same_file

    def held(self, number: int) -> dict[int, list[tuple[int, str]]]:
        """Rows held back by batches before `number` and waiting still: by fingerprint, their ids and problems."""
        rows = fetched(
            self._connection,
            select(register_row.c.id, register_row.c.fingerprint, register_row.c.problems, register_row.c.batch).where(
                register_row.c.outcome == "quarantined",
                register_row.c.resolved_by.is_(None),
                register_row.c.batch < number,
            ),
        )
        waiting: dict[int, list[tuple[int, str]]] = {}
        for row, fingerprint, problems, batch_of in rows:
            if batch_of not in self._undone:
                waiting.setdefault(fingerprint, []).append((row, problems))
        return waiting

    def settled(self) -> dict[int, list[int]]:
        """Rows held back once that are settled, for an officer decided about them or a later file corrected them, by
        fingerprint: for each row the batch that did so, or 0 (first) where an import that stands has kept the row. Only
        work that stands names its batch in such a row.
        """
        taking = select(batch.c.number).where(batch.c.command.in_(TAKES_ROWS))
        rows = self._connection.execute(
            select(register_row.c.fingerprint, register_row.c.batch, register_row.c.resolved_by).where(
                register_row.c.outcome == "quarantined", register_row.c.resolved_by.in_(taking)
            )
        )
        decided, kept = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
        for fingerprint, kept_in, by in rows:
            # An import after the decision, its own undone, keeps the row once more.
            decided[fingerprint, by] += kept_in < by
            kept[fingerprint, by] += kept_in not in self._undone
        settled: dict[int, list[int]] = {}
        for (fingerprint, by), count in decided.items():
            stands = min(count, kept[fingerprint, by])
            settled.setdefault(fingerprint, []).extend([0] * stands + [by] * (count - stands))
        return {fingerprint: sorted(batches) for fingerprint, batches in settled.items()}

    def _rows(self, numbers: npt.NDArray[np.int64], columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
        query = f"SELECT {', '.join(columns)} FROM member WHERE "
        if not len(numbers):
            return []
        stretch = f"id_number BETWEEN '{numbers[0]:013}' AND '{numbers[-1]:013}'"
        if len(numbers) > _LISTED:
            ((between,),) = fetched(self._connection, f"SELECT count(*) FROM member WHERE {stretch}")
            if between <= _FEW * len(numbers):
                return fetched(self._connection, query + stretch)
        rows = []
        for start in range(0, len(numbers), _LISTED):
            listed = ", ".join(f"'{number:013}'" for number in numbers[start : start + _LISTED].tolist())
            rows += fetched(self._connection, f"{query} id_number IN ({listed})")
        return rows

    def _rows_of(self, table: str, standing: str, members: npt.NDArray[np.int64]) -> list[tuple[int, ...]]:
        """Member, fingerprint and source of the rows in a table, of those `standing`, about some members (sorted)."""
        query = f"SELECT member, fingerprint, source FROM {table} WHERE {standing} AND "
        return [row for among in _among("member", members) for row in fetched(self._connection, query + among)]

    def entries(self, members: npt.NDArray[np.int64], kinds: tuple[str, ...]) -> dict[tuple[int, str], dict[str, str]]:
        """The decisions of some kinds that hold or have ended: by member and kind, the day each begins on, and the
        command that made it.
        """
        named = ", ".join(f"'{kind}'" for kind in kinds)
        made: dict[tuple[int, str], dict[str, str]] = {}
        for among in _among("member", members):
            for number, kind, begins_on, command in fetched(
                self._connection,
                "SELECT decision.member, decision.kind, decision.begins_on, batch.command FROM decision "
                f"JOIN batch ON batch.number = decision.batch WHERE {among} AND kind IN ({named}) "
                "AND reversed_by IS NULL",
            ):
                made.setdefault((number, kind), {})[begins_on] = command
        return made


def _among(column: str, ids: npt.NDArray[np.int64]) -> Iterator[str]:
    """SQL conditions that together name some ids (sorted): a stretch where they lie close, lists where they do not.

    Numbers of our own, so they stand in the text.
    """
    if len(ids) and ids[-1] - ids[0] < _FEW * len(ids):
        yield f"{column} BETWEEN {ids[0]} AND {ids[-1]}"
        return
    for start in range(0, len(ids), _LISTED):
        yield f"{column} IN ({_numbers(ids[start : start + _LISTED].tolist())})"


def _numbers(numbers: Iterable[int]) -> str:
    """Numbers of our own for a list in SQL; 0, which none has, where there are none."""
    return ", ".join(map(str, numbers)) or "0"


def _whole_numbers(rows: list[tuple[int, ...]], columns: int) -> npt.NDArray[np.int64]:
    """Rows of whole numbers as columns."""
    flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=columns * len(rows))
    return np.ascontiguousarray(flat.reshape(-1, columns).T)


def _stored(name: str) -> pa.DataType:
    return pa.int64() if name in ("id", "last_payment_cents") else pa.string()


def _mixed(number: npt.NDArray[np.int64], fingerprint: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A number and a fingerprint as one fingerprint: whole columns can be compared, and two that differ are as unlikely
    to be equal as the fingerprints of two texts.
    """
    mixed = number.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    mixed ^= mixed >> np.uint64(32)
    mixed = (mixed + fingerprint.view(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
    return (mixed ^ (mixed >> np.uint64(29))).view(np.int64)
