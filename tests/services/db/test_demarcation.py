"""A ward-to-ward file: previewed branch by branch, carried out, and taken back."""

import openpyxl
import pytest
from tests.tamper import sql

PLACES = (
    "province,region_code,region,branch_code,branch,ward,ward_year\n"
    "Gauteng,EKU,Ekurhuleni,B12,Ward 12,79700012,2021\nGauteng,EKU,Ekurhuleni,B13,Ward 13,79700013,2021\n"
)
PEOPLE = (
    ("8001015009087", "B12", "11111111", "2025-02-01"),
    ("9202204720083", "B12", "22222222", "2025-02-01"),
    ("7711250456089", "B12", "", "2010-02-01"),
    ("6905110237082", "B13", "33333333", "2025-02-01"),
)
WORDS = ("--year", "2026", "--on", "2025-06-30", "--why", "Gazette 50123")
SPLIT = "old_ward,new_ward,voting_district\n79700012,79700112,\n79700012,79700113,11111111\n79700013,79700113,\n"


@pytest.fixture
def branches(office):
    office("init", "--sole-operator")
    office("db", "places", "import", office.write("places.csv", PLACES))
    lines = ["ID number,Surname,First names,Branch,Voting district,Last payment,Amount"]
    lines += [f"{number},Name,First,{branch},{vd},{paid},20" for number, branch, vd, paid in PEOPLE]
    office("register", "import", office.write("register.csv", "\n".join(lines)), "--reading-date", "2025-06-30")
    return office


def places(office):
    return sql(office, "SELECT code, ward, ward_year FROM branch ORDER BY code")


def belong(office):
    return dict(sql(office, "SELECT id_number, branch FROM member"))


def carried_out(office, text=SPLIT, *more, code=0):
    return office("db", "demarcation", "import", office.write("wards.csv", text), *WORDS, *more, "--json", code=code)


def test_members_go_with_their_voting_district_and_branches_with_their_ward(branches):
    done = carried_out(branches).json
    assert (done["read"], done["moved"], done["fell"]) == (3, 1, 0)
    told = {one["branch"]: one for one in done["branches"]}
    b12, b13 = told["B12"], told["B13"]
    assert (b12["members_before"], b12["members_out"], b12["members_in"], b12["members"]) == (3, 1, 0, 2)
    assert (b12["good_standing_before"], b12["good_standing"], b12["quorum_before"], b12["quorum"]) == (2, 1, 2, 1)
    assert (b12["unplaced"], b13["members"], b13["good_standing"], b13["quorum"]) == (1, 2, 2, 2)
    assert places(branches) == [("B12", "79700112", 2026), ("B13", "79700113", 2026)]
    assert belong(branches)["8001015009087"] == "B13"
    before = {
        row["id_number"]: row["branch"] for row in branches("member", "list", "--on", "2025-06-29", "--json").json
    }
    assert before["8001015009087"] == "B12"


def test_a_preview_writes_nothing_and_says_the_same(branches):
    as_it_was = (places(branches), belong(branches))
    preview = carried_out(branches, SPLIT, "-n").json
    assert (places(branches), belong(branches)) == as_it_was
    assert preview["branches"] == carried_out(branches).json["branches"]


def test_it_can_be_taken_back_and_who_moved_since_is_kept_and_named(branches):
    before = (places(branches), belong(branches))
    done = carried_out(branches).json
    branches("batch", "undo", done["batch"])
    assert (places(branches), belong(branches)) == before
    again = carried_out(branches).json
    branches("member", "transfer", "8001015009087", "--to", "B12", "--on", "2025-07-01", "--why", "asked to")
    kept = branches("batch", "undo", again["batch"], "--json").json["kept"]
    assert any("transfer on 2025-06-30" in one["what"] for one in kept)
    assert belong(branches)["8001015009087"] == "B12"


def test_a_file_that_is_not_plain_is_refused_whole(branches):
    as_it_was = (places(branches), belong(branches))
    answer = carried_out(branches, SPLIT + "79700012,79700113,44444444\n7970001,79700113,\n", code=3)
    assert "wards.csv row 6 column old_ward: ward malformed (7970001)" in answer.err
    assert (
        "no branch"
        in carried_out(
            branches,
            "old_ward,new_ward,vd\n79700012,1,\n".replace(",1,", ",79700112,") + "79700012,79700199,11111111\n",
            code=3,
        ).err
    )
    assert (places(branches), belong(branches)) == as_it_was


def test_a_branch_redrawn_already_is_not_redrawn_again(branches):
    carried_out(branches)
    again = carried_out(branches).json
    assert (again["branches"], again["moved"], again["wards_unused"]) == ([], 0, 2)


def test_what_was_known_before_shows_everybody_where_they_were_known_to_be(branches):
    done = carried_out(branches).json["batch"]
    branches("batch", "undo", done)
    carried_out(branches)
    known = [(done - 1, "2025-07-01", "B12"), (done, "2025-07-02", "B13"), (done + 1, "2025-07-03", "B12")]
    sql(branches, "UPDATE batch SET started_at = '2025-06-30T08:00:00Z'")
    for before, day, _ in [*known, (done + 2, "2025-07-04", "")]:
        sql(branches, f"UPDATE batch SET started_at = '{day}T08:00:00Z' WHERE number >= {before}")
    for _, day, branch in known:
        rows = branches("member", "list", "--on", "2025-06-30", "--known", day, "--json").json
        assert (day, {row["id_number"]: row["branch"] for row in rows}["8001015009087"]) == (day, branch)


def test_its_history_tells_once_how_wards_moved_somebody_and_back(branches):
    branches("batch", "undo", carried_out(branches).json["batch"])
    told = [event["what"] for event in branches("member", "history", "8001015009087", "--json").json]
    moves = [what for what in told if "branch" in what]
    assert [what.split(",")[0].split(" (")[0] for what in moves] == [
        "demarcation: branch B12 → B13",
        "demarcation: branch B12 → B13",
    ]


def test_figures_are_of_those_who_belonged_there_on_the_day(branches):
    branches("member", "transfer", "9202204720083", "--to", "B13", "--on", "2025-07-05", "--why", "asked to")
    told = {one["branch"]: one for one in carried_out(branches).json["branches"]}
    assert (told["B12"]["members_before"], told["B12"]["members"], told["B12"]["good_standing"]) == (3, 2, 1)
    assert (told["B13"]["members_before"], told["B13"]["members"], told["B13"]["good_standing"]) == (1, 2, 2)
    listed = branches("member", "list", "--on", "2025-06-30", "--json").json
    assert [row["branch"] for row in listed].count("B12") == 2


def test_a_part_sent_later_finds_the_branch_an_earlier_part_put_on_the_ward(branches):
    carried_out(branches, "old_ward,new_ward,voting_district\n79700013,79700113,\n")
    rest = "old_ward,new_ward,voting_district\n79700012,79700112,\n79700012,79700113,11111111\n"
    assert carried_out(branches, rest).json["moved"] == 1
    assert belong(branches)["8001015009087"] == "B13"


def test_a_workbook_is_read_as_a_csv_is(branches):
    book = openpyxl.Workbook()
    book.active.append(["Old ward", "New ward", "VD", "Branch"])
    book.active.append([79700012, "79 700 113", None, "B13"])
    book.active.append([79700013.0, 79700113.0, None, None])
    path = branches.folder / "wards.xlsx"
    book.save(path)
    done = branches("db", "demarcation", "import", path, *WORDS, "--json").json
    assert (done["read"], done["moved"]) == (2, 3)
    assert set(belong(branches).values()) == {"B13"}


def test_a_file_of_places_that_says_no_year_does_not_put_old_wards_back(branches):
    carried_out(branches)
    old = "\n".join(line.rpartition(",")[0] for line in PLACES.splitlines())
    assert branches("db", "places", "import", branches.write("old.csv", old), "--json").json["updated"] == 0
    assert places(branches) == [("B12", "79700112", 2026), ("B13", "79700113", 2026)]


def test_the_dead_stay_in_the_branch_of_the_day_they_died(branches):
    deaths = "ID number,Date of death\n8001015009087,2025-06-29\n9202204720083,2025-07-01\n"
    branches("member", "deceased", "import", branches.write("deaths.csv", deaths))
    whole = "old_ward,new_ward,voting_district,branch\n79700012,79700113,,B13\n79700013,79700113,,B13\n"
    done = carried_out(branches, whole).json
    assert done["moved"] == 2
    assert belong(branches) == {
        "8001015009087": "B12",  # had died by then
        "9202204720083": "B13",  # died later, in the branch she belonged to by then
        "7711250456089": "B13",
        "6905110237082": "B13",
    }
    assert branches("check").out == ""
