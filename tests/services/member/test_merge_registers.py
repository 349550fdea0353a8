"""A register about a record kept in a merge: what it says again changes nothing, what is new in it counts."""

import pytest
from tests.services.deposits.working import MOKOENA, NAIDOO, register
from tests.tamper import sql

WHY = ["--why", "both ID documents seen"]


def person(number, **more):
    return {"id_number": number, "surname": "Mokoena", "first_names": "Thabo", **more}


def paid(day, cents="20.00"):
    return {"last_payment_on": day, "last_payment": cents}


def on_record(office, number=MOKOENA):
    columns = "first_names, joined_on, last_payment_on, last_payment_cents"
    return sql(office, f"SELECT {columns} FROM member WHERE id_number = '{number}'")[0]


FIRST = person(MOKOENA, joined_on="2014-01-01", **paid("2015-03-01"))


@pytest.fixture
def merged(office):
    """MOKOENA, who has joined and paid last under NAIDOO: batches 2, 3 the places and the register, 4 the merge."""
    register(office, [FIRST, person(NAIDOO, joined_on="2012-06-01", **paid("2016-05-01"))])
    office("member", "merge", MOKOENA, NAIDOO, *WHY)
    assert on_record(office) == ("Thabo", "2012-06-01", "2016-05-01", 2000)
    return office


def test_what_the_register_said_before_the_merge_it_may_say_again(merged):
    answer = register(merged, [FIRST | {"status": "Paid"}], "again.csv")
    assert answer["changed"] == {"register_status": 1}
    assert on_record(merged) == ("Thabo", "2012-06-01", "2016-05-01", 2000)
    # Nor does an older payment or a later joining count that the register corrects meanwhile.
    corrected = FIRST | {"joined_on": "2013-01-01", **paid("2015-09-01")}
    assert register(merged, [corrected], "between.csv")["unchanged"] == 1
    assert on_record(merged) == ("Thabo", "2012-06-01", "2016-05-01", 2000)
    assert merged("sweep", "--verify", "--json").json["wrong"] == 0


def test_what_is_new_in_a_register_counts_and_stays(merged):
    answer = register(merged, [FIRST | paid("2018-05-01", "40.00")], "newer.csv")
    assert answer["changed"] == {"last_payment_on": 1, "last_payment_cents": 1}
    assert register(merged, [FIRST | {"joined_on": "2011-01-01"}], "joined.csv")["changed"]["joined_on"] == 1
    assert on_record(merged)[1] == "2011-01-01"
    assert merged("sweep", "--verify", "--json").json["wrong"] == 0


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_payment_that_is_corrected_gives_way_to_the_other_numbers_only(office):
    register(office, [FIRST | paid("2017-03-01"), person(NAIDOO, **paid("2016-05-01"))])
    office("member", "merge", MOKOENA, NAIDOO, *WHY)
    register(office, [FIRST], "corrected.csv")
    assert on_record(office)[2] == "2016-05-01"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_taken_apart_a_register_is_of_its_own_number_again(merged):
    merged("batch", "undo", 4)
    assert on_record(merged) == ("Thabo", "2014-01-01", "2015-03-01", 2000)
    assert register(merged, [FIRST | paid("2015-09-01")], "between.csv")["changed"] == {"last_payment_on": 1}


@pytest.mark.parametrize("status", ["", "Paid"])
def test_taken_apart_what_a_register_said_meanwhile_can_be_read_again(merged, status):
    between = FIRST | {"joined_on": "2013-01-01", "status": status, **paid("2015-09-01")}
    register(merged, [between], "between.csv")
    assert on_record(merged) == ("Thabo", "2012-06-01", "2016-05-01", 2000)
    merged("batch", "undo", 4)
    assert on_record(merged) == ("Thabo", "2014-01-01", "2015-03-01", 2000)
    register(merged, [between], "between.csv")
    assert on_record(merged) == ("Thabo", "2013-01-01", "2015-09-01", 2000)
    # But nothing older: that was read when it said all there was to say.
    assert merged("register", "import", merged.folder / "register.csv", "--json").json["unchanged"] == 2


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(("kept", "gone"), [(MOKOENA, NAIDOO), (NAIDOO, MOKOENA)])
def test_a_payment_that_covers_stands_before_one_that_does_not_whichever_is_kept(office, kept, gone):
    register(office, [person(MOKOENA, **paid("2019-09-01")), person(NAIDOO, **paid("2019-10-01", "5.00"))])
    office("member", "merge", kept, gone, *WHY)
    assert on_record(office, kept)[2:] == ("2019-09-01", 2000)
    said = {MOKOENA: paid("2019-09-01"), NAIDOO: paid("2019-10-01", "5.00")}
    register(office, [person(kept, status="Paid", **said[kept])], "again.csv")
    assert on_record(office, kept)[2:] == ("2019-09-01", 2000)
