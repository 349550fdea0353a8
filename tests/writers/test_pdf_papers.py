"""The PDF papers, read back: nobody missing, headings on every page, page x of y, equal bytes for equal content."""

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader
from tests.writers.made_up import FIRST_NAMES, SURNAMES, branch_list, people, register, seal

from ancadmin.domain.attendance import Attendee
from ancadmin.domain.papers import sorted_by_name
from ancadmin.writers.pdf import attendance_register as attendance
from ancadmin.writers.pdf import branch_list as listing


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def drawn(*attendees: Attendee) -> list[str]:
    made = register(*attendees)
    return pages_of(attendance.rendered(made, seal(made)))


def rows_of(text: str) -> list[str]:
    return re.findall(r"\b80010\d{8}\b", text)


@pytest.mark.parametrize("count", [0, 1, 21, 22, 350, 3000])
def test_every_page_has_the_headings_and_every_member_stands_once_in_order(count):
    attendees = people(count)
    pages = drawn(*attendees)
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert text.count("ID number") == 1
        assert text.count("First names") == 1
        assert "AR-GP-EKU-001-2026-7" in text
        assert "BBGM" in text
    assert [row for text in pages for row in rows_of(text)] == [one.id_number for one in attendees]
    assert "Presiding officer" in pages[-1]
    assert "Branch secretary" in pages[-1]


def test_signatures_never_stand_on_a_page_without_a_name():
    for count in range(16, 28):
        assert rows_of(drawn(*people(count))[-1]), count


def test_nobody_in_good_standing_is_said_in_words():
    (text,) = drawn()
    assert "Nobody was in good standing on the cut-off day." in text
    assert "Quorum of 1" in text


def test_the_letters_of_all_our_languages_are_in_the_font():
    text = " ".join(" ".join(drawn(*people(len(SURNAMES) * len(FIRST_NAMES)))).split())
    for name in (*SURNAMES, *FIRST_NAMES):
        assert name in text, name


def test_a_name_of_sixty_letters_is_wrapped_and_complete():
    surname, first_names = (
        "Nkosinathi-" * 5 + "Zwelo",
        "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissen",
    )
    (text,) = drawn(Attendee("8001015009087", surname, first_names))
    joined = text.replace("\n", "")
    assert surname in joined
    assert first_names in joined


def test_a_register_under_a_sole_operator_says_so_and_another_does_not():
    made = register(*people(1))
    said = "sole operator"
    assert said in pages_of(attendance.rendered(made, seal(made)))[0]
    assert said not in pages_of(attendance.rendered(made, seal(made, sole_operator=False)))[0]


def test_equal_content_gives_equal_bytes_and_the_file_names_itself():
    made = register(*people(30))
    content = attendance.rendered(made, seal(made))
    assert content == attendance.rendered(register(*people(30)), seal(made))
    about = PdfReader(io.BytesIO(content)).metadata
    assert about.title == "Attendance register AR-GP-EKU-001-2026-7"
    assert about.creation_date.date() == seal(made).issued_on
    assert b"AR-GP-EKU-001-2026-7" in content, "readable without a PDF program, for a damaged file"


def test_the_qr_code_stands_in_the_document_once_and_on_every_page():
    made = register(*people(60))
    reader = PdfReader(io.BytesIO(attendance.rendered(made, seal(made))))
    forms = [list(page["/Resources"]["/XObject"].values()) for page in reader.pages]
    assert len(reader.pages) == len(forms) > 1
    assert {form.indirect_reference.idnum for page in forms for form in page} == {forms[0][0].indirect_reference.idnum}


@pytest.mark.parametrize("count", [0, 1, 350, 3000])
def test_a_branch_list_has_everyone_once_under_their_status(count):
    made = branch_list(count)
    pages = pages_of(listing.rendered(made))
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert ("ID number" in text) == (count > 0)
    expected = [one.id_number for _, members in made.groups() for one in members]
    assert [row for text in pages for row in rows_of(text)] == expected
    text = "\n".join(pages)
    for status, members in made.groups():
        assert f"{listing.heading(status)}: {len(members)}" in text
    total = f"{count} member{'s' if count != 1 else ''} in all"
    assert (total if count else "Nobody is listed on this day.") in text


def test_a_group_that_goes_on_says_so_at_the_top_of_the_page():
    one_group = replace(
        branch_list(350), members=tuple(replace(m, status="good_standing") for m in branch_list(350).members)
    )
    pages = pages_of(listing.rendered(one_group))
    assert all("Good standing: 350 (continued)" in text for text in pages[1:])
    assert "(continued)" not in pages[0]


def test_a_list_says_whether_the_branch_reaches_the_minimum():
    made = branch_list(40)
    assert "does not reach the minimum of 100" in pages_of(listing.rendered(made))[0]
    assert "The branch reaches the minimum of 3" in pages_of(listing.rendered(replace(made, minimum=3)))[0]


def test_rows_are_sorted_by_the_caller_and_drawn_as_given():
    attendees = sorted_by_name(people(20))[::-1]
    assert [row for text in drawn(*attendees) for row in rows_of(text)] == [one.id_number for one in attendees]
