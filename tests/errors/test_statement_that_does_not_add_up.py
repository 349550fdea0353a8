"""A bank statement whose balances do not follow from its amounts: lines are missing, or someone changed one."""

import pytest
from tests.errors.refusal import contents

HISTORY = """ACCOUNT TRANSACTION HISTORY
Name:, MEMBERSHIP FEES
Account:, 62012345678
Balance:, 1060.00, 1060.00
Date, Amount, Balance, Description
2020/03/02, 20.00, 1020.00, 8001015009087
2020/03/03, 20.00, 1040.00, 7501151234085
2020/03/04, 20.00, 1060.00, 2002295001089
"""


def refused(office, text, place, *what):
    good = office.write("good.csv", "Date,Amount,Description\n2020-03-01,20.00,X\n")
    path = office.write("bad.csv", text)
    before = contents(office)
    answer = office("deposits", "import", good, path, code=3)
    assert answer.out == ""
    lines = answer.err.strip().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"ancadmin: error: {path} {place}: ")
    assert all(words in answer.err for words in what)
    assert contents(office) == before
    office("audit", "verify")
    return path


@pytest.mark.parametrize(
    ("text", "row", "expected", "found"),
    [
        (HISTORY.replace("2020/03/03, 20.00", "2020/03/03, 25.00"), 7, "R1 045.00", "R1 040.00"),
        (HISTORY.replace("2020/03/03, 20.00, 1040.00, 7501151234085\n", ""), 7, "R1 040.00", "R1 060.00"),
    ],
)
def test_refused_whole_unless_forced(office, text, row, expected, found):
    path = refused(office, text, f"row {row}", "stops adding up here", expected, found, "--force")
    answer = office("deposits", "import", path, "--force", "--json").json
    assert answer["forced"] == ["bad.csv"]
    assert answer["new"] == text.count("2020/")


@pytest.mark.parametrize(
    ("line", "place", "what"),
    [
        ("2020/03/32, 20.00, 1080.00, X", "row 9 column Date", "not a day (2020/03/32)"),
        ("2020/03/05, 2O.00, 1080.00, X", "row 9 column Amount", "not an amount (2O.00)"),
        ("2020/03/05, 20.00, 1o80.00, X", "row 9 column balance", "not an amount (1o80.00)"),
    ],
)
def test_a_line_that_cannot_be_read(office, line, place, what):
    refused(office, HISTORY + line + "\n", place, what, "--force")


def test_a_statement_cut_off_in_the_middle_of_a_line(office):
    refused(office, HISTORY + "2020/03/05, 20.0", "row 9", "cut off", "Export it again")


def test_no_column_says_what_was_paid(office):
    path = office.write("bad.csv", "When,What\n2020-03-02,X\n")
    before = contents(office)
    assert "no row of headings" in office("deposits", "import", path, code=3).err
    assert contents(office) == before


def test_another_format_than_the_one_named(office):
    path = office.write("bad.csv", "Date,Amount,Description\n2020-03-02,20.00,X\n")
    answer = office("deposits", "import", path, "--bank", "fnb", code=3)
    assert f"{path}: this is no statement in the format fnb" in answer.err
    assert "Leave --bank out" in answer.err
