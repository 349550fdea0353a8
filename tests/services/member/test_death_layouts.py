"""Result files laid out in their own ways: every row counted, names compared, the one wrong death taken back."""

from pathlib import Path

import pytest
from tests.services.member.test_decide import MARIA, PRIYA, THABO, applied, placed, status
from tests.services.register.making import NOMSA
from tests.tamper import sql

from ancadmin.errors import InputRefused
from ancadmin.readers.layouts import layout_text, parse_layout, shipped_names
from ancadmin.services.member.deaths.names_agree import names_agree

__all__ = ["placed"]
FILES = Path(__file__).parents[2] / "data" / "deaths"
PARTS = ("applied", "already", "alive", "not_found", "not_told", "unknown", "refused")


def with_people(office):
    office("db", "places", "import", office.write("places.csv", PLACES))
    for number, surname in ((THABO, "Mokoena"), (PRIYA, "Naidoo"), (MARIA, "van der Merwe"), (NOMSA, "Dlamini")):
        applied(office, number, surname=surname)


PLACES = "province,region_code,region,branch_code,branch,ward\nGP,EKU,Ekurhuleni,79700012,Tembisa,79700012\n"


@pytest.fixture
def people(office):
    return office.after(with_people)


def imported(office, file, *words, code=0):
    path = office.write("answer.csv", file) if isinstance(file, str) else file
    answer = office("member", "deceased", "import", path, *words, "--json", code=code).json
    assert answer["read"] == sum(answer[part] for part in PARTS), answer
    return answer


def outcome(answer):
    return {part: answer[part] for part in PARTS if answer[part]}


def codes(answer):
    return [(one["row"], one["column"], one["value"], one["code"]) for one in answer["problem_rows"]]


def deaths(office):
    return sql(
        office,
        "SELECT id_number, begins_on FROM decision JOIN member ON member.id = decision.member "
        "WHERE kind = 'deceased' AND reversed_by IS NULL ORDER BY 1",
    )


def test_a_file_of_hanis_is_known_by_its_headings(people):
    answer = imported(people, FILES / "hanis.csv", "--strict", code=10)
    assert answer["layout"] == "hanis"
    assert outcome(answer) == {"applied": 2, "alive": 1, "not_found": 1, "not_told": 1, "refused": 1}
    assert codes(answer) == [(3, "SURNAME", "PILLAY", "name_disagrees")]
    assert "PILLAY, the record Naidoo" in answer["problem_rows"][0]["remedy"]
    # The day is not known of her (00000000): that of the registration is taken, and the entry says so.
    assert deaths(people) == [(MARIA, "2020-07-03"), (THABO, "2020-06-01")]
    assert sql(people, "SELECT why FROM decision WHERE begins_on = '2020-07-03'") == [
        ("result file hanis.csv (which does not say the day of death)",)
    ]
    accepted = imported(people, FILES / "hanis.csv", "--accept-name", PRIYA)
    assert outcome(accepted) == {"applied": 1, "already": 2, "alive": 1, "not_found": 1, "not_told": 1}
    assert outcome(imported(people, FILES / "hanis.csv", "--accept-names"))["already"] == 3


def test_a_file_of_the_commission_is_known_by_its_headings(people):
    answer = imported(people, FILES / "iec.csv")
    assert (answer["layout"], outcome(answer)) == ("iec", {"applied": 2, "alive": 1, "refused": 1})
    assert codes(answer) == [(6, "Voter Status", "Gone fishing", "result_unknown")]
    assert deaths(people) == [(PRIYA, "2020-06-20"), (THABO, "2020-06-01")]


def test_an_own_layout_says_what_words_and_dates_mean(people):
    own = people.write(
        "own.toml",
        '[columns]\nid_number = "Nommer"\nresult = "Uitslag"\ndied_on = "Wanneer"\n'
        '[results]\ndead = ["dood"]\nalive = ["leef", ""]\n[dates]\n'
        'order = "day-month-year"\nnot_known = ["01/01/1970"]\n',
    )
    rows = [f"{THABO};DOOD;03/04/2020", f"{PRIYA};dood;01/01/1970", f"{MARIA};;", f"{NOMSA};leef;01/02/2020"]
    text = "Nommer;Uitslag;Wanneer\n" + "\n".join(rows)
    answer = imported(people, text, "--layout", own)
    assert (answer["layout"], outcome(answer)) == ("own", {"applied": 1, "alive": 1, "refused": 2})
    assert [(one[0], one[3]) for one in codes(answer)] == [(3, "date_missing"), (5, "alive_with_date")]
    assert deaths(people) == [(THABO, "2020-04-03")]
    again = imported(people, text, "--layout", own, "--on", "2020-05-01", "--why", "Home Affairs")
    assert outcome(again) == {"applied": 1, "already": 1, "alive": 1, "refused": 1}
    assert deaths(people) == [(PRIYA, "2020-05-01"), (THABO, "2020-04-03")]
    # Sent again with another day for those that have none, what is on record stays.
    assert outcome(imported(people, text, "--layout", own, "--on", "2020-06-01"))["already"] == 2


def test_who_is_on_record_as_deceased_and_lives_by_the_file_is_shown(people):
    imported(people, f"ID number,Surname,Date of death\n{NOMSA},Dlamini,2020-01-20\n")
    answer = imported(people, FILES / "hanis.csv")
    told = [one for one in answer["problem_rows"] if one["code"] == "alive_in_file"]
    assert [(one["row"], one["column"], one["value"]) for one in told] == [(5, "LIFE_STATUS", "alive")]
    assert "2020-01-20" in told[0]["remedy"]
    assert "alive" not in outcome(answer)


def test_the_one_wrong_death_is_taken_back_and_stays_so(people):
    made = imported(people, FILES / "hanis.csv", "--accept-names")
    assert outcome(made)["applied"] == 3
    back = people("member", "deceased", "undo", THABO, "--why", "came to the office", "--json").json
    assert (back["id_number"], back["died_on"], back["recorded_in"]) == (THABO, "2020-06-01", made["batch"])
    assert status(people, THABO, "2020-06-02") == "applicant"
    assert status(people, PRIYA, "2020-06-15") == "deceased"
    counts = people("batch", "show", back["batch"], "--json").json["counts"]
    assert (counts["recorded_in"], counts["why"]) == (made["batch"], "came to the office")
    told = people("member", "history", THABO, "--json").json
    assert [one["why"] for one in told if one["what"].endswith("(deceased) taken back")] == ["came to the office"]
    same = imported(people, FILES / "hanis.csv", "--accept-names")
    assert codes(same) == [(2, "", "2020-06-01", "taken_back")]
    assert status(people, THABO, "2020-06-02") == "applicant"
    people("member", "deceased", "undo", THABO, "--why", "twice", code=3)
    # Another day is other evidence.
    newer = imported(people, f"ID number,Date of death\n{THABO},2020-08-01\n")
    assert outcome(newer) == {"applied": 1}
    people("batch", "undo", newer["batch"])
    assert outcome(imported(people, FILES / "hanis.csv", "--accept-names", "--again"))["applied"] == 1
    assert status(people, THABO, "2020-06-02") == "deceased"
    assert people("sweep", "--verify", "--json").json["wrong"] == 0


def test_taking_back_is_undone_and_the_file_is_undone_around_it(people):
    made = imported(people, FILES / "hanis.csv", "--accept-names")
    back = people("member", "deceased", "undo", THABO, "--why", "came to the office", "--json").json
    undone = people("batch", "undo", back["batch"], "--json").json
    assert (undone["decisions_reinstated"], status(people, THABO, "2020-06-02")) == (1, "deceased")
    again = people("member", "deceased", "undo", THABO, "--why", "he did", "--json").json
    assert again["recorded_in"] == made["batch"]
    people("batch", "undo", again["batch"])
    assert people("batch", "undo", made["batch"], "--json").json["kept"] == []
    assert deaths(people) == []


def test_a_file_is_undone_whole_where_one_death_was_taken_back(people):
    made = imported(people, FILES / "hanis.csv", "--accept-names")
    back = people("member", "deceased", "undo", THABO, "--why", "came to the office", "--json").json
    undone = people("batch", "undo", made["batch"], "--json").json
    assert (undone["kept"], undone["decisions_taken_back"]) == ([], 2)
    people("batch", "undo", back["batch"])
    assert deaths(people) == []  # the file it came from is gone


@pytest.mark.parametrize("engine", ["sqlite"])
def test_only_what_a_result_file_recorded_is_taken_back_so(people):
    refused = people("member", "deceased", "undo", THABO, "--why", "x", code=3)
    assert "is not on record as deceased" in refused.err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_names_are_shown_on_the_screen_and_numbers_are_not(people):
    shown = people("member", "deceased", "import", FILES / "hanis.csv")
    assert "The file says PILLAY, the record Naidoo." in shown.err
    assert PRIYA not in shown.out + shown.err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_layout_that_does_not_fit_says_what_it_looks_for(people):
    path = people.write("answer.csv", f"Number;When\n{THABO};2020-01-20\n")
    refused = people("member", "deceased", "import", path, "--layout", "hanis", code=3)
    assert "The layout hanis looks for id_number: ID Number" in refused.err
    assert "It is one of hanis, iec" in people("member", "deceased", "import", path, "--layout", "x", code=3).err
    people("member", "deceased", "import", path, "--on", "2999-01-01", code=3)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_shipped_layout_is_printed_to_begin_ones_own_with(people):
    for name in shipped_names():
        assert parse_layout(people("member", "deceased", "layout", name).out, name).columns["id_number"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[columns]", "[columns", "not valid TOML"),
        ("[dates]", "[days]", "no such part of a layout"),
        ("surname =", "family =", "no such entry of a layout"),
        ("id_number =", "full_name =", "does not say where"),
        ("dead = [", "gone = [", "no such entry"),
        ('"A", "ALIVE"', '"D", "ALIVE"', "dead and alive both"),
        ('order = "year-month-day"', 'order = "backwards"', "no such order of dates"),
        ("not_known = [", "not_known = [1, ", "is no list of texts"),
    ],
)
def test_what_is_wrong_with_a_layout_is_said(old, new, said):
    text = layout_text("hanis")
    assert old in text
    with pytest.raises(InputRefused, match=said):
        parse_layout(text.replace(old, new, 1), "own", "own.toml")


@pytest.mark.parametrize(
    ("surname", "full_name", "known", "agree"),
    [
        ("MOKOENA", "", "Mokoena", True),
        ("Mokwena", "", "Mokoena", True),
        ("DLAMINI-NKOSI", "", "Dlamini", True),
        ("VAN DER MERWE", "", "van der Walt", False),
        ("PILLAY", "", "Naidoo", False),
        ("", "", "Naidoo", True),
        ("X", "", "", True),
        ("", "Priya Naidoo", "Naidoo", True),
        ("", "Priya Naido", "Naidoo", True),
        ("", "Priya Pillay", "Naidoo", False),
        ("", "Pillay", "Naidoo", True),
        ("", "Maria van der Merwe", "Van der Merwe", True),
    ],
)
def test_when_names_agree(surname, full_name, known, agree):
    assert names_agree(surname, full_name, known) is agree
