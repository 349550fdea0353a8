"""Own work is taken back by who may still do such work: an undo takes effect at once, and nobody approves it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.accounts import on_record
from tests.services.deposits.working import MOKOENA, register, session
from tests.services.member.test_merge_registers import person
from tests.tamper import sql

from ancadmin.domain.decisions import Kind
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.member.decide import decide

HERE, THERE = "79700012", "10501001"


def expelled(office):
    """Carl, regional secretary, has expelled Mokoena."""
    register(office, [person(MOKOENA, joined_on="2014-01-01")])
    on_record(office, "carl", ("regional_secretary", region(office)))
    day = session(office).today - timedelta(days=30)
    decide(carl(office, Role.REGIONAL_SECRETARY, region(office)), MOKOENA, Kind.EXPELLED, on=day, why="DC 4")


@pytest.fixture
def begun(office):
    return office.after(expelled)


def region(office, code=HERE):
    return sql(office, f"SELECT region FROM branch WHERE code = '{code}'")[0][0]


def carl(office, role, place):
    return replace(session(office), account="carl", sole_operator=False, roles=((role, place),))


def last(office):
    return office("batch", "list", "--json").json[0]["batch"]


def becomes(office, role, place):
    """The role carl had ends, by a batch of now, and he is given another."""
    done = last(office)
    office("db", "places", "import", office.write("p.csv", _PLACE))
    now = last(office)
    assert now > done
    today = session(office).today.isoformat()
    sql(office, f"UPDATE operator_role SET ends_on = '{today}', reversed_by = {now} WHERE account = 'carl'")
    sql(
        office,
        "INSERT INTO operator_role (account, role, place, begins_on, batch) "
        f"VALUES ('carl', '{role}', '{place}', '{today}', {now})",
    )
    return done


_PLACE = "province,region_code,region,branch_code,branch,ward\nGP,EKU,Ekurhuleni,79700099,New,79700099\n"


@pytest.mark.parametrize(
    ("role", "code"),
    [("branch_secretary", HERE), ("membership_officer", HERE), ("regional_secretary", THERE)],
)
def test_who_became_less_or_went_elsewhere_asks_a_national_officer(begun, role, code):
    place = code if role == "branch_secretary" else region(begun, code)
    number = becomes(begun, role, place)
    with pytest.raises(NotAllowed, match=f"carl did batch {number} as regional secretary for {region(begun)}"):
        undo_batch(carl(begun, Role(role), place), number)
    assert begun("batch", "undo", number, "--json").json["kept"] == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_became_more_takes_it_back_as_before(begun):
    number = becomes(begun, "provincial_officer", "GP")
    assert undo_batch(carl(begun, Role.PROVINCIAL_OFFICER, "GP"), number).kept == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_role_that_ended_before_does_not_count(begun):
    number = last(begun)
    sql(
        begun,
        "INSERT INTO operator_role (account, role, place, begins_on, ends_on, batch, reversed_by) "
        "VALUES ('carl', 'provincial_officer', 'GP', '2020-01-01', '2021-01-01', 1, 2), "
        "('carl', 'auditor', 'national', '2020-01-01', NULL, 1, NULL)",
    )
    assert undo_batch(carl(begun, Role.REGIONAL_SECRETARY, region(begun)), number).kept == []
