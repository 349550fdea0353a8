"""Registers made up for tests: valid ID numbers, rows by field, files."""

import csv
import io
from pathlib import Path
from typing import Any

from tests.tamper import sql

PLACES = """province,region_code,region,branch_code,branch,ward
GP,EKU,Ekurhuleni,79700012,Katlehong,79700012
GP,EKU,Ekurhuleni,79700013,Vosloorus,79700013
WC,WIN,Winelands,10501001,Paarl,10501001
WC,WIN,Winelands,10501002,Paarl,
"""
THABO, PRIYA, MARIA, NOMSA = "8001015009087", "7501151234085", "2002295001089", "6405064999084"
HEADINGS = {
    "id_number": "ID NO.",
    "surname": "SURNAME",
    "first_names": "FIRST NAMES",
    "branch": "BRANCH CODE",
    "cell": "CELL NO.",
    "email": "E-MAIL",
    "gender": "SEX",
    "joined_on": "DATE JOINED",
    "last_payment_on": "DATE LAST PAID",
    "last_payment_cents": "AMOUNT PAID",
    "status": "STATUS",
}
# A row with nothing odd about it.
SOUND = {
    "id_number": THABO,
    "surname": "MOKOENA",
    "first_names": "THABO JOHANNES",
    "branch": "79700012",
    "cell": "0821234567",
    "email": "thabo@example.org",
    "gender": "M",
    "joined_on": "2010-01-02",
    "last_payment_on": "2019-12-20",
    "last_payment_cents": "20.00",
    "status": "",
}


def with_check_digit(twelve: str) -> str:
    """Twelve digits and the check digit that makes them valid, by trying."""
    for digit in "0123456789":
        total = sum(
            sum(divmod(int(one) * (2 - place % 2), 10)) for place, one in enumerate((twelve + digit)[::-1], start=1)
        )
        if total % 10 == 0:
            return twelve + digit
    raise AssertionError(twelve)


def number(person: int) -> str:
    """A valid ID number for each of ten thousand people, born 1980-01-01."""
    return with_check_digit(f"800101{person:04}08")


def row(**cells: str) -> dict[str, str]:
    """A sound row but for some cells."""
    return SOUND | cells


def text(rows: list[dict[str, str]], fields: tuple[str, ...] = tuple(HEADINGS)) -> str:
    to = io.StringIO()
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow([HEADINGS.get(field, field) for field in fields])
    writer.writerows([one.get(field, "") for field in fields] for one in rows)
    return to.getvalue()


def file(office: Any, *rows: dict[str, str], name: str = "register.csv", **more: Any) -> Path:
    """A register in the test's folder."""
    path: Path = office.write(name, text(list(rows), **more))
    return path


def imported(office: Any, *words: object) -> Any:
    """What an import says it did; every row must be accounted for."""
    result = office("register", "import", *words, "--json").json
    parts = ("accepted", "updated", "unchanged", "quarantined", "blank")
    assert result["read"] == sum(result[part] for part in parts), result
    return result


def outcome(result: Any) -> dict[str, int]:
    """The counts of an import that are not nothing."""
    parts = ("accepted", "updated", "unchanged", "quarantined", "blank")
    return {part: result[part] for part in parts if result[part]}


def members(office: Any, *columns: str) -> list[tuple[Any, ...]]:
    """Columns of the members on record, by ID number."""
    return sql(office, f"SELECT {', '.join(columns)} FROM member ORDER BY id_number")


def dump(office: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Everything an import writes that means something by itself."""
    return {
        "member": sql(office, "SELECT * FROM member ORDER BY id"),
        "standing": sql(office, "SELECT * FROM standing ORDER BY member"),
        "decision": sql(office, "SELECT * FROM decision WHERE reversed_by IS NULL ORDER BY id"),
        "held": sql(
            office,
            "SELECT register_row.id FROM register_row JOIN batch ON batch.number = register_row.batch "
            "WHERE outcome = 'quarantined' AND resolved_by IS NULL AND undone_by IS NULL ORDER BY 1",
        ),
        "branch": sql(office, "SELECT code, name, region FROM branch ORDER BY code"),
    }


def counts(office: Any) -> dict[str, int]:
    """How many rows there are in every table an import may write to, but for what tells of the batch itself."""
    tables = (
        "member",
        "standing",
        "decision",
        "change",
        "register_row",
        "register_listing",
        "register_source",
        "branch",
    )
    return {table: sql(office, f"SELECT count(*) FROM {table}")[0][0] for table in tables}
