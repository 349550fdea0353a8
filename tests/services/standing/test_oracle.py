"""Standing in SQL = the plain telling of the rules in tests/oracle.py, on thousands of random histories."""

from random import Random

import pytest
from tests.oracle import standing
from tests.services.standing.random_histories import days, history
from tests.services.standing.records import put_on_record, session_of, standings

from ancadmin.domain.standing import Status

MEMBERS, DAYS = 3000, 24


@pytest.mark.parametrize("seed", [20201215])
def test_every_member_on_every_day(office, seed):
    random = Random(seed)
    histories = [history(random) for _ in range(MEMBERS)]
    session = session_of(office.db)
    put_on_record(session, histories)
    seen = set()
    for day in days(random, DAYS):
        told = {number: one for number, each in enumerate(histories, 1) if (one := standing(each, day)) is not None}
        found = standings(session, day)
        assert found == told, f"{day}: {_first_difference(histories, found, told)}"
        seen |= {one.status for one in told.values()}
    assert seen == {status.value for status in Status}, "every line of the table was asked for"


def _first_difference(histories, found, told):
    for number, one in enumerate(histories, 1):
        if found.get(number) != told.get(number):
            return f"{one}\nproduct {found.get(number)}\noracle  {told.get(number)}"
    return None
