"""`batch undo` takes a batch back, says what it kept and why, and refuses what cannot be taken back."""

import pytest

PLACES = "province,region_code,region,branch_code,branch,ward\nGP,EKU,Ekurhuleni,79700012,Tembisa,79700012\n"


@pytest.fixture
def placed(office):
    office("db", "places", "import", office.write("places.csv", PLACES))
    return office


def places(office):
    return office("db", "places", "list", "--json").json


def test_places_new_in_a_batch_go_with_it(placed):
    answer = placed("batch", "undo", 2, "--json").json
    assert answer == {
        "batch": 3,
        "undoes": 2,
        "command": "db places import",
        "places_removed": 3,
        "places_restored": 0,
        "kept": [],
    }
    assert places(placed) == []


def test_changed_places_get_their_old_names_back(placed):
    before = places(placed)
    changed = PLACES.replace("Tembisa", "Tembisa West").replace("Ekurhuleni", "Ekurhuleni East")
    placed("db", "places", "import", placed.write("b.csv", changed))
    assert places(placed)[0]["branch"] == "Tembisa West"
    assert placed("batch", "undo", 3, "--json").json["places_restored"] == 2
    assert places(placed) == before


@pytest.fixture
def twice_changed(placed):
    """Batch 3 renames the region and the branch, batch 4 the branch again."""
    changed = PLACES.replace("Tembisa", "Second").replace("Ekurhuleni", "East")
    placed("db", "places", "import", placed.write("b.csv", changed))
    placed("db", "places", "import", placed.write("c.csv", changed.replace("Second", "Third")))
    return placed


def names(office):
    (place,) = places(office)
    return place["region"], place["branch"]


def test_what_was_changed_again_since_is_kept_and_named(twice_changed):
    said = twice_changed("batch", "undo", 3, "-n")
    assert "kept: branch 79700012: name, because it was changed again since" in said.err
    assert "kept\t1" in said.out
    kept = twice_changed("batch", "undo", 3, "--strict", "--json", code=10).json["kept"]
    assert kept == [{"what": "branch 79700012: name", "why": "it was changed again since"}]
    assert names(twice_changed) == ("Ekurhuleni", "Third")


def test_what_was_kept_stays_on_record_with_the_undo(twice_changed):
    twice_changed("batch", "undo", 3)
    shown = twice_changed("batch", "show", 5, "--json").json
    assert shown["counts"]["kept"] == 1
    assert shown["kept"] == [{"what": "branch 79700012: name", "why": "it was changed again since"}]
    assert "79700012: name" in twice_changed("batch", "show", 5).out
    assert "kept_entries" not in twice_changed("batch", "list", "--json").out


def test_of_much_that_was_kept_the_first_two_hundred_stay_on_record(placed):
    header, row = PLACES.splitlines()

    def named(region, branch):
        rows = [row.replace("79700012", str(79700100 + one)) for one in range(201)]
        text = "\n".join([header, *rows]).replace("Tembisa", branch).replace("Ekurhuleni", region)
        placed("db", "places", "import", placed.write(f"{branch}.csv", text))

    named("Ekurhuleni", "First")
    named("East", "Second")
    named("East", "Third")
    assert len(placed("batch", "undo", 4, "--json").json["kept"]) == 201
    shown = placed("batch", "show", 6, "--json").json
    assert (shown["counts"]["kept"], len(shown["kept"])) == (201, 200)


def test_what_was_kept_can_be_taken_back_later(twice_changed):
    twice_changed("batch", "undo", 3)
    twice_changed("batch", "undo", 4)
    answer = twice_changed("batch", "undo", 3, "--json").json
    assert (answer["places_restored"], answer["kept"]) == (1, [])
    assert names(twice_changed) == ("Ekurhuleni", "Tembisa")
    assert twice_changed("batch", "show", 3, "--json").json["undone_by"] == answer["batch"]
    assert f"undone already, by batch {answer['batch']}" in twice_changed("batch", "undo", 3, code=3).err
    twice_changed("audit", "verify")


def test_a_second_undo_leaves_alone_what_the_first_put_back(twice_changed):
    twice_changed("batch", "undo", 3)
    again = PLACES.replace("Tembisa", "Second").replace("Ekurhuleni", "East")  # what batch 3 had made of both
    twice_changed("db", "places", "import", twice_changed.write("e.csv", again))
    twice_changed("batch", "undo", 3)
    assert names(twice_changed) == ("East", "Tembisa")


def test_a_dry_run_undoes_nothing(placed):
    before = places(placed)
    assert placed("batch", "undo", 2, "-n", "--json").json["places_removed"] == 3
    assert placed("batch", "undo", 2, "-n").err.endswith("(dry run: nothing was written)\n")
    assert places(placed) == before
    assert placed("batch", "show", 2, "--json").json["undone_by"] is None


def test_what_cannot_be_undone_is_refused_with_a_remedy(placed):
    placed("batch", "undo", 2)
    for number, code, said in [
        (2, 3, "undone already, by batch 3"),
        (3, 7, "Run the command of batch 2 again"),
        (1, 7, "cannot be undone"),
        (99, 3, "no such batch"),
    ]:
        assert said in placed("batch", "undo", number, code=code).err
    assert len(placed("batch", "list", "--json").json) == 3


def test_the_list_says_who_undid_what(placed):
    placed("batch", "undo", 2)
    newest, undone, first = placed("batch", "list", "--json").json
    assert (newest["undoes"], undone["undone_by"], first["command"]) == (2, 3, "init --sole-operator")
    assert placed("batch", "show", 3, "--json").json["counts"]["places_removed"] == 3
    assert placed("batch", "show", 2, "--json").json["inputs"][0]["file"] == "places.csv"
    assert len(placed("batch", "list", "--limit", 1, "--json").json) == 1
    assert "no such batch" in placed("batch", "show", 99, code=3).err


def test_a_role_given_is_taken_back_and_one_taken_back_is_given_again(office):
    who = ["--name", "P", "--role", "auditor", "--place", "national"]
    accounts = lambda: {row["account"] for row in office("operator", "list", "--json").json}  # noqa: E731
    office("operator", "add", "postgres_other" if office.db.startswith("sqlite") else "pg_monitor", *who)
    both = accounts()
    assert len(both) == 2
    office("operator", "revoke", (both - {office_account(office)}).pop(), "--why", "left")
    assert len(accounts()) == 1
    office("batch", "undo", 3)
    assert accounts() == both
    office("batch", "undo", 2)
    assert len(accounts()) == 1


def office_account(office):
    return office("batch", "list", "--json").json[0]["operator"]
