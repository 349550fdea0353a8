"""Cards as files: nothing beyond a card's edge whatever the names, and a QR code that says what is printed under it."""

import io
from dataclasses import replace
from datetime import date

import pytest
import segno
from pypdf import PdfReader
from tests.writers.made_up import FIRST_NAMES, PLACE, SURNAMES

from ancadmin.domain.cards import Card, CardKind, CardSheet
from ancadmin.writers.pdf.base import mm
from ancadmin.writers.pdf.cards import SIZE, card_rendered, sheet_rendered
from ancadmin.writers.pdf.text import BOLD, REGULAR, width

DAY = date(2026, 4, 15)
CARD = Card(1_399_999, CardKind.FULL, "Mokoena", "Thabo", "800101****087", PLACE, "2026-09-30", "2026-04-15")
LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewisse"
FARAWAY = replace(PLACE, name="Ṱhohoyanḓou Ward 20 Muledane Makwarela Extension Block J West", region="W" * 60)


def sheet(count: int) -> CardSheet:
    cards = (
        replace(CARD, number=at, surname=SURNAMES[at % len(SURNAMES)], first_names=FIRST_NAMES[at % len(FIRST_NAMES)])
        for at in range(count)
    )
    return CardSheet(PLACE, DAY, tuple(cards))


def pages(content: bytes) -> list:
    return list(PdfReader(io.BytesIO(content)).pages)


def texts(page) -> list[tuple[str, float, float, float]]:
    """Each text with where it begins, where it ends and its base line."""
    found = []

    def visit(text, _cm, tm, font, size):
        if text.strip() and font:
            face = BOLD if "Bold" in font["/BaseFont"] else REGULAR
            found.append((text.strip(), tm[4], tm[4] + width(text.strip(), face, size), tm[5]))

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize(
    "card",
    [
        CARD,
        replace(CARD, surname=LONG, first_names="X" * 60, kind=CardKind.PROVISIONAL),
        replace(CARD, surname="W" * 60, first_names="W" * 60, place=FARAWAY),
        replace(CARD, surname="Ṱhavhana-Neluvhalani Muḽaudzi Ṅwamba Ṋeluvhalani Nḓou Thoho", first_names="Êtsa Mošidi"),
        replace(CARD, surname="W" * 200, first_names="W " * 100, place=replace(FARAWAY, name="W" * 200)),
    ],
)
def test_nothing_stands_beyond_the_edge_and_nothing_is_cut(card):
    (page,) = pages(card_rendered(card))
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(SIZE, abs=0.01)
    for text, left, right, base in texts(page):
        assert 4 * mm < left < right < SIZE[0] - 4 * mm, text
        assert 4 * mm < base < SIZE[1] - 4 * mm, text
    said = "".join(page.extract_text().split())
    parts = (card.name, card.membership_number, card.place.name, card.place.region, card.valid_until, card.code)
    for part in (*parts, card.kind.words.upper()):
        assert "".join(part.split()) in said, part


def test_the_name_never_runs_into_the_code_or_the_facts():
    for name in ("Mo", LONG, "W" * 60, "W " * 60):
        (page,) = pages(card_rendered(replace(CARD, surname=name, first_names=name, place=FARAWAY)))
        lines = texts(page)
        number = next(base for text, *_, base in lines if text == "Member no")
        names = [base for text, *_, base in lines if set(text) & set(name) and base > number]
        assert min(names) > number + 6
        beside = [right for text, left, right, base in lines if base < number + 1 and text[:3] != "MC-"]
        assert max(beside) < SIZE[0] - 4.5 * mm - 21 * mm - 2 * mm


def test_the_qr_code_says_what_is_printed_under_it():
    (page,) = pages(card_rendered(CARD))
    (form,) = page["/Resources"]["/XObject"].values()
    side = float(form["/BBox"][2])
    expected = segno.make(CARD.code, error="m", boost_error=False, micro=False, mask=4).matrix
    count = len(expected)
    module = side / count
    dark = [[0] * count for _ in range(count)]
    for line in form.get_object().get_data().decode().splitlines():
        words = line.split()
        for at in [place for place, word in enumerate(words) if word == "re"]:
            left, bottom, across, _ = (float(word) / module for word in words[at - 4 : at])
            for column in range(round(left), round(left + across)):
                dark[count - 1 - round(bottom)][column] = 1
    assert dark == [list(row) for row in expected]
    assert CARD.code in page.extract_text()


@pytest.mark.parametrize(("count", "needed"), [(0, 1), (1, 1), (10, 1), (11, 2), (43, 5)])
def test_ten_stand_on_a_page_each_once_and_in_order(count, needed):
    made = sheet(count)
    found = pages(sheet_rendered(made))
    assert len(found) == needed
    assert {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in found} == {(595, 842)}
    codes = [text for page in found for text, *_ in texts(page) if text.startswith("MC-")]
    assert codes == [card.code for card in made.cards]
    if not count:
        assert "no cards" in found[0].extract_text()


def test_equal_cards_are_equal_to_the_byte():
    assert card_rendered(CARD) == card_rendered(CARD)
    assert sheet_rendered(sheet(12)) == sheet_rendered(sheet(12))
    assert card_rendered(CARD) != card_rendered(replace(CARD, valid_until="2026-10-01"))
