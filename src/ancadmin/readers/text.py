"""Text files as tables come in them: which encoding, which separator, and their records, in bounded memory.

Nothing is guessed row by row: the whole file is looked at once, and a file that is not text in one encoding is refused.
"""

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ancadmin.errors import InputRefused
from ancadmin.readers.encodings import END_OF_FILE, encoding_of
from ancadmin.readers.refusals import not_readable, refused

BLOCK = 1 << 22
SAMPLE = 1 << 18
SEPARATORS = (",", ";", "\t", "|")
# Two cells after the last line that no text file holds: a record that has swallowed them was never closed.
_END = ["\0", "\0"]
_LINE_END = re.compile(rb"\r\n|\n|\r")
# Excel's own first line, which says what parts the cells.
_SEPARATOR_LINE = re.compile(r"^\"?sep=([^\w\s\"]|\t)\"?\r?\n", re.IGNORECASE)

Record = tuple[int, list[str]]


@dataclass(frozen=True)
class TextFile:
    """A text file that can be read. `start` is the byte where its first line begins, `first_row` that line's number.

    `encoding` is a codec's name; `ends_open` says that the last line has no line end.
    """

    path: Path
    encoding: str
    separator: str
    start: int
    first_row: int
    ends_open: bool

    def blocks(self, size: int = BLOCK) -> Iterator[bytes]:
        """The text as UTF-8, in pieces of about `size` bytes that end at a line end (but perhaps inside a quoted cell).

        Raises InputRefused where one line is longer than a table's can be.
        """
        rest = b""
        for piece in self._pieces(size):
            cut = piece.rfind(b"\n") + 1
            if cut:
                yield rest + piece[:cut]
                rest = piece[cut:]
            else:
                rest += piece
            if len(rest) > 4 * size:
                raise refused(self.path, "a line goes on for millions of characters", "Is this a table at all?")
        if rest:
            yield rest

    def records(self) -> Iterator[Record]:
        """Every record with the number of the line it begins on, counted from 1; a blank line is an empty record.

        Raises InputRefused for a quote that is never closed. Whether the last record is whole only those know who
        know the headings: `refuse_cut_off`.
        """
        row = self.first_row
        lines = itertools.chain.from_iterable(split_lines(block) for block in self.blocks())
        reader = csv.reader(itertools.chain(lines, [self.separator.join(_END)]), delimiter=self.separator)
        try:
            for cells in reader:
                if cells == _END:
                    return
                if cells and cells[-1].endswith("\0"):
                    break
                yield row, cells
                row = self.first_row + reader.line_num
        except csv.Error:
            pass
        raise never_closed(self.path, row)

    def _pieces(self, size: int) -> Iterator[bytes]:
        """The bytes after `start` as UTF-8."""
        decoder = codecs.getincrementaldecoder(self.encoding)() if self.encoding != "utf-8" else None
        with self.path.open("rb") as file:
            file.seek(self.start)
            only_returns = _only_returns(file.read(SAMPLE))
            file.seek(self.start)
            while piece := file.read(size):
                if decoder is not None:
                    piece = decoder.decode(piece).encode("utf-8")
                if piece.endswith(END_OF_FILE):
                    piece = piece.rstrip(END_OF_FILE)
                yield piece.replace(b"\r", b"\n") if only_returns else piece


def open_text(path: Path) -> TextFile:
    """Looks at the whole file once and says how to read it.

    Raises InputRefused for what is missing, empty, binary, or in no encoding that holds from first byte to last.
    """
    try:
        encoding, start, ends_open = encoding_of(path)
        with path.open("rb") as file:
            file.seek(start)
            sample = file.read(SAMPLE)
    except OSError as error:
        raise not_readable(path, error) from error
    text = codecs.getincrementaldecoder(encoding)(errors="ignore").decode(sample)
    named = _SEPARATOR_LINE.match(text)
    if named:
        start += len(named[0].encode(encoding))
        return TextFile(path, encoding, named[1], start, 2, ends_open)
    return TextFile(path, encoding, sniff_separator(text), start, 1, ends_open)


def sniff_separator(text: str) -> str:
    """The separator that parts most records of `text` into the same number of cells; a comma where none does."""
    lines = list(io.StringIO(text, newline=""))
    if len(lines) > 1:
        lines.pop()  # the sample may have cut it
    best, most = ",", 0.0
    for separator in SEPARATORS:
        try:
            counts = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator) if any(cells))
        except csv.Error:
            continue
        parted = {cells: records for cells, records in counts.items() if cells > 1}
        if not parted:
            continue
        cells, records = max(parted.items(), key=lambda item: (item[1] * (item[0] - 1), item[0]))
        weight = records / counts.total() * (cells - 1)
        if weight > most:
            best, most = separator, weight
    return best


def split_lines(block: bytes) -> Iterator[str]:
    """The lines of a UTF-8 block with their line ends: LF, CRLF or CR, nothing else."""
    return iter(io.TextIOWrapper(io.BytesIO(block), encoding="utf-8", newline=""))


def read_records(path: Path, lines: Iterable[str], separator: str, first_row: int) -> tuple[list[Record], int | None]:
    """The records of whole lines; where the last one is left open it is not returned, but the row it begins on is.

    Raises InputRefused for a quote that is certainly never closed: no cell is as long as what follows it.
    """
    records: list[Record] = []
    row = first_row
    reader = csv.reader(itertools.chain(lines, [separator.join(_END)]), delimiter=separator)
    try:
        for cells in reader:
            records.append((row, cells))
            row = first_row + reader.line_num
    except csv.Error as error:
        raise never_closed(path, row) from error
    at, last = records.pop()
    return records, None if last == _END else at


def never_closed(path: Path, row: int) -> InputRefused:
    """The refusal of a file whose record that begins on `row` has a quote without its partner."""
    return refused(
        path,
        "the file is cut off here, or a quote is never closed",
        "Export it again and see that the copy finished, or close the quote in this row.",
        row=row,
    )


def refuse_cut_off(text: TextFile, last: Record | None, headings: int) -> None:
    """Raises InputRefused where the file's last record was cut: fewer cells than headings, and no line end."""
    if text.ends_open and last is not None and len(last[1]) < headings and any(cell.strip() for cell in last[1]):
        raise refused(
            text.path,
            f"the file is cut off in the middle of this line: {len(last[1])} of {headings} cells",
            "Export it again and see that the copy finished; if the line is whole, put a line end after it.",
            row=last[0],
        )


def lines_end(block: bytes, lines: int) -> int:
    """The byte after the first `lines` lines of a block."""
    ends = itertools.islice(_LINE_END.finditer(block), lines - 1, lines)
    return next((end.end() for end in ends), len(block)) if lines else 0


def _only_returns(sample: bytes) -> bool:
    """Files of old Macintosh programs end their lines with a bare return."""
    return b"\r" in sample and b"\n" not in sample
