"""The workbooks, opened again: frozen, filtered, printed on A4, and what people wrote never becomes a formula."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from tests.writers.made_up import branch_list, people, register, seal

from ancadmin.domain.attendance import Attendee
from ancadmin.writers.xlsx import attendance_register as attendance
from ancadmin.writers.xlsx import branch_list as listing
from ancadmin.writers.xlsx.base import SIGNED_ROW, header_text

HEADING_ROW = 8


def drawn(*attendees: Attendee):
    made = register(*attendees)
    return load_workbook(io.BytesIO(attendance.rendered(made, seal(made)))).worksheets[0]


def rows_of(sheet, columns: int, last: int):
    return [
        tuple(cell.value for cell in row[:columns]) for row in sheet.iter_rows(min_row=HEADING_ROW + 1, max_row=last)
    ]


@pytest.mark.parametrize("count", [0, 1, 350, 3000])
def test_the_register_has_everyone_once_in_order_high_enough_to_sign(count):
    attendees = people(count)
    sheet = drawn(*attendees)
    rows = rows_of(sheet, 4, HEADING_ROW + count)
    assert [(row[0], row[1]) for row in rows] == [(number, one.id_number) for number, one in enumerate(attendees, 1)]
    assert all(sheet.row_dimensions[HEADING_ROW + number].height >= SIGNED_ROW for number in range(1, count + 1))
    assert sheet.auto_filter.ref == f"A{HEADING_ROW}:H{HEADING_ROW + count}"


@pytest.mark.parametrize(
    "sheet", [drawn(*people(5)), load_workbook(io.BytesIO(listing.rendered(branch_list(5)))).worksheets[0]]
)
def test_it_is_frozen_filtered_and_printed_on_a4_with_headings_and_pages(sheet):
    assert sheet.freeze_panes == f"A{HEADING_ROW + 1}"
    assert sheet.print_title_rows == f"${HEADING_ROW}:${HEADING_ROW}"
    assert sheet.auto_filter.ref.startswith(f"A{HEADING_ROW}:")
    assert sheet.page_setup.paperSize == 9
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.right.text == "Page &P of &N"
    assert "Tembisa Ward 1" in sheet.oddHeader.right.text
    assert sheet.print_area


def test_a_name_is_never_a_formula_and_an_id_number_is_text():
    names = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\x01bell")
    sheet = drawn(*(Attendee("0001015009087", name, name) for name in names))
    for row, name in enumerate(names, HEADING_ROW + 1):
        for column in ("C", "D"):
            cell = sheet[f"{column}{row}"]
            assert cell.data_type != "f"
            assert cell.value == name.replace("\x01", "\ufffd")
            assert cell.quotePrefix == (name[0] in "=+-@")
        assert sheet[f"B{row}"].value == "0001015009087"
        assert sheet[f"B{row}"].number_format == "@"


def test_dates_are_dates_and_money_is_numbers_in_rands():
    made = branch_list(40)
    sheet, counts = load_workbook(io.BytesIO(listing.rendered(made))).worksheets
    in_order = [one for _, members in made.groups() for one in members]
    rows = list(sheet.iter_rows(min_row=HEADING_ROW + 1, max_row=HEADING_ROW + 40))
    for one, row in zip(in_order, rows, strict=True):
        assert row[2].value == one.id_number
        paid_on, cents, up_to, owed = row[5], row[6], row[7], row[8]
        if one.last_payment_on is None:
            assert (paid_on.value, cents.value, up_to.value) == ("N/A", "N/A", "–")
        else:
            assert paid_on.value == datetime.combine(one.last_payment_on, datetime.min.time())
            assert up_to.value.date() == one.paid_up_to
            assert cents.value * 100 == one.last_payment_cents
        assert owed.value * 100 == one.arrears_cents
        assert "R" in owed.number_format
    total = sheet[HEADING_ROW + 41]
    assert (total[2].value, total[8].value * 100) == (40, made.arrears_cents)
    assert [row[0].value for row in counts.iter_rows(min_row=4, max_row=16)] == [
        status.words.capitalize() for status, _ in made.groups()
    ]
    assert sum(row[1].value for row in counts.iter_rows(min_row=4, max_row=16)) == 40


def test_equal_content_gives_equal_bytes_without_a_clock():
    made = register(*people(30))
    content = attendance.rendered(made, seal(made))
    assert content == attendance.rendered(register(*people(30)), seal(made))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    about = load_workbook(io.BytesIO(content)).properties
    assert (about.created.date(), about.modified.date()) == (seal(made).issued_on,) * 2
    assert b"AR-GP-EKU-001-2026-7" in content, "readable without a workbook program, for a damaged file"


def test_a_branch_named_with_an_ampersand_does_not_become_a_code_in_the_page_header():
    assert header_text("Smith & Sons &P") == "Smith && Sons &&P"


def test_what_no_workbook_can_hold_in_the_name_of_a_branch_damages_none():
    odd = register(*people(1))
    odd = replace(odd, place=replace(odd.place, name="Tem\x00bi\x0bsa \ufffe]]>&"))
    workbook = load_workbook(io.BytesIO(attendance.rendered(odd, seal(odd))))
    assert workbook.properties.subject.startswith("Tem\ufffdbi\ufffdsa \ufffd]]>&")


def test_a_text_that_looks_like_the_code_of_a_character_is_shown_as_written():
    written = "N_x0041_kosi_x000D__xZZZZ_"
    odd = register(Attendee("8001015000000", written, written))
    odd = replace(odd, place=replace(odd.place, name=written))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(attendance.rendered(odd, seal(odd)))).get_sheet_by_index(0)
    cells = [cell for row in rows.to_python() for cell in row]
    assert cells.count(written) == 2
    assert f"{written} (GP-EKU-001)" in cells
