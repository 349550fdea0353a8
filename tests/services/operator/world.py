"""A small organisation with the same in three regions, and a way to type commands as anybody."""

from datetime import timedelta
from typing import Any

from tests.accounts import pretending
from tests.services.deposits.working import statement
from tests.services.register.making import number
from tests.tamper import sql

from ancadmin.services.session import today_in_johannesburg

PLACES = """province,region_code,region,branch_code,branch,ward
GP,EKU,Ekurhuleni,79700012,Tembisa,79700012
GP,EKU,Ekurhuleni,79700013,Vosloorus,79700013
GP,TSH,Tshwane,79900001,Mamelodi,79900001
KZN,ETH,Ethekwini,59500001,Umlazi,59500001
"""
# Where things of each kind are: their branch, their region, and a surname only people there have.
OWN, NEAR, FAR = ("79700012", "EKU", "Ownson"), ("79900001", "TSH", "Nearson"), ("59500001", "ETH", "Farson")
HERE = (OWN, NEAR, FAR)
_NOW = today_in_johannesburg()
TODAY = _NOW.isoformat()
PAID = (_NOW - timedelta(days=200)).isoformat()
# Who paid last on this day is reminded: the next dues fall due within the month.
DUE_SOON = (_NOW - timedelta(days=345)).isoformat()
_HEAD = "ID Number,Surname,First Names,Branch Code,Joined,Last Payment Date,Amount,Cell\n"


def person(place: int, which: int = 0) -> str:
    """The ID number of somebody of a place: 0 a member, 1 an applicant, 2 in probation, 3 another member,
    4 whose dues fall due, 5 who is dead.
    """
    return number(100 * (place + 1) + which)


def secretary(place: int) -> str:
    """The account of the branch secretary of a place."""
    return f"secretary-{HERE[place][2]}"


def let_in(office: Any, account: str, role: str, place: str) -> None:
    """Makes somebody an operator as an office does; on a server they are a login first."""
    make_login(office, account)
    office("operator", "add", account, "--name", account, "--role", role, "--place", place)


def make_login(office: Any, account: str) -> None:
    """A login of the server, which may do nothing yet; nothing on SQLite."""
    if office.db.startswith("postgresql"):
        sql(office, f'CREATE ROLE "{account}" LOGIN')


def world(office: Any) -> dict[str, str]:
    """Fills the store; returns what the lines of the table call by name."""
    office("db", "places", "import", office.write("places.csv", PLACES))
    for at, (_, region, _) in enumerate(HERE):
        let_in(office, secretary(at), "branch_secretary", HERE[at][0])
        let_in(office, f"officer-{HERE[at][2]}", "membership_officer", region)
        _people(office, at)
    make_login(office, "somebody")
    names = {**_money(office), **_requests(office), **_sheets(office), **_files(office)}
    names |= {
        "own": person(0),
        "applicant": person(0, 1),
        "probation": person(0, 2),
        "other": person(0, 6),
        "former": person(0, 3),
        "standing": person(0, 4),
        "dead": person(0, 5),
    }
    office("member", "renumber", names["former"], names["other"], "--why", "ID document seen")
    deaths = office.write("death.csv", f"ID number,Date of death\n{person(0, 5)},{TODAY}\n")
    office("member", "deceased", "import", deaths)
    batches = office("batch", "list", "--limit", 200, "--json").json
    names["asked_in"] = next(row["batch"] for row in batches if row["operator"] == secretary(0))
    paper = ["export", "attendance-register", "--branch", OWN[0], "--cut-off", TODAY, "--meeting-date", TODAY]
    office(*paper, "--as", "pdf", "-o", office.folder / "register.pdf")
    names["paper"] = office.folder / "register.pdf"
    names["serial"] = office("export", "verify", names["paper"], "--json").json["serial"]
    return {name: str(value) for name, value in {**names, "today": TODAY, "folder": office.folder}.items()}


def _people(office: Any, at: int) -> None:
    branch, _, surname = HERE[at]
    rows = [
        f"{person(at)},{surname},Thandi,{branch},2010-01-01,2015-01-01,20.00,08212345{at}0\n",
        f"{person(at, 3)},{surname},Sipho,{branch},2010-01-01,2015-01-01,20.00,08212345{at}3\n",
        f"{person(at, 4)},{surname},Due,{branch},2010-01-01,{DUE_SOON},20.00,08212345{at}4\n",
        f"{person(at, 5)},{surname},Late,{branch},2010-01-01,2015-01-01,20.00,\n",
        f"80010{at},{surname},Held,{branch},2010-01-01,,,\n",
    ]
    file = office.write(f"register-{at}.csv", _HEAD + "".join(rows))
    with pretending(f"officer-{surname}"):
        office("register", "import", file)
    for which in (1, 2):
        who = [person(at, which), "--surname", surname, "--first-names", "A"]
        office("member", "apply", *who, "--branch", branch, "--on", TODAY, "--why", "Form")
    office("member", "accept", person(at, 2), "--on", TODAY, "--why", "Minutes")
    claim = ["--last-payment-on", "2020-01-01", "--last-payment-cents", 2000, "--on", TODAY, "--why", "Receipt"]
    office("member", "dispute", "lodge", person(at), "--kind", "wrong_standing", *claim)


def _money(office: Any) -> dict[str, Any]:
    """Deposits of a member of each place, learnt and suggested ones too, a bulk one and nobody's."""
    phones = [(PAID, 2000, f"DUES 08212345{at}3") for at in range(3)]
    office("deposits", "import", statement(office, "phones.csv", phones))
    office("deposits", "match")
    office("deposits", "review", "--accept", "--reason", "phone", "--yes", "--why", "Slips seen")
    lines = [(PAID, 2000, f"FEE {person(at)}") for at in range(3)]
    near = [(PAID, 2000, "FEE " + person(at)[:5] + person(at)[6:]) for at in range(3)]
    others = [(PAID, 10000, "MYSTERY"), (PAID, 30000, "BULK TEMBISA"), (PAID, -2000, "UNPAID")]
    office("deposits", "import", statement(office, "two.csv", [*lines, *near, *others]))
    office("deposits", "match")
    numbers = {row["narrative"]: row["deposit"] for row in office("deposits", "list", "--json").json}
    shares = "".join(f"{person(0, which)},Ownson,150.00\n" for which in (0, 3))
    schedule = office.write("schedule.csv", "ID Number,Surname,Amount\n" + shares)
    office("deposits", "bulk", "schedule", numbers["BULK TEMBISA"], schedule)
    office("deposits", "remind", "plan")
    sent = office("deposits", "remind", "send", "--channel", "sms", "-o", office.folder / "sms.csv", "--json").json
    return {
        "credited": numbers[f"FEE {person(0)}"],
        "nobodys": numbers["MYSTERY"],
        "bulk": numbers["BULK TEMBISA"],
        "debit": numbers["UNPAID"],
        "schedule": schedule,
        "sent": sent["batch"],
    }


def _requests(office: Any) -> dict[str, Any]:
    """A change that waits for approval in each place, asked for by its secretary."""
    for at in range(3):
        with pretending(secretary(at)):
            office("member", "show", person(at))
            office("member", "contact", person(at), "--cell", "0831111111", "--why", "She called")
    return {"request": office("approvals", "list", "--json").json[0]["request"], "secretary": secretary(0)}


def _sheets(office: Any) -> dict[str, Any]:
    """A cost sheet of each region; of the own one a second that can be submitted, and a third that was."""
    texts = ["--address", "12 Smit Street, Tembisa, 1632", "--concern", "Cards have a white line across the photograph"]
    texts += ["--cause", "The print head is scratched by dust", "--correction", "Fit a new print head and clean it"]
    made = []
    for _, region, surname in (*HERE, OWN, OWN):
        words = ["--region", region, "--subject", f"Card printer {surname}", *texts]
        made.append(office("costs", "new", *words, "--json").json["sheet"])
    line = ["--kind", "part", "--part-number", "Z1", "--description", "Head", "--quantity", "1", "--unit", "R100"]
    for sheet in made[3:]:
        for option in ("repair", "replace"):
            office("costs", "line", sheet, "--option", option, *line)
    office("costs", "submit", made[4])
    filled = office.folder / "filled.xlsx"
    office("costs", "template", made[3], "-o", filled)
    return {"sheet": made[0], "complete": made[3], "submitted": made[4], "filled": filled}


def _files(office: Any) -> dict[str, Any]:
    from ancadmin.policy import policy_text

    with pretending("officer-Ownson"):
        office("register", "quarantine", "export", office.folder / "held.xlsx")
    rows = office.write("rows.csv", f"{_HEAD}{person(0, 9)},Ownson,New,{OWN[0]},2010-01-01,2020-01-01,20.00,\n")
    mapping = office.write("mapping.toml", office("register", "profile", "suggest", rows).out)
    layout = office.write("layout.toml", office("deposits", "profile", "show", "capitec").out)
    office("register", "profile", "save", "mine", mapping)
    office("deposits", "profile", "save", "mine", layout)
    return {
        "rows": rows,
        "mapping": mapping,
        "layout": layout,
        "held": office.folder / "held.xlsx",
        "renamed": office.write("renamed.csv", PLACES.replace("Tembisa", "Tembisa West")),
        "wards": office.write("wards.csv", "old_ward,new_ward\n79700012,79700112\n"),
        "lines": office.write("lines.csv", "Date,Amount,Description\n2026-03-01,20.00,FEE\n"),
        "deaths": office.write("deaths.csv", f"ID number,Date of death\n{person(0)},{TODAY}\n"),
        "minutes": office.write("minutes.csv", f"ID number,Decision,Date\n{person(0, 1)},accepted,{TODAY}\n"),
        "door": office.write("door.csv", f"ID number\n{person(0)}\n"),
        "policy": office.write("policy.toml", policy_text(None)),
        "new": person(0, 8),
        "newcomer": person(0, 7),
        "claim": f"--last-payment-on 2020-01-01 --last-payment-cents 2000 --on {TODAY} --why W",
        "meeting": f"--cut-off {TODAY} --meeting-date {TODAY} --as pdf",
        "alias": 1,
    }
