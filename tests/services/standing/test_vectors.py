"""tests/vectors/standing.csv through the public commands: registers and statements in, decisions, then every answer."""

import csv
from pathlib import Path

from sqlalchemy import select
from tests.services.standing.records import session_of

from ancadmin.db.schema import member, standing

CASES = list(csv.DictReader(Path("tests/vectors/standing.csv").read_text(encoding="utf-8").splitlines()))
BRANCH = "79700012"
PLACES = f"""province,region_code,region,branch_code,branch,ward
Gauteng,EKU,Ekurhuleni,{BRANCH},Ward 12,79700012
"""


def id_number(number: int) -> str:
    """A valid ID number for each case: born on a day of 1980, male, a citizen."""
    digits = f"{800101 + number % 28:06}{5001 + number:04}08"
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits)]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return f"{digits}{-total % 10}"


NUMBERS = {case["case"]: id_number(place) for place, case in enumerate(CASES)}


def entries(case: dict[str, str], field: str) -> list[list[str]]:
    return [one.split(":") for one in case[field].split(";") if one]


def bring_in_registers(office) -> None:
    office("db", "places", "import", office.write("places.csv", PLACES))
    rows = ["ID Number,Surname,First Names,Branch Code,Last Payment Date,Last Payment Amount"]
    for case in CASES:
        if case["kind"] == "legacy":
            amount = f"{int(case['last_payment_cents']) / 100:.2f}" if case["last_payment_cents"] else "N/A"
            paid_on = case["last_payment_on"] or "N/A"
            rows.append(f"{NUMBERS[case['case']]},Mokoena,Thabo,{BRANCH},{paid_on},{amount}")
    imported = office("register", "import", office.write("register.csv", "\n".join(rows) + "\n"), "--json").json
    assert imported["accepted"] == len(rows) - 1


def bring_in_applications(office) -> None:
    for case in (case for case in CASES if case["kind"] == "new"):
        number = NUMBERS[case["case"]]
        form = ("--surname", "Dlamini", "--first-names", "Sipho", "--branch", BRANCH, "--why", "Form 1")
        office("member", "apply", number, *form, "--on", "2019-09-01")
        if case["accepted"]:
            office("member", "accept", number, "--on", case["accepted"], "--why", "BEC")
        if case["refused"]:
            office("member", "refuse", number, "--on", case["refused"], "--why", "BEC")


def bring_in_money(office) -> None:
    rows = ["Date,Amount,Description"]
    for case in CASES:
        for on, cents in entries(case, "payments"):
            rows.append(f"{on},{int(cents) / 100:.2f},CASH DEP {NUMBERS[case['case']]}")
    statement = office.write("statement.csv", "\n".join(rows) + "\n")
    office("deposits", "import", statement, "--bank", "csv", "--account", "FNB 1")
    matched = office("deposits", "match", "--json").json
    assert matched["matched"] == len(rows) - 1, matched


def decide(office) -> None:
    verbs = {"resigned": "resign", "defected": "defect", "lapsed": "lapse"}
    deaths = ["ID Number,Date of Death"]
    for case in CASES:
        number = NUMBERS[case["case"]]
        for kind, on, until in entries(case, "exclusions"):
            if kind in verbs:
                office("member", verbs[kind], number, "--on", on, "--why", "Letter")
            else:
                lasts = ("--until", until) if until else ()
                office("member", "discipline", number, "--kind", kind, "--on", on, *lasts, "--why", "DC 4")
        for lodged, settled in entries(case, "objections"):
            office("member", "object", number, "--on", lodged, "--why", "Complaint")
            if settled:
                office("member", "object", number, "--settled", settled, "--why", "Withdrawn")
        if case["deceased"]:
            deaths.append(f"{number},{case['deceased']}")
    office("member", "deceased", "import", office.write("deaths.csv", "\n".join(deaths) + "\n"), "--strict")


def told(case: dict[str, str]) -> tuple[str, str | None, int]:
    return case["status"], case["paid_until"] or None, int(case["arrears_cents"])


def test_every_case_through_the_public_commands(office):
    bring_in_registers(office)
    bring_in_applications(office)
    bring_in_money(office)
    decide(office)
    for on in sorted({case["on"] for case in CASES}):
        listed = {row["id_number"]: row for row in office("member", "list", "--on", on, "--json").json}
        assert office("sweep", "--on", on, "--json").json["on"] == on
        recorded = recorded_statuses(office)
        for case in (case for case in CASES if case["on"] == on):
            number = NUMBERS[case["case"]]
            row = listed[number]
            assert (row["status"], row["paid_until"], row["arrears_cents"]) == told(case), case["case"]
            assert recorded[number] == case["status"], case["case"]
            explained_as_listed(office, number, on, told(case))
    assert office("sweep", "--on", on, "--verify", "--json").json["wrong"] == 0


def explained_as_listed(office, number, on, answer):
    explained = office("member", "explain", number, "--on", on, "--json").json
    facts = explained["facts"]
    assert (explained["status"], facts["paid_until"], facts["arrears_cents"]) == answer
    assert len(explained["sentences"]) == 3
    if explained["next_change_on"] is not None:
        assert explained["next_status"] != explained["status"]
        assert explained["next_change_on"] > on


def recorded_statuses(office) -> dict[str, str]:
    with session_of(office.db).store.connect() as connection:
        query = select(member.c.id_number, standing.c.status).join(standing, standing.c.member == member.c.id)
        return {row.id_number: row.status for row in connection.execute(query)}
