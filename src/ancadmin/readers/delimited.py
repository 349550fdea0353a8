"""Text files as sheets: whole blocks through pyarrow where every line is a row, record by record where not.

Both ways give the same cells; a test holds them against each other.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from ancadmin.readers.tables import (
    ROWS_LOOKED_AT,
    ROWS_OF_EVIDENCE,
    Chunk,
    HeadingFinder,
    Sheet,
    columns_of,
    filled_width,
    rechunked,
    split_top,
    table_of,
)
from ancadmin.readers.text import (
    Record,
    TextFile,
    lines_end,
    never_closed,
    open_text,
    read_records,
    refuse_cut_off,
    split_lines,
)

_BOM = b"\xef\xbb\xbf"


def delimited_sheet(path: Path, find_headings: HeadingFinder) -> list[Sheet]:
    """The one sheet of a text file. Raises InputRefused."""
    text = open_text(path)
    top = list(itertools.islice(text.records(), ROWS_LOOKED_AT + ROWS_OF_EVIDENCE + 1))
    above, (header_row, cells), below = split_top(top, find_headings)
    columns = columns_of(cells, below)
    # Most lines of a file have the same number of cells, empty ones at the end included: read those in blocks.
    usual = Counter(len(row) for _, row in below).most_common(1)
    columns += [""] * ((usual[0][0] if usual else 0) - len(columns))
    # Where the headings are the last thing in the file, no row follows them.
    begins = below[0][0] if below else None
    source = partial(_chunks, text, begins, len(columns), filled_width(cells))
    return [Sheet(path.name, "", header_row, columns, above, below, source, text.encoding, text.separator)]


def _chunks(text: TextFile, begins: int | None, width: int, headings: int, size: int) -> Iterator[Chunk]:
    if begins is None:
        return iter(())
    return rechunked(_parts(text, begins, width, headings), size)


def _parts(text: TextFile, begins: int, width: int, headings: int) -> Iterator[Chunk]:
    """The rows from line `begins` on, a block at a time. What a block leaves open goes before the next one."""
    rest = b""
    row = text.first_row
    skip = begins - row
    last: Record | None = None
    for block in text.blocks():
        if skip:
            end, block_lines = lines_end(block, skip), min(skip, count_lines(block))
            block, skip, row = block[end:], skip - block_lines, row + block_lines
            if not block:
                continue
        block = rest + block
        rest = b""
        cells = plain_table(text, block, width)
        if cells is not None:
            yield Chunk(np.arange(row, row + cells.num_rows, dtype=np.int64), cells)
            row += cells.num_rows
            last = None
            continue
        lines = list(split_lines(block))
        records, open_at = read_records(text.path, lines, text.separator, row)
        if open_at is not None:
            rest = "".join(lines[open_at - row :]).encode("utf-8")
        if records:
            last = records[-1]
            yield Chunk(np.array([at for at, _ in records], np.int64), table_of([cells for _, cells in records], width))
        row = open_at if open_at is not None else row + len(lines)
    if rest:
        raise never_closed(text.path, row)
    refuse_cut_off(text, last, headings)


def plain_table(text: TextFile, block: bytes, width: int) -> pa.Table | None:
    """A block in which every line is a row of `width` cells, as a table; None where that is not so for every line."""
    if block.startswith(_BOM) or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
        return None
    quoted = b'"' in block
    if quoted and _ends_inside_quotes(text, block):
        return None
    names = [str(number) for number in range(width)]
    try:
        cells = pa.csv.read_csv(
            pa.BufferReader(block),
            read_options=pa.csv.ReadOptions(column_names=names, block_size=1 << 20),
            parse_options=pa.csv.ParseOptions(delimiter=text.separator, newlines_in_values=quoted),
            convert_options=pa.csv.ConvertOptions(
                check_utf8=False,
                column_types={name: pa.string() for name in names},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    return cells if cells.num_rows == lines else None


def count_lines(block: bytes) -> int:
    """How many lines a block has, whatever ends them."""
    return sum(1 for _ in split_lines(block))


def _ends_inside_quotes(text: TextFile, block: bytes) -> bool:
    """Is a quote still open at the end of the block, judged by its last line alone?"""
    last = block[block.rfind(b"\n", 0, -1) + 1 :]
    _, open_at = read_records(text.path, split_lines(last), text.separator, 1)
    return open_at is not None
