"""`member list --on D --branch B` = the plain telling of the moves in tests/oracle.py, on hundreds of random lives."""

from itertools import groupby
from operator import itemgetter
from random import Random

from tests.oracle import branch_of, standing
from tests.services.standing.random_histories import days, history, wander
from tests.services.standing.records import BRANCHES, put_on_record, session_of

from ancadmin.services.export.scope import Scope
from ancadmin.services.member.list import Wanted, listed

LIVES, DAYS = 600, 8


def test_everybody_is_listed_in_the_branch_of_the_day(office):
    random = Random(20240401)
    lives = [history(random) for _ in range(LIVES)]
    for one in lives:
        wander(random, one, BRANCHES)
    session = session_of(office.db)
    put_on_record(session, lives)
    elsewhere = 0
    for day in days(random, DAYS):
        told = {code: set() for code in BRANCHES}
        for number, one in enumerate(lives, 1):
            if standing(one, day) is not None:
                told[branch_of(one, day)].add(f"{number:013}")
                elsewhere += branch_of(one, day) != branch_of(one, day.max)
        for code in BRANCHES:
            assert in_branches(session, Wanted(day, scope=Scope(branch=code))) == told_only(told, code), day
        assert in_branches(session, Wanted(day)) == told_only(told, *BRANCHES), day
    assert elsewhere > LIVES // 2, "most days were asked of members who had not moved: it shows little"


def in_branches(session, wanted):
    """The ID numbers listed, by the branch named beside them."""
    with listed(session, wanted, full_ids=True) as rows:
        by_branch = groupby(rows, itemgetter("branch"))
        return {code: {row["id_number"] for row in there} for code, there in by_branch}


def told_only(told, *codes):
    return {code: told[code] for code in codes if told[code]}
