"""What was read before a merge, or since, and is undone: the merge gives what it would have given without it."""

import pytest
from tests.services.deposits.working import MOKOENA, NAIDOO, VAN_DER_MERWE, register
from tests.services.member.test_merge_registers import WHY, on_record, paid, person
from tests.tamper import sql


def merge(office, kept=MOKOENA, gone=NAIDOO):
    return office("member", "merge", kept, gone, *WHY, "--json").json["batch"]


def undo(office, number):
    return office("batch", "undo", number, "--json").json["kept"]


def joined_and_paid(office, number=MOKOENA):
    return on_record(office, number)[1:]


def clean(office):
    assert office("check").out == ""
    assert office("sweep", "--verify", "--json").json["wrong"] == 0


MINE = person(MOKOENA, joined_on="2014-01-01", **paid("2015-03-01"))
THEIRS = person(NAIDOO, joined_on="2012-06-01", **paid("2016-05-01"))
BOTH = ("2012-06-01", "2016-05-01", 2000)


@pytest.fixture
def mistaken(office):
    """Two records; batch 4 a register of a mistaken, later payment and earlier joining of the first."""
    register(office, [MINE, THEIRS])
    register(office, [MINE | {"joined_on": "2011-01-01", **paid("2019-09-01", "40.00")}], "mistaken.csv")
    return office


def test_an_import_undone_after_the_merge_gives_what_the_merge_gives_without_it(mistaken):
    merged = merge(mistaken)
    assert joined_and_paid(mistaken) == ("2011-01-01", "2019-09-01", 4000)
    assert undo(mistaken, 4) == []
    assert joined_and_paid(mistaken) == BOTH
    assert mistaken("member", "show", MOKOENA, "--json").json["paid_until"] == "2017-05-01"
    clean(mistaken)
    # And none of it is left when the merge is taken apart in its turn.
    assert undo(mistaken, merged) == []
    assert joined_and_paid(mistaken) == ("2014-01-01", "2015-03-01", 2000)
    clean(mistaken)


def test_an_import_about_the_other_record_undone_after_the_merge_counts_no_more(office):
    register(office, [MINE, THEIRS])
    register(office, [THEIRS | {"joined_on": "2011-01-01", **paid("2019-09-01", "40.00")}], "mistaken.csv")
    merged = merge(office)
    assert undo(office, 4) == []
    assert joined_and_paid(office) == BOTH
    clean(office)
    assert undo(office, merged) == []
    assert joined_and_paid(office) == ("2014-01-01", "2015-03-01", 2000)
    assert joined_and_paid(office, NAIDOO) == BOTH
    clean(office)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("other_first", [False, True])
def test_of_several_merges_each_gives_what_it_gives_without_the_import(mistaken, other_first):
    third = {"joined_on": "2013-01-01", **paid("2017-05-01")}
    register(mistaken, [person(VAN_DER_MERWE, **third)], "third.csv")
    merges = [(merge(mistaken, MOKOENA, gone), gone) for gone in (NAIDOO, VAN_DER_MERWE)]
    assert undo(mistaken, 4) == []
    assert joined_and_paid(mistaken) == ("2012-06-01", "2017-05-01", 2000)
    (first, gone), (second, _) = merges if other_first else reversed(merges)
    assert undo(mistaken, first) == []
    assert joined_and_paid(mistaken) == (("2013-01-01", "2017-05-01", 2000) if gone == NAIDOO else BOTH)
    clean(mistaken)
    assert undo(mistaken, second) == []
    assert joined_and_paid(mistaken) == ("2014-01-01", "2015-03-01", 2000)
    clean(mistaken)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_import_undone_after_two_merges_on_and_on_reaches_the_last_record(mistaken):
    register(mistaken, [person(VAN_DER_MERWE, joined_on="2015-01-01")], "third.csv")
    merges = [merge(mistaken), merge(mistaken, VAN_DER_MERWE, MOKOENA)]
    assert undo(mistaken, 4) == []
    assert joined_and_paid(mistaken, VAN_DER_MERWE) == BOTH
    clean(mistaken)
    for number, left in zip(reversed(merges), (BOTH, ("2014-01-01", "2015-03-01", 2000)), strict=True):
        assert undo(mistaken, number) == []
        assert joined_and_paid(mistaken) == left
        clean(mistaken)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_merges_of_one_record_undone_the_first_first_leave_what_the_other_gives(office):
    register(office, [MINE, THEIRS, person(VAN_DER_MERWE, joined_on="2013-01-01", **paid("2015-09-01"))])
    first, second = merge(office), merge(office, MOKOENA, VAN_DER_MERWE)
    assert undo(office, first) == []
    assert joined_and_paid(office) == ("2013-01-01", "2015-09-01", 2000)
    assert undo(office, second) == []
    assert joined_and_paid(office) == ("2014-01-01", "2015-03-01", 2000)
    clean(office)


def test_a_merge_undone_before_the_import_that_followed_it_is_undone_once_more(office):
    register(office, [MINE, THEIRS])
    merged = merge(office)
    register(office, [MINE | paid("2019-09-01")], "later.csv")
    (kept,) = undo(office, merged)
    assert kept["why"] == "it was changed again since"
    clean(office)
    # The import had followed on the other's payment: that is said, and what is to be done.
    (kept,) = undo(office, 5)
    assert (kept["what"], kept["id_number"]) == ("member 800101****087: last payment on", MOKOENA)
    assert kept["why"] == f"the merge of batch {merged} brought it: undo that once more"
    clean(office)
    assert undo(office, merged) == []
    assert joined_and_paid(office) == ("2014-01-01", "2015-03-01", 2000)
    assert office("member", "show", MOKOENA, "--json").json["paid_until"] == "2016-03-01"
    clean(office)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_undone_contact_gives_way_to_that_of_the_record_merged(office):
    register(office, [MINE, THEIRS])
    for number, cell in ((MOKOENA, "0821234567"), (NAIDOO, "0837654321")):
        last = office("member", "contact", number, "--cell", cell, *WHY, "--json").json["batch"]
    merged = merge(office)
    cells = f"SELECT cell FROM member WHERE id_number = '{MOKOENA}'"
    undo(office, last - 1)
    assert sql(office, cells) == [("+27837654321",)]
    undo(office, merged)
    assert sql(office, cells) == [(None,)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_a_merge_took_and_an_undo_took_back_is_not_kept_once_more(office):
    register(office, [MINE, THEIRS | {"joined_on": "2014-01-01", **paid("2015-03-01")}])
    register(office, [THEIRS], "mistaken.csv")
    merged = merge(office)
    assert undo(office, 4) == []
    assert joined_and_paid(office) == ("2014-01-01", "2015-03-01", 2000)
    assert undo(office, merged) == []
    clean(office)
