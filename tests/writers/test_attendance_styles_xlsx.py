"""The register as a workbook in every style: locked, to fill in and hand back, grouped, to scan, masked."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from openpyxl import Workbook, load_workbook
from PIL import Image
from tests.writers.made_up import people, register, seal
from tests.writers.scanner import read, runs

from ancadmin.domain.attendance import USUAL, AttendanceRegister, Attendee, Difference, Style, Superseded
from ancadmin.domain.attendance_room import first_letter
from ancadmin.domain.turnout import Verdict, judged
from ancadmin.readers.attendance import read_attendance
from ancadmin.writers.xlsx.attendance_register import rendered

STYLES = [Style(*chosen) for chosen in product((False, True), repeat=4)]
LONG = Attendee(
    "8001015009087", "Nkosinathi-" * 5 + "Ṱhavha", "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren"
)
ODD = Attendee("8001015009186", " =cmd|' /C calc'!A0 <&>", "Ṅwa\x01 \n Ḓo ")


def name(style: Style) -> str:
    return style.name or "usual"


def content(made: AttendanceRegister, style: Style = USUAL, difference: Difference | None = None) -> bytes:
    sealed = seal(made)
    if difference is not None:
        before = Superseded("AR-GP-EKU-001-2026-6", date(2026, 4, 1), date(2026, 3, 31), 41, difference)
        sealed = replace(sealed, supersedes=before)
    return rendered(made, sealed, style)


def opened(made: AttendanceRegister, style: Style = USUAL, difference: Difference | None = None) -> Workbook:
    return load_workbook(io.BytesIO(content(made, style, difference)))


def heading_row(sheet) -> int:
    return next(row for row in range(1, 12) if sheet.cell(row, 1).value == "No")


def titles(sheet) -> dict[str, int]:
    row = heading_row(sheet)
    return {cell.value: cell.column for cell in sheet[row] if cell.value and not cell.hyperlink}


def people_rows(sheet) -> dict[int, int]:
    """The row of the sheet for each No."""
    first, last = heading_row(sheet) + 1, int(re.findall(r"\d+", sheet.auto_filter.ref)[1])
    return {value: row for row in range(first, last + 1) if isinstance(value := sheet.cell(row, 1).value, int)}


@pytest.mark.parametrize("style", STYLES, ids=name)
def test_in_every_style_the_table_is_whole_frozen_filtered_and_printed_with_its_titles(style):
    made = register(*people(20), LONG, ODD)
    sheet = opened(made, style).worksheets[0]
    row, columns = heading_row(sheet), titles(sheet)
    wanted = ["No", "ID number", "Surname", "First names", "Voting district", "Cell", "Present", "Signature"]
    if style.scan:
        wanted.insert(6, "Bar code of No" if style.mask_ids else "Bar code")
    assert list(columns) == wanted
    rows = people_rows(sheet)
    assert sorted(rows) == list(range(1, 23))
    for number, one in enumerate(made.attendees, 1):
        there = [sheet.cell(rows[number], column).value for column in (2, 3, 4, 5)]
        id_number = f"800101****{one.id_number[10:]}" if style.mask_ids else one.id_number
        assert there == [id_number, one.surname, one.first_names.replace("\x01", "\ufffd") or None, one.voting_district]
        assert all(sheet.cell(rows[number], column).data_type != "f" for column in columns.values())
        assert sheet.row_dimensions[rows[number]].height >= (40 if style.large else 30)
    last = "I" if style.scan else "H"
    end = max(rows.values()) + (2 if style.by_voting_district else 0)
    assert sheet.auto_filter.ref == f"A{row}:{last}{end}"
    assert sheet.freeze_panes == f"A{row + 1}"
    assert sheet.print_title_rows == f"${row}:${row}"
    assert re.fullmatch(rf"'Attendance register'!\$A\$1:\$[IJ]\${end + 6}", sheet.print_area)
    assert sheet.page_setup.orientation == ("landscape" if style.large or style.scan else "portrait")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddFooter.right.text == "Page &P of &N"


@pytest.mark.parametrize("style", STYLES, ids=name)
def test_filled_in_and_handed_back_it_says_who_was_present(style, tmp_path):
    made = register(*people(20))
    workbook = opened(made, style, Difference(added=made.attendees[:2], removed=(LONG,)))
    sheet = workbook.worksheets[0]
    rows, columns = people_rows(sheet), titles(sheet)
    sheet.cell(rows[3], columns["Present"]).value = "X"
    sheet.cell(rows[17], columns["Signature"]).value = "signed"
    end = max(rows.values())
    for at, line in enumerate(sheet.iter_rows(min_row=end + 1, max_row=end + 9), end + 1):
        for cell in line[2:8]:
            if not cell.protection.locked:
                sheet.cell(at, cell.column).value = "Thandi Nkosi"
    workbook.save(tmp_path / "back.xlsx")
    back = read_attendance(tmp_path / "back.xlsx")
    found = judged(made, back.seen)
    assert sorted((one.number, one.verdict) for one in found) == [(3, Verdict.PRESENT), (17, Verdict.PRESENT)]
    assert back.not_signed == 18
    assert back.serials[0] == "AR-GP-EKU-001-2026-7", "its own, before the one it supersedes"


def test_only_what_is_filled_in_at_the_meeting_can_be_changed():
    made = register(*people(5))
    workbook = opened(made, difference=Difference(added=made.attendees[:1]))
    assert workbook.security.lockStructure
    for sheet in workbook.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert not sheet.protection.autoFilter, "filters stay free"
    sheet, differs = workbook.worksheets
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    table = {f"{column}{row}" for row in people_rows(sheet).values() for column in "GH"}
    assert table <= unlocked
    assert all(int(re.sub(r"\D", "", at)) > max(people_rows(sheet).values()) for at in unlocked - table)
    assert all(cell.protection.locked for row in differs.iter_rows() for cell in row)
    (hint,) = sheet.data_validations.dataValidation
    assert str(hint.sqref) == f"G{min(people_rows(sheet).values())}:H{max(people_rows(sheet).values())}"


def test_letters_jump_to_where_they_begin_and_stand_at_the_edge_there():
    made = register(*people(50))
    sheet = opened(made).worksheets[0]
    letters = [first_letter(one.surname) for one in made.attendees]
    jumps = {
        cell.value: int(cell.hyperlink.location.rsplit("B", 1)[1])
        for cell in sheet[heading_row(sheet)] if cell.hyperlink
    }  # fmt: skip
    rows = people_rows(sheet)
    assert jumps == {letter: rows[letters.index(letter) + 1] for letter in letters}
    assert {sheet.cell(row, 9).value: row for row in rows.values() if sheet.cell(row, 9).value} == jumps


def test_by_voting_district_everyone_keeps_their_number_and_the_subtotals_come_to_all():
    made = register(*people(40))
    sheet = opened(made, Style(by_voting_district=True)).worksheets[0]
    rows = people_rows(sheet)
    texts = [sheet.cell(row, 1).value for row in range(heading_row(sheet) + 1, max(rows.values()) + 3)]
    sums = [re.fullmatch(r"Voting district (.+): (\d+) members?", str(text)) for text in texts]
    counted = {found[1]: int(found[2]) for found in sums if found}
    districts = [one.voting_district or "none on record" for one in made.attendees]
    assert counted == {district: districts.count(district) for district in districts}
    assert list(counted) == [*sorted(counted.keys() - {"none on record"}), "none on record"]
    assert texts[-1] == "All voting districts: 40 members"
    headed = None
    for row in range(heading_row(sheet) + 1, max(rows.values()) + 1):
        text = sheet.cell(row, 1).value
        if isinstance(text, int):
            assert districts[text - 1] == headed
        elif ":" not in text:
            headed = text.removeprefix("Voting district ")
            assert sheet.cell(row, 5).value == made.attendees[sheet.cell(row + 1, 1).value - 1].voting_district
            assert sheet.cell(row, 5).value in (headed, None), "a filter shows it with its people"


@pytest.mark.parametrize("masked", [False, True])
def test_the_picture_in_each_row_is_read_back_as_its_number(masked):
    made = register(*people(12))
    style = Style(scan=True, by_voting_district=True, mask_ids=masked)
    rows = people_rows(opened(made, style).worksheets[0])
    with zipfile.ZipFile(io.BytesIO(content(made, style))) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
        relations = archive.read("xl/drawings/_rels/drawing1.xml.rels").decode()
        found = {}
        for anchor in re.findall(r"<twoCellAnchor.*?</twoCellAnchor>", drawing):
            (row,) = set(re.findall(r"<row>(\d+)</row>", anchor))
            (column,) = set(re.findall(r"<col>(\d+)</col>", anchor))
            offsets = [int(offset) for offset in re.findall(r"<colOff>(\d+)</colOff>", anchor)]
            (named,) = re.findall(r'r:embed="(\w+)"', anchor)
            (target,) = re.findall(rf'Target="/([^"]+)" Id="{named}"', relations)
            picture = Image.open(io.BytesIO(archive.read(target)))
            line = runs(not picture.getpixel((at, 0)) for at in range(picture.width))
            module = line[-1][1] // 2
            found[int(row) + 1] = read([length // module for _, length in line])
            assert column == "6"
            assert (offsets[1] - offsets[0]) / (picture.width / module) >= 0.25 * 36000, "modules of 0.25 mm"
            assert offsets[0] >= 10 * 0.25 * 36000, "and free paper before them"
    wanted = [f"{number:06}" if masked else one.id_number for number, one in enumerate(made.attendees, 1)]
    assert found == {rows[number]: digits for number, digits in enumerate(wanted, 1)}


def test_masked_numbers_are_given_away_by_nothing_in_the_file():
    made = register(*people(12))
    differs = Difference(added=made.attendees[:2], removed=(LONG,), changed=made.attendees[4:5])
    with zipfile.ZipFile(io.BytesIO(content(made, Style(mask_ids=True, scan=True), differs))) as archive:
        said = b"".join(archive.read(entry) for entry in archive.namelist())
    for one in (*made.attendees, LONG):
        assert one.id_number.encode() not in said
        assert f"800101****{one.id_number[10:]}".encode() in said


def test_it_says_which_register_it_supersedes_and_on_a_sheet_of_its_own_who_differs():
    made = register(*people(10))
    differs = Difference(added=made.attendees[:2], removed=(LONG,))
    sheet, other = opened(made, difference=differs).worksheets
    assert sheet["A8"].value.startswith("Supersedes AR-GP-EKU-001-2026-6 (cut-off 2026-03-31")
    assert heading_row(sheet) == 9
    rows = [[cell.value for cell in row[:3]] for row in other.iter_rows(min_row=5)]
    assert rows == [
        [what, f"{one.surname}, {one.first_names}".removesuffix(", "), one.id_number]
        for what, one in [("Added", made.attendees[0]), ("Added", made.attendees[1]), ("Removed", LONG)]
    ]
    (alone,) = load_workbook(io.BytesIO(content(made))).worksheets
    assert alone["A8"].value == "No"


@pytest.mark.parametrize("style", STYLES, ids=name)
def test_equal_registers_give_equal_bytes_in_every_style(style):
    differs = Difference(added=people(2))
    made = content(register(*people(6)), style, differs)
    assert made == content(register(*people(6)), style, differs)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("style", STYLES, ids=name)
def test_a_register_of_nobody_opens_in_every_style(style):
    sheet = opened(register(), style).worksheets[0]
    assert people_rows(sheet) == {}
    assert sheet["F5"].value == 0
