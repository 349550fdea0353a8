"""Whatever is written as CSV or a workbook reads back cell for cell, each row with its own number."""

import csv
import io
import re
from datetime import date, datetime, time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.readers.papers import HEADINGS, MEMBERS, csv_text, read_back, write_csv, write_workbook

from ancadmin.errors import InputRefused
from ancadmin.readers.delimited import plain_table
from ancadmin.readers.tables import read_sheets
from ancadmin.readers.text import TextFile, read_records, split_lines

WESTERN = "abzABZ09 éëüßÑ'\"-./\n\r"
ANY = st.characters(codec="utf-8", exclude_characters="\0\x1a", exclude_categories=["Cs", "Cc"])


def tables(cell):
    """Tables of two to five columns under headings that nothing else looks like."""
    return st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=12)
    )


def lines_of(rows, separator):
    """The line each row begins on, counted by hand: LF, CRLF and CR end a line, inside quotes too."""
    ends = [len(re.findall("\r\n|\n|\r", csv_text([row], separator))) for row in rows]
    return [1 + sum(ends[:n]) for n in range(len(rows))]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_table_reads_back_from_csv(tmp_path_factory, encoding, data):
    separator = data.draw(st.sampled_from(",;\t|"))
    alphabet = (
        st.sampled_from(WESTERN + separator) if encoding == "cp1252" else ANY | st.sampled_from('"\n\r ' + separator)
    )
    rows = data.draw(tables(st.text(alphabet.filter(lambda c: c == separator or c not in ",;\t|"), max_size=6)))
    # A first column that is always filled, so that no row is a blank line and the separator shows.
    head = [f"Column {n}" for n in range(len(rows[0]) + 1)]
    rows = [head, *([f"r{n}", *row] for n, row in enumerate(rows))]
    path = write_csv(tmp_path_factory.mktemp("t") / "table.csv", rows, separator, encoding)
    (sheet,) = read_sheets(path)
    assert (sheet.header_row, sheet.columns) == (1, head)
    expected = list(zip(lines_of(rows, separator), rows, strict=True))[1:]
    assert read_back(sheet) == expected
    assert read_back(sheet, size=3) == expected


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from('ab",\n\r é\ufeff'), max_size=40), ends=st.booleans())
def test_blocks_and_records_give_the_same_cells(tmp_path_factory, text, ends):
    """The fast way may say "not this block", but never something else than the csv module."""
    block = (text + ("\n" if ends else "")).encode()
    if not block:
        return
    path = tmp_path_factory.getbasetemp() / "none.csv"
    for width in (1, 2, 3):
        fast = plain_table(TextFile(path, "utf-8", ",", 0, 1, not ends), block, width)
        if fast is None:
            continue
        records, open_at = read_records(path, split_lines(block), ",", 1)
        assert open_at is None
        assert [list(row) for row in zip(*(column.to_pylist() for column in fast.columns), strict=True)] == [
            cells for _, cells in records
        ]
        assert [row for row, _ in records] == list(range(1, len(records) + 1))


def test_plain_files_are_read_in_blocks():
    """Otherwise a national register takes minutes."""
    for line in ("8001015009087;Müller;Zoë\n", '8001015009087;"Müller; J";"Zoë"\n', "a;b;c\r\n"):
        block = (line * 1000).encode()
        cells = plain_table(TextFile(None, "utf-8", ";", 0, 1, ends_open=False), block, 3)
        assert cells is not None
        assert cells.num_rows == 1000


@settings(max_examples=25, deadline=None)
@given(
    rows=tables(
        st.none()
        | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
            lambda text: not text.startswith("=") and "_x" not in text
        )
        | st.integers(-(10**14), 10**14)
        | st.dates(date(1900, 3, 1), date(2100, 1, 1))
    ),
    above=st.integers(0, 3),
)
def test_any_table_reads_back_from_a_workbook(tmp_path_factory, rows, above):
    head = [f"Column {chr(65 + n)}" for n in range(len(rows[0]) + 1)]
    rows = [[f"r{n}", *row] for n, row in enumerate(rows)]
    path = tmp_path_factory.mktemp("t") / "table.xlsx"
    write_workbook(path, Lede=[*([[]] * above), head, *rows])
    (sheet,) = read_sheets(path)
    assert (sheet.sheet, sheet.header_row, sheet.columns) == ("Lede", above + 1, head)
    as_text = [
        ["" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell) for cell in row]
        for row in rows
    ]
    assert read_back(sheet) == list(enumerate(as_text, start=above + 2))


def test_workbook_cells_are_what_a_person_sees(tmp_path):
    cells = [8001015009087, 20.0, 20.5, 0.1 + 0.2, date(2019, 8, 12), datetime(2019, 8, 12, 10, 30), time(10, 30), True]  # noqa: DTZ001
    path = write_workbook(tmp_path / "lede.xlsx", Lede=[[f"Column {n}" for n in "abcdefgh"], cells])
    (sheet,) = read_sheets(path)
    seen = ["8001015009087", "20", "20.5", "0.3", "2019-08-12", "2019-08-12 10:30:00", "10:30:00", "TRUE"]
    assert read_back(sheet) == [(2, seen)]


@pytest.mark.parametrize("name", ["excel97.xls", "calc.ods"])
def test_old_and_open_workbooks(request, name):
    path = request.path.parents[1] / "data" / "registers" / name
    (sheet,) = read_sheets(path)
    assert (sheet.sheet, sheet.header_row) == ("Lede", 3)
    assert read_back(sheet) == [
        (4, ["8001015009087", "VAN WYK", "Piet", "2019-08-12", "20.5"]),
        (5, ["8801235111088", "Molefe", "Thabo", "2020-02-29", "20"]),
    ]


def test_rows_too_short_and_too_long_are_kept(tmp_path):
    path = tmp_path / "lede.csv"
    path.write_text("ID,Van,Naam\n1,Nkosi\n2,Dube,Sipho,ekstra\n3,Zulu,Anna\n", encoding="utf-8")
    (sheet,) = read_sheets(path)
    assert sheet.columns == ["ID", "Van", "Naam", ""]
    assert read_back(sheet) == [
        (2, ["1", "Nkosi", "", ""]),
        (3, ["2", "Dube", "Sipho", "ekstra"]),
        (4, ["3", "Zulu", "Anna", ""]),
    ]


def test_a_long_row_far_down_widens_its_chunk(tmp_path):
    path = tmp_path / "lede.csv"
    path.write_text("ID,Van\n" + "1,Nkosi\n" * 1000 + "2,Dube,ekstra\n", encoding="utf-8")
    (sheet,) = read_sheets(path)
    assert read_back(sheet)[-1] == (1002, ["2", "Dube", "ekstra"])
    assert read_back(sheet, size=100)[0][1][:2] == ["1", "Nkosi"]


def test_blank_lines_keep_their_numbers(tmp_path):
    path = tmp_path / "lede.csv"
    path.write_text("LIST OF MEMBERS\n\nID,Van\n1,Nkosi\n\n2,Dube\n", encoding="utf-8")
    (sheet,) = read_sheets(path)
    assert (sheet.header_row, sheet.above) == (3, [(1, ["LIST OF MEMBERS"])])
    assert read_back(sheet) == [(4, ["1", "Nkosi"]), (5, ["", ""]), (6, ["2", "Dube"])]


def test_a_file_of_quoted_lines_longer_than_a_block(tmp_path, monkeypatch):
    """Blocks may end inside a quoted cell: what is open goes to the next block. Plain blocks lie between."""
    from ancadmin.readers import text

    monkeypatch.setattr(text.TextFile.blocks, "__defaults__", (64,))
    quoted = [[str(n), f"{n}\n" * (n % 7), '"' * (n % 3)] for n in range(100)]
    rows = [HEADINGS, *quoted, *MEMBERS * 20, *quoted]
    (sheet,) = read_sheets(write_csv(tmp_path / "lede.csv", rows, line_end="\n"))
    assert [cells for _, cells in read_back(sheet)] == rows[1:]
    reader = csv.reader(io.StringIO(csv_text(rows, line_end="\n"), newline=""))
    begins = [1, *(reader.line_num + 1 for _ in reader)]
    assert [row for row, _ in read_back(sheet)] == begins[1:-1]


def test_row_numbers_are_whole_numbers_of_64_bits(tmp_path):
    (sheet,) = read_sheets(write_csv(tmp_path / "lede.csv", [HEADINGS, *MEMBERS]))
    assert next(sheet.chunks()).rows.dtype == np.int64


def test_empty_sheets_and_sheets_without_headings_are_left_out(tmp_path):
    path = write_workbook(tmp_path / "lede.xlsx", Blank=[], Lede=[HEADINGS, *MEMBERS], Numbers=[[1, 2], [3, 4]])
    assert [sheet.sheet for sheet in read_sheets(path)] == ["Lede"]
    both = read_sheets(path, without_headings=True)
    assert [(sheet.sheet, sheet.header_row) for sheet in both] == [("Lede", 1), ("Numbers", 0)]
    assert read_back(both[1]) == [(1, ["1", "2"]), (2, ["3", "4"])]


def test_a_workbook_that_does_not_begin_at_a1(tmp_path):
    path = write_workbook(tmp_path / "lede.xlsx", Lede=[[], [], [None, *HEADINGS], [None, *MEMBERS[0]]])
    (sheet,) = read_sheets(path)
    assert (sheet.header_row, sheet.columns) == (3, ["", *HEADINGS])
    assert read_back(sheet) == [(4, ["", *MEMBERS[0]])]


@pytest.mark.parametrize(
    ("last", "row"),
    [("8801235111088,Mole", 3), ('8801235111088,"Mole', 3), ("88012", 3)],
)
def test_a_file_cut_in_the_middle_of_a_line_is_refused(tmp_path, last, row):
    path = tmp_path / "lede.csv"
    path.write_text(f"ID Number,Surname,First Names\n8001015009087,van Wyk,Piet\n{last}", encoding="utf-8")
    with pytest.raises(InputRefused, match="cut off") as refusal:
        read_back(read_sheets(path)[0])
    assert refusal.value.place.row == row


@pytest.mark.parametrize("last", ["8801235111088,Molefe,Thabo", "8801235111088,Molefe,", "   ", "Total,12,R240.00"])
def test_a_whole_last_line_without_a_line_end_is_taken(tmp_path, last):
    path = tmp_path / "lede.csv"
    path.write_text(f"ID Number,Surname,First Names\n8001015009087,van Wyk,Piet\n{last}", encoding="utf-8")
    (sheet,) = read_sheets(path)
    assert len(read_back(sheet)) == 2


def test_a_locked_workbook(request):
    with pytest.raises(InputRefused, match="locked with a password") as refusal:
        read_sheets(request.path.parents[1] / "data" / "registers" / "locked.xlsx")
    assert "without" in refusal.value.remedy


@pytest.mark.parametrize("name", ["excel97.xls", "calc.ods", "lede.xlsx"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95, 0.999])
def test_a_workbook_cut_off(request, tmp_path, name, share, capfd):
    if name == "lede.xlsx":
        content = write_workbook(tmp_path / "whole.xlsx", Lede=[HEADINGS, *MEMBERS]).read_bytes()
    else:
        content = (request.path.parents[1] / "data" / "registers" / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputRefused, match="damaged, cut off"):
        read_sheets(path)
    assert capfd.readouterr().err == ""


def test_a_workbook_under_the_name_of_a_text_file_and_a_text_under_that_of_a_workbook(tmp_path):
    book = write_workbook(tmp_path / "lede.xlsx", Lede=[HEADINGS, *MEMBERS])
    with pytest.raises(InputRefused, match="workbook or a zip archive"):
        read_sheets(book.rename(tmp_path / "lede.csv"))
    (sheet,) = read_sheets(write_csv(tmp_path / "export.xls", [HEADINGS, *MEMBERS], "\t"))
    assert [cells for _, cells in read_back(sheet)] == MEMBERS


def test_a_sheet_with_a_cell_far_outside_is_refused_before_it_fills_the_memory(tmp_path):
    path = write_workbook(tmp_path / "lede.xlsx", Lede=[HEADINGS, *MEMBERS])
    import openpyxl

    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"] = "x"
    book.save(path)
    with pytest.raises(InputRefused, match="XFD1048576"):
        read_sheets(path)


def test_a_sheet_too_large_for_the_memory_is_read_in_parts(tmp_path, monkeypatch):
    from ancadmin.readers import large_sheets

    rows = [[str(n), "Nkosi", n % 7 or None, date(2019, 8, 1 + n % 28)] for n in range(300)]
    path = write_workbook(tmp_path / "lede.xlsx", **{"Tak A & B": [HEADINGS, *rows], "Oos": [HEADINGS, *MEMBERS]})
    whole = [(sheet.sheet, sheet.columns, read_back(sheet)) for sheet in read_sheets(path)]
    monkeypatch.setattr(large_sheets, "LARGE", 10_000)
    monkeypatch.setattr(large_sheets, "PART", 4_000)
    assert list(large_sheets.large_sheets(path)) == ["Tak A & B"]
    assert len(list(large_sheets.parts_of(path, "xl/worksheets/sheet1.xml"))) > 5
    assert [(sheet.sheet, sheet.columns, read_back(sheet)) for sheet in read_sheets(path)] == whole
