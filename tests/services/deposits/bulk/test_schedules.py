"""docs/rules.md, section 4.2: a bulk deposit is split by a schedule that adds up, once somebody else approves it."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy import select
from tests.accounts import on_record, pretending
from tests.errors.refusal import contents
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    NOBODY,
    VAN_DER_MERWE,
    deposits,
    holds,
    match,
    register,
    session,
    statement,
    take_in,
    undo,
)

from ancadmin.db.schema import allocation
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.deposits.bulk.approving import approve

WHY = ("--why", "Called the branch secretary")


def schedule_file(office, lines, name="schedule.csv", headings=("ID Number", "Surname", "Amount")):
    rows = io.StringIO()
    csv.writer(rows).writerows([headings, *lines])
    return office.write(name, rows.getvalue())


def a_bulk_deposit(office):
    """Deposit 1: R300 in bulk on 2020-03-02. Mokoena and Naidoo may be paid for; the third is dead."""
    register(
        office,
        [
            {"id_number": MOKOENA, "last_payment_on": "2015-06-01", "last_payment": "20.00"},
            {"id_number": NAIDOO, "surname": "Naidoo", "last_payment_on": "2016-06-01", "last_payment": "20.00"},
            {"id_number": VAN_DER_MERWE, "surname": "van der Merwe", "status": "deceased", "status_on": "2020-02-01"},
        ],
    )
    take_in(office, statement(office, "one.csv", [("2020-03-02", 30000, "BULK TEMBISA"), ("2020-03-02", 500, "X")]))
    match(office)


@pytest.fixture
def queued(office):
    return office.after(a_bulk_deposit)


def good(office):
    # Excel lost a zero nowhere here, but wrote a point, blanks and a total.
    written = f"{MOKOENA[:6]} {MOKOENA[6:10]} {MOKOENA[10:]}"
    lines = [(written, "MOKOENA", "R100.00"), (NAIDOO + ".0", "", "200,00"), ("", "", ""), ("Total", "", "300.00")]
    return schedule_file(office, lines)


def after(office, number=1):
    row = next(row for row in deposits(office) if row["deposit"] == number)
    return row["state"], row["reason"], [(one["id_number"], one["cents"]) for one in row["members"]]


def someone(office, account="thandi"):
    return replace(session(office), account=account, sole_operator=False, roles=((Role.NATIONAL_OFFICER, "national"),))


def test_a_schedule_is_attached_shown_approved_and_split(queued):
    (waiting,) = queued("deposits", "bulk", "list", "--json").json
    assert (waiting["deposit"], waiting["reason"], waiting["schedule"]) == (1, "bulk_words", None)
    answer = queued("deposits", "bulk", "schedule", 1, good(queued), "--json").json
    assert (answer["lines"], answer["cents"], answer["replaces"]) == (2, 30000, None)
    assert after(queued) == ("bulk", "bulk_words", [])  # nothing is credited yet
    assert queued("deposits", "bulk", "list", "--json").json[0]["lines"] == 2
    shown = queued("deposits", "bulk", "show", 1, "--json").json
    assert shown["verdict"] == "waiting"
    first, _ = shown["lines"]
    assert (first["status_before"], first["paid_until_before"]) == ("not_in_good_standing", "2016-06-01")
    assert (first["id_number"], first["cents"], first["paid_until_after"]) == (MOKOENA, 10000, "2021-06-01")
    done = queued("deposits", "bulk", "approve", 1, *WHY, "--json").json
    assert (done["lines"], done["own_work"]) == (2, True)
    assert after(queued) == ("matched", "bulk_schedule", [(MOKOENA, 10000), (NAIDOO, 20000)])
    again = queued("deposits", "bulk", "show", 1, "--json").json
    assert again["lines"] == [{**line, "in_force": True} for line in shown["lines"]]
    for line in again["lines"]:
        facts = queued("member", "explain", line["id_number"], "--json").json
        assert (facts["status"], facts["facts"]["paid_until"]) == (line["status_after"], line["paid_until_after"])
    with session(queued).store.connect() as connection:
        (why,) = set(connection.scalars(select(allocation.c.why)))
    assert why.startswith("Called the branch secretary (own work of the sole operator")
    assert holds(queued)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_problem_is_told_at_once_with_its_place_and_nothing_is_written(queued):
    before = contents(queued)
    lines = [
        ("8001015009088", "", "20.00"),
        (NOBODY, "", "20.00"),
        (VAN_DER_MERWE, "", "20.00"),
        (MOKOENA, "Naidoo", "20.00"),
        (NAIDOO, "", "0.00"),
        (NAIDOO, "", "some"),
        ("", "", "20.00"),
        ("8001015009087", "", ""),
    ]
    told = queued("deposits", "bulk", "schedule", 1, schedule_file(queued, lines), code=3).err
    for words in (
        "schedule.csv row 2 column ID Number: checksum (800101****088)",
        "row 3 column ID Number: not registered (930303****081)",
        "row 4 column ID Number: member excluded",
        "row 5 column Surname: surname differs (Naidoo)",
        "row 6 column Amount: amount not positive (0.00)",
        "row 7 column Amount: amount malformed (some)",
        "row 7 column ID Number: twice",
        "row 8 column ID Number: missing",
        "row 9 column Amount: amount missing",
        "does not add up (R100.00)",
        "The lines come to R200.00 less than deposit 1, which is R300.00",
    ):
        assert words in told, words
    for number in (written for written, *_ in lines if written):
        assert number not in told  # a terminal is no place for them
    assert contents(queued) == before


@pytest.mark.parametrize("engine", ["sqlite"])
def test_of_who_is_out_of_sight_a_schedule_says_what_it_says_of_nobody(queued):
    on_record(queued, "omar", ("membership_officer", "ELSEWHERE"))
    on_record(queued, "agnes", ("call_centre_agent", "national"), ("membership_officer", "ELSEWHERE"))

    def told(number, account):
        with pretending(account):
            lines = [(number, "Other", "300.00")]
            said = queued("deposits", "bulk", "schedule", 1, schedule_file(queued, lines), "--json", code=3)
        return said.err.replace(f"{number[:6]}****{number[10:]}", "")

    nobody = told(NOBODY, "omar")
    assert "not registered" in nobody
    assert {told(number, "omar") for number in (MOKOENA, VAN_DER_MERWE)} == {nobody}
    assert "out of reach" in told(MOKOENA, "agnes")  # who sees her is told why


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_schedule_that_cannot_be_read_is_refused(queued):
    (queued.folder / "folder").mkdir()
    for name in ("missing.csv", "folder"):
        told = queued("deposits", "bulk", "schedule", 1, queued.folder / name, code=3).err
        assert f"{name}: cannot be read" in told


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_cent_off_is_refused(queued):
    for cents in ("99.99", "100.01"):
        path = schedule_file(queued, [(MOKOENA, "", cents), (NAIDOO, "", "200.00")])
        assert "does not add up" in queued("deposits", "bulk", "schedule", 1, path, code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_workbooks_and_columns_of_cents_or_whole_names_are_read_too(queued):
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["Branch Tembisa"], [], ["Lid", "Volle Name en Van", "ID Nommer", "Sent"]):
        book.active.append(row)
    book.active.append([1, "Thabo Mokoena", int(MOKOENA), 10000])
    book.active.append([2, "NAIDOO P", int(NAIDOO), 20000])
    path = queued.folder / "schedule.xlsx"
    book.save(path)
    assert queued("deposits", "bulk", "schedule", 1, path, "--json").json["lines"] == 2
    book.active["B4"] = "Sipho Dlamini"
    book.save(path)
    assert "surname differs (Sipho Dlamini)" in queued("deposits", "bulk", "schedule", 1, path, code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_new_schedule_takes_the_place_of_one_not_approved_and_undo_brings_it_back(queued):
    first = queued("deposits", "bulk", "schedule", 1, good(queued), "--json").json
    other = schedule_file(queued, [(MOKOENA, "", "300.00")], "other.csv")
    second = queued("deposits", "bulk", "schedule", 1, other, "--json").json
    assert second["replaces"] == first["schedule"]
    kept = undo(queued, first["batch"])["kept"]
    assert kept == [
        {
            "what": "the schedule of deposit 1",
            "why": f"it was replaced or refused since, in batch {second['batch']}: undo that first",
        }
    ]
    undo(queued, second["batch"])
    assert queued("deposits", "bulk", "list", "--json").json[0]["schedule"] == first["schedule"]
    undo(queued, first["batch"])
    assert queued("deposits", "bulk", "list", "--json").json[0]["schedule"] is None
    assert "no schedule waits" in queued("deposits", "bulk", "approve", 1, *WHY, code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_it_can_be_refused_and_the_refusal_undone(queued):
    made = queued("deposits", "bulk", "schedule", 1, good(queued), "--json").json["schedule"]
    batch = queued("deposits", "bulk", "refuse", 1, *WHY, "--json").json["batch"]
    assert queued("deposits", "bulk", "list", "--json").json[0]["schedule"] is None
    assert queued("deposits", "bulk", "show", 1, "--json").json["verdict"] == "withdrawn"
    undo(queued, batch)
    assert queued("deposits", "bulk", "list", "--json").json[0]["schedule"] == made


@pytest.mark.parametrize("engine", ["sqlite"])
def test_nobody_approves_their_own(queued):
    queued("deposits", "bulk", "schedule", 1, good(queued))
    mine = replace(session(queued), sole_operator=False)
    with pytest.raises(NotAllowed, match="nobody approves their own"):
        approve(mine, 1, "Looks right")
    split = approve(someone(queued), 1, "Looks right")
    assert (split.lines, split.own_work) == (2, False)


def test_approving_is_undone_and_the_schedule_waits_again(queued):
    before = after(queued)
    queued("deposits", "bulk", "schedule", 1, good(queued))
    scheduled = queued("batch", "list", "--json").json[0]["batch"]
    approved = queued("deposits", "bulk", "approve", 1, *WHY, "--json").json["batch"]
    (kept,) = undo(queued, scheduled)["kept"]
    assert kept["why"] == f"it was approved since, in batch {approved}: undo that first"
    assert undo(queued, approved)["kept"] == []
    assert after(queued) == before
    assert queued("deposits", "bulk", "show", 1, "--json").json["verdict"] == "waiting"
    assert queued("member", "explain", MOKOENA, "--json").json["facts"]["paid_until"] == "2016-06-01"
    assert holds(queued)
    queued("deposits", "bulk", "approve", 1, *WHY)
    assert after(queued)[0] == "matched"


def test_a_share_is_taken_back_alone_and_the_whole_goes_back_to_the_queue(queued):
    queued("deposits", "bulk", "schedule", 1, good(queued))
    queued("deposits", "bulk", "approve", 1, *WHY)
    taken = queued("deposits", "reverse", 1, "--to", NAIDOO, *WHY, "--json").json
    assert (taken["cents"], taken["unallocated_cents"]) == (20000, 20000)
    assert after(queued) == ("unallocated", "reversed", [(MOKOENA, 10000)])
    assert "nothing of deposit 1" in queued("deposits", "reverse", 1, "--to", NAIDOO, *WHY, code=3).err
    rest = queued("deposits", "reverse", 1, "--to", MOKOENA, *WHY, "--json").json
    assert after(queued) == ("bulk", "reversed", [])  # bulk money is nobody's payment
    assert "bulk deposit" in queued("deposits", "allocate", 1, "--to", MOKOENA, *WHY, code=7).err
    undo(queued, rest["batch"])
    undo(queued, taken["batch"])
    assert after(queued) == ("matched", "bulk_schedule", [(MOKOENA, 10000), (NAIDOO, 20000)])
    assert holds(queued)


def test_a_batch_and_its_parts_on_the_statement_are_not_booked_twice(queued):
    lines = [("2020-03-05", 10000, MOKOENA), ("2020-03-06", 20000, NAIDOO), ("2020-03-04", 10001, MOKOENA)]
    take_in(queued, statement(queued, "two.csv", lines))
    match(queued)
    answer = queued("deposits", "bulk", "schedule", 1, good(queued), "--strict", "--json", code=10)
    (twice,) = answer.json["paid_already"]  # not the one four days away, nor the one of another amount
    assert (twice["line"], twice["id_number"], twice["value_date"]) == (1, MOKOENA, "2020-03-05")
    refused = queued("deposits", "bulk", "approve", 1, *WHY, code=7)
    assert f"line 1, member 800101****087, has deposit {twice['deposit']} of 2020-03-05" in refused.err
    assert "--also-paid" in refused.err
    assert "twice" in queued("deposits", "bulk", "approve", 1, *WHY, "--also-paid", NAIDOO, code=7).err
    queued("deposits", "bulk", "approve", 1, *WHY, "--also-paid", MOKOENA, "-n")
    queued("deposits", "bulk", "approve", 1, *WHY, "--also-paid", "all")
    assert after(queued)[0] == "matched"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_schedule_whose_member_died_since_is_no_longer_good(queued):
    queued("deposits", "bulk", "schedule", 1, good(queued))
    deaths = queued.write("deaths.csv", f"ID number,Date of death\n{NAIDOO},2020-01-05\n")
    queued("member", "deceased", "import", deaths)
    told = queued("deposits", "bulk", "approve", 1, *WHY, code=7).err
    assert "no longer good: line 2: member excluded" in told


@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_what_is_in_the_queue_has_a_schedule(queued):
    assert "not in the queue" in queued("deposits", "bulk", "schedule", 2, good(queued), code=7).err
    assert "has no schedule" in queued("deposits", "bulk", "show", 1, code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_import_undone_keeps_those_a_schedule_names(queued):
    imported = min(
        row["batch"] for row in queued("batch", "list", "--json").json if row["command"] == "register import"
    )
    queued("deposits", "bulk", "schedule", 1, good(queued))
    scheduled = queued("batch", "list", "--json").json[0]["batch"]
    undo(queued, scheduled)  # its lines stay on record
    kept = undo(queued, imported)["kept"]
    assert {(one["id_number"], one["why"]) for one in kept} == {
        (MOKOENA, "a schedule of a bulk deposit names them"),
        (NAIDOO, "a schedule of a bulk deposit names them"),
    }


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_share_of_a_record_merged_into_another_is_that_other_s(queued):
    queued("deposits", "bulk", "schedule", 1, good(queued))
    queued("member", "merge", MOKOENA, NAIDOO, "--why", "One person")
    assert "line 2: twice" in queued("deposits", "bulk", "approve", 1, *WHY, code=7).err
    queued("deposits", "bulk", "schedule", 1, schedule_file(queued, [(NAIDOO, "", "300.00")]))
    queued("deposits", "bulk", "approve", 1, *WHY)
    assert after(queued)[2] == [(MOKOENA, 30000)]
