"""Membership cards: who has which, until when, and a code that gives nothing away that does not stand on the card."""

from dataclasses import replace
from datetime import date

import pytest

from ancadmin.domain.cards import CardKind, Holder, card_of, read_code, valid_until, why_none
from ancadmin.domain.papers import BranchPlace
from ancadmin.domain.standing import Status

DAY = date(2026, 4, 15)
PLACE = BranchPlace("EKU001", "Tembisa", "EKU", "Ekurhuleni", "GP", "Gauteng")
THABO = Holder(7, "8001015009087", "Mokoena", "Thabo", "EKU001", "good_standing", "2026-10-01", None)


def made(holder=THABO, *, full_ids=False):
    return card_of(holder, PLACE, DAY, full_ids=full_ids)


def test_probation_has_a_provisional_card_good_standing_a_full_one_and_nobody_else_any():
    kinds = {status: made(THABO._replace(status=status.value)) for status in Status}
    has = {status: card.kind for status, card in kinds.items() if card is not None}
    assert has == {Status.PROBATION: CardKind.PROVISIONAL, Status.GOOD_STANDING: CardKind.FULL}


@pytest.mark.parametrize("status", [one for one in Status if one not in (Status.PROBATION, Status.GOOD_STANDING)])
def test_whoever_has_none_is_told_why_and_what_to_do(status):
    why, remedy = why_none(status)
    assert status.words.split()[0] in why
    assert "ancadmin" in remedy


@pytest.mark.parametrize(
    ("kind", "paid_until", "probation_ends_on", "last"),
    [
        (CardKind.FULL, "2026-10-01", "2025-10-01", "2026-09-30"),
        (CardKind.FULL, "2026-04-16", None, "2026-04-15"),
        (CardKind.PROVISIONAL, "2027-01-10", "2026-07-10", "2026-07-09"),
        (CardKind.PROVISIONAL, "2026-06-10", "2026-07-10", "2026-06-09"),
        (CardKind.PROVISIONAL, "2027-01-10", "2026-04-10", "2027-01-09"),  # an open objection goes on
        (CardKind.PROVISIONAL, "2026-02-01", "2026-04-10", "2026-04-15"),
    ],
)
def test_a_card_is_valid_until_the_last_day_paid_for_or_of_probation(kind, paid_until, probation_ends_on, last):
    assert valid_until(kind, DAY, paid_until, probation_ends_on) == last


def test_the_number_is_masked_unless_it_is_asked_for():
    assert made().membership_number == "800101****087"
    assert made(full_ids=True).membership_number == "8001015009087"


def test_the_code_rests_on_nothing_that_does_not_stand_on_the_card():
    """Or whoever finds it tries the four missing digits until the code comes out."""
    other = THABO._replace(id_number="8001012345087")
    assert made().code == made(other).code
    assert made(full_ids=True).code != made(other, full_ids=True).code


def test_every_part_of_a_card_makes_another_code():
    card = made()
    parts = {
        "number": 8,
        "kind": CardKind.PROVISIONAL,
        "surname": "Mokwena",
        "first_names": "T",
        "membership_number": "800101****088",
        "place": replace(PLACE, name="Katlehong"),
        "valid_until": "2026-10-30",
        "issued_on": "2026-04-16",
    }
    codes = {replace(card, **{name: value}).code for name, value in parts.items()}
    assert len(codes | {card.code}) == len(parts) + 1


def test_a_code_is_read_as_it_was_typed():
    code = made().code
    digest = code[-16:]
    assert code == f"MC-7-20260415 {digest}"
    for typed in (
        code,
        f"  {code}\n",
        code.lower(),
        code.upper(),
        f"mc-7-20260415-{digest}",
        f"MC-7-20260415   {digest}",
    ):
        found = read_code(typed)
        assert (found.number, found.day, found.digest) == (7, DAY, digest), typed
    assert code == code.upper()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MC-7-20260415",
        "MC-7-20261315 " + "0" * 16,
        "MC-7-00010101 " + "0" * 16,
        "MC-٧-20260415 " + "0" * 16,
        "AR-EKU001-2026-1",
        "x" * 40,
    ],
)
def test_anything_else_is_no_code(text):
    assert read_code(text) is None
