"""The register on paper in every style: found by its edge, grouped, to scan, masked, and what it supersedes."""

import io
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise, product

import pytest
from pypdf import PdfReader
from tests.writers.made_up import PLACE, people, register, seal
from tests.writers.scanner import bars_on

from ancadmin.domain.attendance import USUAL, AttendanceRegister, Attendee, Difference, Style, Superseded
from ancadmin.domain.attendance_room import first_letter
from ancadmin.writers.pdf.attendance_register import rendered

MM = 72 / 25.4
STYLES = [Style(*chosen) for chosen in product((False, True), repeat=4)]
LONG = Attendee(
    "8001015009087", "Nkosinathi-" * 5 + "Ṱhavha", "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren"
)


def superseding(made: AttendanceRegister, difference: Difference | None):
    before = Superseded("AR-GP-EKU-001-2026-6", date(2026, 4, 1), date(2026, 3, 31), 41, difference)
    return replace(seal(made), supersedes=before)


def drawn(made: AttendanceRegister, style: Style = USUAL, difference: Difference | None = None) -> PdfReader:
    sealed = superseding(made, difference) if difference else seal(made)
    return PdfReader(io.BytesIO(rendered(made, sealed, style)))


def rows_of(text: str) -> list[str]:
    return re.findall(r"\b80010\d{8}\b", text)


def name(style: Style) -> str:
    return style.name or "usual"


@pytest.mark.parametrize("style", STYLES, ids=name)
def test_in_every_style_everyone_stands_once_whole_and_inside_what_a_printer_prints(style):
    made = register(*people(20), LONG)
    pages = drawn(made, style).pages
    texts = [page.extract_text() for page in pages]
    whole = "".join(texts).replace("\n", "")
    assert LONG.surname in whole
    assert LONG.first_names in whole
    numbers = [f"800101****{one.id_number[10:]}" if style.mask_ids else one.id_number for one in made.attendees]
    assert sorted(re.findall(r"800101[\d*]{7}", whole)) == sorted(numbers)
    across = float(pages[0].mediabox.width)
    assert (across > 800) == (style.large or style.scan)
    for page in pages:
        stream = page.get_contents().get_data().decode("latin-1")
        for left, wide in re.findall(r"n ([\d.]+) [\d.]+ ([\d.]+) [\d.]+ re ", stream):
            assert 5 * MM <= float(left) <= float(left) + float(wide) <= across - 5 * MM


@pytest.mark.parametrize("style", STYLES, ids=name)
def test_equal_registers_give_equal_bytes_in_every_style(style):
    made = register(*people(12))
    sealed = superseding(made, Difference(added=made.attendees[:1]))
    assert rendered(made, sealed, style) == rendered(register(*people(12)), sealed, style)


def test_a_box_to_sign_in_is_high_and_wide_enough_for_a_signature():
    for style, least in ((Style(), 9.5), (Style(large=True), 13)):
        pages = drawn(register(*people(4)), style).pages
        stream = "".join(page.get_contents().get_data().decode("latin-1") for page in pages)
        sides = re.findall(r"([\d.]+) ([\d.]+) m \1 ([\d.]+) l", stream)
        assert len(sides) == 8, "two for each row"
        assert all(float(top) - float(bottom) >= least * MM for _, top, bottom in sides)
        lefts = sorted({float(left) for left, _, _ in sides})
        assert lefts[1] - lefts[0] >= 39.9 * MM


def test_the_head_of_every_page_says_the_first_and_the_last_name_on_it():
    made = register(*people(70))
    number = 0
    for page in drawn(made).pages:
        text = page.extract_text()
        on_it = made.attendees[number : (number := number + len(rows_of(text)))]
        first, last = on_it[0].surname, on_it[-1].surname
        assert (f"{first} – {last}" if first != last else first) in text.split("\n")
    assert number == 70


def test_the_outline_leads_to_the_page_where_each_letter_begins():
    made = register(*people(70))
    reader = drawn(made)
    letters = [first_letter(one.surname) for one in made.attendees]
    begins = [0, *(at for at, (one, after) in enumerate(pairwise(letters), 1) if one != after)]
    assert [entry.title for entry in reader.outline] == [letters[at] for at in begins]
    assert "T" in [entry.title for entry in reader.outline], "Ṱhavhana stands under T"
    for entry, at in zip(reader.outline, begins, strict=True):
        page = reader.pages[reader.get_destination_page_number(entry)]
        assert made.attendees[at].id_number in page.extract_text()


def test_a_letter_stands_at_the_edge_where_it_begins_and_on_top_where_it_goes_on():
    made = register(*people(70))
    beyond = 210 * MM - 15 * MM
    for page in drawn(made).pages:
        found: list[str] = []

        def visit(text, _cm, tm, _font, _size, found=found):
            if tm[4] > beyond and text.strip():
                found.append(text.strip())

        on_it = rows_of(page.extract_text(visitor_text=visit))
        letters = [first_letter(one.surname) for one in made.attendees if one.id_number in on_it]
        assert sorted(found) == sorted(set(letters))


def test_by_voting_district_everyone_keeps_their_number_and_the_subtotals_come_to_all():
    made = register(*people(80))
    pages = [page.extract_text() for page in drawn(made, Style(by_voting_district=True)).pages]
    lines = "\n".join(pages).split("\n")
    districts = [one.voting_district or "none on record" for one in made.attendees]
    in_order = [*sorted({one for one in districts if one != "none on record"}), "none on record"]
    expected = [
        (str(number), one.id_number)
        for district in in_order
        for number, (one, own) in enumerate(zip(made.attendees, districts, strict=True), 1)
        if own == district
    ]
    at = [place for place, line in enumerate(lines) if rows_of(line)]
    assert [(lines[place - 1], lines[place]) for place in at] == expected
    for district in in_order:
        said = f"Voting district {district}: {districts.count(district)} members"
        assert lines.count(said) == 2, "above its people and under them"
    assert lines.count("All voting districts: 80 members") == 1
    for text in pages:
        top = text.split("\n")
        assert top.index("Signature") < min(place for place, line in enumerate(top) if line.startswith("Voting dist"))
    gone_on = [text for text in pages if "(continued)" in text]
    assert gone_on
    for text in gone_on:
        after = text.split("(continued)")[1].split("\n")
        assert rows_of("\n".join(after[:4])), "a group is said to go on only above people of it"


def test_a_voting_district_is_never_headed_or_summed_up_on_a_page_without_its_people():
    for count in range(15, 40, 3):
        headed: set[str] = set()
        for page in drawn(register(*people(count)), Style(by_voting_district=True)).pages:
            order = ""
            for line in page.extract_text().split("\n"):
                if re.fullmatch(r"Voting district .*: \d+ members?( \(continued\))?", line):
                    order += "s" if line in headed else "h"
                    headed.add(line)
                elif rows_of(line):
                    order += "."
            assert re.fullmatch(r"(h\.+s?)*", order), (count, order)


def test_the_bars_of_every_row_are_read_back_as_its_id_number_and_have_paper_around_them():
    made = register(*people(30))
    for style in (Style(scan=True), Style(scan=True, large=True)):
        read = []
        for page in drawn(made, style).pages:
            stream = page.get_contents().get_data().decode("latin-1")
            signature = min(float(left) for left in re.findall(r"([\d.]+) [\d.]+ m \1 [\d.]+ l", stream))
            for bars in bars_on(page):
                assert bars.module >= 0.25 * MM
                assert bars.right + 10 * bars.module <= signature
                read.append(bars.digits)
        assert read == [one.id_number for one in made.attendees]


def test_masked_numbers_are_given_away_by_nothing_in_the_file():
    made = register(*people(30))
    differs = Difference(added=made.attendees[:2], removed=(LONG,), changed=made.attendees[4:5])
    reader = drawn(made, Style(mask_ids=True, scan=True, by_voting_district=True), differs)
    said = [*(page.extract_text() for page in reader.pages), str(reader.metadata), str(reader.outline)]
    said += [page.get_contents().get_data().decode("latin-1") for page in reader.pages]
    for one in (*made.attendees, LONG):
        assert not any(one.id_number in text for text in said)
        assert any(f"800101****{one.id_number[10:]}" in text for text in said)
    numbers = [bars.digits for page in reader.pages for bars in bars_on(page)]
    assert sorted(numbers) == [f"{number:06}" for number in range(1, 31)], "the bars say the row's number instead"


def test_a_register_says_which_one_it_supersedes_and_by_name_who_differs():
    made = register(*people(10))
    differs = Difference(added=made.attendees[:2], removed=(LONG,))
    pages = [page.extract_text() for page in drawn(made, difference=differs).pages]
    sentence = "Supersedes AR-GP-EKU-001-2026-6 (cut-off 2026-03-31, 41 in good standing): 2 added, 1 removed."
    assert sentence in " ".join(pages[0].split())
    text = "\n".join(pages)
    assert text.index("Presiding officer") < text.index("What differs from AR-GP-EKU-001-2026-6")
    end = text.split("What differs from")[1]
    assert end.index("Added: 2") < end.index(made.attendees[1].id_number) < end.index("Removed: 1")
    assert end.index("Removed: 1") < end.index(LONG.id_number)
    assert "Changed" not in end


def test_of_a_register_not_kept_only_its_serial_is_said_and_of_the_same_people_that_they_are():
    made = register(*people(3))
    (page,) = PdfReader(io.BytesIO(rendered(made, superseding(made, None)))).pages
    text = page.extract_text()
    assert "Supersedes AR-GP-EKU-001-2026-6" in text
    assert "What differs" not in text
    said = "\n".join(page.extract_text() for page in drawn(made, difference=Difference()).pages)
    assert "the same people" in said


def test_nobody_at_all_is_said_in_every_style():
    for style in STYLES:
        reader = drawn(register(), style)
        (page,) = reader.pages
        assert "Nobody was in good standing on the cut-off day." in page.extract_text()
        assert PLACE.name in page.extract_text()
