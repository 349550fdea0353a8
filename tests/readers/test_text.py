"""Any usual encoding and separator is recognised; what is no text, or not one text, is refused with its place."""

import pytest
from tests.readers.papers import csv_text, write_csv

from ancadmin.errors import InputRefused
from ancadmin.readers.text import open_text, sniff_separator

ROWS = [["ID", "Van", "Naam"], ["8001015009087", "Müller", "André"], ["8801235111088", "Nkosi", "Zoë"]]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("cp1252", "cp1252"),
        ("cp850", "cp850"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators(tmp_path, encoding, named, separator):
    text = open_text(write_csv(tmp_path / "lede.csv", ROWS, separator, encoding))
    assert (text.encoding, text.separator) == (named, separator)
    assert list(text.records()) == [(1, ROWS[0]), (2, ROWS[1]), (3, ROWS[2])]


def test_the_s_of_sesotho_sa_leboa_is_no_letter_of_dos(tmp_path):
    rows = [["ID", "Surname"], ["8001015009087\u00a0", "MAŠILOANE"], ["8801235111088", "TŠHUKUDU"]]
    text = open_text(write_csv(tmp_path / "register.csv", rows, ";", "cp1252"))
    assert [cells for _, cells in text.records()] == rows


@pytest.mark.parametrize("encoding", ["cp850", "cp1252"])
def test_the_last_letter_of_one_name_decides_between_dos_and_windows(tmp_path, encoding):
    rows = [["ID", "Name", "Town"], ["8001015009087", "Zoë", "Paarl"], ["8801235111088", "Jan", "Ceres"]]
    text = open_text(write_csv(tmp_path / "lede.csv", rows, ";", encoding))
    assert [cells for _, cells in text.records()] == rows


def test_utf16_of_the_other_order(tmp_path):
    path = tmp_path / "lede.csv"
    path.write_bytes(b"\xfe\xff" + csv_text(ROWS).encode("utf-16-be"))
    assert [cells for _, cells in open_text(path).records()] == ROWS


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_known_by_the_zeros_at_every_other_place(tmp_path, codec):
    rows = [*ROWS, ["8801235111088", "MAŠILOANE", "Ŵ\u2019n"]]
    path = tmp_path / "lede.csv"
    path.write_bytes(csv_text(rows).encode(codec))
    text = open_text(path)
    assert text.encoding == codec
    assert list(text.records()) == list(enumerate(rows, 1))


@pytest.mark.parametrize("codec", ["utf-32-le", "utf-32-be"])
def test_utf32_with_its_mark(tmp_path, codec):
    path = tmp_path / "lede.csv"
    path.write_bytes(("\ufeff" + csv_text(ROWS, ";")).encode(codec))
    text = open_text(path)
    assert (text.encoding, text.separator) == (codec, ";")
    assert [cells for _, cells in text.records()] == ROWS


def test_one_accent_at_the_end_of_a_long_file_decides_the_encoding(tmp_path):
    path = tmp_path / "lede.csv"
    path.write_bytes(b"ID,Van\n" + b"8001015009087,Nkosi\n" * 120_000 + "8001015009087,Müller\n".encode("cp1252"))
    text = open_text(path)
    assert text.encoding == "cp1252"
    assert list(text.records())[-1] == (120_002, ["8001015009087", "Müller"])


def test_decimal_commas_do_not_make_a_comma_the_separator():
    assert sniff_separator("ID;Bedrag\n1;R20,50\n2;R12,00\n3;R20,00\n4;N/A\n") == ";"


def test_title_rows_and_addresses_do_not_decide_the_separator():
    text = "LIST OF MEMBERS, SOWETO, GAUTENG, 2019\n\nID\tVan\tAdres\n1\tNkosi\t12 Long St, Soweto, 1804\n2\tDube\tx\n"
    assert sniff_separator(text) == "\t"


def test_the_line_that_names_the_separator_is_no_row(tmp_path):
    path = tmp_path / "lede.csv"
    path.write_text("sep=;\nID;Van\n1;Nkosi, J\n", encoding="utf-8")
    assert list(open_text(path).records()) == [(2, ["ID", "Van"]), (3, ["1", "Nkosi, J"])]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(tmp_path, line_end):
    text = open_text(write_csv(tmp_path / "lede.csv", ROWS, line_end=line_end))
    assert list(text.records()) == [(1, ROWS[0]), (2, ROWS[1]), (3, ROWS[2])]


def test_the_end_mark_of_dos_programs_is_no_row(tmp_path):
    path = tmp_path / "lede.csv"
    path.write_bytes(b"ID,Van\r\n1,Nkosi\r\n\x1a")
    text = open_text(path)
    assert list(text.records()) == [(1, ["ID", "Van"]), (2, ["1", "Nkosi"])]
    assert not text.ends_open


def test_a_record_has_the_number_of_the_line_it_begins_on(tmp_path):
    path = tmp_path / "lede.csv"
    path.write_bytes(b'ID,Adres\n1,"Langstraat 12\nSoweto"\n\n2,x\n')
    assert list(open_text(path).records()) == [
        (1, ["ID", "Adres"]),
        (2, ["1", "Langstraat 12\nSoweto"]),
        (4, []),
        (5, ["2", "x"]),
    ]


@pytest.mark.parametrize(
    ("content", "what", "row"),
    [
        (b"", "the file is empty", None),
        (b"\xef\xbb\xbf\r\n \r\n", "the file is empty", None),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document", None),
        (b"PK\x03\x04rest of a workbook", "a workbook or a zip archive", None),
        (b"\x89PNG\r\n\x1a\n", "a picture", None),
        (b"\xff\xd8\xff\xe0JFIF", "a picture", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook", None),
        (b"<html><table><tr><td>ID</td></tr></table></html>", "a web page", None),
        (b"ID,Van\n1,\x00\x01\x02\n", "bytes here that no text has", 2),
        (b"ID,Van\n" + b"1,Nkosi\n" * 150_000 + b"\0" * 100, "bytes here that no text has", 150_002),
        ("ID,Van\n1,Müller\n2,Zoë\n3,André\n4,".encode() + b"Ren\xe9\n", "wrong encoding", 5),
        (b"\xef\xbb\xbfID,Van\n1,M\xfcller\n", "wrong encoding", 2),
        (b"ID,Van\n1,M\xfc\x81\x8dller\xff\xff\xfe\n", "wrong encoding", 2),
        ("\ufeffID,Van\n1,Nkosi".encode("utf-16-le") + b"\x00", "cut off in the middle of a letter", None),
        ("ID,Van\n1,Nkosi".encode("utf-16-be") + b"\x00", "cut off in the middle of a letter", None),
        ("ID,Van\n1,Nko\0si\n".encode("utf-16-le"), "bytes here that no text has", None),
        ("\ufeffID,Van\n1,Nkosi".encode("utf-32-le") + b"\x00\x00", "cut off in the middle of a letter", None),
        ("ID,Van\n1,Müller\n2,Zoë\n3,Andr".encode() + b"\xc3", "cut off in the middle of a letter", 4),
    ],
)
def test_what_is_refused(tmp_path, content, what, row):
    path = tmp_path / "lede.csv"
    path.write_bytes(content)
    with pytest.raises(InputRefused, match=what) as refusal:
        open_text(path)
    assert refusal.value.place.file == str(path)
    assert refusal.value.remedy
    if row is not None:
        assert refusal.value.place.row == row


def test_a_quote_that_is_never_closed_names_the_row_it_opens_in(tmp_path):
    path = tmp_path / "lede.csv"
    path.write_bytes(b'ID,Van\n1,Nkosi\n2,"Dube\n' + b"3,Mokoena\n" * 5)
    with pytest.raises(InputRefused, match="quote is never closed") as refusal:
        list(open_text(path).records())
    assert refusal.value.place.row == 3


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputRefused, match="No such file"):
        open_text(tmp_path / "lede.csv")
