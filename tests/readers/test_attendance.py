"""Lists of who was there, as files have them: what counts as a tick, and what a scanner writes."""

import pytest

from ancadmin.errors import InputRefused
from ancadmin.readers import attendance
from ancadmin.readers.attendance import read_attendance

ONE, TWO, YOUNG = "8001015000003", "8001015000002", "0101015000082"


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        found = read_attendance(path)
        assert found.read == len(found.seen) + found.not_signed + found.blank, "every line is accounted for"
        return found

    return read


def scanned(found):
    return [(one.id_number or one.number, one.seen_at) for one in found.seen]


@pytest.mark.parametrize(
    "written", ["no", "No.", "N", "nee", "absent", "Afwesig", "apology", "0", "FALSE", "-", "–", "..", "☐", "\u200b"]
)
def test_whoever_is_marked_as_not_there_was_not(read, written):
    found = read(f"No,ID number,Present,Signature\n1,{ONE},{written},\n")
    assert (found.seen, found.not_signed) == ((), 1)


@pytest.mark.parametrize("written", ["x", "X", "1", "yes", "ja", "✓", "✔", "/", "TRUE", "T. Nkosi", "Noah", "N. Nene"])
def test_whoever_is_marked_or_signed_was_there(read, written):
    assert [one.id_number for one in read(f"No,ID number,Signature\n1,{ONE},{written}\n").seen] == [ONE]


def test_marked_as_not_there_and_signed_is_for_a_person_to_tell(read):
    (seen,) = read(f"No,ID number,Present,Signature\n1,{ONE},no,T. Nkosi\n").seen
    assert (seen.id_number, seen.number, seen.surname) == ("", None, "")
    assert (ONE in seen.as_read, "no" in seen.as_read) == (True, True)


def test_each_of_several_numbers_on_a_scanners_line_is_somebody(read):
    assert scanned(read(f"2020-05-02 09:12,{ONE},{TWO},{ONE}\n")) == [
        (ONE, "2020-05-02 09:12"),
        (TWO, "2020-05-02 09:12"),
    ]


def test_a_moment_in_thousandths_of_a_second_is_nobodys_number(read):
    assert [number for number, _ in scanned(read(f"1588410753123,{ONE}\n1588410754456,{TWO}\n"))] == [ONE, TWO]


@pytest.mark.parametrize(
    "written", [YOUNG[1:], "101015000082.0", "1.01015000082E+11", "010101 5000 082", f"2020-05-02 09:12,{YOUNG[1:]}"]
)
def test_what_a_spreadsheet_does_to_scanned_numbers_is_mended(read, written):
    assert [number for number, _ in scanned(read(f"{written}\n{ONE}\n"))] == [YOUNG, ONE]


@pytest.mark.parametrize(
    "moment", ["02/05/2020 09:12:33", "2020-05-02T09:12:33.123Z", "2020-05-02T09:12:33+02:00", "2020-05-02"]
)
def test_a_rows_bar_code_is_read_beside_any_moment(read, moment):
    assert scanned(read(f"{moment},000002\n")) == [(2, moment)]


def test_a_count_under_scanned_numbers_is_no_row_of_the_register(read):
    found = read(f"{ONE}\n{TWO}\n000004\n3\n")
    assert [number for number, _ in scanned(found)] == [ONE, TWO, 4, None]


def test_a_serial_in_capitals_or_not_is_one(read):
    assert read(f"ar-eku001-2026-1 9F9F\n{ONE}\nAR-EKU001-2026-1 9F9F\n").serials == ("ar-eku001-2026-1",)


def test_no_more_is_read_than_a_meeting_has(read, monkeypatch):
    monkeypatch.setattr(attendance, "MOST_LINES", 3)
    with pytest.raises(InputRefused, match="more than 3 lines"):
        read(f"{ONE}\n" * 4)
