"""What `batch undo` makes of decisions: taken back, brought back, or kept because something stands on them."""

import pytest
from tests.services.member.test_decide import THABO, applied, decisions, member, placed, status
from tests.tamper import sql

from ancadmin.services.member.undo import undo as undo_decisions
from ancadmin.services.session import open_session
from ancadmin.settings import load_settings

__all__ = ["placed"]


@pytest.fixture
def accepted(placed):
    """Batch 3 applied, batch 4 accepted."""
    applied(placed)
    member(placed, "accept", THABO, "--on", "2020-01-31")
    return placed


def undo(office, number):
    return office("batch", "undo", number, "--json").json


def test_an_application_undone_takes_the_person_with_it(placed):
    before = sql(placed, "SELECT * FROM standing")
    applied(placed)
    answer = undo(placed, 3)
    assert (answer["people_removed"], answer["kept"]) == (1, [])
    for table in ("member", "decision"):
        assert sql(placed, f"SELECT count(*) FROM {table}") == [(0,)]
    assert sql(placed, "SELECT * FROM standing") == before
    applied(placed)
    assert placed("check", code=0).out == ""


def test_what_a_later_decision_stands_on_is_kept(accepted):
    answer = undo(accepted, 3)
    assert answer["people_removed"] == 0
    assert any("a later decision stands on it" in one["why"] for one in answer["kept"])
    assert status(accepted, THABO, "2020-01-31") == "awaiting_payment"


def test_in_the_right_order_all_of_it_goes(accepted):
    undo(accepted, 4)
    assert status(accepted, THABO, "2020-02-01") == "applicant"
    undo(accepted, 3)
    assert sql(accepted, "SELECT count(*) FROM member") == [(0,)]


def test_a_suspension_undone_never_was(accepted):
    member(accepted, "discipline", THABO, "--kind", "suspended", "--on", "2020-06-01")
    undo(accepted, 5)
    assert status(accepted, THABO, "2020-06-02") == "awaiting_payment"
    assert decisions(accepted)[-1][4:] == (5, 6)  # still there, and says which batch took it back


def test_a_lift_undone_brings_the_suspension_back_as_a_new_row(accepted):
    member(accepted, "discipline", THABO, "--kind", "suspended", "--on", "2020-06-01")
    member(accepted, "discipline", THABO, "--lift", "2020-07-01")
    assert undo(accepted, 6)["decisions_reinstated"] == 1
    assert status(accepted, THABO, "2020-07-02") == "suspended"
    assert [row[4:] for row in decisions(accepted)[2:]] == [(5, 6), (6, 7), (7, None)]
    # and the suspension itself, wherever it lives on, can still be undone
    assert undo(accepted, 5)["kept"] == []
    assert status(accepted, THABO, "2020-07-02") == "awaiting_payment"


def test_a_suspension_that_was_lifted_is_kept_until_the_lift_is_undone(accepted):
    member(accepted, "discipline", THABO, "--kind", "suspended", "--on", "2020-06-01")
    member(accepted, "discipline", THABO, "--lift", "2020-07-01")
    (kept,) = undo(accepted, 5)["kept"]
    assert "batch 6 put an end to it" in kept["why"]
    assert status(accepted, THABO, "2020-06-15") == "suspended"


def test_a_settled_objection_undone_is_open_again(accepted):
    member(accepted, "object", THABO, "--on", "2020-02-01")
    member(accepted, "object", THABO, "--settled", "2020-02-10")
    undo(accepted, 6)
    assert "is open already" in member(accepted, "object", THABO, "--on", "2020-02-11", code=3).err


def test_a_second_application_undone_gives_the_record_back(placed):
    applied(placed)
    member(placed, "refuse", THABO, "--on", "2020-02-01")
    applied(placed, on="2020-03-01", branch="30901001")
    undo(placed, 5)
    assert sql(placed, "SELECT branch FROM member") == [("79700012",)]
    assert status(placed, THABO, "2020-03-02") == "rejected"


def test_a_contact_changed_since_is_kept(accepted):
    member(accepted, "contact", THABO, "--cell", "0711111111")
    member(accepted, "contact", THABO, "--cell", "0722222222")
    (kept,) = undo(accepted, 5)["kept"]
    assert kept["why"] == "it was changed again since"
    assert sql(accepted, "SELECT cell FROM member") == [("+27722222222",)]


def test_a_lift_undone_brings_nothing_back_of_an_import_undone_before(placed):
    head = "ID NO,Surname,First Names,Branch,Date joined,Last Payment Date,Last Payment Amount,Status,Status Date"
    cells = f"{THABO},Mokoena,Thabo,79700012,2015-01-01,2020-01-20,20.00,Suspended,2019-05-01"
    placed("register", "import", placed.write("register.csv", f"{head}\n{cells}\n"))
    placed("member", "contact", THABO, "--cell", "0821234567", "--why", "moved")  # so the person stays on record
    member(placed, "discipline", THABO, "--lift", "2019-08-01")
    undo(placed, 3)
    assert undo(placed, 5)["decisions_reinstated"] == 0
    assert status(placed, THABO, "2020-02-01") == "good_standing"


def test_an_acceptance_that_money_was_matched_on_is_kept_until_that_is_undone(accepted):
    lines = f"Date,Amount,Description\n2020-03-02,20.00,{THABO}\n"
    accepted("deposits", "import", accepted.write("statement.csv", lines))
    matched = accepted("deposits", "match", "--json").json["batch"]
    with open_session(load_settings(accepted.db)).batch("test undo") as batch:
        (kept,) = undo_decisions(batch, 4)
    assert kept.why == f"money was matched on it in batch {matched}: undo that first"
    assert "accepted on 2020-01-31" in kept.what
    assert status(accepted, THABO, "2020-03-02") == "probation"


def test_an_acceptance_goes_once_its_money_is_open_again(accepted):
    lines = f"Date,Amount,Description\n2020-03-02,20.00,{THABO}\n"
    accepted("deposits", "import", accepted.write("statement.csv", lines))
    undo(accepted, accepted("deposits", "match", "--json").json["batch"])
    assert undo(accepted, 4)["kept"] == []
    assert accepted("deposits", "match", "--json").json["reasons"] == {"not_accepted_yet": 1}


def test_what_an_undo_took_back_the_next_undo_of_the_batch_does_not_name_again(accepted):
    """The suspension lives on in a row of the undone lift; the cell was changed by a later batch."""
    member(accepted, "discipline", THABO, "--kind", "suspended", "--on", "2020-06-01")
    member(accepted, "discipline", THABO, "--lift", "2020-07-01")
    undo(accepted, 6)
    assert undo(accepted, 5)["kept"] == []
    again = accepted("batch", "undo", 5, code=3)
    assert "was undone already" in again.err


def test_a_suspension_kept_because_it_was_lifted_goes_once_the_lift_is_undone(accepted):
    member(accepted, "discipline", THABO, "--kind", "suspended", "--on", "2020-06-01")
    member(accepted, "discipline", THABO, "--lift", "2020-07-01")
    assert len(undo(accepted, 5)["kept"]) == 1
    undo(accepted, 6)
    assert undo(accepted, 5)["kept"] == []
    assert status(accepted, THABO, "2020-06-15") == "awaiting_payment"
