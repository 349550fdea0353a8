"""How data leaves: a table for people, TSV in a pipe, JSON and CSV for programs, or a file by its suffix."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from textwrap import fill
from typing import Annotated, Any, Literal, TextIO

import typer

from ancadmin.domain.harmless import harmless
from ancadmin.domain.money import rands
from ancadmin.errors import UsageError

Row = Mapping[str, Any]


class Format(StrEnum):
    """How data is written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


@dataclass(frozen=True)
class Column:
    """A column of a table: the field it shows, its heading, and its kind: text, number, money (cents) or id."""

    field: str
    title: str
    kind: str = "text"


@dataclass(frozen=True)
class Detail:
    """A table under an answer, for people: programs find its rows in the answer."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Output:
    """Where data goes and in which form."""

    format: Format
    file: Path | None = None

    @property
    def shows_full_ids(self) -> bool:
        """Tables mask ID numbers; the data formats carry them, and asking for those is recorded."""
        return self.format is not Format.TABLE


_FIGURES = ("money", "number")
BETWEEN = 2
"""What a terminal's table leaves between two columns."""
# Texts are broken down to this where figures beside them need the room.
_LEAST_TEXT = 10
_SUFFIXES = {".json": Format.JSON, ".ndjson": Format.NDJSON, ".csv": Format.CSV, ".txt": Format.TABLE}

FormatOption = Annotated[Format | None, typer.Option("--format", help="How to write the data")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json")]
FileOption = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write to FILE; its suffix says the format"),
]
DryRunOption = Annotated[bool, typer.Option("-n", "--dry-run", help="Do the work, report it, and roll it back")]


def chosen(form: Format | None, as_json: bool, file: Path | None) -> Output:
    """The output the flags ask for. Raises UsageError when they disagree or the suffix says nothing."""
    if as_json and form not in (None, Format.JSON):
        raise UsageError(f"--json and --format {form} say different things", "Give one of them.")
    wanted = Format.JSON if as_json else form
    said = _SUFFIXES.get(file.suffix.lower()) if file is not None else None
    if file is not None and wanted is None and said is None:
        raise UsageError(
            f"the name {file.name} does not say which format to write",
            "Name it with --format, or end the name in .json, .ndjson, .csv or .txt.",
        )
    if file is not None and not file.parent.exists():
        raise UsageError(f"there is no folder {file.parent}", f"Make it first, or name another place than {file}.")
    if file is not None and wanted and said and wanted is not said:
        raise UsageError(f"{file.name} and the format {wanted} say different things", "Leave one of them out.")
    return Output(wanted or said or Format.TABLE, file)


def mask(id_number: str | None) -> str:
    """`8001015009087` → `800101****087`."""
    return f"{id_number[:6]}****{id_number[10:]}" if id_number else ""


def show_rows(output: Output, columns: Sequence[Column], rows: Iterable[Row], *, above: Sequence[str] = ()) -> None:
    """Rows as a table (only `columns`, under the sentences of `above`), or whole as JSON, NDJSON or CSV."""

    def write(to: TextIO) -> None:
        if output.format is Format.TABLE:
            to.writelines(f"{sentence}\n" for sentence in above)
            _table(to, columns, rows)
        else:
            {Format.JSON: _json, Format.NDJSON: _ndjson}.get(output.format, _csv_of(columns))(to, rows)

    _written(output, write)


def _written(output: Output, write: Callable[[TextIO], None]) -> None:
    if output.file is None:
        write(sys.stdout)
        return
    from ancadmin.writers.files import written_whole

    with written_whole(output.file) as temporary, temporary.open("w", encoding="utf-8", newline="") as to:
        write(to)


def show_result(output: Output, result: Row, *, quiet: bool = False, details: Sequence[Detail] = ()) -> None:
    """One answer: a JSON object, or for people its fields line by line, then tables of `details`; nothing for people
    where `quiet` (cron).
    """
    if output.format is Format.TABLE:

        def write(to: TextIO) -> None:
            _table(to, [Column("what", ""), Column("value", "")], _lines(result))
            for detail in details:
                to.write(f"\n{detail.title}\n")
                _table(to, detail.columns, detail.rows)

        if not (quiet and output.file is None):
            _written(output, write)
    elif output.format is Format.JSON:
        _one(output, json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    else:
        show_rows(output, [], [result])


def _lines(result: Row) -> Iterator[Row]:
    """The fields of an answer, a line each; of a list of records, a line for each record."""
    for key, value in result.items():
        label = key.removesuffix("_cents").replace("_", " ")
        records = isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
        for item in value if records else [value]:
            yield {"what": label, "value": _plain(key, item)}


def show_text(text: str, file: Path | None) -> None:
    """A text as it is, on stdout or in a file."""
    _one(Output(Format.TABLE, file), text)


def _one(output: Output, text: str) -> None:
    if output.file is None:
        sys.stdout.write(text)
        return
    from ancadmin.writers.files import written_whole

    with written_whole(output.file) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _plain(key: str, value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key.endswith("cents"):
        return rands(value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(name, count)}" for name, count in value.items()) or "-"
    if isinstance(value, list):
        return "; ".join(_plain("", item) for item in value) or "-"
    return str(value)


def _cell(column: Column, row: Row) -> str:
    value = row.get(column.field)
    if value is None:
        return ""
    if column.kind == "money":
        return rands(value)
    if column.kind == "id":
        return mask(value)
    return _plain(column.field, value)


def _table(to: TextIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    if not to.isatty():
        if any(column.title for column in columns):
            to.write("\t".join(column.title for column in columns) + "\n")
        for row in rows:
            plain = (_cell(column, row).translate({9: " ", 10: " ", 13: " "}) for column in columns)
            to.write("\t".join(plain) + "\n")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[_cell(column, row) for column in columns] for row in rows]
    console = Console(file=to)
    table = Table(box=None, pad_edge=False, show_header=any(column.title for column in columns))
    whole = _figures_whole(columns, cells, console.width)
    for at, column in enumerate(columns):
        figures = column.kind in _FIGURES
        title = fill(column.title, max(widest_part(column.title, cells, at), 1)) if figures and whole else column.title
        # A day cut short is none: what has no room goes on in the next line.
        justify: Literal["right", "left"] = "right" if figures else "left"
        table.add_column(title, justify=justify, no_wrap=figures and whole, overflow="fold")
    for row_cells in cells:
        table.add_row(*map(Text, row_cells))
    console.print(table)


def _figures_whole(columns: Sequence[Column], cells: Sequence[Sequence[str]], width: int) -> bool:
    """Whether a table too wide for a terminal gets narrow enough by breaking texts and headings alone: a sum broken
    over two lines reads as two.
    """
    title = [max(len(column.title), widest_part("", cells, at)) for at, column in enumerate(columns)]
    if sum(title) + BETWEEN * (len(columns) - 1) <= width:
        return False
    least = [
        widest_part(column.title, cells, at) if column.kind in _FIGURES else min(wide, _LEAST_TEXT)
        for at, (column, wide) in enumerate(zip(columns, title, strict=True))
    ]
    return sum(least) + BETWEEN * (len(columns) - 1) <= width


def widest_part(title: str, cells: Sequence[Sequence[str]], at: int) -> int:
    """What the cells of the column `at` take, and the longest word over them."""
    return max((*map(len, title.split()), *(len(row[at]) for row in cells)), default=0)


def _json(to: TextIO, rows: Iterable[Row]) -> None:
    separator = "[\n"
    for row in rows:
        to.write(separator + json.dumps(dict(row), ensure_ascii=False))
        separator = ",\n"
    to.write("[]\n" if separator == "[\n" else "\n]\n")


def _ndjson(to: TextIO, rows: Iterable[Row]) -> None:
    for row in rows:
        to.write(json.dumps(dict(row), ensure_ascii=False) + "\n")


def _csv_of(columns: Sequence[Column]) -> Callable[[TextIO, Iterable[Row]], None]:
    """A CSV writer; where there are no rows, `columns` still give the headings."""

    def write(to: TextIO, rows: Iterable[Row]) -> None:
        writer = None
        for row in rows:
            flat = {key: _csv_cell(value) for key, value in row.items()}
            if writer is None:
                writer = csv.DictWriter(to, fieldnames=list(flat), lineterminator="\n")
                writer.writeheader()
            writer.writerow(flat)
        if writer is None and columns:
            csv.writer(to, lineterminator="\n").writerow([column.field for column in columns])

    return write


def _csv_cell(value: Any) -> Any:
    """A value for programs that is no formula for people who open the file in Excel."""
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    return harmless(value) if isinstance(value, str) else value


def text_of(columns: Sequence[Column], rows: Iterable[Row]) -> str:
    """A table as the text a pipe would get; for documents and tests."""
    to = io.StringIO()
    _table(to, columns, rows)
    return to.getvalue()
