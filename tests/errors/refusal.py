"""What every refusal owes the officer: exit code 3, one line with file and place, what to do, and a store as it was."""

from pathlib import Path

from sqlalchemy import select

from ancadmin.db.schema import METADATA, access_event
from ancadmin.db.store import store_at

REGISTER = (
    "ID Number,Surname,First Names,Branch\n8001015009087,van Wyk,Piet,GP0101\n8801235111088,Molefe,Thabo,GP0101\n"
)


def contents(office):
    """Every row of the store, but for the record of who looked."""
    with store_at(office.db).engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(select(table))))
            for name, table in METADATA.tables.items()
            if name != access_event.name
        }


def refused(office, path: Path, place: str, what: str, remedy: str) -> None:
    """Imports a good register, then `path` after another good one in one command, which must be refused whole."""
    office("register", "import", office.write("good.csv", REGISTER), "--create-branches")
    other = office.write("other.csv", REGISTER.replace("8001015009087", "7501151234085"))
    before = contents(office)
    assert before["member"]
    answer = office("register", "import", other, path, code=3)
    assert answer.out == ""
    lines = answer.err.strip().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"ancadmin: error: {path}{place}: ")
    assert what in lines[0]
    assert remedy in lines[1]
    assert contents(office) == before
    office("audit", "verify")
