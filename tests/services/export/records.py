"""A small organisation put on record: two provinces, three regions, four branches, members of every kind."""

from datetime import date
from typing import Any

from sqlalchemy import insert, select

from ancadmin.db.schema import allocation, decision, deposit, member, statement
from ancadmin.services.session import Session, open_session
from ancadmin.services.standing.settle import settle
from ancadmin.settings import load_settings

PLACES = """\
province,region_code,region,branch_code,branch,ward
GP,EKU,Ekurhuleni,EKU001,Tembisa,79700012
GP,EKU,Ekurhuleni,EKU002,Katlehong,79700050
GP,TSH,Tshwane,TSH001,Soshanguve,79900020
LIM,VHE,Vhembe,VHE001,Thohoyandou,93404020
"""
CUT_OFF, MEETING = "2020-03-31", "2020-05-02"
GOOD = {"last_payment_on": "2019-12-15", "last_payment_cents": 2000}
GRACE = {"last_payment_on": "2019-02-15", "last_payment_cents": 2000}
OUT = {"last_payment_on": "2017-02-15", "last_payment_cents": 2000}
NOT_CAPTURED: dict[str, Any] = {}

# (branch, surname, first names, voting district, cell, what was paid)
PEOPLE = (
    ("EKU001", "Ṱhavhana", "Tshifhiwa", "32840001", "+27821234567", GOOD),
    ("EKU001", "thabethe", "Sipho", None, None, GOOD),
    ("EKU001", "Coetzée", "Zoë", "32840001", "+27831234567", GOOD),
    ("EKU001", "=1+1", "@SUM(A1)", "32840002", None, GOOD),
    ("EKU001", "Mokoena", "Lerato", None, None, GRACE),
    ("EKU001", "Naidoo", "", None, None, OUT),
    ("EKU001", "van der Merwe", "Johannes", None, None, NOT_CAPTURED),
    ("EKU002", "Dlamini", "Nomvula", None, None, GOOD),
    ("EKU002", "Dlamini", "Ayanda", None, None, GOOD),
    ("TSH001", "Muḽaudzi", "Rofhiwa", None, None, GOOD),
    ("TSH001", "Ndou", "Mpho", None, None, OUT),
)


def session_of(db: str, **more: Any) -> Session:
    return open_session(load_settings(db), **more)


def set_up(office: Any) -> None:
    """The places and PEOPLE; VHE001 has nobody."""
    office("db", "places", "import", office.write("places.csv", PLACES))
    with session_of(office.db).batch("test records") as batch:
        rows = [
            {
                "id": number,
                "id_number": f"{8001015000000 + number}",
                "branch": branch,
                "surname": surname,
                "first_names": first_names,
                "voting_district": district,
                "cell": cell,
                "gender": "male",
                "born": "1980-01-01",
                "joined_on": "2015-01-01",
                "last_payment_on": paid.get("last_payment_on"),
                "last_payment_cents": paid.get("last_payment_cents"),
                "origin": "register",
                "batch": batch.number,
            }
            for number, (branch, surname, first_names, district, cell, paid) in enumerate(PEOPLE, 1)
        ]
        batch.connection.execute(insert(member), rows)
        settle(batch, select(member.c.id))


def decide(office: Any, number: int, kind: str, on: str) -> None:
    """A death or an expulsion of member `number`."""
    with session_of(office.db).batch("test decision") as batch:
        batch.connection.execute(
            insert(decision).values(
                member=number,
                kind=kind,
                begins_on=on,
                why="as minuted",
                asked_by="someone",
                decided_at="2020-01-01T00:00:00Z",
                policy_version=batch.policy.version,
                batch=batch.number,
            )
        )
        settle(batch, select(member.c.id).where(member.c.id == number))


def pay(office: Any, number: int, *payments: tuple[str, int]) -> None:
    """Money allocated to member `number`: (value date, cents)."""
    with session_of(office.db).batch("test payments") as batch:
        connection = batch.connection
        if connection.scalar(select(statement.c.id)) is None:
            connection.execute(
                insert(statement).values(
                    id=1, batch=batch.number, file="s.csv", sha256="0", bank="csv", account="A", lines=0
                )
            )
        for on, cents in payments:
            line = len(connection.execute(select(deposit.c.id)).all()) + 1
            connection.execute(
                insert(deposit).values(
                    id=line,
                    batch=batch.number,
                    statement=1,
                    line=line,
                    account="A",
                    value_date=date.fromisoformat(on).isoformat(),
                    cents=cents,
                    narrative="x",
                    fingerprint=line,
                    occurrence=0,
                    readings=1,
                    bulk_words=False,
                    state="matched",
                    unallocated_cents=0,
                )
            )
            connection.execute(
                insert(allocation).values(
                    deposit=line, member=number, cents=cents, value_date=on, reason="officer", batch=batch.number
                )
            )
        settle(batch, select(member.c.id).where(member.c.id == number))
