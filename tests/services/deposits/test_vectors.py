"""docs/rules.md, section 4.2: every worked case of tests/vectors/matching_deposits.csv, through the commands."""

import csv
from pathlib import Path

from tests.services.deposits.working import holds, register

VECTORS = Path(__file__).parents[2] / "vectors"


def test_each_deposit_gets_the_first_rung_that_holds(office):
    members = _rows("matching_members.csv")
    register(office, [_registered(member) for member in members if "applicant" not in member["note"]])
    _apply(office, next(member for member in members if "applicant" in member["note"]))
    wanted = _rows("matching_deposits.csv")
    lines = [f'{row["value_date"]},{row["cents"]},"{row["narrative"]}"' for row in wanted]
    path = office.write("statement.csv", "Value date,Cents,Narrative\n" + "\n".join(lines) + "\n")
    imported = office("deposits", "import", path, "--json").json
    assert (imported["lines"], imported["not_a_deposit"]) == (len(wanted), 1)
    matched = office("deposits", "match", "--json").json
    assert matched["looked_at"] == len(wanted) - 1
    found = {(row["value_date"], row["cents"], row["narrative"]): row for row in _list(office)}
    assert len(found) == len(wanted)
    for case in wanted:
        got = found[case["value_date"], int(case["cents"]), case["narrative"]]
        members_named = [case["member"]] if case["member"] else []
        assert (got["state"], got["reason"]) == (case["state"], case["reason"]), case
        assert [one["id_number"] for one in got["members"]] == members_named, case
    assert holds(office)


def _rows(name):
    with (VECTORS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _list(office):
    return office("deposits", "list", "--json").json


def _registered(member):
    """A row of a register: `deceased 2020-02-01` in the note is a status with its day."""
    words = member["note"].split()
    status = dict(zip(("status", "status_on"), words, strict=True)) if words[:1] in (["deceased"], ["expelled"]) else {}
    return {**member, "last_payment": "20.00", **status}


def _apply(office, member):
    """`applicant from 2020-01-10`."""
    office(
        "member", "apply", member["id_number"], "--surname", member["surname"], "--branch", member["branch"],
        "--on", member["note"].split()[-1], "--why", "A form was handed in",
    )  # fmt: skip
