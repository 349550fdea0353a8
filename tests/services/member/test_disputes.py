"""Disputes: lodged with proof, accepted (what they say is set right) or rejected (with what to do next)."""

import json

import pytest
from tests.tamper import sql

from ancadmin.services.session import today_in_johannesburg

THABO, LERATO = "8001015009087", "9202204720083"
PLACES = (
    "province,region_code,region,branch_code,branch,ward\n"
    "Gauteng,EKU,Ekurhuleni,79700012,Ward 12,79700012\nGauteng,EKU,Ekurhuleni,79700013,Ward 13,79700013\n"
)
WHY = ("--why", "slip seen")
TODAY = str(today_in_johannesburg())


@pytest.fixture
def branches(office):
    office("init", "--sole-operator")
    office("db", "places", "import", office.write("places.csv", PLACES))
    return office


@pytest.fixture
def listed(branches):
    """Thabo came in with a register, which says nothing of his payment."""
    rows = "ID number,Surname,First names,Branch,Date joined,Last payment,Amount\n"
    rows += f"{THABO},Mokoena,Thabo,79700012,2015-01-10,N/A,N/A\n"
    branches("register", "import", branches.write("register.csv", rows))
    return branches


def lodge(office, *words, code=0):
    return office("member", "dispute", "lodge", *words, "--on", "2025-06-30", *WHY, "--json", code=code)


def explained(office, number, on):
    return office("member", "explain", number, "--on", on, "--json").json


def test_somebody_not_on_record_is_entered_as_an_existing_member_and_the_undo_takes_them_out(branches):
    claim = ["--surname", "Dlamini", "--branch", "79700013", "--joined-on", "2014-05-01"]
    paid = ["--last-payment-on", "2025-02-01", "--last-payment-cents", "2000"]
    number = lodge(branches, LERATO, "--kind", "not_on_record", *claim, *paid).json["dispute"]
    assert sql(branches, "SELECT count(*) FROM member") == [(0,)]
    done = branches("member", "dispute", "accept", number, *WHY, "--json").json
    assert (done["verdict"], done["own_work"]) == ("accepted", True)
    told = explained(branches, LERATO, "2025-06-30")
    assert (told["status"], told["facts"]["paid_until"]) == ("good_standing", "2026-02-01")
    branches("batch", "undo", done["batch"])
    assert sql(branches, "SELECT count(*) FROM member") == [(0,)]
    (row,) = branches("member", "dispute", "list", "--json").json
    assert (row["dispute"], row["verdict"], row["id_number"]) == (number, None, LERATO)


def test_a_payment_the_register_lost_is_set_right_and_the_former_entry_stays_in_the_history(listed):
    paid = ["--last-payment-on", "2025-02-01", "--last-payment-cents", "2000"]
    assert explained(listed, THABO, "2025-06-30")["status"] == "not_in_good_standing"
    number = lodge(listed, THABO, "--kind", "wrong_standing", *paid).json["dispute"]
    done = listed("member", "dispute", "accept", number, *WHY, "--json").json
    assert explained(listed, THABO, "2025-06-30")["status"] == "good_standing"
    told = listed("member", "history", THABO, "--json").json
    assert any(event["what"] == "last payment on: - → 2025-02-01" for event in told)
    listed("batch", "undo", done["batch"])
    assert explained(listed, THABO, "2025-06-30")["status"] == "not_in_good_standing"


def test_an_old_number_finds_the_member_and_what_waits_under_it_is_credited(listed):
    lines = f"Value date,Cents,Narrative\n2025-03-01,2000,{LERATO}\n2025-03-02,2000,{LERATO}\n"
    listed("deposits", "import", listed.write("bank.csv", lines))
    assert listed("deposits", "match", "--json").json["reasons"] == {"id_not_registered": 2}
    number = lodge(listed, THABO, "--kind", "old_number", "--old-number", LERATO).json["dispute"]
    done = listed("member", "dispute", "accept", number, *WHY, "--json").json
    matched = listed("deposits", "match", "--json").json
    assert matched["matched_cents"] == 4000
    assert explained(listed, LERATO, "2025-06-30")["facts"]["id_number"] == THABO
    assert explained(listed, THABO, "2025-06-30")["status"] == "good_standing"
    (kept,) = listed("batch", "undo", done["batch"], "--json").json["kept"]
    assert f"a deposit came in under it since, in batch {matched['batch']}" in kept["why"]
    listed("batch", "undo", matched["batch"])
    assert listed("batch", "undo", done["batch"], "--json").json["kept"] == []
    assert sql(listed, "SELECT id_number FROM member") == [(THABO,)]


def test_a_wrong_branch_is_corrected_from_its_day_on(listed):
    words = ["--kind", "wrong_branch", "--branch", "79700013", "--since", "2024-03-01"]
    number = lodge(listed, THABO, *words).json["dispute"]
    done = listed("member", "dispute", "accept", number, *WHY, "--json").json
    moves = "SELECT from_branch, to_branch, moved_on, cause FROM transfer WHERE reversed_by IS NULL"
    assert sql(listed, moves) == [("79700012", "79700013", "2024-03-01", "dispute")]
    listed("batch", "undo", done["batch"])
    assert sql(listed, moves) == []
    assert sql(listed, "SELECT branch FROM member") == [("79700012",)]


def test_a_branch_that_was_wrong_before_the_last_move_is_set_right_from_that_move_on(listed):
    more = "province,region_code,region,branch_code,branch\nGauteng,EKU,Ekurhuleni,79700014,Ward 14\n"
    listed("db", "places", "import", listed.write("more.csv", more))
    words = ["--kind", "wrong_branch", "--branch", "79700014", "--since"]
    number = lodge(listed, THABO, *words, "2024-03-01").json["dispute"]
    moved = ["--to", "79700013", "--on", "2024-06-01"]
    listed("member", "transfer", THABO, *moved, *WHY)
    for refused in (
        listed("member", "dispute", "accept", number, *WHY, code=3).err,
        lodge(listed, THABO, *words, "2024-04-01", code=3).err,
    ):
        assert "moved to branch 79700013 on 2024-06-01 (transfer), after the day the dispute gives" in refused
        assert "Lodge it with --since 2024-06-01" in refused
    listed("member", "dispute", "reject", number, *WHY, "--next-step", "Lodge it from the move on")
    again = lodge(listed, THABO, *words, "2024-06-01").json["dispute"]
    listed("member", "dispute", "accept", again, *WHY)
    assert sql(listed, "SELECT branch FROM member") == [("79700014",)]


@pytest.mark.parametrize(
    ("accepted_on", "lodged_on", "code", "says"),
    [
        ("2024-02-01", "2024-12-01", 0, None),
        ("2024-02-01", "2024-07-01", 3, "only for a payment more than 6 months before the dispute"),
        ("2024-01-12", "2024-12-01", 3, "paid only on 2024-01-15"),
        ("2023-12-01", "2024-12-01", 3, "applied only on 2024-01-10"),
        ("2024-11-20", "2024-12-01", 3, "was accepted on 2024-11-15 already"),
    ],
)
def test_an_acceptance_is_set_back_only_as_far_as_the_payment_and_the_policy_allow(
    branches, accepted_on, lodged_on, code, says
):
    person = ["--surname", "Mokoena", "--branch", "79700012"]
    branches("member", "apply", THABO, *person, "--on", "2024-01-10", "--why", "form")
    branches("member", "accept", THABO, "--on", "2024-11-15", "--why", "BEC")
    lines = f"Value date,Cents,Narrative\n2024-01-15,2000,{THABO}\n"
    branches("deposits", "import", branches.write("bank.csv", lines))
    branches("deposits", "match")
    lodged = ["member", "dispute", "lodge", THABO, "--kind", "wrong_standing", "--accepted-on", accepted_on, *WHY]
    number = branches(*lodged, "--on", lodged_on, "--json").json["dispute"]
    answer = branches("member", "dispute", "accept", number, *WHY, "--json", code=code)
    if says:
        assert says in answer.err
        return
    facts = explained(branches, THABO, "2024-12-01")["facts"]
    assert (facts["accepted_on"], facts["covered_from"]) == ("2024-02-01", "2024-02-01")
    branches("batch", "undo", answer.json["batch"])
    assert explained(branches, THABO, "2024-12-01")["facts"]["accepted_on"] == "2024-11-15"


def test_a_rejected_dispute_says_what_to_do_next_and_may_be_lodged_again(listed):
    words = [THABO, "--kind", "wrong_branch", "--branch", "79700013", "--since", "2024-03-01"]
    first = lodge(listed, *words).json
    assert "the same is disputed already, as number 1" in lodge(listed, *words, code=7).err
    step = ["--next-step", "Bring the lease"]
    listed("member", "dispute", "reject", first["dispute"], *WHY, *step)
    again = lodge(listed, *words).json
    assert again["follows"] == first["dispute"]
    told = listed("member", "dispute", "show", first["dispute"], "--json").json
    assert (told["verdict"], told["next_step"]) == ("rejected", "Bring the lease")
    assert "was rejected in batch" in listed("member", "dispute", "accept", first["dispute"], *WHY, code=7).err


def test_a_claim_is_whole_or_refused(listed):
    words = ["member", "dispute", "lodge", THABO, "--kind", "wrong_branch", "--branch", "79700013", *WHY]
    assert "Give --branch --since." in listed(*words, "--on", "2025-06-30", code=2).err
    known = ["--surname", "M", "--branch", "79700012", "--joined-on", "2014-05-01"]
    assert "is on record" in lodge(listed, THABO, "--kind", "not_on_record", *known, code=3).err


def test_proofs_are_kept_shown_to_whoever_may_see_them_and_go_when_their_months_are_over(listed, tmp_path):
    paper = tmp_path / "lease.pdf"
    paper.write_bytes(b"%PDF-1.7 a lease")
    words = [THABO, "--kind", "wrong_branch", "--branch", "79700013", "--since", "2024-03-01", "--proof", str(paper)]
    lodged = lodge(listed, *words).json
    assert lodged["proofs"] == ["lease.pdf"]
    shown = listed("member", "dispute", "show", lodged["dispute"], "--proofs", tmp_path / "out", "--json").json
    assert [(one["name"], one["kept"]) for one in shown["proofs"]] == [("lease.pdf", True)]
    (copy,) = (tmp_path / "out").iterdir()
    assert copy.read_bytes() == paper.read_bytes()
    assert listed("member", "dispute", "purge", "--json").json["removed"] == 0
    _age(listed)
    done = listed("member", "dispute", "purge", "--json").json
    assert (done["removed"], done["kept"]) == (1, 0)
    shown = listed("member", "dispute", "show", lodged["dispute"], "--json").json
    assert [(one["name"], one["kept"]) for one in shown["proofs"]] == [("lease.pdf", False)]
    assert json.loads(listed("batch", "undo", done["batch"], "--json").out)["kept"]


def _age(office):
    """The months of retention are over."""
    sql(office, f"UPDATE proof SET keep_until = '{TODAY}'")
