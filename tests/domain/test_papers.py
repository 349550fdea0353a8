"""What papers say: quorum, order of names, the last covered day, and a hash that covers every word."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.writers.made_up import branch_list, people, register, seal

from ancadmin.domain.attendance import Attendee, Meeting
from ancadmin.domain.papers import BranchPlace, cell_words, in_order, sorted_by_name
from ancadmin.domain.standing import Status


@pytest.mark.parametrize(("members", "quorum"), [(0, 1), (1, 1), (2, 2), (3, 2), (100, 51), (101, 51)])
def test_quorum_is_half_rounded_down_and_one(members, quorum):
    assert register(*people(members)).quorum == quorum


def test_names_stand_in_order_whatever_their_accents_capitals_and_marks():
    names = ["Ṱhavhana", "thabo", "Coetzer", "Coetzée", "coetzee", "McNab", "Mc-Nab", "M'Kay", "Ødegård", "Oosthuizen",
             "van der Merwe", "Van Aswegen", "Vanqa", "=1+1", "Zulu"]  # fmt: skip
    people_in_order = sorted_by_name(Attendee(str(number), name, "") for number, name in enumerate(names))
    assert [one.surname for one in people_in_order] == [
        "=1+1", "Coetzée", "coetzee", "Coetzer", "Mc-Nab", "McNab", "M'Kay", "Ødegård", "Oosthuizen",
        "thabo", "Ṱhavhana", "Van Aswegen", "van der Merwe", "Vanqa", "Zulu",
    ]  # fmt: skip


def test_first_names_decide_between_equal_surnames_and_nothing_ties():
    same = [Attendee("3", "Dlamini", "Zoë"), Attendee("2", "Dlamini", "Ayanda"), Attendee("1", "dlamini", "Ayanda")]
    expected = ["2", "1", "3"]
    assert [one.id_number for one in sorted_by_name(same)] == expected
    assert [one.id_number for one in sorted_by_name(reversed(same))] == expected


@given(st.text())
def test_sorting_does_not_depend_on_how_letters_are_composed(text):
    import unicodedata

    assert in_order(unicodedata.normalize("NFC", text)) == in_order(unicodedata.normalize("NFD", text))


def test_the_hash_covers_every_word_of_header_and_rows_and_nothing_of_the_seal():
    made = register(*people(3))
    changed = [replace(made, place=replace(made.place, **{name: "other"})) for name in BranchPlace.__dataclass_fields__]
    changed += [
        replace(made, meeting=Meeting.BAGM),
        replace(made, meeting_date=date(2026, 5, 3)),
        replace(made, cut_off=date(2026, 4, 16)),
        replace(made, attendees=made.attendees[:-1]),
        replace(made, attendees=made.attendees[::-1]),
    ]
    for name in Attendee.__dataclass_fields__:
        first, *others = made.attendees
        changed.append(replace(made, attendees=(replace(first, **{name: "other"}), *others)))
    hashes = {one.content_hash() for one in changed}
    assert len(hashes) == len(changed)
    assert made.content_hash() not in hashes
    assert made.content_hash() == register(*people(3)).content_hash()
    assert made.content_hash().upper() in seal(made).code


def test_a_list_is_grouped_in_the_order_of_the_rules_and_loses_nobody():
    made = branch_list(40)
    assert [status for status, _ in made.groups()] == list(Status)
    assert sum(len(members) for _, members in made.groups()) == 40
    assert made.in_good_standing == 3
    assert not made.reaches_minimum
    assert replace(made, minimum=3).reaches_minimum


def test_the_last_covered_day_is_the_day_before_paid_until():
    one = next(one for one in branch_list(10).members if one.paid_until is not None)
    assert (one.paid_until - one.paid_up_to).days == 1


@pytest.mark.parametrize(
    ("kept", "shown"), [("+27821234567", "082 123 4567"), ("+2782", "+2782"), ("0115551234", "0115551234"), (None, "")]
)
def test_cell_numbers_are_shown_as_people_dial_them(kept, shown):
    assert cell_words(kept) == shown
