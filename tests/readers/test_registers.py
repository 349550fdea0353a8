"""A register of any shape is opened, its columns known, and rows that are nobody's told from members."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.readers.papers import HEADINGS, MEMBERS, write_csv, write_workbook

from ancadmin.errors import InputRefused
from ancadmin.readers.cells import DateOrder
from ancadmin.readers.registers import read_register


def blanks(register):
    """{row number: is it nobody's}."""
    return {
        int(row): bool(blank)
        for sheet in register.sheets
        for chunk in sheet.chunks()
        for row, blank in zip(chunk.rows, sheet.blank_rows(chunk), strict=True)
    }


def test_a_workbook_with_a_merged_title_and_two_sheets(tmp_path):
    import openpyxl

    path = tmp_path / "lede.xlsx"
    rows = [["ANC SOWETO", None, None], [], ["ID Nommer", "VAN", "Voorname"], *MEMBERS]
    write_workbook(path, Soweto=rows, Notes=[["How to fill this in"], ["Write clearly"]], Oos=[HEADINGS, *MEMBERS])
    book = openpyxl.load_workbook(path)
    book["Soweto"].merge_cells("A1:C1")
    book.save(path)
    register = read_register(path)
    assert [(sheet.sheet.sheet, sheet.sheet.header_row) for sheet in register.sheets] == [("Soweto", 3), ("Oos", 1)]
    assert all(sheet.fields == {"id_number": 0, "surname": 1, "first_names": 2} for sheet in register.sheets)
    assert [sheet.sheet for sheet in register.set_aside] == ["Notes"]
    assert [(problem.sheet, problem.code) for problem in register.problems] == [("Notes", "no_id_column")]


def test_rows_that_are_nobodys(tmp_path):
    rows = {
        2: ["8001015009087", "van Wyk", "Piet", "R20"],
        3: ["", "", "", ""],
        4: [" ", "\u00a0", "", ""],
        5: ["WYK 12", "", "", ""],
        6: ["", "Tak Soweto Oos", "", ""],
        7: ["ID NO.", "SURNAME", "NAME", "AMOUNT"],
        8: ["Sub-total", "", "", "R240.00"],
        9: ["", "", "TOTAAL", "R 1 240,00"],
        10: ["", "Total members", "312", "R240.00"],
        11: ["-----", "-----", "-----", "-----"],
        12: ["Branch:", "Soweto", "", ""],
        13: ["Printed on 2019-08-12", "", "", ""],
        14: ["Grand Total 312", "", "", ""],
        15: ["Branch: 79700012 Katlehong", "", "", ""],
        16: ["WYK 79700012", "", "", ""],
    }
    path = write_csv(tmp_path / "lede.csv", [["ID No", "Surname", "Name", "Amount"], *rows.values()])
    assert blanks(read_register(path)) == {row: row != 2 for row in rows}


def test_rows_that_are_somebodys_however_damaged(tmp_path):
    rows = [
        ["", "van Wyk", "Piet", "R20"],
        ["80010150", "", "", ""],
        ["N/A", "van Wyk", "Piet", "N/A"],
        ["passport A1234567", "", "", ""],
        ["800101 5009 08 7", "", "", ""],
        ["8.00101E+12", "Total", "Jean", "R20"],
        ["", "", "", "0821234567"],
        ["", "Total", "Jean Marie", "R20"],
        ["", "van Wyk", "Piet", ""],
        ["x", "van Wyk", "", ""],
        ["Ward 79700012", "van Wyk", "", ""],
        ["Branch secretary 8001015009087", "", "", ""],
    ]
    path = write_csv(tmp_path / "lede.csv", [["ID No", "Surname", "Name", "Amount"], *rows])
    assert not any(blanks(read_register(path)).values())


def test_the_order_of_dates_is_that_of_the_whole_column_over_all_chunks(tmp_path):
    rows = [["8001015009087", "van Wyk", "05/06/2019", "05/06/2018"]] * 50
    rows.append(["8001015009087", "van Wyk", "06/25/2019", "05/06/2018"])
    path = write_csv(tmp_path / "lede.csv", [["ID No", "Surname", "Date joined", "Last payment date"], *rows])
    (sheet,) = read_register(path).sheets
    assert sheet.date_orders() == {"joined_on": DateOrder(month_first=1), "last_payment_on": DateOrder()}


def test_a_register_with_no_id_column_is_refused_with_what_was_found(tmp_path):
    path = write_workbook(tmp_path / "lede.xlsx", Lede=[["Members"], ["Van", "Naam", "Selfoon"], ["Nkosi", "J", "082"]])
    with pytest.raises(InputRefused, match="no column of ID numbers; the headings are: Van, Naam, Selfoon") as refusal:
        read_register(path)
    assert str(refusal.value.place) == f"{path} Lede row 2"
    assert "ID Number" in refusal.value.remedy


def test_a_file_of_fixed_width_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "register.txt"
    rows = [["LIST OF MEMBERS"], ["ID NUMBER", "SURNAME", "BRANCH"], ["8001015009087", "MOKOENA, T", "79700012"]]
    path.write_text("".join("".join(f"{cell:<16}" for cell in row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(InputRefused, match=r"parted by blanks alone \(fixed width\)") as refusal:
        read_register(path)
    assert "save it as CSV" in refusal.value.remedy


def test_a_file_of_rows_without_headings_is_refused(tmp_path):
    with pytest.raises(InputRefused, match="no row of headings"):
        read_register(write_csv(tmp_path / "lede.csv", MEMBERS))


def test_a_column_that_a_sheet_does_not_have(tmp_path):
    (sheet,) = read_register(write_csv(tmp_path / "lede.csv", [HEADINGS, *MEMBERS])).sheets
    chunk = next(sheet.chunks())
    assert sheet.column(chunk, "surname").to_pylist() == ["van Wyk", "Molefe"]
    assert sheet.column(chunk, "email") is None


SCRAPS = [
    b"ID No",
    b"Van",
    b";",
    b",",
    b"\t",
    b'"',
    b"\n",
    b"\r\n",
    b"\r",
    b"8001015009087",
    b"\xe9",
    b"\xc3\xa9",
    b" ",
]
SCRAPS += [b"Total", b"sep=;", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1a", b"12/08/2019", b"R20", b"N/A"]


@settings(max_examples=80, deadline=None)
@given(content=st.binary(max_size=200) | st.lists(st.sampled_from(SCRAPS), max_size=40).map(b"".join))
def test_any_bytes_are_read_or_refused_with_a_remedy(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    refusal = None
    try:
        register = read_register(path)
        for sheet in register.sheets:
            sheet.date_orders()
            assert all(row > sheet.sheet.header_row for row in blanks(register))
    except InputRefused as error:
        refusal = error
    if refusal is not None:
        assert refusal.remedy
        assert refusal.place.file == str(path)
