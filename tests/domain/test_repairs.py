"""Repairs of damaged ID numbers: one slip away, ranked by all that is known, and never of a valid number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancadmin.domain.id_numbers import check_digit_holds, legible_digits, read_id_number
from ancadmin.domain.repairs import Person, SlipKind, neighbours, ranked, same_first_names, same_surname
from ancadmin.policy import load_policy

POLICY = load_policy(None)
DAY = date(2020, 1, 1)
TRUE = "8001015009087"
THABO = Person("Mokoena", "Thabo Johannes", date(1980, 1, 1), "M", "79700012", "+27821234567")
SLIPS = {
    "8001015019087": (SlipKind.WRONG, "digit 9 read 1 instead of 0 makes the check digit hold"),
    "8000115009087": (SlipKind.SWAPPED, "digits 4 and 5 swapped make the check digit hold"),
    "801015009087": (SlipKind.MISSING, "a 0 missing at digit 2 makes the check digit hold"),
    "80010150090877": (SlipKind.EXTRA, "digit 13, a 7, taken out makes the check digit hold"),
    "80010150?9087": (SlipKind.ILLEGIBLE, "a 0 where digit 9 cannot be read makes the check digit hold"),
}


@pytest.mark.parametrize("written", SLIPS)
def test_each_slip_is_found_and_told(written):
    kind, words = SLIPS[written]
    found = neighbours(written)
    assert (found[TRUE].kind, found[TRUE].words) == (kind, words)
    assert all(check_digit_holds(number) for number in found)


digits = st.text("0123456789", min_size=11, max_size=15)


@given(digits)
def test_a_valid_number_has_no_repairs_and_every_repair_is_valid(written):
    found = neighbours(written)
    if read_id_number(written, DAY, POLICY).id_number == written:
        assert found == {}
    assert len(found) <= 26
    for number in found:
        at_some_age = (
            read_id_number(number, day, POLICY).id_number for day in (DAY, date(1985, 1, 1), date(2060, 1, 1))
        )
        assert number in at_some_age


def test_whoever_is_on_record_comes_first():
    candidates = neighbours("8001015019087")
    said = Person("MOKOENA", "T J", branch="79700012")
    first, *others = ranked(said, candidates, {TRUE: THABO}, [DAY], POLICY)
    assert (first.id_number, first.on_record) == (TRUE, True)
    assert first.score > 0.95 > 10 * max(one.score for one in others)
    assert "T. Mokoena, born 1980-01-01, is on record under it in the same branch" in first.evidence
    assert sum(one.score for one in [first, *others]) < 1


def test_somebody_of_another_surname_under_it_speaks_against_it():
    candidates = neighbours("8001015019087")
    nobody = ranked(Person("NAIDOO"), candidates, {}, [DAY], POLICY)
    taken = ranked(Person("NAIDOO"), candidates, {TRUE: THABO}, [DAY], POLICY)
    score = {one.id_number: one.score for one in nobody}
    assert next(one.score for one in taken if one.id_number == TRUE) < score[TRUE] / 10


def test_the_birth_date_and_the_gender_of_the_row_decide_among_readings():
    candidates = neighbours("8001415009087")
    first = ranked(Person("MOKOENA", born=date(1980, 1, 1), gender="M"), candidates, {}, [DAY], POLICY)[0]
    assert first.id_number == TRUE
    assert "the row gives the same birth date, 1980-01-01" in first.evidence
    assert "the gender agrees" in first.evidence


def test_a_digit_taken_for_another_goes_before_a_swap_and_a_swap_before_any_other_digit():
    man = Person("MOKOENA", born=date(1980, 1, 1), gender="M")
    slips = [one.slip for one in ranked(man, neighbours("8001015603080"), {}, [DAY], POLICY)]
    assert [(slip.kind, slip.read, slip.meant) for slip in slips[:2]] == [
        (SlipKind.WRONG, "6", "0"),
        (SlipKind.SWAPPED, "03", ""),
    ]
    assert SlipKind.WRONG in {slip.kind for slip in slips[2:]}


def test_a_number_somebody_paid_under_goes_before_others_unless_it_is_on_record():
    candidates = neighbours("8001015019087")
    said = Person("NAIDOO", born=date(1980, 1, 1))
    first = ranked(said, candidates, {}, [DAY], POLICY, {TRUE: date(2019, 3, 2)})[0]
    assert first.id_number == TRUE
    assert first.score > 0.9
    assert "a deposit of 2019-03-02 names it, and it is on nobody's record" in first.evidence
    on_record = ranked(said, candidates, {TRUE: THABO}, [DAY], POLICY, {TRUE: date(2019, 3, 2)})
    assert on_record == ranked(said, candidates, {TRUE: THABO}, [DAY], POLICY)


def test_a_number_without_a_possible_age_is_no_reading():
    found = ranked(Person("X"), neighbours("8001015019087"), {}, [date(1997, 6, 1)], POLICY)
    assert found
    assert not any(one.id_number.startswith("80") for one in found), "aged 17, or 117"


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Thabo Johannes", "THABO JOHANNES", 1.0),
        ("Thabo Johannes", "T J", 0.5),
        ("Thabo Johannes", "TJ", 0.5),
        ("Thabo Johannes", "Thabo", 0.8),
        ("Thabo", "Johannes Thabo", 0.6),
        ("Thabo", "Thabiso", 0.0),
        ("Thabo", "Kagiso", 0.0),
        ("", "Thabo", None),
    ],
)
def test_first_names_agree_in_full_in_part_by_initials_or_not(one, other, agree):
    assert same_first_names(one, other) == agree
    assert same_first_names(other, one) == agree


def test_surnames_agree_whatever_their_spelling():
    assert same_surname("VAN DER MERWE", "van der Merwe") == 1.0
    assert same_surname("Mokoena", "Mokwena") > 0.8
    assert same_surname("Mokoena", "Nkosi") == 0.0
    assert same_surname("", "") == 0.0


@pytest.mark.parametrize(
    ("text", "digits"),
    [("8001O1500908?", "800101500908?"), ("80 01015-009087", TRUE), ("passport", ""), ("N/A", ""), ("8.00101E+12", "")],
)
def test_what_can_be_read_of_a_damaged_number(text, digits):
    assert legible_digits(text) == digits
