"""Deaths come from a file, as one batch, and every row of it is accounted for."""

import openpyxl
import pytest
from tests.services.member.test_decide import MARIA, PRIYA, THABO, applied, placed, status
from tests.tamper import sql

__all__ = ["placed"]
HEAD = "Id_Nommer;Naam;Datum van afsterwe\n"


@pytest.fixture
def people(placed):
    for number, surname in ((THABO, "Mokoena"), (PRIYA, "Naidoo"), (MARIA, "van der Merwe")):
        applied(placed, number, surname=surname)
    return placed


def imported(office, text, *words, code=0):
    return office("member", "deceased", "import", office.write("hanis.csv", text), *words, "--json", code=code).json


def counts(answer):
    return [answer[name] for name in ("read", "applied", "already", "unknown", "refused", "blank")]


def test_deaths_are_recorded_and_twice_is_once(people):
    text = HEAD + f"{THABO};x;2020-06-01\n{PRIYA};y;15/06/2020\n8506305555086;z;2020-06-01\n;;\n"
    answer = imported(people, text)
    assert counts(answer) == [3, 2, 0, 1, 0, 1]
    assert status(people, THABO, "2020-05-31") == "applicant"
    assert status(people, THABO, "2020-06-01") == "deceased"
    assert status(people, PRIYA, "2020-06-15") == "deceased"
    assert counts(imported(people, text)) == [3, 0, 2, 1, 0, 1]
    why = sql(people, "SELECT DISTINCT why FROM decision WHERE kind = 'deceased'")
    assert why == [("result file hanis.csv",)]


def test_rows_with_a_problem_change_nothing_and_are_told(people):
    text = "ID number,Date of death\n" + "\n".join(
        [
            f"{THABO},2020-06-01",
            f"{THABO},2020-06-02",
            f"{PRIYA},2999-01-01",
            f"{PRIYA},soon",
            f"{PRIYA},",
            f"{PRIYA},1970-01-01",
            "8001015009088,2020-06-01",
            "x,y",
        ]
    )
    answer = imported(people, text + "\n", "--strict", code=10)
    assert counts(answer) == [8, 1, 0, 0, 7, 0]
    assert answer["problems"] == {
        "checksum": 1,
        "date_in_future": 1,
        "date_malformed": 2,
        "date_missing": 1,
        "died_before_birth": 1,
        "died_on_another_day": 1,
        "not_a_number": 1,
    }
    assert [(one["row"], one["code"]) for one in answer["problem_rows"]][:3] == [
        (4, "date_in_future"),
        (5, "date_malformed"),
        (6, "date_missing"),
    ]
    assert all(one["remedy"] for one in answer["problem_rows"])
    assert sql(people, "SELECT count(*) FROM decision WHERE kind = 'deceased'") == [(1,)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_day_that_could_be_another_is_not_taken(people):
    answer = imported(people, f"ID,Date deceased\n{THABO},03/04/2020\n")
    assert answer["problems"] == {"date_doubtful": 1}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_number_on_record_is_good_whatever_age_it_gives(people):
    text = f"ID number,Date of death\n{MARIA},1925-01-01\n"  # born 1920 in the record
    assert imported(people, text, "--accept-day", MARIA)["applied"] == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_workbook_is_read_too(people):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Department of Home Affairs"])
    sheet.append(["Identity Number", "Status", "Date of Death"])
    sheet.append([int(THABO), "DECEASED", "2020-06-01"])
    book.save(people.folder / "hanis.xlsx")
    answer = people("member", "deceased", "import", people.folder / "hanis.xlsx", "--json").json
    assert counts(answer) == [1, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    "text", ["", "name,surname\nx,y\n", f"ID number\n{THABO}\n", f"ID number,Place of death\n{THABO},x\n"]
)
def test_a_file_without_both_columns_is_refused(people, text):
    before = people("batch", "list", "--json").json
    refused = people("member", "deceased", "import", people.write("hanis.csv", text), code=3)
    assert refused.err.startswith("ancadmin: error: ")
    assert len(refused.err.splitlines()) == 2
    assert people("batch", "list", "--json").json == before


def test_a_file_is_undone_as_one(people):
    imported(people, HEAD + f"{THABO};x;2020-06-01\n{PRIYA};y;2020-06-15\n")
    answer = people("batch", "undo", 6, "--json").json
    assert (answer["decisions_taken_back"], answer["kept"]) == (2, [])
    assert status(people, THABO, "2020-06-01") == "applicant"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_no_particulars_in_the_trail(people):
    imported(people, HEAD + f"{THABO};Mokoena;2020-06-01\n")
    trail = people("audit", "log", "--json").out + people("audit", "log", "--reads", "--json").out
    assert THABO not in trail
    assert "Mokoena" not in trail
