"""Files a test writes, and what comes back from them."""

import csv
import io
from pathlib import Path

import openpyxl

from ancadmin.readers.tables import Sheet

HEADINGS = ["ID Number", "Surname", "First Names"]
MEMBERS = [["8001015009087", "van Wyk", "Piet"], ["8801235111088", "Molefe", "Thabo"]]


def csv_text(rows, separator=",", line_end="\r\n"):
    """Rows as a CSV writer writes them."""
    to = io.StringIO(newline="")
    csv.writer(to, delimiter=separator, lineterminator=line_end).writerows(rows)
    return to.getvalue()


def write_csv(path: Path, rows, separator=",", encoding="utf-8", line_end="\r\n") -> Path:
    path.write_bytes(csv_text(rows, separator, line_end).encode(encoding))
    return path


def write_workbook(path: Path, **sheets) -> Path:
    """A workbook with these sheets; None leaves a cell empty."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row, cells in enumerate(rows, start=1):
            for column, value in enumerate(cells, start=1):
                if value is not None:
                    sheet.cell(row, column, value)
    book.save(path)
    return path


def read_back(sheet: Sheet, size: int = 200_000):
    """[(row number, cells)] of every row under the headings."""
    rows = []
    for chunk in sheet.chunks(size):
        assert len(chunk.rows) == chunk.cells.num_rows
        assert chunk.cells.column_names == [str(number) for number in range(chunk.cells.num_columns)]
        columns = [column.to_pylist() for column in chunk.cells.columns]
        rows += [(int(row), list(cells)) for row, cells in zip(chunk.rows, zip(*columns, strict=True), strict=True)]
    return rows
