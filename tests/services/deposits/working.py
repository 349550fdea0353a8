"""A small organisation to match deposits in: people of a register, statements, and what became of the money."""

import csv
import io

from ancadmin.services.session import open_session
from ancadmin.settings import load_settings

PLACES = """province,region_code,region,branch_code,branch,ward
GP,EKU,Ekurhuleni,79700012,Tembisa,79700012
EC,BUF,Buffalo City,10501001,Mdantsane,10501001
EC,OLD,Old region,29300005,Motherwell,29300005
NW,BOJ,Bojanala,63703001,Rustenburg,63703001
"""
MOKOENA, NAIDOO, VAN_DER_MERWE = "8001015009087", "7501151234085", "2002295001089"
NOBODY = "9303035123081"


def register(office, members, name="register.csv"):
    """Imports people: dicts with id_number, and where given surname, branch, last_payment_on, last_payment (rands),
    status, status_on, cell and old_reference.
    """
    if not (office.folder / "places.csv").exists():
        office("db", "places", "import", office.write("places.csv", PLACES))
    rows = io.StringIO()
    headings = ["ID Number", "Surname", "First Names", "Branch Code", "Joined", "Last Payment Date", "Amount"]
    writer = csv.writer(rows)
    writer.writerow([*headings, "Status", "Status Date", "Cell", "Old Reference"])
    for member in members:
        writer.writerow(
            [
                member["id_number"],
                member.get("surname") or "Mokoena",
                member.get("first_names") or "Thabo",
                member.get("branch") or "79700012",
                member.get("joined_on", "2010-01-01"),
                member.get("last_payment_on", ""),
                member.get("last_payment", ""),
                member.get("status", ""),
                member.get("status_on", ""),
                member.get("cell", ""),
                member.get("old_reference", ""),
            ]
        )
    answer = office("register", "import", office.write(name, rows.getvalue()), "--json").json
    assert answer["quarantined"] == 0, answer
    return answer


def statement(office, name, lines, *, opening=None):
    """A statement as CSV. `lines`: (day, cents, narrative); with `opening` cents it has running balances."""
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["Date", "Amount", "Description", *(["Balance"] if opening is not None else [])])
    balance = opening or 0
    for day, cents, narrative in lines:
        balance += cents
        writer.writerow([day, rands(cents), narrative, *([rands(balance)] if opening is not None else [])])
    return office.write(name, rows.getvalue())


def rands(cents):
    """`-6550` → `-65.50`."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def take_in(office, *paths, **options):
    """Imports statements and returns the answer."""
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    return office("deposits", "import", *paths, *flags, "--json").json


def match(office):
    """Matches what is open and returns the answer."""
    return office("deposits", "match", "--json").json


def deposits(office, *flags):
    """The deposits as JSON rows."""
    return office("deposits", "list", *flags, "--json").json


def ledger(office):
    """What is on record of the lines, without numbers: the same in whatever order statements came in."""
    return sorted((row["account"], row["value_date"], row["cents"], row["narrative"]) for row in deposits(office))


def holds(office):
    """Every account adds up (exit 0), or the command fails."""
    return all(row["holds"] for row in office("deposits", "balance", "--json").json)


def session(office):
    """What services are given, for tests that run many of them."""
    return open_session(load_settings(office.db))


def undo(office, number):
    """Takes a batch back and returns the answer."""
    return office("batch", "undo", number, "--json").json


def numbered(office, narrative):
    """The one deposit with this narrative."""
    (row,) = (row for row in deposits(office) if row["narrative"] == narrative)
    return row
