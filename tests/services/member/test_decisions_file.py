"""Decisions from a file: one batch, every row accounted for, what follows on one person seen, all taken back as one."""

import openpyxl
import pytest
from tests.accounts import as_stranger, open_to_all
from tests.services.member.test_decide import MARIA, PRIYA, THABO, applied, decisions, member, placed, status
from tests.services.register.making import number
from tests.tamper import sql

__all__ = ["placed"]
PARTS = ("recorded", "waiting", "already", "refused", "blank")
HEAD = "ID number,Decision,On,Until,Branch,To,Surname,First names,Cell,Why\n"


def imported(office, text, *words, code=0):
    path = text if hasattr(text, "suffix") else office.write("minutes.csv", text)
    answer = office("member", "decisions", "import", path, *words, "--json", code=code).json
    assert answer["read"] == sum(answer[part] for part in PARTS), answer
    return answer


def outcome(answer):
    return {part: answer[part] for part in PARTS if answer[part]}


def told(answer):
    return [(one["row"], one["column"], one["value"], one["code"]) for one in answer["problem_rows"]]


WAY = HEAD + "\n".join(
    [
        f"{THABO},apply,2020-01-10,,79700012,,MOKOENA,Thabo,0821234567,Form 17",
        f"{THABO},ACCEPT,2020-01-31,,,,,,,BEC of 31 January",
        f"{PRIYA},aansoek,2020-01-11,,79700012,,Naidoo,Priya,,Form 18",
        f"{THABO},object,2020-02-05,,,,,,,Complaint",
        f"{THABO},settle objection,2020-02-20,,,,,,,Heard",
        f"{PRIYA},Geweier,2020-02-01,,,,,,,Does not live there",
        f"{THABO},suspend,2020-03-01,2020-09-01,,,,,,DC 4",
        f"{THABO},skorsing opgehef,2020-04-01,,,,,,,Appeal",
        f"{THABO},transfer,2020-05-01,,,30901001,,,,Moved house",
        f"{THABO},contact,,,,,,,0829999999,Phoned",
        f"{THABO},resign,2020-06-01,,,,,,,Letter",
        ",,,,,,,,,",
    ]
)


def test_the_whole_way_of_a_person_in_one_file(placed):
    answer = imported(placed, WAY)
    assert outcome(answer) == {"recorded": 11, "blank": 1}
    assert answer["decisions"]["accept"] == 1
    assert [row[:3] for row in decisions(placed) if row[5] is None] == [
        ("applied", "2020-01-10", None),
        ("accepted", "2020-01-31", None),
        ("objection", "2020-02-05", "2020-02-20"),
        ("suspended", "2020-03-01", "2020-04-01"),
        ("resigned", "2020-06-01", None),
    ]
    days = {"2020-01-30": "applicant", "2020-01-31": "awaiting_payment", "2020-03-31": "suspended"}
    days |= {"2020-04-01": "awaiting_payment", "2020-06-01": "resigned"}
    assert {day: status(placed, THABO, day) for day in days} == days
    assert status(placed, PRIYA, "2020-02-01") == "rejected"
    columns = "branch, surname, cell"
    assert sql(placed, f"SELECT {columns} FROM member WHERE id_number = '{THABO}'") == [
        ("30901001", "Mokoena", "+27829999999")
    ]
    assert sql(placed, "SELECT DISTINCT batch FROM decision") == [(answer["batch"],)]


def test_sent_again_it_changes_nothing_and_it_is_undone_as_one(placed):
    first = imported(placed, WAY)
    before = sql(placed, "SELECT * FROM decision ORDER BY id")
    assert outcome(imported(placed, WAY)) == {"already": 11, "blank": 1}
    assert sql(placed, "SELECT * FROM decision ORDER BY id") == before
    assert placed("sweep", "--verify", "--on", "2020-07-01", "--json").json["wrong"] == 0
    undone = placed("batch", "undo", first["batch"], "--json").json
    assert undone["kept"] == []
    assert sql(placed, "SELECT count(*) FROM member") == [(0,)]
    assert sql(placed, "SELECT count(*) FROM standing") == [(0,)]
    assert outcome(imported(placed, WAY)) == {"recorded": 11, "blank": 1}


def test_it_says_what_the_verbs_say_one_by_one(placed):
    applied(placed)
    text = HEAD + f"{THABO},suspend,2020-03-01,2020-09-01,,,,,,DC 4\n{THABO},lift,2020-04-01,,,,,,,Appeal\n"
    made = imported(placed, text)
    rows = [row[:4] for row in decisions(placed)]
    placed("batch", "undo", made["batch"])
    assert [row[:3] for row in decisions(placed) if row[5] is None] == [("applied", "2020-01-10", None)]
    member(placed, "discipline", THABO, "--kind", "suspended", "--on", "2020-03-01", "--until", "2020-09-01")
    member(placed, "discipline", THABO, "--lift", "2020-04-01")
    assert [row[:3] for row in decisions(placed)][-2:] == [row[:3] for row in rows][-2:]


def test_two_moves_in_a_file_go_back_together(placed):
    applied(placed)
    where = f"SELECT branch FROM member WHERE id_number = '{THABO}'"
    moves = [f"{THABO},oorplaas,2020-03-01,30901001,Trek", f"{THABO},oorplaas,2020-04-01,79700012,Terug"]
    text = "\n".join(["ID,Besluit,Datum,Na tak,Rede", *moves])
    made = imported(placed, text)
    assert (outcome(made), sql(placed, where)) == ({"recorded": 2}, [("79700012",)])
    assert placed("batch", "undo", made["batch"], "--json").json["kept"] == []
    assert sql(placed, "SELECT count(*) FROM transfer WHERE reversed_by IS NULL") == [(0,)]
    again = imported(placed, text)
    member(placed, "transfer", THABO, "--to", "30901001", "--on", "2020-05-01")
    kept = placed("batch", "undo", again["batch"], "--json").json["kept"]
    assert len(kept) == 2  # a later move stands on both
    assert sql(placed, where) == [("30901001",)]


def test_a_refused_row_changes_nothing_and_tells_all_that_is_wrong(placed):
    applied(placed)
    text = HEAD + "\n".join(
        [
            "8001015009088,explode,soon,,,,,,,x",
            f"{PRIYA},apply,2020-01-10,,12345678,,,,12,",
            f"{PRIYA},accept,2020-01-10,,,,,,,x",
            f"{THABO},accept,2019-01-10,,,,,,,x",
            f"{THABO},accept,2999-01-10,,,,,,,x",
            f"{THABO},resign,2020-05-01,2020-06-01,,,,,,x",
            f"{THABO},deceased,2020-05-01,,,,,,,x",
            f"{THABO},lift,2020-05-01,,,,,,,x",
            f"{THABO},contact,,,,,,,0821111111,x",
            f"{THABO},contact,,,,,,,0822222222,x",
            f"{THABO},accept,03/04/2020,,,,,,,x",
            f"{THABO},accept,2020-02-10,,,,,,,x",
            f"{THABO},transfer,2020-03-10,,30901001,,,,,x",
        ]
    )
    answer = imported(placed, text, "--strict", code=10)
    assert outcome(answer) == {"recorded": 2, "refused": 11}
    assert told(answer) == [
        (2, "ID number", "8001015009088", "checksum"),
        (2, "Decision", "explode", "decision_unknown"),
        (2, "On", "soon", "date_malformed"),
        (3, "Why", "", "why_missing"),
        (3, "Surname", "", "surname_missing"),
        (3, "Branch", "12345678", "branch_unknown"),
        (3, "Cell", "12", "contact_malformed"),
        (4, "ID number", PRIYA, "not_on_record"),
        (5, "On", "2019-01-10", "before_the_last_word"),
        (6, "On", "2999-01-10", "day_ahead"),
        (7, "Until", "2020-06-01", "until_not_taken"),
        (8, "Decision", "deceased", "death_by_file"),
        (9, "Decision", "lift", "nothing_to_lift"),
        (11, "Cell", "0822222222", "contact_twice"),
        (12, "On", "03/04/2020", "date_doubtful"),
        (14, "To", "", "branch_missing"),
    ]
    assert all(one["remedy"] and one["file"] == "minutes.csv" for one in answer["problem_rows"])
    assert [row[:3] for row in decisions(placed)] == [("applied", "2020-01-10", None), ("accepted", "2020-02-10", None)]


def test_a_reason_for_all_rows_and_a_dry_run(placed):
    applied(placed)
    text = f"Membership of ward 12\n\nIdentity Number;What was decided;With effect from\n{THABO};aanvaar;2020-01-31\n"
    assert outcome(imported(placed, text, "-n", "--why", "BEC")) == {"recorded": 1}
    assert len(decisions(placed)) == 1
    assert outcome(imported(placed, text, "--why", "BEC")) == {"recorded": 1}
    assert decisions(placed)[1][3] == "BEC"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_workbook_is_read_too(placed):
    applied(placed)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Decisions of the BEC"])
    sheet.append(["ID No", "Decision", "Date", "Reason"])
    sheet.append([int(THABO), "Accepted", "2020-01-31", "minute 4"])
    book.save(placed.folder / "minutes.xlsx")
    assert outcome(imported(placed, placed.folder / "minutes.xlsx")) == {"recorded": 1}


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    "text", ["", "name,surname\nx,y\n", f"ID number\n{THABO}\n", "Decision,On\naccept,2020-01-01\n"]
)
def test_a_file_without_both_columns_is_refused(placed, text):
    refused = placed("member", "decisions", "import", placed.write("minutes.csv", text), code=3)
    assert len(refused.err.splitlines()) == 2


@pytest.mark.parametrize("engine", ["sqlite"])
def test_which_of_two_columns_holds_is_not_guessed(placed):
    """The day of the meeting is not that from which it takes effect."""
    applied(placed)
    row = f"2020-02-07,{THABO},accept,2020-01-31,BEC\n"
    text = "Date,ID number,Decision,Effective date,Why\n" + row
    refused = placed("member", "decisions", "import", placed.write("minutes.csv", text), code=3)
    assert "two columns say the same thing: Date and Effective date" in refused.err
    assert "`On`" in refused.err
    assert outcome(imported(placed, text.replace("Effective date", "On"))) == {"recorded": 1}
    assert status(placed, THABO, "2020-01-31") == "awaiting_payment"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_may_only_ask_has_a_file_of_requests(placed):
    applied(placed, PRIYA, surname="Naidoo", branch="30901001")
    placed("operator", "add", "nobody", "--name", "S", "--role", "branch_secretary", "--place", "79700012")
    text = HEAD + "\n".join(
        [
            f"{THABO},apply,2020-01-10,,79700012,,Mokoena,,,Form 17",
            f"{THABO},accept,2020-01-31,,,,,,,BEC",
            f"{PRIYA},accept,2020-01-31,,,,,,,BEC",
        ]
    )
    asks = asked(placed, text)
    assert outcome(asks) == {"waiting": 1, "refused": 2}
    assert [one["code"] for one in asks["problem_rows"]] == ["waits_for_request", "not_on_record"]
    assert outcome(asked(placed, text)) == {"already": 1, "refused": 2}  # the same waits
    (request,) = placed("approvals", "list", "--json").json
    placed("approvals", "approve", request["request"], "--why", "seen the form")
    assert status(placed, THABO, "2020-01-10") == "applicant"
    assert outcome(asked(placed, text)) == {"waiting": 1, "already": 1, "refused": 1}
    (request,) = placed("approvals", "list", "--json").json
    placed("approvals", "approve", request["request"], "--why", "seen the minutes")
    assert outcome(asked(placed, text)) == {"already": 2, "refused": 1}
    assert status(placed, THABO, "2020-01-31") == "awaiting_payment"


def asked(office, text):
    """What came of the file as somebody else sends it."""
    path = office.write("minutes.csv", text)
    open_to_all(office.folder)
    return as_stranger(office, "member", "decisions", "import", path, "--json").json


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_turn_a_person_keeps_what_the_rows_say_apart(placed):
    people = [number(one) for one in range(30)]
    rows = [f"{one},apply,2020-01-{day:02},,79700012,,Mokoena,,,x" for one in people for day in (10,)]
    rows += [f"{one},accept,2020-01-31,,,,,,,x" for one in people] + [
        f"{one},lapse,2020-02-01,,,,,,,x" for one in people
    ]
    assert outcome(imported(placed, HEAD + "\n".join(sorted(rows[:30]) + rows[30:]))) == {"recorded": 90}
    assert {row["status"] for row in placed("member", "list", "--on", "2020-02-01", "--json").json} == {"lapsed"}
    assert placed("sweep", "--verify", "--on", "2020-02-02", "--json").json["wrong"] == 0


@pytest.mark.parametrize("engine", ["sqlite"])
def test_no_particulars_in_the_trail_nor_on_the_screen(placed):
    applied(placed, MARIA, surname="van der Merwe")
    path = placed.write("minutes.csv", HEAD + f"{MARIA},lift,2020-05-01,,,,,,,x\n")
    shown = placed("member", "decisions", "import", path)
    assert MARIA not in shown.out + shown.err
    assert MARIA not in placed("audit", "log", "--json").out
