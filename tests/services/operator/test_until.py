"""A role given until a day is held through the day before, ends by itself, and is told as long as it stands."""

from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from tests.accounts import pretending
from tests.services.operator.test_roles import PLACES, add, stranger

from ancadmin.services.session import today_in_johannesburg

__all__ = ["stranger"]
TODAY = today_in_johannesburg()
END = TODAY + timedelta(days=30)


def with_places(office):
    office("db", "places", "import", office.write("places.csv", PLACES))


@pytest.fixture
def placed(office):
    return office.after(with_places)


@contextmanager
def on(day: date):
    with patch("ancadmin.services.session.today_in_johannesburg", lambda: day):
        yield


def given(office, *words, verb="add", code=0):
    who = ["thandi", *(["--name", "Thandi Nkosi"] if verb == "add" else [])]
    return office("operator", verb, *who, *words, "--json", code=code)


OFFICER = ["--role", "membership_officer", "--place", "EKU"]


def held(office, *words):
    rows = office("operator", "list", *words, "--json").json
    return [(row["role"], row["until"]) for row in rows if row["account"] == "thandi"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_it_is_held_through_the_day_before_and_ends_by_itself(placed):
    done = given(placed, *OFFICER, "--until", END)
    assert (done.json["until"], f"for EKU until {END}" in done.err) == (END.isoformat(), True)
    assert held(placed) == [("membership_officer", END.isoformat())]
    for day, code in ((END - timedelta(days=1), 0), (END, 7)):
        with on(day), pretending("thandi"):
            placed("member", "list", code=code)
    with on(END):
        assert held(placed) == []
        assert held(placed, "--all") == [("membership_officer", END.isoformat())]
        assert "operator grant" in given(placed, *OFFICER, code=3).err
        assert given(placed, *OFFICER, verb="grant").json["until"] is None  # and may be given again
        assert len(held(placed)) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1)])
def test_it_does_not_end_before_it_begins(placed, day):
    refused = given(placed, *OFFICER, "--until", day, code=3)
    assert "would have ended before it began" in refused.err
    assert held(placed, "--all") == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_taken_back_before_or_after_its_day_it_ended_on_the_earlier_one(placed):
    given(placed, *OFFICER, "--until", END)
    given(placed, "--role", "auditor", "--place", "EKU", "--until", END + timedelta(days=9), verb="grant")
    with on(END + timedelta(days=1)):
        done = placed("operator", "revoke", "thandi", "--role", "auditor", "--why", "Left", "--json").json
        assert done["left"] == 0
    assert held(placed, "--all") == [
        ("membership_officer", END.isoformat()),
        ("auditor", (END + timedelta(days=1)).isoformat()),
    ]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_one_undone_was_never_given_and_a_revocation_undone_ends_as_before(placed):
    done = given(placed, *OFFICER, "--until", END).json
    back = placed("operator", "revoke", "thandi", "--why", "Left", "--json").json
    assert held(placed, "--all") == [("membership_officer", TODAY.isoformat())]
    placed("batch", "undo", back["batch"])
    assert held(placed) == [("membership_officer", END.isoformat())]
    placed("batch", "undo", done["batch"])
    assert held(placed, "--all") == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_last_national_officer_is_not_one_until_a_day(placed):
    given(placed, "--role", "national_officer", "--place", "national", "--until", END)
    me = next(row["account"] for row in placed("operator", "list", "--json").json if row["account"] != "thandi")
    refused = placed("operator", "revoke", me, "--why", "Left", code=7)
    assert "without a national officer" in refused.err


def test_the_login_keeps_what_it_needs_until_the_day_and_loses_the_rest_when_the_role_is_taken_back(office, stranger):
    """On the server a right has no end: whoever takes the role back, before its day or after, takes the rights too."""
    add(office, stranger, "auditor")
    office("operator", "grant", stranger.account, *OFFICER, "--until", END)
    office("operator", "revoke", stranger.account, "--role", "auditor", "--why", "No longer")
    stranger("deposits", "match")
    with on(END):
        assert office("operator", "revoke", stranger.account, "--why", "Its day is over", "--json").json["left"] == 0
    stranger("member", "list", code=7)
