"""docs/rules.md, section 4.1: each format, as the bank writes it, becomes the same lines."""

from datetime import date

import pytest
from openpyxl import Workbook

from ancadmin.errors import InputRefused
from ancadmin.readers.statements.read import read_statements

TODAY = date(2026, 11, 22)
HISTORY = """ACCOUNT TRANSACTION HISTORY

Name:, MEMBERSHIP, FEES
Account:, 62012345678, [Membership Account]
Balance:, 1075.00, 1075.00

Date, Amount, Balance, Description
2020/03/03, -65.00, 1075.00, #MONTHLY ACCOUNT FEE
2020/03/02, 120.00, 1140.00, "CASH DEP, BRANCH 250655"
2020/03/02, 20.00, 1020.00, 8001015009087
"""
LINES = [
    ("2020-03-02", 2000, 102000, "8001015009087"),
    ("2020-03-02", 12000, 114000, "CASH DEP, BRANCH 250655"),
    ("2020-03-03", -6500, 107500, "#MONTHLY ACCOUNT FEE"),
]


def read(tmp_path, text, name="statement.csv", **options):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_statements(path, TODAY, **options)


def lines_of(statement):
    lines = statement.lines
    balances = [
        int(balance) if known else None for balance, known in zip(lines.balance, lines.has_balance, strict=True)
    ]
    return list(
        zip(
            lines.value_date.astype(str).tolist(),
            lines.cents.tolist(),
            balances,
            lines.narrative.to_pylist(),
            strict=True,
        )
    )


def test_history(tmp_path):
    (statement,) = read(tmp_path, HISTORY)
    assert (statement.bank, statement.account) == ("fnb", "62012345678")
    assert (statement.opening_cents, statement.closing_cents, statement.breaks) == (100000, 107500, None)
    assert lines_of(statement) == LINES
    assert statement.lines.row.tolist() == [10, 9, 8]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("2020/03/0", "0").replace("02,", "02 03 2020,").replace("03, -", "03 03 2020, -"),
        lambda text: text.replace(", ", ","),
        lambda text: text.replace('"', ""),  # the comma in the description is not quoted
        lambda text: text.replace(", ", ";").replace(",", ";"),
        lambda text: text.replace("Account:, 62012345678, [Membership Account]", "Account: 62012345678"),
        lambda text: text.replace("120.00", "R120.00").replace("-65.00", "65.00 Dr").replace(" 20.00", " 20.00Cr"),
        lambda text: text.replace("-65.00", "(65.00)"),
        lambda text: text.replace("-65.00", "65.00-"),
        lambda text: text.replace("2020/03/03, -65", ",,,\n2020/03/03, -65") + "\n\n",
        lambda text: text.replace("2020/03/02, 120", "Date, Amount, Balance, Description\n2020/03/02, 120"),
        lambda text: "\ufeff" + text,
    ],
)
def test_history_as_it_also_occurs(tmp_path, change):
    (statement,) = read(tmp_path, change(HISTORY))
    narratives = [
        (day, cents, balance, text.replace(";", ", ").replace(",  ", ", "))
        for day, cents, balance, text in lines_of(statement)
    ]
    assert [line[:3] for line in narratives] == [line[:3] for line in LINES]
    assert statement.account == "62012345678"
    assert statement.unreadable == 0


def test_the_order_of_a_single_day_follows_from_the_balances(tmp_path):
    head = HISTORY.splitlines()[:7]
    lines = ["2020/03/02, 20.00, 1020.00, A", "2020/03/02, -10.00, 1010.00, B", "2020/03/02, 20.00, 1030.00, C"]
    for ordered in (lines, lines[::-1]):
        (statement,) = read(tmp_path, "\n".join([*head, *ordered]) + "\n")
        assert statement.lines.narrative.to_pylist() == ["A", "B", "C"]
        assert statement.breaks is None


ENTERPRISE = "Effective Date,Description,Reference,Service Fee,Amount,Balance\n"


def test_enterprise(tmp_path):
    (statement,) = read(
        tmp_path,
        ENTERPRISE
        + '20200302,"MAGTAPE CREDIT ","8001015009087      ",0.00,20.00,1020.00,\n'
        + "20200302,CASH DEPOSIT,CASH DEPOSIT,5.70,20.00,1040.00,\n"
        + "20200303,OPENING BALANCE,,,,\n",
    )
    assert (statement.bank, statement.account, statement.opening_cents) == ("fnb-enterprise", None, 100000)
    assert [line[3] for line in lines_of(statement)] == ["MAGTAPE CREDIT | 8001015009087", "CASH DEPOSIT"]
    assert statement.lines.reference.to_pylist() == ["8001015009087", "CASH DEPOSIT"]


def test_a_fee_that_left_the_account_with_the_line_is_a_line_of_its_own(tmp_path):
    (statement,) = read(
        tmp_path,
        ENTERPRISE + "20200301,EFT,X,0.00,20.00,1000.00\n20200302,CASH DEPOSIT,8001015009087,5.70,20.00,1014.30\n",
    )
    assert [(cents, balance) for _, cents, balance, _ in lines_of(statement)] == [
        (2000, 100000),
        (2000, 102000),
        (-570, 101430),
    ]
    assert statement.lines.charge.tolist() == [False, False, True]
    assert (statement.opening_cents, statement.closing_cents, statement.breaks) == (98000, 101430, None)


@pytest.mark.parametrize(
    "text",
    [
        "Date,Amount,Description,Balance\n2020-03-02,20.00,8001015009087,1020.00\n2020-03-03,-65.00,FEE,955.00\n",
        "Datum;Bedrag;Beskrywing;Saldo\n02/03/2020;20,00;8001015009087;1 020,00\n03/03/2020;-65,00;FEE;955,00\n",
        "Waardedatum\tDebiet\tKrediet\tVerwysing\tSaldo\n"
        "2020-03-02\t\t20.00\t8001015009087\t1020.00\n2020-03-03\t65.00\t\tFEE\t955.00\n",
        "Posting Date|Details|Money Out|Money In|Running Balance\n"
        "2 Maart 2020|8001015009087||20.00|1,020.00\n3 Mrt 2020|FEE|-65.00||955.00\n",
        "Statement of account\nTransaction Date,Value Date,Narrative,Cents,Balance\n"
        "2020-02-28,2020-03-02,8001015009087,2000,1020.00\n2020-03-03,2020-03-03,FEE,-6500,955.00\n",
        "Date,Description,Amount,Balance\n,Opening balance,,1000.00\n"
        "2020-03-02,8001015009087,20.00,1020.00\n2020-03-03,FEE,-65.00,955.00\n,Closing balance,,955.00\n",
    ],
)
def test_any_csv_by_its_columns(tmp_path, text):
    (statement,) = read(tmp_path, text)
    assert statement.bank == "csv"
    assert lines_of(statement) == [
        ("2020-03-02", 2000, 102000, "8001015009087"),
        ("2020-03-03", -6500, 95500, "FEE"),
    ]
    assert (statement.opening_cents, statement.closing_cents, statement.breaks) == (100000, 95500, None)


def test_a_workbook_and_one_account_or_several(tmp_path):
    workbook = Workbook()
    sheet = workbook.active
    for row in (
        ["Account", "Date", "Amount", "Description"],
        ["One", date(2020, 3, 2), 20, 8001015009087],
        ["Two", date(2020, 3, 3), 20.5, "X"],
    ):
        sheet.append(row)
    workbook.save(tmp_path / "statement.xlsx")
    one, two = read_statements(tmp_path / "statement.xlsx", TODAY)
    assert (one.account, lines_of(one)) == ("One", [("2020-03-02", 2000, None, "8001015009087")])
    assert (two.account, lines_of(two)) == ("Two", [("2020-03-03", 2050, None, "X")])


def test_no_lines(tmp_path):
    (statement,) = read(tmp_path, "Date,Amount,Description\n")
    assert len(statement.lines) == 0
    assert statement.opening_cents is None


def test_a_format_that_is_not_the_one_named_is_refused(tmp_path):
    with pytest.raises(InputRefused, match="no statement in the format fnb"):
        read(tmp_path, "Date,Amount,Description\n2020-03-02,20.00,X\n", bank="fnb")


@pytest.mark.parametrize(
    ("line", "column", "value", "code"),
    [
        ("2020-02-30,20.00,X,", "Date", "2020-02-30", "value_date"),
        (",20.00,X,", "Date", "", "value_date"),
        ("2020-03-02,2o.oo,X,", "Amount", "2o.oo", "amount"),
        ("2020-03-02,,X,", "Amount", "", "amount"),
        ("2020-03-02,20.00,X,ten", "balance", "ten", "balance"),
        ("2020-03-02,20.00,X,10.00,more", "", "X", "cells"),
    ],
)
def test_a_line_that_cannot_be_read_is_a_problem_with_its_place(tmp_path, line, column, value, code):
    text = f"Date,Amount,Description,Balance\n2020-03-01,20.00,GOOD,\n{line}\n2020-03-04,20.00,GOOD,\n"
    (statement,) = read(tmp_path, text)
    (problem,) = statement.problems
    assert (problem.file, problem.row, problem.column, problem.value, problem.code) == (
        "statement.csv", 3, column, value, code,
    )  # fmt: skip
    assert statement.unreadable == 1
    assert statement.lines.narrative.to_pylist() == ["GOOD", "GOOD"]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize(
    ("wrong", "expected", "found"),
    [("2020/03/03,20.00,1045.00,B", 104000, 104500), ("2020/03/03,25.00,1040.00,B", 104500, 104000)],
)
def test_where_a_statement_stops_adding_up(tmp_path, newest_first, wrong, expected, found):
    lines = ["2020/03/02,20.00,1020.00,A", wrong, "2020/03/04,20.00,1060.00,C", "2020/03/05,20.00,1080.00,D"]
    head = ["ACCOUNT TRANSACTION HISTORY", "Date,Amount,Balance,Description"]
    (statement,) = read(tmp_path, "\n".join([*head, *(lines[::-1] if newest_first else lines)]) + "\n")
    row = 5 if newest_first else 4
    assert (statement.breaks.row, statement.breaks.expected, statement.breaks.found) == (row, expected, found)
