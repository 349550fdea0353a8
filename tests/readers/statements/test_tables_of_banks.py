"""A random ledger written as each bank would, read back to the cent and the day (docs/rules.md, section 4.1)."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ancadmin.readers.statements.read import read_statements

TODAY = date(2026, 11, 22)
ACCOUNT = "62012345678"
TEXTS = st.text("ABCDEZË0123456789 .,/#&'", min_size=1, max_size=24).map(lambda text: f"X{' '.join(text.split())}")
CENTS = st.integers(-9_999_999_99, 9_999_999_99).filter(bool)
AFRIKAANS = ["Jan", "Feb", "Mrt", "Apr", "Mei", "Jun", "Jul", "Aug", "Sept", "Okt", "Nov", "Des"]
ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@st.composite
def ledgers(draw):
    """An opening balance, and lines (day, cents, text), oldest first, on days of a few weeks, year ends among them."""
    first = draw(
        st.dates(date(2015, 1, 1), date(2025, 12, 1)) | st.sampled_from([date(2019, 12, 20), date(2020, 2, 20)])
    )
    days = sorted(draw(st.lists(st.integers(0, 40), min_size=1, max_size=8)))
    lines = [(first + timedelta(days=day), draw(CENTS), draw(TEXTS)) for day in days]
    return draw(st.integers(-10_000_00, 10_000_00)), lines


def often(examples=20):
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
    )


def plain(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def parted(cents, by=" ", point=","):
    """`-1 234,50`, as many banks write it."""
    return f"{cents / 100:,.2f}".replace(".", "p").replace(",", by).replace("p", point)


def marked(cents):
    """`1,234.50Cr`, money out with Dr."""
    return f"{abs(cents) / 100:,.2f}{'Cr' if cents > 0 else 'Dr'}"


def text_of(rows, separator=","):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def with_balances(ledger):
    balance, lines = ledger
    for day, cents, text in lines:
        balance += cents
        yield day, cents, text, balance


def holds(statement, ledger, account=ACCOUNT, running=True):
    opening, lines = ledger
    found = statement.lines
    assert (statement.account, statement.unreadable, statement.breaks) == (account, 0, None)
    if opening is not None:
        assert (statement.opening_cents, statement.closing_cents) == (opening, opening + sum(line[1] for line in lines))
    assert found.value_date.astype(str).tolist() == [day.isoformat() for day, *_ in lines]
    assert found.cents.tolist() == [cents for _, cents, *_ in lines]
    assert [text.split(" | ")[0] for text in found.narrative.to_pylist()] == [text for *_, text in lines]
    if running:
        assert found.balance.tolist() == [balance for *_, balance in with_balances(ledger)]


def reads(path, text, encoding="utf-8", bank=None):
    path.write_bytes(text.encode(encoding))
    return read_statements(path, TODAY, bank)


def records(ledger, months, amount, balances, numbered):
    """FNB's record types: '13 Aug' without a year, the period in record 3."""
    opening, lines = ledger
    closing = opening + sum(cents for _, cents, _ in lines)

    def dated(day):
        return f"'{day.day:02} {months[day.month - 1]}'"

    yield [2, ACCOUNT, "'MEMBERSHIP'", "'CHEQUE'"]
    period = [f"'{day.day} {months[day.month - 1]} {day.year}'" for day in (lines[0][0], lines[-1][0])]
    yield [3, 17, *period, plain(opening), plain(closing), "-1.20"]
    if numbered:
        headings = [
            "Number",
            "Date",
            "Description1",
            "Description2",
            "Description3",
            "Amount",
            "Balance",
            "Accrued Charges",
        ]
        yield [5, *(f"'{heading}'" for heading in headings)]
    for number, (day, cents, text, balance) in enumerate(with_balances(ledger), 1):
        shown = plain(balance) if balances else ""
        yield [5, *([number] if numbered else []), dated(day), text, "", "", amount(cents), shown, "3.50"]
    yield [6, "'END'"]


@pytest.mark.parametrize("amount", [plain, parted, marked])
def test_fnb_records(tmp_path, amount):
    @often()
    @given(
        st.lists(ledgers(), min_size=1, max_size=3), st.sampled_from([ENGLISH, AFRIKAANS]), st.booleans(), st.booleans()
    )
    def back(several, months, balances, numbered):
        rows = [row for ledger in several for row in records(ledger, months, amount, balances, numbered)]
        found = reads(tmp_path / "fnb.csv", text_of(rows), "cp1252")
        assert [one.bank for one in found] == ["fnb-records"] * len(several)
        for statement, ledger in zip(found, several, strict=True):
            holds(statement, ledger, running=balances)
            assert (statement.sequence, statement.period_from) == ("17", ledger[1][0][0])

    back()


def capitec(ledger):
    yield [
        "Nr",
        "Account",
        "Posting Date",
        "Description",
        "Original Description",
        "Money In",
        "Money Out",
        "Fee",
        "Balance",
    ]
    for number, (day, cents, text, balance) in enumerate(with_balances(ledger), 1):
        money = (
            ["", "", plain(cents)]
            if text.startswith("XF")
            else [plain(cents) if cents > 0 else "", plain(cents) if cents < 0 else "", ""]
        )
        yield [number, ACCOUNT, day, text, text, *money, plain(balance)]


def capitec_business(ledger):
    yield ["Balance brought forward:", plain(ledger[0])]
    yield []
    yield ["Account", "Date", "Description", "Reference", "Amount", "Fees", "Balance"]
    for day, cents, text, balance in with_balances(ledger):
        yield [ACCOUNT, f"{day:%d/%m/%Y}", text, "", plain(cents), "", plain(balance)]
    yield ["Total:", "", "", "", "1.00", "", plain(balance)]


def nedbank(ledger):
    yield from (["Statement Enquiry :"], ["Account Number : ", ACCOUNT], ["Account Description :", "CURRENT"])
    yield [f"{ledger[1][0][0]:%d%b%Y}", "BROUGHT FORWARD", "", plain(ledger[0]), ""]
    for day, cents, text, balance in with_balances(ledger):
        yield [f"{day:%d%b%Y}", text, plain(cents), plain(balance), ""]
    yield [f"{day:%d%b%Y}", "PROVISIONAL STATEMENT", "", "", ""]


def standardbank(ledger):
    opening, lines = ledger
    yield from ([0, 123, "BRANCH", 0, "", "X", 0, 0], ["", ACCOUNT, "ACC-NO", 0, "", "", 0, 0])
    yield ["", 0, "OPEN", plain(opening), "OPEN BALANCE", "", 0, 0]
    for day, cents, text in lines:
        yield ["HIST", f"{day:%Y%m%d}", "##" if cents < 0 else "", plain(cents), text, "", 1, 0]
    yield ["", 0, "CLOSE", plain(opening + sum(cents for _, cents, _ in lines)), "CLOSE BALANCE", "", 0, 0]


def standardbank_business(ledger):
    yield from (["Statement of Account"], [], ["Account No:", f"{ACCOUNT} - SBZAZAJJ"])
    yield ["Date", "Value Date", "Statement Number", "Description", "Amount", "Balance", "Type", "Originator Reference"]
    first = ledger[1][0][0]
    yield [f"{first:%Y/%m/%d}", f"{first:%Y/%m/%d}", "1", "OPEN BALANCE", "", f"{ledger[0] / 100:+.2f}", "", ""]
    for day, cents, text, balance in with_balances(ledger):
        yield [
            f"{day:%Y/%m/%d}",
            f"{day:%Y/%m/%d}",
            "1",
            text,
            f"{cents / 100:+.2f}",
            f"{balance / 100:+.2f}",
            "TRF",
            "",
        ]


def absa(ledger):
    yield ["Account Number:", ACCOUNT]
    yield ["Date", "Description", "Amount", "Balance"]
    for day, cents, text, balance in with_balances(ledger):
        yield [f"{day:%Y%m%d}", text, plain(cents), plain(balance)]


@pytest.mark.parametrize(
    ("bank", "written"),
    [
        ("capitec", capitec),
        ("capitec", capitec_business),
        ("nedbank", nedbank),
        ("standardbank", standardbank),
        ("standardbank", standardbank_business),
        ("absa", absa),
    ],
)
def test_each_bank(tmp_path, bank, written):
    @often()
    @given(ledgers(), st.sampled_from([",", ";"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    def back(ledger, separator, encoding):
        path = tmp_path / "statement.csv"
        (statement,) = reads(path, text_of(written(ledger), separator), encoding, bank)
        assert statement.bank == bank
        holds(statement, ledger, running=written is not standardbank)

    back()


def test_a_line_far_beside_the_period_is_refused_by_its_row(tmp_path):
    text = f"2,{ACCOUNT}\n3,1,'1 March 2020','31 March 2020',0,40.00\n5,1,'2 Mar',A,,,20.00,\n5,2,'13 Aug',B,,,20.00,\n"
    (statement,) = reads(tmp_path / "fnb.csv", text)
    (problem,) = statement.problems
    assert (problem.row, problem.code) == (4, "value_date")
    assert problem.value == "13 Aug; the period is 2020-03-01 to 2020-03-31"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[layout]\n", "not valid TOML"),
        ("bank = 1\n", "a list of `[[layout]]`"),
        ("[[layout]]\nheading = ['A']\n", "no such key (heading)"),
        ("[[layout]]\n[layout.columns]\nwhen = 1\n", "no such column (when)"),
        ("[[layout]]\n[layout.columns]\ndate = 0\n", "`date` names no column (0)"),
        ("[[layout]]\n[layout.columns]\namount = 1\n", "no column of dates"),
        ("[[layout]]\n[layout.columns]\ndate = 1\n", "no column of amounts"),
        ("[[layout]]\n[layout.columns]\ndate = 1\namount = 2\n", "nothing says what a line is for"),
        ("[[layout]]\n[layout.columns]\ndate = 'D'\namount = 2\ndescription = 3\n", "has no `headings` (D)"),
        (
            "[[layout]]\nheadings = ['E']\n[layout.columns]\ndate = 'D'\namount = 2\ndescription = 3\n",
            "among `headings` (D)",
        ),
        ("[[layout]]\nsign = 'odd'\n[layout.columns]\ndate = 1\namount = 2\ndescription = 3\n", "no such value (odd)"),
        ("[[layout]]\nskip = 'x'\n[layout.columns]\ndate = 1\namount = 2\ndescription = 3\n", "is a list of texts (x)"),
        ("[[layout]]\nrecord = 1\n[layout.columns]\ndate = 1\namount = 2\ndescription = 3\n", "says no rows (1)"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_profile_that_is_wrong_says_where_and_what_to_write(office, text, said):
    path = office.write("mine.toml", text)
    answer = office("deposits", "import", office.write("a.csv", "x\n"), "--profile", path, code=3)
    assert str(path) in answer.err
    assert said in answer.err
