"""Statements of dues: every period with what was paid of it by what, and sums that agree with the standing."""

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select, update
from tests.services.export.records import decide, pay, session_of
from tests.services.export.records import set_up as put_on_record
from tests.services.register.making import number

from ancadmin.db.access import access_reader
from ancadmin.db.schema import access_event, member
from ancadmin.domain.dues_paper import Line, Payment

LERATO, MPHO, JOHANNES = 5, 11, 7  # paid on 2019-02-15, on 2017-02-15, not captured


def set_up(office):
    """The people of the records, under numbers that can be typed."""
    put_on_record(office)
    with session_of(office.db).batch("test numbers") as batch:
        for person in (LERATO, MPHO, JOHANNES):
            change = update(member).where(member.c.id == person)
            batch.connection.execute(change.values(id_number=number(person)))


def statement(office, person, *words, code=0):
    return office("export", "statement-of-dues", number(person), "--json", *words, code=code)


def pages(path):
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_each_period_says_what_paid_it_and_what_is_owing(office):
    """Owed from 2018-02-15, R20 a period: R50 on two days pay two periods, and half of the third."""
    set_up(office)
    pay(office, MPHO, ("2018-03-01", 3000), ("2019-05-01", 2000))
    path = office.folder / "dues.pdf"
    told = statement(office, MPHO, "--on", "2020-03-31", "-o", path).json
    said = (told["periods"], told["paid_up_to"], told["arrears_cents"], told["ahead_cents"])
    assert said == (3, "2020-02-14", 1000, 0)
    text = pages(path)
    for said in ("Ndou, Mpho", number(MPHO), "Soshanguve (TSH001)", "2018-03-01 R20.00", "2018-03-01 R10.00"):
        assert said in text.replace("\N{NO-BREAK SPACE}", " ").replace("  ", " "), said
    assert "The register's last payment is R20.00 on 2017-02-15" in text


@pytest.mark.parametrize("engine", ["sqlite"])
def test_money_for_periods_to_come_is_credit_ahead(office):
    set_up(office)
    pay(office, LERATO, ("2020-03-01", 7000))
    told = statement(office, LERATO, "--on", "2020-03-31", "--as", "pdf", "-o", office.folder / "a").json
    said = (told["periods"], told["paid_up_to"], told["arrears_cents"], told["ahead_cents"])
    assert said == (4, "2023-02-14", 0, 5000)


@pytest.mark.parametrize(
    ("payments", "died", "owing"),
    [
        ([("2017-02-01", 500), ("2018-03-01", 3000), ("2019-05-01", 2500)], False, [0, 0, 0]),
        ([("2018-03-01", 500)], False, [15, 20, 20]),
        ([("2018-03-01", 500)], True, [0, 0, 0]),
        ([("2018-03-01", 7000)], False, [0, 0, 0, 0]),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_workbook_says_the_same_to_the_cent(office, payments, died, owing):
    """What is owing adds up to the arrears: nothing of a period paid ahead in part, nor of the dead."""
    set_up(office)
    pay(office, MPHO, *payments)
    if died:
        decide(office, MPHO, "deceased", "2020-03-01")
    path = office.folder / "dues.xlsx"
    told = statement(office, MPHO, "--on", "2020-03-31", "-o", path).json
    book = load_workbook(path)
    *periods, total = book["Dues"].iter_rows(min_row=10, values_only=True)
    assert [one[4] for one in periods] == owing
    assert round(sum(owing) * 100) == round(total[4] * 100) == told["arrears_cents"]
    paid = sum(cents for _, cents in payments) / 100
    assert (total[2], total[3]) == (20 * len(periods), paid)
    assert sum(row[3] for row in book["Payments"].iter_rows(min_row=4, values_only=True)) == paid


def test_the_same_dues_are_the_same_file_and_the_trail_says_who_was_looked_at(office):
    set_up(office)
    hashes = {
        statement(office, MPHO, "--on", "2020-03-31", "-o", office.folder / name).json["file_hash"]
        for name in ("a.pdf", "b.pdf")
    }
    assert len(hashes) == 1
    assert oct((office.folder / "a.pdf").stat().st_mode & 0o777) == "0o600"
    with (
        session_of(office.db).reading("test") as connection,
        access_reader(session_of(office.db).store, connection) as trail,
    ):
        told = [row for row in trail.execute(select(access_event)) if row.action == "export statement-of-dues"]
    assert len(told) == 2
    assert all(f'"member":{MPHO}' in row.detail.replace(" ", "") and number(MPHO) not in row.detail for row in told)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_who_is_not_captured_owes_nothing_yet_and_the_dead_owe_nothing(office):
    set_up(office)
    decide(office, MPHO, "deceased", "2020-01-01")
    for person in (JOHANNES, MPHO):
        path = office.folder / f"{person}.pdf"
        told = statement(office, person, "--on", "2020-03-31", "-o", path).json
        assert told["arrears_cents"] == 0
    assert "The register does not say what was paid last" in pages(office.folder / f"{JOHANNES}.pdf")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_nobody_is_listed_before_they_joined(office):
    set_up(office)
    refused = statement(office, MPHO, "--on", "2014-12-31", "-o", office.folder / "a.pdf", code=3)
    assert "nobody is listed before" in refused.err
    assert not (office.folder / "a.pdf").exists()


def test_a_period_paid_by_many_payments_still_fits_on_its_page():
    payments = tuple(Payment(1, "2020-06-01", 20, "x") for _ in range(100))
    line = Line("2020-01-01", "2021-01-01", 2000, 2000, "2020-06-01", payments)
    assert line.payment_words.splitlines()[19:] == ["2020-06-01  R0.20  x", "and 80 more"]
