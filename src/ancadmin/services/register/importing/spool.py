"""Clean rows kept until all are read, in buckets by the first two digits of the ID number.

So rows with one number meet in one bucket, members can be written in the order of their numbers, and only a bucket
is in memory at a time. Few rows stay in memory; many go to a temporary file that has no name for anyone else to open
and is gone when the process is, however it ends.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import numpy as np
import pyarrow as pa

BUCKETS = 100
_IN_MEMORY = 400_000
_PER_BUCKET = 10**11


class Spool:
    """Rows of one schema that have a column `number`."""

    def __init__(self, schema: pa.Schema, in_memory: int = _IN_MEMORY) -> None:
        self._schema = schema
        self._in_memory = in_memory
        self._tables: list[pa.Table] = []
        self._file: IO[bytes] | None = None
        self._writer: pa.RecordBatchWriter | None = None
        self._places: list[list[int]] = [[] for _ in range(BUCKETS)]
        self._written = 0
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Keeps some rows; their order is kept within each bucket."""
        self.rows += table.num_rows
        if self._file is None:
            self._tables.append(table)
            if self.rows <= self._in_memory:
                return
            self._file = tempfile.TemporaryFile(prefix="ancadmin-")  # noqa: SIM115 - `close` is what closes it
            self._writer = pa.ipc.new_file(pa.PythonFile(self._file, "w"), self._schema)
            tables, self._tables = self._tables, []
            for kept in tables:
                self._write(kept)
            return
        self._write(table)

    def buckets(self) -> Iterator[pa.Table]:
        """The rows, bucket after bucket, in the order of the numbers' first digits; empty buckets are left out."""
        if self._writer is None or self._file is None:
            whole = pa.concat_tables(self._tables) if self._tables else self._schema.empty_table()
            self._tables = []
            if whole.num_rows:
                yield whole.combine_chunks()
            return
        self._writer.close()
        self._file.seek(0)
        reader = pa.ipc.open_file(pa.PythonFile(self._file, "r"))
        for places in self._places:
            if places:
                yield pa.Table.from_batches([reader.get_batch(place) for place in places]).combine_chunks()

    def close(self) -> None:
        """Lets go of everything."""
        self._tables = []
        if self._file is not None:
            self._file.close()

    def _write(self, table: pa.Table) -> None:
        bucket = table.column("number").to_numpy() // _PER_BUCKET
        order = np.argsort(bucket, kind="stable")
        ends = np.searchsorted(bucket[order], np.arange(BUCKETS + 1))
        ordered = table.take(pa.array(order)).combine_chunks()
        for place in range(BUCKETS):
            start, end = int(ends[place]), int(ends[place + 1])
            if start < end and self._writer is not None:
                self._places[place].append(self._written)
                self._writer.write_table(ordered.slice(start, end - start))
                self._written += 1


@contextmanager
def spool(schema: pa.Schema) -> Iterator[Spool]:
    """A spool that is let go of at the end, also by an error."""
    kept = Spool(schema)
    try:
        yield kept
    finally:
        kept.close()
