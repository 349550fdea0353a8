"""A country of many small branches, and ways to issue its registers in processes of their own."""

import subprocess
import sys
from typing import Any

from sqlalchemy import insert, select
from tests.services.export.records import CUT_OFF, GOOD, MEETING, session_of

from ancadmin.db.schema import member
from ancadmin.services.standing.settle import settle

BRANCHES, PROVINCES = 36, ("EC", "GP", "WC")
# As at home, with what makes many of few: processes for a few files, a batch for a few branches.
_PROGRAM = """
import sys
from ancadmin.cli.app import run
from ancadmin.services.export import pens
from ancadmin.services.export.registers import issue
pens.FILES_A_PROCESS, issue.BRANCHES_A_BATCH = 1, 3
pens._cores = lambda: 2
sys.exit(run(sys.argv[1:]))
"""


def country(office: Any) -> None:
    """Three provinces of two regions, BRANCHES branches; the branch number n has n % 4 members in good standing."""
    rows = [
        f"{PROVINCES[number % 3]},R{number % 6},Region {number % 6},B{number:03},Branch {number},797000{number:02}"
        for number in range(BRANCHES)
    ]
    heading = "province,region_code,region,branch_code,branch,ward"
    office("db", "places", "import", office.write("country.csv", "\n".join([heading, *rows, ""])))
    branches = [f"B{number:03}" for number in range(BRANCHES) for _ in range(number % 4)]
    with session_of(office.db).batch("test records") as batch:
        people = [
            {
                "id": number,
                "id_number": f"{8001015000000 + number}",
                "branch": branch,
                "surname": f"Dlamini{number}",
                "first_names": "Ayanda",
                "gender": "male",
                "born": "1980-01-01",
                "joined_on": "2015-01-01",
                "origin": "register",
                "batch": batch.number,
                **GOOD,
            }
            for number, branch in enumerate(branches, 1)
        ]
        batch.connection.execute(insert(member), people)
        settle(batch, select(member.c.id))


def started(office: Any, *words: str) -> "subprocess.Popen[str]":
    """The whole country's registers in both forms, by a process group of its own."""
    days = ("--cut-off", CUT_OFF, "--meeting-date", MEETING)
    command = ["--db", office.db, "export", "attendance-register", "--all", *days, "--as", "pdf", "--as", "xlsx"]
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *command, "-o", str(office.folder / "papers"), "--json", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
