"""Importing again: the same file changes nothing, a corrected one changes what was corrected."""

from tests.services.register.making import (
    MARIA,
    NOMSA,
    PLACES,
    PRIYA,
    THABO,
    counts,
    dump,
    file,
    imported,
    members,
    number,
    outcome,
    row,
)
from tests.services.register.test_desk import at_desk
from tests.tamper import sql


def mixed(office, name="register.csv"):
    return file(
        office,
        row(),
        row(id_number=PRIYA, surname="NAIDOO", status="Resigned 2020-05-01"),
        row(id_number=PRIYA, surname="NAIDOO", cell="0839876543"),
        row(id_number=MARIA, surname="VAN WYK", branch="99999999"),
        row(id_number=NOMSA, surname="NKOSI"),
        row(id_number=NOMSA, surname="DLAMINI"),
        row(id_number="8001015009078"),
        name=name,
    )


def changes(office, batch):
    """What a batch changed of members: ID number, field, old and new."""
    return sql(
        office,
        "SELECT id_number, field, old, new FROM change JOIN member ON CAST(member.id AS VARCHAR) = change.key "
        f"WHERE table_name = 'member' AND change.batch = {batch} ORDER BY id_number, field",
    )


def test_the_same_file_changes_nothing(placed):
    path = mixed(placed)
    first = imported(placed, path)
    assert outcome(first) == {"accepted": 2, "updated": 1, "quarantined": 4}
    before, rows = dump(placed), counts(placed)
    second = imported(placed, path)
    assert outcome(second) == {"unchanged": 3, "quarantined": 4}
    assert second["problems"] == first["problems"]
    assert second["held_before"] == 4
    assert dump(placed) == before
    assert counts(placed) == rows


def test_of_many_rows_only_those_that_say_something_new_change_anything(placed):
    people = [row(id_number=number(person)) for person in range(4_200)]
    imported(placed, file(placed, *people))
    moved = [row(id_number=number(person), branch="79700013") for person in (2_000, 4_199)]
    # Numbers that lie close together, and as many with a gap of thousands between them.
    close = [*people[:2_000], moved[0], *people[2_001:], row(id_number=NOMSA)]
    apart = [row(id_number=PRIYA), *people[:1_010], moved[1]]
    assert outcome(imported(placed, file(placed, *close, name="close.csv"))) == {
        "accepted": 1,
        "updated": 1,
        "unchanged": 4_199,
    }
    assert outcome(imported(placed, file(placed, *apart, name="apart.csv"))) == {
        "accepted": 1,
        "updated": 1,
        "unchanged": 1_010,
    }
    assert sql(placed, "SELECT id_number FROM member WHERE branch = '79700013' ORDER BY id_number") == [
        (one["id_number"],) for one in moved
    ]


def test_the_same_rows_in_another_file_change_nothing(placed):
    imported(placed, mixed(placed))
    before, rows = dump(placed), counts(placed)
    assert outcome(imported(placed, mixed(placed, name="copy.csv"))) == {"unchanged": 3, "quarantined": 4}
    assert dump(placed) == before
    assert counts(placed) == rows


def test_a_corrected_file_changes_what_was_corrected_and_says_what(placed):
    imported(placed, file(placed, row(), row(id_number=PRIYA, surname="NAIDOO")))
    corrected = file(
        placed,
        row(cell="0839876543", last_payment_on="2019-11-20"),
        row(id_number=PRIYA, surname="NAIDOO"),
        name="corrected.csv",
    )
    result = imported(placed, corrected)
    assert outcome(result) == {"updated": 1, "unchanged": 1}
    assert result["changed"] == {"cell": 1, "last_payment_on": 1}
    assert changes(placed, result["batch"]) == [
        (THABO, "cell", "+27821234567", "+27839876543"),
        (THABO, "last_payment_on", "2019-12-20", "2019-11-20"),
    ]
    explained = sql(placed, "SELECT opening_on FROM standing JOIN member ON member.id = member ORDER BY id_number")
    assert [day for (day,) in explained] == ["2019-12-20", "2019-11-20"]


def test_blank_never_erases(placed):
    imported(placed, file(placed, row()))
    poorer = row(first_names="", cell="", email="N/A", joined_on="", last_payment_on="", last_payment_cents="")
    before = dump(placed)
    assert outcome(imported(placed, file(placed, poorer, name="poorer.csv"))) == {"unchanged": 1}
    assert dump(placed) == before


def test_what_someone_has_edited_since_stays_when_the_file_comes_again(placed):
    path = file(placed, row())
    imported(placed, path)
    sql(placed, "UPDATE member SET cell = '+27711112222'")
    assert outcome(imported(placed, path)) == {"unchanged": 1}
    assert members(placed, "cell") == [("+27711112222",)]


def test_a_row_that_said_nothing_new_is_remembered_too(placed):
    imported(placed, file(placed, row()))
    poorer = file(placed, row(email=""), name="poorer.csv")
    imported(placed, poorer)
    sql(placed, "UPDATE member SET cell = '+27711112222'")
    assert outcome(imported(placed, poorer)) == {"unchanged": 1}
    assert members(placed, "cell") == [("+27711112222",)]


def test_a_status_seen_before_is_not_entered_twice(placed):
    imported(placed, file(placed, row(status="Resigned 2020-05-01")))
    again = file(placed, row(status="Resigned 2020-05-01", cell="0839876543"), name="again.csv")
    assert outcome(imported(placed, again)) == {"updated": 1}
    assert sql(placed, "SELECT kind, begins_on FROM decision") == [("resigned", "2020-05-01")]


def test_a_row_held_back_waits_no_longer_once_its_branch_is_there(placed):
    path = file(placed, row(branch="99999999"), row(id_number="1"))
    first = imported(placed, path)
    second = imported(placed, path, "--create-branches")
    assert outcome(second) == {"accepted": 1, "quarantined": 1}
    waiting = placed("register", "quarantine", "--json").json
    assert [(one["batch"], one["row"]) for one in waiting] == [(first["batch"], 3)]


def test_a_row_corrected_in_its_place_waits_no_longer(placed):
    imported(placed, file(placed, row(id_number="8001015009078"), row(id_number=PRIYA, surname="")))
    imported(placed, file(placed, row(), row(id_number=PRIYA, surname="")))
    waiting = placed("register", "quarantine", "--json").json
    assert [one["problems"] for one in waiting] == [["surname_missing"]]


def test_a_register_of_the_same_name_releases_nothing_of_another(placed):
    imported(placed, file(placed, row(id_number="8001015009078")))
    stranger = dict.fromkeys(row(), "") | {"id_number": PRIYA, "surname": "NAIDOO", "branch": "10501001"}
    assert outcome(imported(placed, file(placed, stranger))) == {"accepted": 1}
    assert len(placed("register", "quarantine", "--json").json) == 1


def test_a_row_held_back_for_another_reason_is_kept_anew(placed):
    path = file(placed, row(branch="99999999"))
    imported(placed, path)
    other = file(placed, row(surname="NKOSI"), name="other.csv")
    result = imported(placed, path, other)
    waiting = placed("register", "quarantine", "--json").json
    assert [(one["batch"], one["file"], one["problems"]) for one in waiting] == [
        (result["batch"], "register.csv", ["branch_unknown", "id_shared"]),
        (result["batch"], "other.csv", ["id_shared"]),
    ]


def test_someone_who_applied_is_updated_by_a_register(placed):
    imported(placed, file(placed, row()))
    sql(placed, "UPDATE member SET origin = 'application'")
    assert outcome(imported(placed, file(placed, row(cell="0839876543"), name="later.csv"))) == {"updated": 1}
    assert members(placed, "origin", "cell") == [("application", "+27839876543")]


def entries(office):
    """The decisions that were not reversed."""
    return sql(office, "SELECT kind, begins_on, ends_on FROM decision WHERE reversed_by IS NULL ORDER BY id")


def disciplined(office, *words):
    office("member", "discipline", THABO, *words, "--why", "BEC meeting")


def test_an_entry_that_was_lifted_is_not_revived(placed):
    imported(placed, file(placed, row(status="Suspended 2019-05-01")))
    disciplined(placed, "--lift", "2019-08-01")
    disciplined(placed, "--kind", "suspended", "--on", "2020-02-01", "--until", "2020-03-01")
    before = entries(placed)
    again = file(placed, row(status="Suspended 2019-05-01", cell="0839876543"), name="again.csv")
    assert imported(placed, again)["changed"] == {"cell": 1}
    assert entries(placed) == before


def test_another_day_for_an_entry_of_an_import_corrects_it(placed):
    imported(placed, file(placed, row(status="Deceased 2019-03-01")))
    result = imported(placed, file(placed, row(status="Deceased 2019-09-01"), name="again.csv"))
    assert result["changed"] == {"entry": 1, "register_status": 1}
    assert entries(placed) == [("deceased", "2019-09-01", None)]
    assert sql(placed, "SELECT begins_on, reversed_by FROM decision ORDER BY id") == [
        ("2019-03-01", result["batch"]),
        ("2019-09-01", None),
    ]


def test_entries_of_several_members_are_corrected_at_once(placed):
    def both(status):
        return row(status=status), row(id_number=PRIYA, surname="NAIDOO", status=status)

    imported(placed, file(placed, *both("Resigned 2019-03-01")))
    assert imported(placed, file(placed, *both("Resigned 2019-09-01"), name="again.csv"))["changed"]["entry"] == 2
    assert entries(placed) == [("resigned", "2019-09-01", None)] * 2


def test_another_day_for_an_entry_of_an_officer_is_noted(placed):
    imported(placed, file(placed, row()))
    disciplined(placed, "--kind", "expelled", "--on", "2019-06-01")
    before = entries(placed)
    result = imported(placed, file(placed, row(status="Expelled 2019-09-01"), name="again.csv"))
    assert result["notes"]["status_differs"] == 1
    assert result["changed"] == {"register_status": 1}
    assert entries(placed) == before


def test_a_row_known_from_another_file_is_listed_and_its_text_kept_once(placed):
    imported(placed, file(placed, row(), row(id_number=PRIYA, surname="NAIDOO")))
    later = file(placed, row(id_number=PRIYA, surname="NAIDOO"), row(cell="0839876543"), name="later.csv")
    assert outcome(imported(placed, later)) == {"updated": 1, "unchanged": 1}
    assert sql(placed, "SELECT count(*) FROM register_row") == [(3,)]
    assert sql(placed, 'SELECT member, "row" FROM register_listing') == [(1, 2)]


def test_a_row_corrected_to_what_is_known_releases_the_one_held_in_its_place(placed):
    imported(placed, file(placed, row(), row(id_number=PRIYA, surname="NAIDOO"), name="first.csv"))
    imported(placed, file(placed, row(id_number="123", surname="NAIDOO")))
    assert len(placed("register", "quarantine", "--json").json) == 1
    corrected = imported(placed, file(placed, row(id_number=PRIYA, surname="NAIDOO")))
    assert corrected["unchanged"] == 1
    assert placed("register", "quarantine", "--json").json == []


def test_what_a_file_said_before_it_does_not_say_anew(placed):
    """Its first row says nothing new, so only where it stands is kept: the file again must not bring the old cell."""
    first = file(placed, row(), name="first.csv")
    echo = file(placed, row(email=""), name="echo.csv")
    for path in (first, echo, file(placed, row(cell="0837654321"), name="changed.csv"), echo):
        last = imported(placed, path)
    assert outcome(last) == {"unchanged": 1}
    assert members(placed, "cell") == [("+27837654321",)]


def test_of_one_file_the_last_word_stays_however_often_it_is_read(placed):
    path = file(placed, row(), row(email=""), row(cell="0837654321"))
    imported(placed, path)
    placed("db", "places", "import", placed.write("places.csv", PLACES))
    assert outcome(imported(placed, path)) == {"unchanged": 3}
    assert members(placed, "cell") == [("+27837654321",)]


def test_another_person_in_its_place_does_not_release_a_row(placed):
    """Next month's list of a branch under the same name: branch and fee are the same for everyone in it."""
    imported(placed, file(placed, row(id_number="N/A", surname="MOKOENA")))
    other = row(id_number=PRIYA, surname="NAIDOO", first_names="Priya", cell="0837654321", email="p@example.org")
    imported(placed, file(placed, other))
    assert [one["row"] for one in placed("register", "quarantine", "--json").json] == [2]


def test_a_row_held_back_again_further_down_waits_once(placed):
    held = row(id_number="N/A", surname="MOKOENA")
    imported(placed, file(placed, held))
    again = imported(
        placed,
        file(
            placed, held | {"id_number": PRIYA, "surname": "NAIDOO", "first_names": "Priya", "cell": "0837654321"}, held
        ),
    )
    assert (again["quarantined"], again["held_before"]) == (1, 1)
    assert len(placed("register", "quarantine", "--json").json) == 1


def test_a_file_from_before_its_correction_puts_nothing_back(placed):
    old = file(placed, row(id_number="8001015009078"), row(id_number=PRIYA, surname="NAIDOO"), name="old.csv")
    first = placed.write("register.csv", old.read_text())
    imported(placed, first)
    corrected = imported(placed, file(placed, row(), row(id_number=PRIYA, surname="NAIDOO", cell="0839876543")))
    assert outcome(corrected) == {"accepted": 1, "updated": 1}
    before = dump(placed)
    for path in (placed.write("register.csv", old.read_text()), old):
        assert outcome(imported(placed, path)) == {"unchanged": 2}
        assert dump(placed) == before
    # Without the correction the row is as it was.
    placed("batch", "undo", corrected["batch"])
    assert [one["problems"] for one in placed("register", "quarantine", "--json").json] == [["checksum"]]


def test_a_row_held_back_that_is_written_twice_waits_twice(placed):
    held = row(id_number="N/A", surname="MOKOENA")
    imported(placed, file(placed, held))
    twice = file(placed, held, held, row(), name="twice.csv")
    for before, in_other_words in ((1, "0831112222"), (2, "0831113333")):
        result = imported(placed, twice)
        assert (result["quarantined"], result["held_before"]) == (2, before)
        assert len(placed("register", "quarantine", "--json").json) == 2
        twice = file(placed, held, held, row(cell=in_other_words), name="twice.csv")


def test_a_row_written_twice_and_decided_once_is_asked_about_once(placed):
    held = row(id_number="N/A", surname="MOKOENA")
    imported(placed, file(placed, held, held))
    desk = at_desk(placed)
    desk.dismiss(desk.next(), "nobody")
    again = imported(placed, file(placed, held, held, row(), name="later.csv"))
    assert outcome(again) == {"accepted": 1, "unchanged": 1, "quarantined": 1}
    assert again["held_before"] == 1
    assert len(placed("register", "quarantine", "--json").json) == 1
