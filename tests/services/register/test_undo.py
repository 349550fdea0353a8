"""Undoing an import: the store is as it was, but for what later work stands on, which is named."""

from tests.services.register.making import (
    MARIA,
    NOMSA,
    PRIYA,
    THABO,
    counts,
    dump,
    file,
    imported,
    members,
    outcome,
    row,
)
from tests.tamper import sql


def undone(office, batch):
    """What an undo says it kept, as pairs of what and why."""
    kept = office("batch", "undo", batch, "--json").json["kept"]
    return [(one["what"], one["why"]) for one in kept]


def test_undo_restores_the_store(placed):
    imported(placed, file(placed, row(), row(id_number=MARIA, surname="VAN WYK", branch="99999999")))
    before = dump(placed)
    path = file(
        placed,
        row(cell="0839876543", branch="79700013", last_payment_on="2020-01-15", status="Expelled 2020-03-01"),
        row(id_number=PRIYA, surname="NAIDOO", status="Deceased 2020-03-04"),
        row(id_number=MARIA, surname="VAN WYK", branch="99999999"),
        row(id_number="8001015009078"),
        name="second.csv",
    )
    result = imported(placed, path, "--create-branches")
    assert outcome(result) == {"accepted": 2, "updated": 1, "quarantined": 1}
    assert dump(placed) != before
    assert undone(placed, result["batch"]) == []
    assert dump(placed) == before


def test_what_was_undone_can_be_imported_again(placed):
    path = file(placed, row(), row(id_number="8001015009078"))
    first = imported(placed, path)
    before = dump(placed)
    undone(placed, first["batch"])
    assert members(placed, "id") == []
    second = imported(placed, path)
    assert outcome(second) == outcome(first)
    # All of it but the last columns: the batch, and the record it is merged into.
    assert [one[:-2] for one in dump(placed)["member"]] == [one[:-2] for one in before["member"]]


def test_a_field_edited_since_is_kept_and_named(placed):
    imported(placed, file(placed, row()))
    second = imported(placed, file(placed, row(cell="0839876543", email="new@example.org"), name="second.csv"))
    sql(placed, "UPDATE member SET cell = '+27711112222'")
    assert undone(placed, second["batch"]) == [("member 800101****087: cell", "it was changed again since")]
    assert members(placed, "cell", "email") == [("+27711112222", "thabo@example.org")]


def test_a_payment_is_one_thing(placed):
    imported(placed, file(placed, row()))
    second = imported(
        placed,
        file(
            placed,
            row(last_payment_on="2020-01-15", last_payment_cents="40", cell="0839876543"),
            name="second.csv",
        ),
    )
    sql(placed, "UPDATE member SET last_payment_cents = 2000")
    assert [what for what, _ in undone(placed, second["batch"])] == [
        "member 800101****087: last payment cents",
        "member 800101****087: last payment on",
    ]
    assert members(placed, "last_payment_on", "last_payment_cents") == [("2020-01-15", 2000)]


def test_members_later_work_stands_on_are_kept_and_named(placed):
    first = imported(placed, file(placed, row(), row(id_number=PRIYA, surname="NAIDOO")))
    imported(placed, file(placed, row(cell="0839876543"), name="second.csv"))
    assert undone(placed, first["batch"]) == [
        ("member 800101****087", "a later register holds a row about them"),
    ]
    assert members(placed, "id_number") == [(THABO,)]


def test_members_a_later_register_lists_in_the_same_words_are_kept(placed):
    first = imported(placed, file(placed, row(), row(id_number=NOMSA, surname="NKOSI")))
    later = file(placed, row(), row(id_number=PRIYA, surname="NAIDOO"), name="later.csv")
    assert outcome(imported(placed, later)) == {"accepted": 1, "unchanged": 1}
    before = counts(placed)
    imported(placed, later)
    assert counts(placed) == before  # the very same file leaves every table as it was
    assert undone(placed, first["batch"]) == [("member 800101****087", "a later register holds a row about them")]
    assert members(placed, "id_number") == [(PRIYA,), (THABO,)]


def test_a_register_imported_again_after_its_undo_lists_its_members_again(placed):
    first = imported(placed, file(placed, row()))
    later = file(placed, row(), row(id_number=PRIYA, surname="NAIDOO"), name="later.csv")
    undone(placed, imported(placed, later)["batch"])
    imported(placed, later)
    assert undone(placed, first["batch"]) == [("member 800101****087", "a later register holds a row about them")]
    assert len(members(placed, "id")) == 2


def test_a_row_that_says_in_other_words_what_is_known_is_listed_once(placed):
    path = file(placed, row(), name="one.csv")
    other = file(placed, row(gender="Male"), name="two.csv")
    imported(placed, path)
    imported(placed, other)
    kept = counts(placed)
    placed("register", "profile", "save", "x", placed.write("x.toml", '[[sheet]]\n[sheet.fields]\nid_number = "X"\n'))
    assert imported(placed, other)["same_as"] is None
    assert counts(placed) == kept


def test_a_second_undo_names_only_what_still_stands_in_the_way(placed):
    imported(placed, file(placed, row()))
    second = imported(placed, file(placed, row(cell="0839876543", email="new@example.org"), name="second.csv"))
    sql(placed, "UPDATE member SET cell = '+27711112222'")
    still = [("member 800101****087: cell", "it was changed again since")]
    assert undone(placed, second["batch"]) == still
    sql(placed, "UPDATE member SET email = 'later@example.org'")
    sql(placed, "UPDATE member SET cell = '+27839876543'")
    assert undone(placed, second["batch"]) == []
    assert members(placed, "cell", "email") == [("+27821234567", "later@example.org")]


def test_once_the_later_work_is_undone_nothing_stands_in_the_way(placed):
    before = dump(placed)
    first = imported(placed, file(placed, row()))
    second = imported(placed, file(placed, row(cell="0839876543"), name="second.csv"))
    assert undone(placed, second["batch"]) == []
    assert undone(placed, first["batch"]) == []
    assert dump(placed) == before


def test_a_member_with_a_deposit_is_kept(placed):
    first = imported(placed, file(placed, row(), row(id_number=PRIYA, surname="NAIDOO")))
    statement = placed.write(
        "statement.csv",
        f"Date,Amount,Description\n2020-03-02,20.00,{THABO}\n2019-03-02,20.00,{PRIYA}\n",
    )
    placed("deposits", "import", statement, "--bank", "csv", "--account", "A")
    placed("deposits", "match")
    kept = dict(undone(placed, first["batch"]))
    assert kept["member 800101****087"] == "money was allocated to them"
    assert kept["member 750115****085"] == "a deposit names them"


def test_rows_the_batch_had_released_wait_again(placed):
    path = file(placed, row(branch="99999999"))
    imported(placed, path)
    before = dump(placed)
    second = imported(placed, path, "--create-branches")
    assert dump(placed)["held"] == []
    assert undone(placed, second["batch"]) == []
    assert dump(placed) == before


def test_first_names_that_were_missing_are_missing_again(placed):
    imported(placed, file(placed, row(first_names="")))
    before = dump(placed)
    second = imported(placed, file(placed, row(), name="second.csv"))
    assert undone(placed, second["batch"]) == []
    assert dump(placed) == before
    assert members(placed, "first_names") == [("",)]


def test_an_entry_corrected_by_an_import_undone_holds_again(placed):
    first = imported(placed, file(placed, row(status="Deceased 2019-03-01")))
    before = [dump(placed)[table] for table in ("decision", "standing")]
    second = imported(placed, file(placed, row(status="Deceased 2019-09-01", cell="0839876543"), name="second.csv"))
    third = imported(placed, file(placed, row(status="Deceased 2019-10-01", cell=""), name="third.csv"))
    undone(placed, second["batch"])
    assert standing_entries(placed) == [("deceased", "2019-10-01", third["batch"])]
    undone(placed, third["batch"])
    assert standing_entries(placed) == [("deceased", "2019-03-01", first["batch"])]
    assert [dump(placed)[table] for table in ("decision", "standing")] == before


def standing_entries(office):
    return sql(office, "SELECT kind, begins_on, batch FROM decision WHERE reversed_by IS NULL ORDER BY id")
