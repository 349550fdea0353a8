"""What becomes of the rows of a register: accepted, accepted with notes, or held back with every reason."""

import pytest
from openpyxl import Workbook
from tests.accounts import as_stranger, open_to_all
from tests.services.register.making import (
    MARIA,
    NOMSA,
    PRIYA,
    THABO,
    dump,
    file,
    imported,
    members,
    number,
    outcome,
    row,
    text,
)
from tests.tamper import sql


def test_a_sound_row_becomes_a_member(placed):
    result = imported(placed, file(placed, row()))
    assert outcome(result) == {"accepted": 1}
    assert (result["notes"], result["problems"], result["repairs"]) == ({}, {}, {})
    columns = "id_number, surname, first_names, gender, born, branch, cell, email, joined_on, last_payment_on, origin"
    assert members(placed, columns, "last_payment_cents", "register_status") == [
        (
            THABO,
            "Mokoena",
            "Thabo Johannes",
            "M",
            "1980-01-01",
            "79700012",
            "+27821234567",
            "thabo@example.org",
            "2010-01-02",
            "2019-12-20",
            "register",
            2000,
            None,
        )
    ]


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"id_number": ""}, ["missing"]),
        ({"id_number": "8001015009078"}, ["checksum"]),
        ({"id_number": "passport A1234567"}, ["not_a_number"]),
        ({"id_number": "0406015100083", "joined_on": ""}, ["age_out_of_range"]),
        ({"surname": "N/A"}, ["surname_missing"]),
        ({"branch": ""}, ["branch_missing"]),
        ({"branch": "99999999"}, ["branch_unknown"]),
        ({"branch": "Paarl"}, ["branch_unknown"]),
        (
            {"id_number": "8.00101E+12", "surname": "", "branch": "99999999"},
            ["scientific_truncated", "surname_missing", "branch_unknown"],
        ),
    ],
)
def test_a_row_is_held_back_with_every_reason(placed, cells, problems):
    result = imported(placed, file(placed, row(**cells)), "--reading-date", "2020-12-30")
    assert outcome(result) == {"quarantined": 1}
    assert result["problems"] == dict.fromkeys(problems, 1)
    (held,) = placed("register", "quarantine", "--batch", result["batch"], "--json").json
    assert (held["file"], held["sheet"], held["row"], held["problems"]) == ("register.csv", "", 2, problems)
    assert held["raw"]["ID NO."] == row(**cells)["id_number"]
    assert held["raw"]["SURNAME"] == row(**cells)["surname"]
    assert members(placed, "id") == []


def test_an_impossible_age_is_held_back_with_both_birth_dates(placed):
    imported(placed, file(placed, row(id_number="0406015100083", joined_on="")), "--reading-date", "2020-12-30")
    (held,) = placed("register", "quarantine", "--json").json
    assert held["births"] == ["1904-06-01", "2004-06-01"]
    assert "1904-06-01 or 2004-06-01" in placed("register", "quarantine").out


def test_a_table_of_rows_held_back_masks_id_numbers(placed):
    imported(placed, file(placed, row(branch="99999999")))
    assert THABO not in placed("register", "quarantine").out
    assert THABO in placed("register", "quarantine", "--format", "csv").out


@pytest.mark.parametrize(
    ("cells", "notes"),
    [
        ({"first_names": ""}, ["first_names_missing"]),
        ({"last_payment_on": "N/A"}, ["payment_not_captured"]),
        ({"last_payment_cents": ""}, ["payment_not_captured"]),
        ({"last_payment_on": "30 February 2019"}, ["payment_malformed", "payment_not_captured"]),
        ({"last_payment_on": "2099-01-01"}, ["payment_in_future", "payment_not_captured"]),
        ({"last_payment_cents": "10.00"}, ["underpaid"]),
        ({"last_payment_cents": "R 100,00"}, ["overpaid"]),
        ({"last_payment_on": "2012-12-31", "last_payment_cents": "12.00"}, []),
        ({"last_payment_on": "2012-12-31", "last_payment_cents": "20.00"}, ["overpaid"]),
        ({"cell": "", "email": "N/A"}, ["contact_missing"]),
        ({"cell": ""}, []),
        ({"cell": "0801234567"}, ["contact_malformed"]),
        ({"email": "thabo at home"}, ["contact_malformed"]),
        ({"gender": "Female"}, ["gender_conflict"]),
        ({"gender": "Manlik"}, []),
        ({"joined_on": ""}, ["joined_missing"]),
        ({"joined_on": "soon"}, ["joined_malformed"]),
        ({"joined_on": "2099-01-01"}, ["joined_in_future"]),
        ({"joined_on": "1997-06-01"}, ["joined_implausible"]),
        ({"joined_on": "1990-06-01"}, ["century_doubtful"]),
        ({"joined_on": "03/04/2010"}, ["date_doubtful"]),
        ({"status": "Deceased"}, ["status_undated"]),
        ({"status": "Paid up"}, ["status_differs"]),
        ({"status": "Lapsed"}, []),
        ({"id_number": "8001015009038"}, ["old_book"]),
    ],
)
def test_what_can_be_lived_with_is_noted(placed, cells, notes):
    result = imported(placed, file(placed, row(**cells)))
    assert outcome(result) == {"accepted": 1}
    assert result["notes"] == dict.fromkeys(notes, 1)
    (kept,) = sql(placed, "SELECT notes FROM register_row")
    assert sorted((kept[0] or "").split()) == sorted(notes)


def test_days_that_cannot_be_are_not_taken(placed):
    imported(placed, file(placed, row(joined_on="2099-01-01", last_payment_on="2099-01-01")))
    assert members(placed, "joined_on", "last_payment_on", "last_payment_cents") == [(None, None, None)]


@pytest.mark.parametrize(
    ("written", "repair"),
    [
        (" 800101 5009-087", "punctuation"),
        ("8OO1O15OO9O87", "lookalike"),
        ("8001015009087.0", "float_suffix"),
        ("8.001015009087E+12", "scientific"),
    ],
)
def test_repairs_are_counted_and_kept(placed, written, repair):
    result = imported(placed, file(placed, row(id_number=written)))
    assert result["repairs"] == {repair: 1}
    assert members(placed, "id_number") == [(THABO,)]
    assert sql(placed, "SELECT repairs FROM register_row") == [(repair,)]


def test_blank_titled_and_total_rows_are_nobodys(placed):
    lines = text([row(), row(id_number=PRIYA, surname="NAIDOO")]).splitlines()
    path = placed.write(
        "register.csv", "\n".join(["Register of members", "", *lines, ",,,", "SUBTOTAL,,,,,,,,,40.00,"])
    )
    assert outcome(imported(placed, path)) == {"accepted": 2, "blank": 4}


@pytest.mark.parametrize(
    "cells",
    [
        {"branch": "79700012.0"},
        {"branch": " 79700012 "},
        {"branch": "katlehong"},
        {"BRANCH NAME": "KATLEHONG", "branch": ""},
        {"WARD NO.": "79700012"},
    ],
)
def test_a_branch_is_found_by_code_by_its_own_name_or_by_its_ward(placed, cells):
    fields = ["id_number", "surname", "first_names", *cells]
    result = imported(placed, file(placed, row() | cells, fields=tuple(fields)))
    assert outcome(result) == {"accepted": 1}, result
    assert members(placed, "branch") == [("79700012",)]


def test_a_code_not_on_record_is_not_excused_by_a_name(placed):
    fields = ("id_number", "surname", "branch", "BRANCH NAME")
    path = file(placed, row(branch="99999999") | {"BRANCH NAME": "Katlehong"}, fields=fields)
    assert imported(placed, path)["problems"] == {"branch_unknown": 1}


def test_branches_are_made_when_asked_for(placed):
    fields = ("id_number", "surname", "branch", "BRANCH NAME", "REGION", "PROVINCE")
    path = file(
        placed,
        row(branch="79800001") | {"BRANCH NAME": "Soweto", "REGION": "Johannesburg", "PROVINCE": "Gauteng"},
        row(branch="79800002", id_number=PRIYA) | {"REGION": "Winelands"},
        row(branch="79800003", id_number=MARIA),
        row(branch="79800003", id_number=NOMSA),
        row(branch="79800009", id_number="8001015009078"),
        row(branch="Paarl", id_number=number(1)),
        row(branch="WIN", id_number=number(2)),
        fields=fields,
    )
    result = imported(placed, path, "--create-branches")
    # A row that is held back makes none; two branches are called Paarl; WIN is a region.
    assert outcome(result) == {"accepted": 4, "quarantined": 3}
    assert result["problems"] == {"branch_unknown": 2, "checksum": 1}
    assert result["branches_made"] == 3
    made = f"SELECT code, name, region FROM branch WHERE batch = {result['batch']} ORDER BY code"
    assert sql(placed, made) == [
        ("79800001", "Soweto", "Johannesburg"),
        ("79800002", "79800002", "WIN"),
        ("79800003", "79800003", "UNPLACED"),
    ]
    regions = f"SELECT code, province FROM region WHERE batch = {result['batch']} ORDER BY code"
    assert sql(placed, regions) == [("Johannesburg", "GP"), ("UNPLACED", "UNPLACED")]


def test_ages_are_read_on_the_joining_date(placed):
    # Born in 2004 by the joining date; on the command's date neither 16 nor 116 would be possible.
    path = file(placed, row(id_number="0406015100083", joined_on="2023-01-01"))
    assert outcome(imported(placed, path, "--reading-date", "2023-06-01")) == {"accepted": 1}
    assert members(placed, "born") == [("2004-06-01",)]


def test_a_joining_date_after_the_commands_says_nothing_of_the_age(placed):
    path = file(placed, row(id_number="0406015100083", joined_on="2023-01-01"))
    result = imported(placed, path, "--reading-date", "2020-12-30")
    assert result["problems"] == {"age_out_of_range": 1}


def test_a_status_with_a_date_becomes_an_entry(placed):
    fields = ("id_number", "surname", "branch", "status", "STATUS DATE")
    path = file(
        placed,
        row(status="DECEASED", **{"STATUS DATE": "2020-03-04"}),
        row(id_number=PRIYA, status="Bedank 5 Mei 2019"),
        row(id_number=MARIA, status="Suspended"),
        row(id_number=NOMSA, status="Active", **{"STATUS DATE": "2020-03-04"}),
        fields=fields,
    )
    result = imported(placed, path)
    assert result["notes"]["status_undated"] == 1
    entries = sql(
        placed,
        "SELECT id_number, kind, begins_on, why, decision.batch FROM decision "
        "JOIN member ON member.id = decision.member ORDER BY id_number",
    )
    assert entries == [
        (PRIYA, "resigned", "2019-05-05", "register register.csv row 3", result["batch"]),
        (THABO, "deceased", "2020-03-04", "register register.csv row 2", result["batch"]),
    ]
    listed = members(placed, "id_number", "register_status")
    assert dict(listed) == {MARIA: "Suspended", NOMSA: "Active", PRIYA: "Bedank 5 Mei 2019", THABO: "DECEASED"}
    explained = placed("member", "explain", THABO, "--on", "2020-03-04", "--json").json
    assert explained["status"] == "deceased"


def test_an_afrikaans_workbook_of_several_sheets(placed):
    book = Workbook()
    sheet = book.active
    sheet.title = "Katlehong"
    sheet.append(["Lidmaatskapregister 2020"])
    sheet.merge_cells("A1:F1")
    sheet.append(["Id_Nommer", "Van en Voorname", "Takkode", "Selfoon", "Laaste Betaling", "Bedrag"])
    sheet.append([8001015009087, "VAN DER MERWE Maria", 79700012, 821234567, 43819, 20])
    sheet.append([501095009087, "Mokoena, Thabo", 79700012, None, "N/A", None])
    sheet.append(["Totaal", None, None, None, None, 20])
    other = book.create_sheet("Paarl")
    other.append(["Identiteitsnommer", "Van", "Voorname", "Tak"])
    other.append([PRIYA, "NAIDOO", "PRIYA", "10501001"])
    notes = book.create_sheet("Notas")
    notes.append(["Onthou", "Wie"])
    notes.append(["bel die tak", "Piet"])
    path = placed.folder / "register.xlsx"
    book.save(path)
    result = imported(placed, path, "--reading-date", "2020-12-30")
    assert outcome(result) == {"accepted": 3, "blank": 4}
    assert result["set_aside"] == ["register.xlsx Notas"]
    assert result["repairs"] == {"leading_zeros": 1}
    columns = ("surname", "first_names", "branch", "cell", "last_payment_on", "last_payment_cents")
    assert members(placed, *columns) == [
        ("Mokoena", "Thabo", "79700012", None, None, None),
        ("Naidoo", "Priya", "10501001", None, None, None),
        ("van der Merwe", "Maria", "79700012", "+27821234567", "2019-12-20", 2000),
    ]


def test_several_files_are_one_batch(placed):
    one = file(placed, row(), name="one.csv")
    two = file(placed, row(id_number=PRIYA), name="two.csv")
    result = imported(placed, one, two)
    assert outcome(result) == {"accepted": 2}
    assert {batch for (batch,) in members(placed, "batch")} == {result["batch"]}


def test_one_file_that_is_no_register_refuses_all(placed):
    before = dump(placed)
    other = placed.write("other.csv", "COLOUR,SIZE\nred,3\n")
    answer = placed("register", "import", file(placed, row()), other, code=3)
    assert "other.csv" in answer.err
    assert dump(placed) == before


def test_a_dry_run_reports_and_keeps_nothing(placed):
    before = dump(placed)
    path = file(placed, row(), row(id_number=PRIYA, branch="99999999"))
    dry = imported(placed, path, "--create-branches", "--dry-run")
    assert outcome(dry) == {"accepted": 2}
    assert dump(placed) == before
    real = imported(placed, path, "--create-branches")
    assert {**dry, "batch": 0} == {**real, "batch": 0}


def test_strict_says_that_someone_is_needed(placed):
    path = file(placed, row(branch="99999999"))
    placed("register", "import", path, "--strict", code=10)
    placed("register", "quarantine", "--strict", code=10)
    placed("register", "import", file(placed, row(), name="sound.csv"), "--strict")


def test_the_summary_says_what_to_do_next(placed):
    held = placed("register", "import", file(placed, row(), row(id_number="1")))
    assert held.err.strip() == "2 read, 1 accepted, 1 quarantined → ancadmin register quarantine --batch 3"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_only_reads_may_not_import(placed):
    placed("operator", "add", "nobody", "--name", "Auditor", "--role", "auditor", "--place", "national")
    open_to_all(placed.folder)
    refused = as_stranger(placed, "register", "import", file(placed, row()))
    assert refused.code == 7, refused.err
    assert members(placed, "id") == []


def test_members_are_numbered_in_the_order_of_their_id_numbers(placed):
    path = file(placed, *(row(id_number=number(person)) for person in (7, 3, 9, 1)))
    imported(placed, path)
    numbered = sql(placed, "SELECT id_number FROM member ORDER BY id")
    assert numbered == sorted(numbered)
