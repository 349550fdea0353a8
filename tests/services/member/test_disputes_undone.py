"""What stands on a dispute or a transfer is kept and named, in whatever order work is taken back."""

import pytest
from tests.tamper import sql

THABO, LERATO, NOMSA = "8001015009087", "9202204720083", "6405064999084"
PLACES = (
    "province,region_code,region,branch_code,branch,ward,ward_year\n"
    "Gauteng,EKU,Ekurhuleni,79700012,Ward 12,79700012,2021\n"
    "Gauteng,EKU,Ekurhuleni,79700013,Ward 13,79700013,2021\n"
    "Gauteng,EKU,Ekurhuleni,79700014,Ward 14,79700014,2021\n"
)
REGISTER = (
    "ID number,Surname,First names,Branch,Date joined,Last payment,Amount\n"
    f"{THABO},Mokoena,Thabo,79700012,2015-01-10,N/A,N/A\n"
)
WHY = ("--why", "slip seen")
ELSEWHERE = ("--kind", "wrong_branch", "--branch", "79700013", "--since", "2024-03-01")
MERGED = "old_ward,new_ward,voting_district,branch\n79700012,79700113,,79700013\n79700013,79700113,,\n"


@pytest.fixture
def branches(office):
    office("init", "--sole-operator")
    office("db", "places", "import", office.write("places.csv", PLACES))
    return office


@pytest.fixture
def listed(branches):
    branches("register", "import", branches.write("register.csv", REGISTER))
    return branches


def lodged(office, *words):
    done = office("member", "dispute", "lodge", *words, "--on", "2025-06-30", *WHY, "--json").json
    return done["dispute"], done["batch"]


def accepted(office, number):
    return office("member", "dispute", "accept", number, *WHY, "--json").json["batch"]


def redrawn(office):
    words = ["--year", "2026", "--on", "2025-06-30", "--why", "Gazette", "--json"]
    return office("db", "demarcation", "import", office.write("wards.csv", MERGED), *words).json["batch"]


def undone(office, number):
    return office("batch", "undo", number, "--json").json["kept"]


def imported(office):
    return sql(office, "SELECT max(number) FROM batch WHERE command = 'register import'")[0][0]


def people(office):
    return sql(office, "SELECT id_number, branch FROM member WHERE merged_into IS NULL ORDER BY id_number")


def test_an_import_undone_keeps_who_disputes_and_lets_go_who_withdrew(listed):
    _, batch = lodged(listed, THABO, *ELSEWHERE)
    (kept,) = undone(listed, imported(listed))
    assert kept["why"] == "they dispute what is on record"
    undone(listed, batch)
    assert undone(listed, imported(listed)) == []
    assert people(listed) == []
    assert THABO in sql(listed, "SELECT claim FROM dispute")[0][0]


def test_an_import_undone_keeps_who_was_moved_by_new_wards_and_lets_go_who_moved_back(listed):
    moved = redrawn(listed)
    assert [one["why"] for one in undone(listed, imported(listed))] == ["their record was changed since"]
    undone(listed, moved)
    assert undone(listed, imported(listed)) == []
    assert people(listed) == []


@pytest.mark.parametrize("moving", ["dispute", "demarcation", "transfer"])
def test_an_application_undone_after_its_moves_were_undone_goes_whole(branches, moving):
    person = ["--surname", "Dlamini", "--branch", "79700012"]
    done = branches("member", "apply", LERATO, *person, "--on", "2024-01-10", "--why", "form", "--json").json
    if moving == "dispute":
        number, batch = lodged(branches, LERATO, *ELSEWHERE)
        batches = [accepted(branches, number), batch]
    elif moving == "demarcation":
        batches = [redrawn(branches)]
    else:
        words = ["--to", "79700013", "--on", "2025-06-30", "--why", "moved", "--json"]
        batches = [branches("member", "transfer", LERATO, *words).json["batch"]]
    assert undone(branches, done["batch"]) != []
    assert len(people(branches)) == 1
    for batch in batches:
        assert undone(branches, batch) == []
    assert undone(branches, done["batch"]) == []
    assert people(branches) == []


def test_places_that_disputes_and_transfers_name_are_kept_and_named(listed):
    lodged(listed, THABO, *ELSEWHERE)
    listed("member", "transfer", THABO, "--to", "79700013", "--on", "2025-06-30", "--why", "moved")
    kept = {one["what"]: one["why"] for one in undone(listed, 2)}
    assert kept["branch 79700012"] == "members were transferred out of it or into it"
    assert kept["branch 79700013"] == "members are on record there"
    assert "branch 79700014" not in kept


def test_a_place_only_a_dispute_names_is_kept(branches):
    claim = ["--surname", "Dlamini", "--branch", "79700013", "--joined-on", "2014-05-01"]
    lodged(branches, LERATO, "--kind", "not_on_record", *claim)
    assert [(one["what"], one["why"]) for one in undone(branches, 2) if one["what"].startswith("branch")] == [
        ("branch 79700013", "disputes name it")
    ]


def test_a_dispute_stays_accepted_as_long_as_what_it_set_right_stays(listed):
    number, _ = lodged(listed, THABO, *ELSEWHERE)
    batch = accepted(listed, number)
    on = ["--to", "79700014", "--on", "2025-07-01", "--why", "moved on", "--json"]
    later = listed("member", "transfer", THABO, *on).json["batch"]
    assert len(undone(listed, batch)) == 1
    verdict = "SELECT verdict, decided_in FROM dispute"
    assert sql(listed, verdict) == [("accepted", batch)]
    undone(listed, later)
    assert undone(listed, batch) == []
    assert sql(listed, verdict) == [(None, None)]
    assert people(listed) == [(THABO, "79700012")]
    accepted(listed, number)
    assert people(listed) == [(THABO, "79700013")]


def test_somebody_a_dispute_entered_stays_while_money_is_theirs_and_the_dispute_stays_accepted(branches):
    claim = ["--surname", "Dlamini", "--branch", "79700013", "--joined-on", "2014-05-01"]
    number, _ = lodged(branches, LERATO, "--kind", "not_on_record", *claim)
    batch = accepted(branches, number)
    lines = f"Value date,Cents,Narrative\n2025-03-01,2000,{LERATO}\n"
    branches("deposits", "import", branches.write("bank.csv", lines))
    branches("deposits", "match")
    assert len(undone(branches, batch)) == 1
    assert sql(branches, "SELECT verdict, member IS NULL FROM dispute") == [("accepted", False)]
    assert [row[0] for row in people(branches)] == [LERATO]


def test_an_earlier_payment_undone_while_a_later_dispute_stands_on_it_stays_accepted(listed):
    paid = ["--kind", "wrong_standing", "--last-payment-cents", "2000", "--last-payment-on"]
    first, _ = lodged(listed, THABO, *paid, "2024-02-01")
    one = accepted(listed, first)
    second, _ = lodged(listed, THABO, *paid, "2025-02-01")
    two = accepted(listed, second)
    assert [kept["what"].partition(": ")[2] for kept in undone(listed, one)] == ["last payment on"]
    assert sql(listed, "SELECT verdict FROM dispute ORDER BY id") == [("accepted",), ("accepted",)]
    assert undone(listed, two) == []
    assert undone(listed, one) == []
    assert sql(listed, "SELECT verdict FROM dispute ORDER BY id") == [(None,), (None,)]
    assert sql(listed, "SELECT last_payment_on, last_payment_cents FROM member") == [(None, None)]


def test_an_old_number_that_went_on_with_a_merged_record_is_kept_until_the_merge_is_undone(listed):
    more = f"{NOMSA},Mokoena,Thabo,79700012,2015-01-10,N/A,N/A\n"
    listed("register", "import", listed.write("more.csv", REGISTER.splitlines()[0] + "\n" + more))
    number, _ = lodged(listed, THABO, "--kind", "old_number", "--old-number", LERATO)
    batch = accepted(listed, number)
    merged = listed("member", "merge", NOMSA, THABO, *WHY, "--json").json["batch"]
    (kept,) = undone(listed, batch)
    assert f"the record was merged into another since, in batch {merged}" in kept["why"]
    assert undone(listed, merged) == []
    assert undone(listed, batch) == []
    assert LERATO not in dict(sql(listed, "SELECT id_number, branch FROM member"))


def test_a_rejection_undone_leaves_the_dispute_open(listed):
    number, _ = lodged(listed, THABO, *ELSEWHERE)
    words = ("member", "dispute", "reject", number, *WHY, "--next-step", "Bring the lease", "--json")
    assert undone(listed, listed(*words).json["batch"]) == []
    assert sql(listed, "SELECT verdict, next_step FROM dispute") == [(None, None)]
    accepted(listed, number)
    assert people(listed) == [(THABO, "79700013")]


def test_what_a_record_merged_disputes_is_not_disputed_again_and_is_set_right_on_the_one_kept(listed):
    more = f"{NOMSA},Mokoena,Thabo,79700012,2015-01-10,N/A,N/A\n"
    listed("register", "import", listed.write("more.csv", REGISTER.splitlines()[0] + "\n" + more))
    number, _ = lodged(listed, THABO, *ELSEWHERE)
    merged = listed("member", "merge", NOMSA, THABO, *WHY, "--json").json["batch"]
    again = listed("member", "dispute", "lodge", THABO, *ELSEWHERE, "--on", "2025-06-30", *WHY, code=7)
    assert f"the same is disputed already, as number {number}" in again.err
    batch = accepted(listed, number)
    assert people(listed) == [(NOMSA, "79700013")]
    assert undone(listed, batch) == []
    assert undone(listed, merged) == []
    assert people(listed) == [(NOMSA, "79700012"), (THABO, "79700012")]
    (row,) = listed("member", "dispute", "list", "--json").json
    assert row["id_number"] == THABO


def test_a_correction_of_the_number_leaves_the_dispute_with_its_member(listed):
    number, _ = lodged(listed, THABO, *ELSEWHERE)
    listed("member", "renumber", THABO, NOMSA, "--why", "read wrongly")
    (row,) = listed("member", "dispute", "list", "--json").json
    assert row["id_number"] == NOMSA
    accepted(listed, number)
    assert people(listed) == [(NOMSA, "79700013")]


def test_an_acceptance_set_back_twice_with_money_since_goes_back_step_by_step(branches):
    person = ["--surname", "Dlamini", "--branch", "79700012"]
    branches("member", "apply", LERATO, *person, "--on", "2024-01-10", "--why", "form")
    branches("member", "accept", LERATO, "--on", "2024-11-15", "--why", "BEC")

    def paid(day):
        lines = f"Value date,Cents,Narrative\n{day},2000,{LERATO}\n"
        branches("deposits", "import", branches.write(f"bank-{day}.csv", lines))
        return branches("deposits", "match", "--json").json["batch"]

    def since():
        told = branches("member", "explain", LERATO, "--on", "2025-06-30", "--json").json
        return told["facts"]["accepted_on"]

    paid("2024-01-15")
    batches = []
    for day in ("2024-03-01", "2024-02-01"):
        number, _ = lodged(branches, LERATO, "--kind", "wrong_standing", "--accepted-on", day)
        batches.append(accepted(branches, number))
    matched = paid("2025-02-01")
    assert len(undone(branches, batches[0])) == 1
    assert len(undone(branches, batches[1])) == 1
    assert sql(branches, "SELECT verdict FROM dispute ORDER BY id") == [("accepted",), ("accepted",)]
    assert since() == "2024-02-01"
    undone(branches, matched)
    assert undone(branches, batches[1]) == []
    assert since() == "2024-03-01"
    assert undone(branches, batches[0]) == []
    assert since() == "2024-11-15"
    assert sql(branches, "SELECT verdict FROM dispute ORDER BY id") == [(None,), (None,)]
