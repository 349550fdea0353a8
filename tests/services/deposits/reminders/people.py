"""People whose dues fall due around today, put on record for tests of reminders."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from tests.services.export.records import PLACES, pay, session_of

from ancadmin.db.schema import member
from ancadmin.domain.dates import add_months
from ancadmin.services.session import today_in_johannesburg
from ancadmin.services.standing.settle import settle

CELL, EMAIL = "+27821234567", "thabo@example.org"


def due_in(days: int) -> str:
    """A day of a last payment whose twelve months end so many days from today, or for an end of a month up to three
    later.
    """
    end = today_in_johannesburg() + timedelta(days=days)
    for more in range(4):
        paid = add_months(end + timedelta(days=more), -12)
        if add_months(paid, 12) == end + timedelta(days=more):
            return paid.isoformat()
    raise AssertionError(end)


def until(paid: str) -> str:
    """The first day a payment on that day does not cover."""
    return add_months(date.fromisoformat(paid), 12).isoformat()


def someone(paid: str | None, branch: str = "EKU001", **more: Any) -> dict[str, Any]:
    """A member whose last payment was of the fee on the day `paid`."""
    return {
        "surname": "Mokoena",
        "first_names": "Thabo",
        "branch": branch,
        "last_payment_on": paid,
        "last_payment_cents": 2000 if paid else None,
        "cell": CELL,
        "email": EMAIL,
        **more,
    }


def put_on_record(office: Any, *people: dict[str, Any]) -> None:
    """Members 1, 2, 3 … in the places of `records`."""
    office("db", "places", "import", office.write("places.csv", PLACES))
    with session_of(office.db).batch("test records") as batch:
        same = {"gender": "male", "born": "1980-01-01", "joined_on": "2015-01-01", "origin": "register"}
        rows = [
            {"id": number, "id_number": f"{8001015000000 + number}", "batch": batch.number, **same, **one}
            for number, one in enumerate(people, 1)
        ]
        batch.connection.execute(insert(member), rows)
        settle(batch, select(member.c.id))


def outbox(office: Any, *words: str) -> list[dict[str, Any]]:
    """The rows of `deposits remind list`."""
    rows: list[dict[str, Any]] = office("deposits", "remind", "list", "--json", *words).json
    return rows


def planned(office: Any, *words: str) -> dict[str, Any]:
    """What `deposits remind plan` says."""
    answer: dict[str, Any] = office("deposits", "remind", "plan", "--json", *words).json
    return answer


def sent(office: Any, channel: str, *words: object) -> dict[str, Any]:
    """What `deposits remind send` says."""
    answer: dict[str, Any] = office("deposits", "remind", "send", "--channel", channel, "--json", *words).json
    return answer


def pay_today(office: Any, person: int) -> None:
    """A fee of member `person` comes in today."""
    pay(office, person, (today_in_johannesburg().isoformat(), 2000))


def gateway(path: Path) -> list[dict[str, str]]:
    """The rows of a gateway file."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
