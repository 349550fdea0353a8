"""Rows with one ID number: the same member again, or the conflict `id_shared` (docs/rules.md, section 2)."""

from tests.services.register.making import MARIA, PRIYA, THABO, file, imported, members, outcome, row
from tests.tamper import sql


def held(office):
    return [(one["file"], one["row"], one["problems"]) for one in office("register", "quarantine", "--json").json]


def test_same_number_and_surname_is_the_same_member(placed):
    path = file(
        placed,
        row(cell="", first_names="THABO"),
        row(surname="Mokoena", first_names="", email=""),
        row(first_names="N/A", surname="MOKOENA", branch="79700013", email=""),
        row(first_names="", branch="79700013", cell="", email=""),
    )
    result = imported(placed, path)
    # The first row makes the member; a later one updates when it says something new, and blanks erase nothing.
    assert outcome(result) == {"accepted": 1, "updated": 2, "unchanged": 1}
    columns = ("surname", "first_names", "branch", "cell", "email")
    assert members(placed, *columns) == [("Mokoena", "Thabo", "79700013", "+27821234567", "thabo@example.org")]


def test_the_latest_payment_stays_whatever_the_order(placed):
    path = file(
        placed,
        row(last_payment_on="2018-05-01", last_payment_cents="20"),
        row(last_payment_on="2019-12-20", last_payment_cents="40"),
        row(last_payment_on="2017-01-01", last_payment_cents="20"),
        row(last_payment_on="2020-01-01", last_payment_cents="N/A"),
    )
    result = imported(placed, path)
    assert outcome(result) == {"accepted": 1, "updated": 1, "unchanged": 2}
    assert members(placed, "last_payment_on", "last_payment_cents") == [("2019-12-20", 4000)]


def test_of_one_day_the_last_written_payment_stays(placed):
    imported(placed, file(placed, row(last_payment_cents="20"), row(last_payment_cents="12")))
    assert members(placed, "last_payment_cents") == [(1200,)]


def test_another_surname_in_the_file_keeps_all_rows_out(placed):
    path = file(placed, row(), row(id_number=PRIYA, surname="NAIDOO"), row(surname="NKOSI"), row())
    result = imported(placed, path)
    assert outcome(result) == {"accepted": 1, "quarantined": 3}
    assert result["problems"] == {"id_shared": 3}
    assert members(placed, "id_number") == [(PRIYA,)]
    assert held(placed) == [("register.csv", place, ["id_shared"]) for place in (2, 4, 5)]


def test_another_surname_in_another_file_of_the_import_too(placed):
    one, two = file(placed, row(), name="one.csv"), file(placed, row(surname="NKOSI"), name="two.csv")
    assert outcome(imported(placed, one, two)) == {"quarantined": 2}
    assert held(placed) == [("one.csv", 2, ["id_shared"]), ("two.csv", 2, ["id_shared"])]


def test_a_row_held_back_for_its_branch_is_in_conflict_all_the_same(placed):
    path = file(placed, row(), row(surname="NKOSI", branch="99999999"))
    result = imported(placed, path)
    assert result["problems"] == {"id_shared": 2, "branch_unknown": 1}
    assert held(placed) == [
        ("register.csv", 2, ["id_shared"]),
        ("register.csv", 3, ["branch_unknown", "id_shared"]),
    ]


def test_a_row_without_surname_is_in_conflict_with_nobody(placed):
    result = imported(placed, file(placed, row(), row(surname="")))
    assert outcome(result) == {"accepted": 1, "quarantined": 1}
    assert result["problems"] == {"surname_missing": 1}


def test_another_surname_on_record_changes_nothing_there(placed):
    imported(placed, file(placed, row()))
    before = members(placed, "surname", "cell")
    later = file(placed, row(surname="NKOSI", cell="0839876543"), name="later.csv")
    assert imported(placed, later)["problems"] == {"id_shared": 1}
    assert members(placed, "surname", "cell") == before
    # The row on record is not called into question by a file that has both.
    assert outcome(imported(placed, placed.folder / "register.csv", later)) == {"unchanged": 1, "quarantined": 1}


def test_spelling_is_no_conflict(placed):
    path = file(placed, row(surname="VAN DER MERWE", id_number=MARIA), row(surname="v.d Merwe", id_number=PRIYA))
    imported(placed, path)
    again = file(placed, row(surname="vanderMerwe", id_number=MARIA), name="again.csv")
    assert outcome(imported(placed, again)) == {"updated": 1}
    assert ("vanderMerwe",) in members(placed, "surname")


def test_the_last_status_counts_with_its_own_day(placed):
    fields = ("id_number", "surname", "branch", "status", "STATUS DATE")
    path = file(
        placed,
        row(status="Suspended", **{"STATUS DATE": "2019-01-01"}),
        row(status="Active"),
        row(id_number=PRIYA, surname="NAIDOO", status="Active"),
        row(id_number=PRIYA, surname="NAIDOO", status="Resigned", **{"STATUS DATE": "2020-02-02"}),
        fields=fields,
    )
    imported(placed, path)
    rows = "SELECT id_number, kind, begins_on FROM decision JOIN member ON member.id = decision.member"
    assert sql(placed, rows) == [(PRIYA, "resigned", "2020-02-02")]
    assert dict(members(placed, "id_number", "register_status")) == {THABO: "Active", PRIYA: "Resigned"}
