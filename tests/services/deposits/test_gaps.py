"""docs/rules.md, section 4.1: every statement in order, and whether one is missing between two."""

import gzip
import zipfile

import pytest
from tests.services.deposits.working import statement, take_in, undo

MARCH = [("2020-03-02", 2000, "A"), ("2020-03-02", 2000, "A"), ("2020-03-05", -500, "B")]
LATER = [("2020-03-05", 2000, "C"), ("2020-03-09", 2000, "D")]
RECORDS = """2,62012345678,'X','Y'
3,{number},'{first}','{last}',{opening},{closing},0
5,1,'{first}',"DEP",,,20.00,{closing},
"""


ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"])
FNB = """ACCOUNT TRANSACTION HISTORY
Name:,X
Account:,62000000000,[Cheque]
Balance:,20.00,20.00

Date,Amount,Balance,Description
2020/03/02,20.00,20.00,X
"""


def rows(office, *flags, code=0):
    return office("deposits", "statements", *flags, "--json", code=code).json


def followed(office):
    return [(row["follows"], row["overlap_lines"], row["gap_days"], row["gap_cents"]) for row in rows(office)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_one_that_opens_with_what_the_former_closed_on_follows(office):
    take_in(office, statement(office, "two.csv", LATER, opening=103500))
    take_in(office, statement(office, "one.csv", MARCH, opening=100000))
    assert followed(office) == [("first", 0, 0, None), ("follows", 0, 0, None)]
    first, second = rows(office, "--account", "main", "--strict")
    assert (first["file"], first["period_from"], first["period_to"]) == ("one.csv", "2020-03-02", "2020-03-05")
    assert (second["opening_cents"], second["closing_cents"], second["lines"]) == (103500, 107500, 2)
    assert (first["adds_up"], second["bank"], second["sequence"]) == (True, "csv", None)
    assert rows(office, "--account", "other") == []


def test_lines_in_common_are_an_overlap(office):
    take_in(office, statement(office, "one.csv", MARCH, opening=100000))
    take_in(office, statement(office, "two.csv", [*MARCH[1:], *LATER], opening=102000))
    assert followed(office) == [("first", 0, 0, None), ("overlaps", 2, 0, None)]


def test_what_is_missing_is_said_in_days_and_rands(office):
    take_in(office, statement(office, "one.csv", MARCH, opening=100000))
    two = take_in(office, statement(office, "two.csv", LATER[1:], opening=105500))
    assert followed(office)[1] == ("gap", 0, 3, 2000)
    answer = office("deposits", "statements")
    assert "gap, 3 days, R20.00 more" in answer.out
    assert "1 gap: ask the bank" in answer.err
    rows(office, "--strict", code=10)
    take_in(office, statement(office, "between.csv", LATER[:1], opening=103500))
    assert [how for how, *_ in followed(office)] == ["first", "follows", "follows"]
    rows(office, "--strict")
    undo(office, two["batch"])
    assert len(rows(office)) == 2


@pytest.mark.parametrize("engine", ["sqlite"])
def test_without_balances_a_day_between_is_a_gap(office):
    take_in(office, statement(office, "one.csv", MARCH))
    take_in(office, statement(office, "next day.csv", [("2020-03-06", 2000, "C")]))
    take_in(office, statement(office, "two.csv", LATER[1:]))
    assert [row[::2] for row in followed(office)] == [("first", 0), ("follows", 0), ("gap", 2)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_days_the_bank_gives_go_before_those_of_the_lines(office):
    march = RECORDS.format(number=1, first="5 March 2020", last="31 March 2020", opening="0.00", closing="20.00")
    may = RECORDS.format(number=3, first="1 May 2020", last="31 May 2020", opening="20.00", closing="40.00")
    take_in(office, office.write("both.csv", march + may))
    first, second = rows(office)
    assert (first["account"], first["sequence"], first["period_to"]) == ("62012345678", "1", "2020-03-31")
    assert second["follows"] == "follows"  # April moved nothing: the balance is the same


def test_one_that_was_forced_does_not_add_up_and_check_names_it_as_a_note(office):
    path = statement(office, "odd.csv", MARCH, opening=100000)
    path.write_text(path.read_text().replace("1015", "1035").replace("1035.00", "1035.50"))
    office("deposits", "import", path, "--force")
    assert [row["adds_up"] for row in rows(office)] == [False]
    assert "does not add up" in office("deposits", "statements").out
    checked = office("check", "--json")
    assert checked.json == []
    (batch,) = (row["batch"] for row in rows(office))
    says = "closes on R0.50 more than it opens with and its lines"
    assert checked.err.strip() == f"note: statement 1 (odd.csv) {says}: taken in with --force in batch {batch}"
    assert office("--quiet", "check").err == ""
    office("batch", "undo", batch)
    assert office("check").err == ""


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_an_archive_of_several_banks_with_a_letter_beside_them(office, encoding):
    fnb = RECORDS.format(number=1, first="5 March 2020", last="31 March 2020", opening="0.00", closing="20.00")
    capitec = (
        "Account,Posting Date,Description,Money In,Money Out,Balance\n17680000,2020-03-02,Kontant Môre,20.00,,20.00\n"
    )
    path = office.folder / "march.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fnb/records.csv", fnb.replace("DEP", "Môre").encode(encoding))
        archive.writestr("capitec.csv", capitec.encode(encoding))
        archive.writestr("read me.txt", "Dear treasurer,\nhere they are.\n")
        archive.writestr("__MACOSX/._capitec.csv", b"\0\1")
        archive.writestr("logo.png", b"\x89PNG")
    answer = office("deposits", "import", path, "--json")
    said = answer.json
    assert (said["statements"], said["new"], said["accounts"]) == (2, 2, ["17680000", "62012345678"])
    assert said["left_out"] == ["march.zip/logo.png", "march.zip/read me.txt"]
    assert [row["file"] for row in rows(office)] == ["march.zip/capitec.csv", "march.zip/fnb/records.csv"]
    found = office("deposits", "list", "--json").json
    assert sorted(row["narrative"] for row in found) == ["Kontant Môre", "Môre"]
    assert office("deposits", "import", path, "--json").json["already_there"] == 2
    assert len(rows(office)) == 2
    packed = office.folder / "capitec.csv.gz"
    packed.write_bytes(gzip.compress(capitec.encode(encoding)))
    assert office("deposits", "import", packed, "--json").json["already_there"] == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_refusal_names_the_file_in_the_archive(office):
    path = office.folder / "march.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", "Date,Description,Amount\n2020-03-99,A,20.00\n")
    assert "march.zip/one.csv row 2" in office("deposits", "import", path, code=3).err
    assert rows(office) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_profile_suggested_is_one_that_reads_the_file(office):
    path = office.write(
        "own.csv", "My bank\nBoekdatum;Wat;Hoeveel;Oor\n24/02/2020;Een;-20,00;100,00\n2/03/2020;X;20,00;120,00\n"
    )
    office("deposits", "import", path, code=3)
    mine = office.folder / "mine.toml"
    office("deposits", "profile", "suggest", path, "-o", mine)
    answer = office("deposits", "import", path, "--profile", mine, "--json").json
    assert (answer["lines"], answer["new"], answer["cents"]) == (2, 1, 2000)
    assert [row["bank"] for row in rows(office)] == ["mine"]
    office("deposits", "import", path, "--profile", mine, "--bank", "csv", code=2)
    wrong = office.write("wrong.csv", "Date,Description,Amount\n2020-03-02,A,20.00\n")
    assert "in the format mine" in office("deposits", "import", wrong, "--profile", mine, code=3).err


@ONE_ENGINE
def test_a_file_that_needs_no_profile_gets_none(office):
    path = office.write("fnb.csv", FNB)
    assert take_in(office, path)["new"] == 1
    told = office("deposits", "profile", "suggest", path, "-o", office.folder / "own.toml", code=3).err
    assert "recognised as fnb: import it without --profile" in told
    assert not (office.folder / "own.toml").exists()


FOREIGN = {
    "people.csv": "Name,Surname\nThabo,Mokoena\n",
    "order.xml": "<?xml version='1.0'?>\n<Order><Item>Tea</Item></Order>\n",
}


@ONE_ENGINE
@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("packed", [False, True])
def test_what_is_no_statement_is_left_out_beside_others_and_refused_alone(office, name, packed):
    folder = office.folder / "inbox"
    folder.mkdir()
    (folder / "one.csv").write_text("Date,Amount,Description\n2020-03-02,20.00,X\n", encoding="utf-8")
    (folder / name).write_text(FOREIGN[name], encoding="utf-8")
    given = folder
    if packed:
        given = office.folder / "inbox.zip"
        with zipfile.ZipFile(given, "w") as archive:
            for file in folder.iterdir():
                archive.write(file, file.name)
    told = take_in(office, given)
    assert told["new"] == 1
    assert [one.removeprefix("inbox.zip/") for one in told["left_out"]] == [name]
    office("deposits", "import", folder / name, code=3)
