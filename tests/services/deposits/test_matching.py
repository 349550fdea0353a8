"""docs/rules.md, section 4.2: the rungs in their order, their borders, what is offered again, what is flagged."""

import pytest
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    NOBODY,
    deposits,
    match,
    numbered,
    register,
    statement,
    take_in,
    undo,
)

from ancadmin.domain.id_numbers import check_digit_holds

TERMINAL = "02113002"


def paid(office, *lines, name="statement.csv"):
    """Lines in: (day, cents, narrative); matched; the deposits by narrative."""
    take_in(office, statement(office, name, lines))
    answer = match(office)
    return answer, {row["narrative"]: row for row in deposits(office)}


def reason(row):
    return row["state"], row["reason"]


def test_counts_add_up_and_a_second_run_changes_nothing(office):
    register(office, [{"id_number": MOKOENA}])
    answer, _ = paid(office, ("2020-03-02", 2000, MOKOENA), ("2020-03-02", 2000, NOBODY), ("2020-03-02", 50000, "X"))
    assert (answer["looked_at"], answer["matched"], answer["matched_cents"]) == (3, 1, 2000)
    assert (answer["bulk"], answer["unallocated"], answer["suggested"]) == (1, 1, 0)
    assert answer["reasons"] == {"bulk_amount": 1, "id_not_registered": 1, "id_reference": 1}
    again = match(office)
    assert (again["looked_at"], again["reasons"]) == (0, {})


BORDERS = [
    ("2020-03-02", 4000, "BULK", "no_match"),  # exactly two fees are not more than two
    ("2020-03-02", 4001, "BULK", "bulk_words"),
    ("2012-12-31", 2401, "30 MEMBERS", "bulk_words"),  # R12 a year then
    ("2013-01-01", 2401, "30 MEMBERS", "no_match"),
    ("2020-03-02", 4001, "BRANCH MEETING", "no_match"),
    ("2020-03-02", 4001, f"{MOKOENA} BULK", "bulk_words"),
    ("2020-03-02", 20000, MOKOENA, "id_reference"),
    ("2020-03-02", 20001, MOKOENA, "bulk_amount"),
    ("2020-03-02", 20001, f"{MOKOENA} BULK", "bulk_words"),  # the first of the rung
    ("2020-03-02", 20001, f"{MOKOENA} {NAIDOO} BULK", "several_ids"),
    ("2020-03-02", 20001, "", "bulk_amount"),
    ("2020-03-02", 20000, " ", "no_reference"),
    ("2020-03-02", 2000, f"{MOKOENA} {NOBODY}", "several_ids"),  # valid is enough
    ("2020-03-02", 2000, f"{MOKOENA} {MOKOENA}", "id_reference"),
    ("2019-12-20", 2000, MOKOENA, "in_opening"),  # the day of the register's last payment
    ("2019-12-21", 2000, MOKOENA, "id_reference"),
    ("2020-02-01", 2000, NAIDOO, "member_excluded"),  # the day she died
    ("2020-01-31", 2000, NAIDOO, "id_reference"),
    ("2019-01-01", 2000, NAIDOO, "id_reference"),  # no payment was captured, so there is no opening position
]


def test_borders_of_the_rungs(office):
    register(
        office,
        [
            {"id_number": MOKOENA, "last_payment_on": "2019-12-20", "last_payment": "20.00"},
            {"id_number": NAIDOO, "status": "deceased", "status_on": "2020-02-01"},
        ],
    )
    take_in(office, statement(office, "statement.csv", [(day, cents, text) for day, cents, text, _ in BORDERS]))
    match(office)
    found = {(row["value_date"], row["cents"], row["narrative"]): row["reason"] for row in deposits(office)}
    assert found == {(day, cents, text.strip()): reason for day, cents, text, reason in BORDERS}


def shared_digits():
    """A code glued to Mokoena's number so that another valid number shares digits with it, and that number."""
    for code in range(10_000_000, 20_000_000):
        text = f"{code}{MOKOENA}"
        others = [text[at : at + 13] for at in range(8) if _is_valid(text[at : at + 13])]
        if others:
            return text, others[0]
    raise AssertionError


def _is_valid(number):
    month, day = int(number[2:4]), int(number[4:6])
    return 1 <= month <= 12 and 1 <= day <= 28 and number[10] <= "2" and check_digit_holds(number)


@pytest.mark.parametrize(
    ("on_record", "state", "why"),
    [
        ((True, False), "matched", "id_reference"),
        ((False, True), "matched", "id_reference"),
        ((True, True), "bulk", "several_ids"),  # two members may be meant: a person decides
        ((False, False), "unallocated", "id_not_registered"),
    ],
)
def test_of_readings_that_share_digits_one_on_record_wins_alone(office, on_record, state, why):
    text, other = shared_digits()
    people = [number for number, there in zip((MOKOENA, other), on_record, strict=True) if there]
    register(office, [{"id_number": number} for number in [NAIDOO, *people]])
    _, found = paid(office, ("2020-03-02", 2000, text))
    assert reason(found[text]) == (state, why)
    if state == "matched":
        assert [one["id_number"] for one in found[text]["members"]] == people


def test_what_waited_for_a_registration_is_offered_again(office):
    register(office, [{"id_number": MOKOENA}])
    paid(office, ("2020-03-02", 2000, NAIDOO), ("2020-03-03", 2000, NOBODY))
    register(office, [{"id_number": NAIDOO, "last_payment_on": "2020-03-02", "last_payment": "20.00"}], "later.csv")
    answer = match(office)
    assert (answer["looked_at"], answer["reasons"]) == (1, {"in_opening": 1})
    assert reason(numbered(office, NOBODY)) == ("unallocated", "id_not_registered")


def test_a_number_of_an_impossible_age_is_one_only_on_record(office):
    young = next(f"031204512308{digit}" for digit in "0123456789" if check_digit_holds(f"031204512308{digit}"))
    register(office, [{"id_number": MOKOENA}])
    _, found = paid(office, ("2020-03-02", 2000, young))  # 16 then
    assert reason(found[young]) == ("unallocated", "no_match")
    register(office, [{"id_number": young, "joined_on": "2022-01-01"}], "later.csv")
    assert match(office)["reasons"] == {"id_reference": 1}


def test_an_applicant_s_money_waits_for_the_acceptance(office):
    register(office, [{"id_number": MOKOENA}])
    apply = ("member", "apply", NAIDOO, "--surname", "Naidoo", "--branch", "79700012", "--on", "2020-01-10")
    office(*apply, "--why", "A form was handed in")
    _, found = paid(office, ("2020-03-02", 2000, NAIDOO))
    assert reason(found[NAIDOO]) == ("unallocated", "not_accepted_yet")
    assert [one["id_number"] for one in found[NAIDOO]["members"]] == [NAIDOO]
    assert match(office)["looked_at"] == 0
    office("member", "accept", NAIDOO, "--on", "2020-04-01", "--why", "The BEC accepted her")
    assert match(office)["reasons"] == {"id_reference": 1}


def same_day(count, code="{}", day="2020-03-02", first=0):
    """As many deposits of other people on one day, their numbers in `code`."""
    numbers = [f"70{month:02d}{day_:02d}512308" for month in range(1, 13) for day_ in range(1, 28)]
    full = [next(n + digit for digit in "0123456789" if check_digit_holds(n + digit)) for n in numbers]
    return [(day, 2000, code.format(number)) for number in full[first : first + count]]


@pytest.mark.parametrize(
    ("lines", "flagged"),
    [
        (same_day(5, TERMINAL + " {}"), 5),
        (same_day(5, TERMINAL + "{}"), 5),
        (same_day(4, TERMINAL + " {}"), 0),
        (same_day(4, TERMINAL + " {}") + same_day(1, TERMINAL + " {}", day="2020-03-03", first=4), 0),
        (same_day(5, "{} BRANCH 63703001"), 5),
        (same_day(5, "63703001 X {}"), 5),
        (same_day(5, "{} BRANCH 99999999"), 0),  # not on record
        (same_day(6), 0),
    ],
)
def test_many_deposits_of_a_day_from_one_code_are_flagged_and_matched_all_the_same(office, lines, flagged):
    register(office, [{"id_number": MOKOENA}])
    answer, found = paid(office, *lines)
    assert answer["bulk_pattern"] == flagged
    assert sum(row["flags"] == ["bulk_pattern"] for row in found.values()) == flagged
    assert answer["reasons"] == {"id_not_registered": len(lines)}


def test_a_pattern_that_shows_later_flags_the_earlier_ones_too_until_it_is_gone(office):
    register(office, [{"id_number": MOKOENA}])
    lines = same_day(5, TERMINAL + " {}")
    paid(office, *lines[:3], name="one.csv")
    second = take_in(office, statement(office, "two.csv", lines[3:]))["batch"]
    assert match(office)["bulk_pattern"] == 2
    assert [row["flags"] for row in deposits(office)] == [["bulk_pattern"]] * 5
    undo(office, second)
    assert [row["flags"] for row in deposits(office)] == [[]] * 3


def test_a_dry_run_says_what_would_be_and_leaves_nothing(office):
    register(office, [{"id_number": MOKOENA}])
    take_in(office, statement(office, "one.csv", [("2020-03-02", 2000, MOKOENA)]))
    assert office("deposits", "match", "--dry-run", "--json").json["matched"] == 1
    assert reason(numbered(office, MOKOENA)) == ("open", None)
    assert match(office)["matched"] == 1
