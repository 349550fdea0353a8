"""Profiles of bank statements: kept by name, known again by the headings, tried first (docs/rules.md, section 4.1)."""

from dataclasses import replace

import pytest
from tests.services.deposits.working import MOKOENA, session, take_in

from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.deposits.profiles.saved import STATEMENT_PROFILES

ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"])
OWN = f"My bank\nBoekdatum;Wat;Hoeveel;Oor\n24/02/2020;Een;-20,00;100,00\n2/03/2020;{MOKOENA};20,00;120,00\n"
PROFILE = """
[[layout]]
headings = ["Boekdatum", "Wat", "Hoeveel"]
[layout.columns]
date = "Boekdatum"
amount = "Hoeveel"
description = "Wat"
"""
CAPITEC = "Account,Posting Date,Description,Money In,Money Out,Balance\n17680000,2020-03-02,Kontant,20.00,,20.00\n"
NUMBERED = "[[layout]]\n{}[layout.columns]\ndate = 1\namount = 2\ndescription = 3\n"


def save(office, name, text=PROFILE, code=0):
    path = office.write(f"{name}.toml", text)
    return office("deposits", "profile", "save", name, path, "--json", code=code)


def listed(office):
    return [row["name"] for row in office("deposits", "profile", "list", "--json").json if not row["shipped"]]


def banks(office):
    return [row["bank"] for row in office("deposits", "statements", "--json").json]


def test_a_profile_is_saved_shown_listed_and_removed(office):
    saved = save(office, "mine").json
    assert (saved["name"], saved["became"], saved["layouts"], saved["headings"]) == ("mine", "new", 1, 3)
    assert office("deposits", "profile", "show", "mine").out == PROFILE
    row, *shipped = office("deposits", "profile", "list", "--json").json
    assert (row["name"], row["headings"], row["batch"]) == ("mine", ["Boekdatum", "Wat", "Hoeveel"], saved["batch"])
    assert not row["shipped"]
    assert all(one["shipped"] and one["batch"] is None for one in shipped)
    assert save(office, "mine").json["became"] == "unchanged"
    office("deposits", "profile", "remove", "mine", "--dry-run")
    assert listed(office) == ["mine"]
    office("deposits", "profile", "remove", "mine")
    assert listed(office) == []
    assert "no such profile (mine)" in office("deposits", "profile", "show", "mine", code=3).err
    assert "no such profile (mine)" in office("deposits", "profile", "remove", "mine", code=3).err


@ONE_ENGINE
def test_shipped_profiles_are_listed_as_such_shown_and_stay(office):
    lines = office("deposits", "profile", "list").out.splitlines()
    names = [line.split("\t")[0] for line in lines if "this version" in line]
    assert names == ["absa", "capitec", "nedbank", "standardbank"]
    assert "Money In" in office("deposits", "profile", "show", "capitec").out
    assert "comes with this version" in office("deposits", "profile", "remove", "capitec", code=7).err
    for taken in ("capitec", "fnb-records", "camt053", "csv"):
        assert "of that name" in save(office, taken, code=2).err
    assert "a word or a few" in save(office, "x.toml", code=2).err


def test_a_saved_profile_is_named_or_known_again_by_the_headings(office):
    path = office.write("own.csv", OWN)
    office("deposits", "import", path, code=3)
    save(office, "mine")
    named = office("deposits", "import", path, "--profile", "mine", "--json")
    assert (named.json["new"], named.json["cents"]) == (1, 2000)
    other = office.write("other.csv", OWN.replace("Hoeveel", "HOEVEEL").replace("2/03", "3/03"))
    answer = office("deposits", "import", other, "--json")
    assert answer.json["profiles"] == [{"file": "other.csv", "sheet": "", "profile": "mine"}]
    assert (answer.json["new"], answer.json["already_there"]) == (1, 1)
    assert answer.err.splitlines()[0] == "other.csv: read by the profile mine"
    assert banks(office) == ["mine", "mine"]


@ONE_ENGINE
def test_a_saved_profile_goes_before_the_shipped_one_unless_the_bank_is_named(office):
    mine = """
[[layout]]
headings = ["Posting Date", "Description", "Money In", "Money Out", "Account", "Balance"]
[layout.columns]
date = "Posting Date"
description = "Description"
credit = "Money In"
debit = "Money Out"
"""
    path = office.write("capitec.csv", CAPITEC)
    assert take_in(office, path)["profiles"] == []
    save(office, "mine", mine)
    assert office("deposits", "profile", "check", path, "--json").json[0]["format"] == "mine"
    assert take_in(office, path, "--dry-run")["profiles"][0]["profile"] == "mine"
    assert take_in(office, path, "--bank", "capitec")["profiles"] == []
    by_name = take_in(office, path, "--profile", "capitec", "--dry-run")
    assert (by_name["accounts"], by_name["already_there"]) == (["17680000"], 1)
    office("deposits", "profile", "remove", "mine")
    assert office("deposits", "profile", "check", path, "--json").json[0]["format"] == "capitec"


def test_of_two_that_fit_none_is_guessed(office):
    path = office.write("own.csv", OWN)
    save(office, "mine")
    save(office, "theirs")
    told = office("deposits", "import", path, code=3).err
    assert "own.csv: several saved profiles are of it: mine, theirs" in told
    assert "--profile NAME" in told
    assert "mine, theirs" in office("deposits", "profile", "check", path, code=3).err
    assert banks(office) == []
    assert take_in(office, path, "--profile", "theirs", "--dry-run")["profiles"][0]["profile"] == "theirs"
    save(office, "mine", PROFILE.replace("[layout.columns]", "only_when_named = true\n[layout.columns]"))
    assert take_in(office, path)["profiles"][0]["profile"] == "theirs"


@ONE_ENGINE
def test_a_table_with_a_further_column_of_a_statement_is_not_of_the_profile(office):
    plain = PROFILE.replace("Boekdatum", "Date").replace("Wat", "Description").replace("Hoeveel", "Amount")
    save(office, "plain", plain)
    same = "Date,Amount,Description,Colour\n2020-03-02,20.00,A,red\n"
    assert take_in(office, office.write("same.csv", same))["profiles"] != []
    more = "Date,Amount,Description,Service Fee\n2020-03-02,20.00,B,1.00\n"
    path = office.write("more.csv", more)
    assert take_in(office, path, "--dry-run")["profiles"] == []
    assert take_in(office, path, "--profile", "plain", "--dry-run")["profiles"] != []
    optional = plain.replace("[layout.columns]", 'optional = ["Service Fee"]\n[layout.columns]')
    save(office, "plain", optional)
    assert take_in(office, path, "--dry-run")["profiles"] != []


@ONE_ENGINE
def test_a_table_without_headings_is_known_again_by_what_stands_over_it_only(office):
    path = office.write("bare.csv", "Kasboek\n02/03/2020,20.00,A\n13/03/2020,20.00,B\n")
    save(office, "bare", NUMBERED.format(""))
    office("deposits", "import", path, code=3)
    assert take_in(office, path, "--profile", "bare", "--dry-run")["new"] == 2
    save(office, "bare", NUMBERED.format('above = ["Kasboek"]\n'))
    assert take_in(office, path)["profiles"][0]["profile"] == "bare"


@ONE_ENGINE
def test_messages_are_read_as_ever(office):
    """A profile is of tables: what recognises itself as a message is not looked at."""
    save(office, "mine")
    ofx = office.write("x.ofx", "OFXHEADER:100\n\n<OFX><BANKMSGSRSV1></BANKMSGSRSV1></OFX>")
    assert "mine" not in office("deposits", "import", ofx, code=3).err
    assert "recognised as ofx, which has no columns" in office("deposits", "profile", "check", ofx, code=3).err


def test_undo_takes_back_what_was_saved_and_what_was_removed(office):
    corrected = PROFILE + "# corrected\n"
    first = save(office, "mine").json["batch"]
    second = save(office, "mine", corrected).json["batch"]
    (kept,) = office("batch", "undo", first, "--json").json["kept"]
    assert kept["what"] == "profile mine"
    office("batch", "undo", second)
    assert office("deposits", "profile", "show", "mine").out == PROFILE
    office("deposits", "profile", "remove", "mine")
    office("batch", "undo", office("batch", "list", "--json").json[0]["batch"])
    assert listed(office) == ["mine"]
    office("batch", "undo", first)
    assert listed(office) == []


@ONE_ENGINE
def test_registers_and_statements_do_not_share_names(office):
    mapping = '[[sheet]]\n[sheet.fields]\nid_number = "K1"\n'
    office("register", "profile", "save", "mine", office.write("register.toml", mapping))
    saved = save(office, "mine").json
    assert saved["became"] == "new"
    assert [row["name"] for row in office("register", "profile", "list", "--json").json] == ["mine"]
    assert office("register", "profile", "show", "mine").out == mapping
    office("batch", "undo", saved["batch"])
    assert office("register", "profile", "show", "mine").out == mapping
    assert listed(office) == []


@ONE_ENGINE
def test_check_says_what_the_lines_come_to_and_masks_what_may_be_a_number(office):
    path = office.write("own.csv", OWN)
    first = office("deposits", "profile", "check", path, "--json").json[0]
    assert (first["format"], first["role"], first["lines"]) == (None, None, 0)
    assert "not recognised" in office("deposits", "profile", "check", path).out
    mine = office.write("mine.toml", office("deposits", "profile", "suggest", path).out)
    rows = office("deposits", "profile", "check", path, "--profile", mine, "--json").json
    assert [(row["heading"], row["role"]) for row in rows] == [
        ("Boekdatum", "date"),
        ("Wat", "description"),
        ("Hoeveel", "amount"),
        ("Oor", "balance"),
    ]
    assert rows[1]["samples"] == ["Een", "800101****087"]
    assert rows[2]["samples"] == ["-20,00", "20,00"]
    said = office("deposits", "profile", "check", path, "--profile", mine).out.splitlines()[0]
    assert said == (
        "own.csv: by the profile mine, headings in row 2, 2 lines from 2020-02-24 to 2020-03-02, "
        "R20.00 in, R20.00 out, adds up"
    )
    wrong = office.write("wrong.csv", OWN.replace("120,00", "121,00").replace("24/02", "99/02"))
    said = office("deposits", "profile", "check", wrong, "--profile", mine).out.splitlines()[0]
    assert "1 lines cannot be read, the first in row 3" in said
    wrong.write_text(OWN.replace("120,00", "121,00"), encoding="utf-8")
    assert "does not add up" in office("deposits", "profile", "check", wrong, "--profile", mine).out
    assert banks(office) == []


@ONE_ENGINE
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[layout", "not valid TOML"),
        ("name = 1", "a list of `[[layout]]`"),
        (PROFILE.replace('"Wat", ', ""), "no such heading among `headings` (Wat)"),
        ("[[layout]]\n[layout.columns]\ndate = 1\ndescription = 2", "no column of amounts is named"),
    ],
)
def test_a_file_that_is_no_profile_is_refused(office, text, said):
    refused = save(office, "wrong", text, code=3)
    assert said in refused.err
    assert "wrong.toml" in refused.err
    assert listed(office) == []


@ONE_ENGINE
def test_who_only_reads_may_not_say_how_statements_are_read(office):
    as_officer, path = session(office), office.write("mine.toml", PROFILE)
    auditor = replace(as_officer, roles=((Role.AUDITOR, "national"),), sole_operator=False)
    with pytest.raises(NotAllowed, match="may not say how bank statements are read"):
        STATEMENT_PROFILES.save(auditor, "mine", path)
    STATEMENT_PROFILES.save(as_officer, "mine", path)
    with pytest.raises(NotAllowed, match="may not say how bank statements are read"):
        STATEMENT_PROFILES.remove(auditor, "mine")
    assert [row["name"] for row in STATEMENT_PROFILES.rows(auditor) if not row["shipped"]] == ["mine"]


@ONE_ENGINE
def test_a_profile_there_is_none_of_is_refused(office):
    path = office.write("own.csv", OWN)
    assert "no such profile (none)" in office("deposits", "import", path, "--profile", "none", code=3).err
    missing = office.folder / "none.toml"
    assert "none.toml: cannot be read" in office("deposits", "import", path, "--profile", missing, code=3).err
