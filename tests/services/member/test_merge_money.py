"""Whatever is matched, merged and undone in whatever order: the money adds up, and everything follows from it."""

import pytest
from sqlalchemy import select
from tests.services.deposits.test_money_stays import Clerks, _each_deposit_holds
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    VAN_DER_MERWE,
    match,
    numbered,
    register,
    session,
    statement,
    take_in,
)
from tests.tamper import sql

from ancadmin.db.schema import batch, deposit, member
from ancadmin.errors import AncadminError
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.check.run import check_store
from ancadmin.services.deposits.balance import balances
from ancadmin.services.member.merging.merge import merge_members
from ancadmin.services.register.desk.work import Desk

PEOPLE = (MOKOENA, NAIDOO, VAN_DER_MERWE)
NARRATIVES = [*PEOPLE, f"{MOKOENA} {NAIDOO}", "X"]
COMMANDS = ("takes_in", "matches", "matches", "allocates", "allocates", "reverses", "refunds", "moves", "moves")
WORK = (*COMMANDS, "merge", "merge", "undo", "undo")


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("seed", [3, 4])
def test_after_any_sequence_with_merges(office, seed):
    register(
        office, [{"id_number": number, "last_payment_on": "2020-03-05", "last_payment": "20.00"} for number in PEOPLE]
    )
    clerks = Clerks(office, seed)
    draw, work = clerks.draw, clerks.work
    done = dict.fromkeys(WORK, 0)
    clerks.paid_in = [
        (f"2020-03-{day:02}", draw.choice([1200, 2000, 5001, -300]), draw.choice(NARRATIVES)) for day in range(1, 29)
    ]
    for _ in range(60):
        what = draw.choice(WORK)
        try:
            if what == "merge":
                merge_members(work, *draw.sample(PEOPLE, 2), why="A reason")
            elif what == "undo":
                wanted = (batch.c.command.like("deposits %") | (batch.c.command == "member merge")) & (
                    batch.c.undone_by.is_(None)
                )
                undo_batch(work, clerks.any(select(batch.c.number).where(wanted).order_by(batch.c.number)))
            else:
                clerks.does(what)
            done[what] += 1
        except AncadminError:
            continue  # refused: then nothing changed, and that is looked at too
        finally:
            assert all(one.holds for one in balances(work))
            assert _each_deposit_holds(work)
            assert check_store(work) == []
            assert _named_though_gone(work) == []
    # Nothing moves between two who are one for most of the time.
    assert all(count for what, count in done.items() if what != "moves"), done


def _named_though_gone(work):
    """Deposits that name a record merged into another."""
    with work.store.connect() as connection:
        gone = select(member.c.id).where(member.c.merged_into.is_not(None))
        return connection.scalars(
            select(deposit.c.id).where(deposit.c.member.in_(gone), deposit.c.reversed_by.is_(None))
        ).all()


@pytest.mark.parametrize(("kept", "gone"), [(MOKOENA, NAIDOO), (NAIDOO, MOKOENA)])
def test_money_that_a_merge_puts_in_the_opening_position_is_named(office, kept, gone):
    paid = {MOKOENA: "2015-03-01", NAIDOO: "2017-05-01"}
    register(office, [{"id_number": one, "last_payment_on": day, "last_payment": "20.00"} for one, day in paid.items()])
    lines = [
        ("2015-01-10", 2000, f"OLD {MOKOENA}"),  # in the opening position already
        ("2015-09-10", 2000, f"ONE {MOKOENA}"),
        ("2017-05-01", 4000, f"TWO {MOKOENA}"),
        ("2017-05-02", 2000, f"NEW {MOKOENA}"),
        ("2018-09-10", 2000, f"NEW {NAIDOO}"),
    ]
    take_in(office, statement(office, "one.csv", lines), account="A")
    match(office)
    lost = [numbered(office, f"{word} {MOKOENA}")["deposit"] for word in ("ONE", "TWO")]
    answer = office("member", "merge", kept, gone, "--why", "A reason", "--json")
    assert answer.json["in_opening"] == lost
    assert f"deposits {lost[0]}, {lost[1]} (R60.00)" in answer.err
    assert "opening position" in answer.err
    # What the officer is told to do where it is other money makes it count.
    before = office("member", "explain", kept, "--json").json["facts"]
    assert [one["why_not"] is None for one in before["payments"]] == [False, False, True, True]
    office("deposits", "reverse", lost[1], "--why", "other money")
    office("deposits", "allocate", lost[1], "--to", kept, "--why", "other money")
    after = office("member", "explain", kept, "--json").json["facts"]
    assert after["payments"][-3]["deposit"] == lost[1]
    assert after["payments"][-3]["why_not"] is None
    assert check_store(session(office)) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_money_an_officer_credited_counts_whatever_the_merge_brings(office):
    paid = {"last_payment_on": "2017-05-01", "last_payment": "20.00"}
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO, **paid}])
    take_in(office, statement(office, "one.csv", [("2015-09-10", 2000, "ONE")]), account="A")
    match(office)
    office("deposits", "allocate", numbered(office, "ONE")["deposit"], "--to", MOKOENA, "--why", "seen")
    assert office("member", "merge", MOKOENA, NAIDOO, "--why", "A reason", "--json").json["in_opening"] == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_at_the_desk_it_is_named_too(office):
    paid = {"last_payment": "20.00"}
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO, "last_payment_on": "2017-05-01", **paid}])
    take_in(office, statement(office, "one.csv", [("2015-09-10", 2000, MOKOENA)]), account="A")
    match(office)
    people = [one for (one,) in sql(office, "SELECT id FROM member ORDER BY id")]
    columns = "member, other, kind, score, evidence, batch"
    sql(
        office,
        f"INSERT INTO duplicate ({columns}) VALUES ({people[0]}, {people[1]}, 'two_numbers', 0.95, '[]', 3)",
    )
    desk = Desk(session(office))
    decided = desk.same(desk.next(), "both ID documents seen")
    assert decided.outcome.endswith(f"deposits {numbered(office, MOKOENA)['deposit']}")


def credited(office, deposit):
    """The ID numbers a deposit is credited to, the one it names, and its state."""
    owners = sql(
        office,
        "SELECT id_number FROM allocation JOIN member ON member.id = allocation.member "
        f"WHERE deposit = {deposit} AND reversed_by IS NULL ORDER BY 1",
    )
    named = sql(
        office,
        "SELECT member.id_number, state FROM deposit LEFT JOIN member ON member.id = deposit.member "
        f"WHERE deposit.id = {deposit}",
    )
    return [owner for (owner,) in owners], *named[0]


@pytest.fixture
def reversed_before(office):
    """Two people, a deposit matched to each and one an officer credited to NAIDOO, all three taken back; then the two
    are merged. The answer: the office, the deposits by whose they are, the batches of the crediting and the reversals
    of NAIDOO's, and that of the merge.
    """
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO}])
    lines = [("2018-01-10", 2000, f"M {MOKOENA}"), ("2018-02-10", 2000, f"N {NAIDOO}"), ("2018-03-10", 2000, "cash")]
    take_in(office, statement(office, "one.csv", lines), account="A")
    match(office)
    mine, theirs, given = (numbered(office, narrative)["deposit"] for _, _, narrative in lines)
    credit = done(office, "deposits", "allocate", given, "--to", NAIDOO)
    back = [done(office, "deposits", "reverse", one) for one in (mine, theirs, given)]
    return office, (mine, theirs, given), credit, back, done(office, "member", "merge", MOKOENA, NAIDOO)


def done(office, *words):
    """The batch of a command that asks for a reason."""
    return office(*words, "--why", "A reason", "--json").json["batch"]


def test_what_was_taken_back_before_a_merge_and_brought_back_since_is_again_its_owners(reversed_before):
    office, (mine, theirs, given), credit, back, merged = reversed_before
    for number in back:
        office("batch", "undo", number)
    assert all(credited(office, one) == ([MOKOENA], MOKOENA, "matched") for one in (mine, theirs, given))
    assert office("batch", "undo", merged, "--json").json["kept"] == []
    assert credited(office, mine) == ([MOKOENA], MOKOENA, "matched")
    assert credited(office, theirs) == ([NAIDOO], NAIDOO, "matched")
    assert credited(office, given) == ([NAIDOO], NAIDOO, "matched")
    # And the officer's credit can still be undone, wherever it has been.
    office("batch", "undo", credit)
    assert credited(office, given) == ([], None, "unallocated")
    assert office("check").out == ""
    assert office("sweep", "--verify", "--json").json["wrong"] == 0


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_officers_credit_brought_back_after_a_merge_can_be_undone(reversed_before):
    office, (_, _, given), credit, back, _ = reversed_before
    office("batch", "undo", back[2])
    office("batch", "undo", credit)
    assert credited(office, given) == ([], None, "unallocated")
    assert office("check").out == ""


def test_what_was_credited_and_brought_back_while_they_were_one_is_named_with_a_remedy_that_works(reversed_before):
    office, (_, theirs, _), _, _, merged = reversed_before
    done(office, "deposits", "allocate", theirs, "--to", NAIDOO)
    office("batch", "undo", done(office, "deposits", "reverse", theirs))
    (kept,) = office("batch", "undo", merged, "--json").json["kept"]
    assert kept["why"].endswith(f"take it back with ancadmin deposits reverse {theirs}")
    office("deposits", "reverse", theirs, "--why", "of the other")
    office("deposits", "allocate", theirs, "--to", NAIDOO, "--why", "theirs")
    assert credited(office, theirs) == ([NAIDOO], NAIDOO, "matched")
    assert office("check").out == ""


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_was_brought_back_after_two_merges_goes_back_step_by_step(reversed_before):
    office, (_, theirs, given), credit, back, merged = reversed_before
    register(office, [{"id_number": VAN_DER_MERWE, "surname": "van der Merwe"}], "third.csv")
    again = done(office, "member", "merge", VAN_DER_MERWE, MOKOENA)
    for number in back:
        office("batch", "undo", number)
    assert credited(office, given) == ([VAN_DER_MERWE], VAN_DER_MERWE, "matched")
    for number, owner in ((again, MOKOENA), (merged, NAIDOO)):
        assert office("batch", "undo", number, "--json").json["kept"] == []
        assert [credited(office, one) for one in (theirs, given)] == [([owner], owner, "matched")] * 2
        assert office("check").out == ""
    office("batch", "undo", credit)
    assert credited(office, given) == ([], None, "unallocated")
    assert office("check").out == ""


def owners(office):
    """The ID numbers the first deposit is credited to, however often."""
    return sorted(credited(office, 1)[0])


def in_one_deposit(office, people, shares):
    """People on record, and one deposit credited to some of them, R20 each."""
    names = {VAN_DER_MERWE: "van der Merwe"}
    register(office, [{"id_number": one, "surname": names.get(one)} for one in people])
    take_in(office, statement(office, "one.csv", [("2018-01-10", 2000 * len(shares), "cash")]), account="A")
    match(office)
    for one in shares:
        done(office, "deposits", "allocate", 1, "--to", one, "--cents", 2000)


def test_a_deposit_split_in_equal_parts_goes_back_to_each_whose_part_it_was(office):
    in_one_deposit(office, PEOPLE, PEOPLE)
    merges = [done(office, "member", "merge", MOKOENA, one) for one in (NAIDOO, VAN_DER_MERWE)]
    office("batch", "undo", done(office, "deposits", "reverse", 1))
    assert owners(office) == [MOKOENA] * 3
    for number in reversed(merges):
        assert office("batch", "undo", number, "--json").json["kept"] == []
    assert owners(office) == sorted(PEOPLE)
    assert check_store(session(office)) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_of_equal_parts_the_one_taken_back_while_they_were_one_stays_taken_back(office):
    in_one_deposit(office, PEOPLE, PEOPLE)
    last = sql(office, "SELECT max(number) FROM batch")[0][0]
    merged = done(office, "member", "merge", MOKOENA, VAN_DER_MERWE)
    office("batch", "undo", done(office, "deposits", "reverse", 1))
    office("batch", "undo", last)
    assert office("batch", "undo", merged, "--json").json["allocations_returned"] == 0
    assert owners(office) == sorted([MOKOENA, NAIDOO])


def test_two_equal_parts_of_one_person_go_back_through_two_merges(office):
    in_one_deposit(office, PEOPLE, [MOKOENA, MOKOENA])
    merges = [
        done(office, "member", "merge", kept, gone) for kept, gone in ((NAIDOO, MOKOENA), (VAN_DER_MERWE, NAIDOO))
    ]
    assert owners(office) == [VAN_DER_MERWE] * 2
    for number, owner in zip(reversed(merges), (NAIDOO, MOKOENA), strict=True):
        assert office("batch", "undo", number, "--json").json["allocations_returned"] == 2
        assert owners(office) == [owner] * 2
    assert check_store(session(office)) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_part_that_could_not_be_undone_before_a_later_one_can_be_after_it(office):
    in_one_deposit(office, PEOPLE, [MOKOENA, NAIDOO])
    last = sql(office, "SELECT max(number) FROM batch")[0][0]
    assert [one["what"] for one in office("batch", "undo", last - 1, "--json").json["kept"]] == ["deposit 1"]
    office("batch", "undo", last)
    assert credited(office, 1) == ([MOKOENA], MOKOENA, "unallocated")
    assert office("batch", "undo", last - 1, "--json").json["kept"] == []
    assert credited(office, 1) == ([], None, "unallocated")
    assert check_store(session(office)) == []
