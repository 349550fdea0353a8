"""One person in several rows, files or records: what the file says against itself, and what an officer took back."""

import pytest
from tests.services.member.test_death_layouts import codes, deaths, imported, outcome, people
from tests.services.member.test_decide import PRIYA, THABO

__all__ = ["people"]
HEAD = "IDNUMBER,LIFE_STATUS,DATE_OF_DEATH\n"
DEAD, ALIVE = f"{THABO},DECEASED,20200601\n", f"{THABO},ALIVE,\n"
DAY = f"ID number,Date of death\n{THABO},2020-06-01\n"


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(("rows", "row"), [(ALIVE + DEAD, 3), (DEAD + ALIVE, 2)])
def test_who_lives_by_one_row_and_died_by_another_is_shown_and_lives(people, rows, row):
    answer = imported(people, HEAD + rows)
    assert outcome(answer) == {"alive": 1, "refused": 1}
    assert codes(answer) == [(row, "", "2020-06-01", "alive_in_another_row")]
    assert deaths(people) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_two_days_of_death_in_a_file_leave_the_first_and_show_the_second(people):
    answer = imported(people, DAY + f"{THABO},2020-06-02\n{THABO},2020-06-01\n")
    assert outcome(answer) == {"applied": 1, "already": 1, "refused": 1}
    assert codes(answer) == [(3, "", "2020-06-02", "died_on_another_day")]


def came_to_the_office(office):
    imported(office, DAY)
    office("member", "deceased", "undo", THABO, "--why", "came to the office")


def test_a_death_taken_back_stays_so_in_the_record_it_was_merged_into(people):
    came_to_the_office(people)
    merged = people("member", "merge", PRIYA, THABO, "--why", "one person", "--json").json
    answer = imported(people, DAY, "--accept-names")
    assert [one[3] for one in codes(answer)] == ["taken_back"]
    assert deaths(people) == []
    people("batch", "undo", merged["batch"])
    assert [one["code"] for one in imported(people, DAY)["problem_rows"]] == ["taken_back"]
    assert outcome(imported(people, DAY, "--again")) == {"applied": 1}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_day_the_file_does_not_tell_is_no_other_evidence_than_the_one_taken_back(people):
    came_to_the_office(people)
    undated = f"{HEAD}{THABO},DECEASED,00000000\n"
    answer = imported(people, undated, "--on", "2020-09-01")
    assert codes(answer) == [(2, "", "2020-09-01", "taken_back")]
    assert outcome(imported(people, undated, "--on", "2020-09-01", "--again")) == {"applied": 1}


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("other", ["Date death registered", "Date of death notice", "Surname of deceased", "Deceased"])
def test_the_day_it_was_told_of_is_not_the_day_of_death(people, other):
    answer = imported(people, f"{other},ID number,Date of death\n2020-07-09,{THABO},2020-06-01\n", "--accept-names")
    assert (outcome(answer), deaths(people)) == ({"applied": 1}, [(THABO, "2020-06-01")])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_file_with_two_days_of_death_is_refused_unless_a_layout_says_which(people):
    path = people.write("two.csv", f"Date of death (old),ID number,Date of death\n2020-07-09,{THABO},2020-06-01\n")
    refused = people("member", "deceased", "import", path, code=3)
    assert "two columns may be the date of death: Date of death (old) and Date of death" in refused.err
    layout = people.write("own.toml", '[columns]\nid_number = "ID number"\ndied_on = "Date of death"\n')
    people("member", "deceased", "import", path, "--layout", layout)
    assert deaths(people) == [(THABO, "2020-06-01")]
