"""What may be decided about someone, given what was decided before."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancadmin.domain import decisions as rules
from ancadmin.domain.decisions import Kind, Made, Record
from ancadmin.errors import InputRefused

D = date.fromisoformat


def applicant(*made: tuple[str, str, str | None], probation: str | None = None) -> Record:
    rows = [Made(at, Kind(kind), D(begins), D(ends) if ends else None) for at, (kind, begins, ends) in enumerate(made)]
    return Record(False, D("2020-01-10"), D(probation) if probation else None, tuple(rows))


APPLIED = ("applied", "2020-01-10", None)
ACCEPTED = ("accepted", "2020-01-31", None)
REFUSED = ("refused", "2020-01-31", None)
DIED = ("deceased", "2020-03-01", None)


@pytest.mark.parametrize(
    ("made", "day", "said"),
    [
        ([APPLIED], "2020-01-09", "applied on 2020-01-10, after that day"),
        ([APPLIED, ACCEPTED], "2020-02-01", "was accepted on 2020-01-31 already"),
        ([APPLIED, REFUSED], "2020-02-01", "was refused on 2020-01-31 already"),
        ([], "2020-02-01", "has made no application"),
        ([APPLIED, DIED], "2020-03-01", "died on 2020-03-01"),
    ],
)
def test_an_application_is_decided_once_and_not_before_it_was_made(made, day, said):
    with pytest.raises(InputRefused, match=said):
        rules.check_application_decided(applicant(*made), D(day))


def test_it_is_decided_on_the_day_itself_and_again_after_applying_again():
    rules.check_application_decided(applicant(APPLIED), D("2020-01-10"))
    rules.check_application_decided(applicant(APPLIED, REFUSED, ("applied", "2020-01-31", None)), D("2020-01-31"))


@pytest.mark.parametrize(
    ("record", "day", "said"),
    [
        (applicant(APPLIED), "2020-02-01", "applied on 2020-01-10"),
        (applicant(APPLIED, ACCEPTED), "2020-02-01", "was accepted on 2020-01-31"),
        (applicant(APPLIED, REFUSED), "2020-01-30", "was refused on 2020-01-31, after that day"),
        (Record(True, None, None, ()), "2020-02-01", "came in with a register"),
        (applicant(APPLIED, REFUSED, DIED), "2020-04-01", "died on"),
    ],
)
def test_only_who_was_refused_applies_again(record, day, said):
    with pytest.raises(InputRefused, match=said):
        rules.check_applies(record, D(day))


def test_who_was_refused_or_whose_application_was_taken_back_applies_again():
    rules.check_applies(applicant(APPLIED, REFUSED), D("2020-01-31"))
    rules.check_applies(applicant(), D("2020-01-31"))


@pytest.mark.parametrize(
    ("record", "day", "said"),
    [
        (applicant(APPLIED), "2020-02-01", "not in probation"),
        (Record(True, None, None, ()), "2020-02-01", "not in probation"),
        (applicant(APPLIED, ACCEPTED), "2020-01-30", "was accepted on 2020-01-31, after that day"),
        (applicant(APPLIED, ACCEPTED, probation="2020-08-01"), "2020-08-01", "the probation was over on 2020-08-01"),
        (applicant(APPLIED, ACCEPTED, ("objection", "2020-02-01", None)), "2020-03-01", "is open already"),
    ],
)
def test_the_executive_objects_once_within_the_probation(record, day, said):
    with pytest.raises(InputRefused, match=said):
        rules.check_objection(record, D(day))


def test_a_settled_objection_leaves_room_for_another():
    record = applicant(APPLIED, ACCEPTED, ("objection", "2020-02-01", "2020-02-10"), probation="2020-08-01")
    rules.check_objection(record, D("2020-07-31"))


def test_an_objection_is_settled_on_or_after_the_day_it_was_lodged():
    record = applicant(APPLIED, ACCEPTED, ("objection", "2020-02-01", None))
    assert rules.objection_to_settle(record, D("2020-02-01")).kind is Kind.OBJECTION
    with pytest.raises(InputRefused, match="lodged on 2020-02-01, after that day"):
        rules.objection_to_settle(record, D("2020-01-31"))
    with pytest.raises(InputRefused, match="no open objection"):
        rules.objection_to_settle(applicant(APPLIED, ACCEPTED), D("2020-02-01"))


@pytest.mark.parametrize(
    ("made", "begins", "ends", "said"),
    [
        ([], "2020-06-01", "2020-06-01", "end before it begins"),
        ([], "2020-01-09", None, "was not on record before 2020-01-10"),
        (
            [("suspended", "2020-05-01", "2020-06-02")],
            "2020-06-01",
            None,
            "suspended already, from 2020-05-01 until 2020",
        ),
        ([("suspended", "2020-07-01", None)], "2020-06-01", None, "suspended already, from 2020-07-01"),
        ([DIED], "2020-06-01", None, "died on"),
    ],
)
def test_an_entry_begins_and_ends_in_order_and_is_not_there_twice(made, begins, ends, said):
    with pytest.raises(InputRefused, match=said):
        rules.check_exclusion(applicant(APPLIED, *made), Kind.SUSPENDED, D(begins), D(ends) if ends else None)


def test_entries_of_different_kinds_and_one_after_the_other_stand_side_by_side():
    record = applicant(APPLIED, ("suspended", "2020-05-01", "2020-06-01"), ("defected", "2020-05-15", None))
    rules.check_exclusion(record, Kind.SUSPENDED, D("2020-06-01"), None)
    rules.check_exclusion(record, Kind.EXPELLED, D("2020-05-10"), None)


def test_what_is_lifted_is_in_force_and_named_where_there_are_two():
    record = applicant(APPLIED, ("suspended", "2020-05-01", "2020-06-01"), ("expelled", "2020-05-15", None))
    assert rules.discipline_to_lift(record, rules.DISCIPLINE, D("2020-05-10")).kind is Kind.SUSPENDED
    assert rules.discipline_to_lift(record, (Kind.EXPELLED,), D("2020-05-20")).kind is Kind.EXPELLED
    with pytest.raises(InputRefused, match="both expelled and suspended"):
        rules.discipline_to_lift(record, rules.DISCIPLINE, D("2020-05-20"))
    with pytest.raises(InputRefused, match="neither expelled nor suspended"):
        rules.discipline_to_lift(record, (Kind.SUSPENDED,), D("2020-06-01"))


days = st.dates(D("2020-01-01"), D("2020-03-31"))
ends = st.none() | days


@given(days, ends, days, ends)
def test_two_entries_meet_exactly_when_some_day_lies_in_both(begin, end, other_begin, other_end):
    def holds(day, first, last):
        return first <= day and (last is None or day < last)

    everyday = [date.fromordinal(day) for day in range(D("2019-12-31").toordinal(), D("2020-04-02").toordinal())]
    both = any(holds(day, begin, end) and holds(day, other_begin, other_end) for day in everyday)
    empty = (end is not None and end <= begin) or (other_end is not None and other_end <= other_begin)
    assert empty or Made(1, Kind.SUSPENDED, begin, end).meets(other_begin, other_end) == both


@pytest.mark.parametrize(("day", "ahead"), [("2020-06-01", False), ("2020-06-02", True)])
def test_nothing_is_recorded_before_it_happened(day, ahead):
    if ahead:
        with pytest.raises(InputRefused, match="still to come"):
            rules.check_not_ahead(D(day), D("2020-06-01"))
    else:
        rules.check_not_ahead(D(day), D("2020-06-01"))
