"""docs/rules.md, section 4.2: what may be a damaged ID number in a narrative, and what it may have been."""

import random

import numpy as np
import pytest

from ancadmin.domain.contacts import cells_in
from ancadmin.domain.id_numbers import digits_of_any_age
from ancadmin.domain.named_people import Fit, Words
from ancadmin.domain.near_misses import is_cut_out, near_misses
from ancadmin.domain.repairs import neighbours, worth

MOKOENA = "8001015009087"


def of(*texts):
    """The near misses of some texts."""
    data = [text.encode() for text in texts]
    offsets = np.append(0, np.cumsum([len(text) for text in data], dtype=np.int64))
    return near_misses(offsets, np.frombuffer(b"".join(data), dtype=np.uint8))


def slips_of(found):
    """The slip of each."""
    slips, which = found.slips()
    assert len(set(slips)) == len(slips)
    return [slips[at] for at in which]


def slips_to(found, number):
    """The row and the slip of each that leads to a number."""
    rows = zip(found.row, found.number, slips_of(found), strict=True)
    return [(int(row), slip) for row, one, slip in rows if one == number]


def test_a_column_gives_what_each_number_gives_by_itself():
    chance = random.Random(4)
    written = []
    for length in (12, 13, 14):
        for _ in range(80):
            number = list(MOKOENA)
            if length == 14:
                number.insert(chance.randrange(14), chance.choice("0123456789"))
            elif length == 12:
                del number[chance.randrange(13)]
            else:
                number[chance.randrange(13)] = chance.choice("0123456789")
            written += ["".join(number), "".join(chance.choice("0123456789") for _ in range(length))]
    written = [one for one in written if digits_of_any_age(one) is None]
    found = of(*written)
    slips = slips_of(found)
    for row, text in enumerate(written):
        mine = {f"{int(found.number[at]):013}": slips[at] for at in np.flatnonzero(found.row == row)}
        wanted = neighbours(text)
        assert mine.keys() == wanted.keys(), text
        assert all(worth(slip) == worth(wanted[number]) for number, slip in mine.items()), text


@pytest.mark.parametrize(
    "text",
    [
        "8001015019087",
        "ID8001015019087RENEWAL",
        "FNB OB PMT 800101 5019 087",
        "8OO1O15OI9O87",
        "ADT CASH DEPO 02113002 8001015019087",
        "ADT CASH DEPO021130028001015019087",
        "1234568001015019087",
        "\u00a0800101\u20115019\u2011087",
        "8.001015019087E+12",
    ],
)
def test_a_damaged_number_is_found_however_it_stands_in_the_text(text):
    ((row, slip),) = slips_to(of("nothing", text), int(MOKOENA))
    assert (row, slip.place, slip.read, slip.meant) == (1, 9, "1", "0")


@pytest.mark.parametrize("text", ["", "SUBS", "0790000009", "123456789012345", "8001015019087000", "x8001015119087"])
def test_what_is_no_slip_away_is_not_found(text):
    assert slips_to(of(text), int(MOKOENA)) == []


@pytest.mark.parametrize(
    ("narrative", "cut_out"),
    [
        (MOKOENA, False),
        (f"ADT CASH DEPO02113002{MOKOENA}", False),
        (f"ID{MOKOENA}X", False),
        (f"{MOKOENA}4", True),
        (f"12{MOKOENA}", True),
        ("800101 5009 087", False),
    ],
)
def test_a_number_is_cut_out_where_digits_stand_before_or_behind_it(narrative, cut_out):
    assert is_cut_out(narrative, MOKOENA) == cut_out


@pytest.mark.parametrize(
    ("narrative", "surname", "first_names", "fit"),
    [
        ("L MOKOENA BRANCH 63703001", "mokoena", "Lerato", Fit.INITIALS),
        ("MOKOENA LA", "mokoena", "Lerato Anna", Fit.INITIALS),
        ("L A MOKOENA", "mokoena", "Lerato", Fit.OTHER),
        ("SUBS LERATO MOKOENA", "mokoena", "Lerato Anna", Fit.FIRST_NAME),
        ("MOKOENA", "mokoena", "Lerato", Fit.UNSAID),
        ("T MOKOENA", "mokoena", "Lerato", Fit.OTHER),
        ("MR MOKOENA", "mokoena", "Moses Robert", Fit.UNSAID),
        ("MJ VAN DER MERWE", "vandermerwe", "M.J.", Fit.INITIALS),
        ("P O'NEIL", "oneil", "Pat", Fit.INITIALS),
        ("Z KÉKANA", "kekana", "Zoë", Fit.INITIALS),
        ("L MOKOENA", "naidoo", "Lerato", None),
    ],
)
def test_first_names_fit_the_words_beside_the_surname(narrative, surname, first_names, fit):
    assert Words(narrative).fit(surname, first_names) == fit


def test_cell_numbers_are_read_out_of_texts():
    assert cells_in("079 000 0009 or +27 (0)82 111 2222; 0861234567") == ["+27790000009", "+27821112222"]
    assert cells_in(MOKOENA) == cells_in("800101 5009 087") == cells_in("1234560790000009") == []
