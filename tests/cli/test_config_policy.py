"""`config policy`: numbers that change with time, a file looked over before it is used, what it would change."""

from dataclasses import replace
from datetime import date

import pytest
from tests.oracle import EVER, Decision, History, Move, Payment, Rules, standing
from tests.services.standing.random_policies import as_toml
from tests.services.standing.records import put_on_record, session_of
from tests.tamper import sql

from ancadmin.db.schema import METADATA
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.policy import policy_text
from ancadmin.services.config.compare import compare
from ancadmin.services.export.scope import Scope
from ancadmin.services.standing.sweep import sweep

FROM_2099 = "\n[[changes]]\nfrom = 2099-01-01\n"


def policy(office, changes: str = "", name: str = "other.toml", text: str | None = None):
    return office.write(name, (text or policy_text(None)) + changes)


def findings(office, path, code: int = 0, *words: str):
    return office("config", "policy", "check", path, *words, "--json", code=code).json


sqlite_only = pytest.mark.parametrize("engine", ["sqlite"])


@sqlite_only
def test_the_policy_shown_has_todays_numbers_and_what_each_entry_changes(office):
    changes = "\n[[changes]]\nfrom = 2020-03-01\ngrace_months = 4\n" + FROM_2099 + "bulk.amount_fees = 20\n"
    shown = office("config", "policy", "--json", "--policy", policy(office, changes)).json
    assert (shown["grace_months"], shown["bulk_amount_fees"]) == (4, 10)
    assert shown["changes"] == [
        {"from": "2020-03-01", "grace_months": 4},
        {"from": "2099-01-01", "bulk_amount_fees": 20},
    ]
    assert shown["authorisation"][0]["decision"] == "application"
    answer = office("config", "policy", "--json", "check", code=2)
    assert "Put them behind check" in answer.err


@sqlite_only
def test_every_fault_of_a_file_is_said_at_once_with_its_line(office):
    text = (
        policy_text(None)
        .replace("grace_months = 3 ", 'grace_months = "3"')
        .replace("branch_minimum = 100", "")
        .replace('cost_sheet = "regional_secretary"', 'cost_sheet = "boss"')
        .replace('application = { alone = ["membership_officer+"]', 'application = { alone = ["treasurer"]')
    )
    changes = (
        "\n[[changes]]\nfrom = 2027-01-01\ngrace_month = 4\n\n[[changes]]\nfrom = 2026-01-01\nbulk.word_fees = -1\n"
    )
    path = policy(office, changes, text=text)
    found = findings(office, path, 4)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [(one["key"], one["value"]) for one in found] == [
        ("grace_months", "3"),
        ("branch_minimum", "missing"),
        ("changes.1.grace_month", "4"),
        ("changes.1", "empty"),
        ("changes.2.from", "2026-01-01"),
        ("changes.2.bulk.word_fees", "-1"),
        ("authorisation.decisions.application.alone", "treasurer"),
        ("authorisation.cost_sheet", "boss"),
    ]
    assert {one["kind"] for one in found} == {"wrong"}
    for one in found:
        last = one["key"].split(".")[-1]
        if one["key"] not in ("branch_minimum", "changes.1"):
            assert last in lines[one["line"] - 1] or "application" in lines[one["line"] - 1]
    assert found[1]["line"] is None
    assert lines[found[3]["line"] - 1] == "[[changes]]"
    assert all(one["remedy"] for one in found)
    table = office("config", "policy", "check", path, code=4)
    assert table.out.count("\n") == len(found) + 1
    assert "8 wrong" in table.err
    # Any other command says the first, and where the rest is said.
    answer = office("--policy", path, "batch", "list", code=4)
    assert "`grace_months` must be a whole number" in answer.err
    assert "config policy check" in answer.err


@sqlite_only
@pytest.mark.parametrize(
    ("changes", "key", "what"),
    [
        ("\nchanges = 3\n", "reminders.texts.changes", None),  # under the last table: nothing reads it
        ("\n[changes]\nfrom = 2027-01-01\n", "changes", "must be a list of entries"),
        ("\n[[changes]]\ngrace_months = 4\n", "changes.1.from", "must be a day"),
        ("\n[[changes]]\nfrom = 2027-01-01T10:00:00\ngrace_months = 4\n", "changes.1.from", "must be a day"),
        ("\n[[changes]]\nfrom = 2027-01-01\nperiod_months = 0\n", "changes.1.period_months", "1 or more"),
        ("\n[[changes]]\nfrom = 2027-01-01\nbulk = 3\n", "changes.1.bulk", "must be a table"),
        ("\n[[changes]]\nfrom = 2027-01-01\nregister.shifted_percent = 3\n", "changes.1.register", "changes with time"),
        ("\n[[changes]\n", "", "not valid TOML"),
    ],
)
def test_an_entry_of_changes_that_cannot_be_used_is_named(office, changes, key, what):
    found = findings(office, policy(office, changes), 4 if what else 0)
    assert found[0]["key"] == key
    if what:
        assert what in found[0]["what"]
        assert found[0]["line"] == (policy_text(None) + changes).count("\n", 0, -1) or found[0]["line"]


@sqlite_only
def test_misspelt_entries_and_past_days_are_warned_of(office):
    text = (
        policy_text(None).replace("cents = 2000", "cents = 2500").replace("[retention]", "[retention]\nproof_month = 3")
    )
    changes = "\n[[changes]]\nfrom = 2020-01-01\ngrace_months = 4\n" + FROM_2099 + "grace_months = 5\n"
    path = policy(office, changes, text=text)
    found = findings(office, path)
    assert [(one["kind"], one["key"], one["value"]) for one in found] == [
        ("warning", "retention.proof_month", ""),
        ("warning", "fees", "R20.00 → R25.00"),
        ("warning", "grace_months", "3 → 4"),
    ]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [lines[one["line"] - 1] for one in found] == ["proof_month = 3", "[[fees]]", "grace_months = 4"]
    assert "from 2013-01-01" in found[1]["what"]
    assert "past days" in found[1]["what"]
    assert "config policy diff" in found[1]["remedy"]
    findings(office, path, 10, "--strict")


@sqlite_only
def test_a_change_to_come_is_no_warning_nor_a_past_one_that_is_in_force_already(office):
    path = policy(office, FROM_2099 + "grace_months = 5\n")
    assert findings(office, path) == []
    answer = office("config", "policy", "check", path)
    assert answer.out == ""
    assert f"nothing wrong, 0 warnings, version {session_of(office.db, path).policy.version}" in answer.err
    past = policy(office, "\n[[changes]]\nfrom = 2020-01-01\ngrace_months = 4\n", "past.toml")
    assert len(findings(office, past)) == 1
    sweep(session_of(office.db, past))  # nothing is settled yet: the store is reckoned with this policy from now on
    put_on_record(session_of(office.db, past), [HISTORIES[0]])
    assert findings(office, past) == []


def test_without_a_store_the_shipped_policy_is_what_past_days_are_held_against(run, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(policy_text(None).replace("grace_months = 3", "grace_months = 4"), encoding="utf-8")
    answer = run(["--db", str(tmp_path / "nowhere.db"), "config", "policy", "check", str(path), "--json"])
    assert [one["key"] for one in answer.json] == ["grace_months"]
    assert "from ever" in answer.json[0]["what"]


# On 1 February 2027 in grace by three months and by four; in grace only by four; over by both; in good standing;
# a new member in probation.
HISTORIES = [
    History(joined_on=date(2010, 1, 1), last_payment_on=date(2025, 12, 20), last_payment_cents=2000),
    History(joined_on=date(2010, 1, 1), last_payment_on=date(2025, 10, 20), last_payment_cents=2000),
    History(joined_on=date(2010, 1, 1), last_payment_on=date(2025, 9, 20), last_payment_cents=2000),
    History(joined_on=date(2010, 1, 1), last_payment_on=date(2026, 9, 20), last_payment_cents=2000),
    History(
        applied=True,
        decisions=[Decision("applied", date(2026, 10, 1)), Decision("accepted", date(2026, 10, 1))],
        payments=[Payment(date(2026, 10, 1), 2000)],
    ),
]
ON = date(2027, 2, 1)
LONGER = Rules(grace=((EVER, 3), (date(2027, 1, 1), 4)), probation=((EVER, 6), (date(2027, 1, 15), 2)))


@pytest.fixture
def settled(office):
    put_on_record(session_of(office.db), HISTORIES)
    sweep(session_of(office.db), date(2026, 11, 1))
    return office


def test_a_policy_is_compared_with_the_stores_and_nothing_is_written(settled):
    path = settled.write("longer.toml", as_toml(LONGER))
    before = sql(settled, "SELECT * FROM standing"), sql(settled, "SELECT count(*) FROM batch")
    found = settled("config", "policy", "diff", path, "--on", ON, "--json").json
    assert found["changes"] == [
        {"key": "grace_months", "from": "2027-01-01", "until": None, "old": 3, "new": 4},
        {"key": "probation_months", "from": "2027-01-15", "until": None, "old": 6, "new": 2},
    ]
    assert found["moves"] == [
        {"from": "probation", "to": "good_standing", "n": 1},
        {"from": "not_in_good_standing", "to": "grace", "n": 1},
    ]
    assert (found["listed"], found["moved"]) == (5, 2)
    assert (sql(settled, "SELECT * FROM standing"), sql(settled, "SELECT count(*) FROM batch")) == before
    assert settled("audit", "log", "--reads", "--json").json[1]["action"] == "config policy diff"


def test_what_it_says_is_what_the_sweep_then_does(settled):
    path = settled.write("longer.toml", as_toml(LONGER))
    found = settled("config", "policy", "diff", path, "--on", ON, "--json").json
    sweep(session_of(settled.db), ON)
    swept = sweep(session_of(settled.db, path), ON)
    assert swept["transitions"] == found["moves"]
    # Brought into force, it changes nothing any more; and the other way round it would move them back.
    again = settled("--policy", path, "config", "policy", "diff", path, "--on", ON, "--json").json
    assert (again["changes"], again["moved"]) == ([], 0)
    back = settled.write("back.toml", as_toml(Rules()))
    assert settled("config", "policy", "diff", back, "--on", ON, "--json", "--policy", path).json["moved"] == 2


def test_the_members_are_shown_and_their_numbers_masked(settled):
    path = settled.write("longer.toml", as_toml(LONGER))
    words = ("config", "policy", "diff", path, "--on", ON, "--members")
    rows = settled(*words, "--json").json
    assert [(row["id_number"], row["from"], row["to"]) for row in rows] == [
        ("0000000000002", "not_in_good_standing", "grace"),
        ("0000000000005", "probation", "good_standing"),
    ]
    for number, row in zip((2, 5), rows, strict=True):
        assert standing(HISTORIES[number - 1], ON).status == row["from"]
        assert standing(HISTORIES[number - 1], ON, LONGER).status == row["to"]
    table = settled(*words)
    assert "000000****005" in table.out
    assert "0000000000005" not in table.out
    assert "2 of 5 members would move on 2027-02-01" in table.err


def test_before_its_day_an_entry_moves_nobody_and_the_day_to_ask_for_is_named(settled):
    path = settled.write("longer.toml", as_toml(LONGER))
    answer = settled("config", "policy", "diff", path, "--on", "2026-12-31")
    assert "0 of 5 members would move on 2026-12-31; nothing changes before 2027-01-01 → --on 2027-01-01" in answer.err
    assert "grace_months\t3\t4\tfrom 2027-01-01" in answer.out


def test_a_place_is_asked_for_alone_and_must_be_there(settled):
    path = settled.write("longer.toml", as_toml(LONGER))
    one = settled("config", "policy", "diff", path, "--on", ON, "--branch", "79700012", "--json").json
    assert (one["listed"], one["moved"]) == (5, 2)
    settled("config", "policy", "diff", path, "--region", "XYZ", code=3)
    settled("config", "policy", "diff", path, "--region", "EKU", "--branch", "79700012", code=2)


@sqlite_only
def test_an_officer_sees_whom_it_moves_where_their_role_reaches(settled):
    settled("db", "places", "import", settled.write("places.csv", ELSEWHERE))
    path = settled.write("longer.toml", as_toml(LONGER))
    for place, listed in (("EKU", 5), ("BUF", 0)):
        officer = replace(session_of(settled.db), roles=((Role.MEMBERSHIP_OFFICER, place),), sole_operator=False)
        with compare(officer, path, ON, None, full_ids=True) as (found, rows):
            assert found.listed == listed
            assert len(list(rows)) == found.moved == (2 if listed else 0)
    with pytest.raises(NotAllowed), compare(officer, path, ON, Scope(region="EKU"), full_ids=None):
        pass


ELSEWHERE = "province,region_code,region,branch_code,branch\nEC,BUF,Buffalo City,10501001,Mdantsane\n"


@sqlite_only
def test_branches_that_reach_their_minimum_are_counted(settled):
    path = policy(settled, "\n[[changes]]\nfrom = 2027-01-01\nbranch_minimum = 1\n")
    for day, then in (("2026-12-31", 0), ("2027-01-01", 1)):
        found = settled("config", "policy", "diff", path, "--on", day, "--json").json
        assert (found["branches"], found["branches_then"], found["moved"]) == (0, then, 0)


def test_members_count_where_they_were_on_the_day(office):
    paid = History(joined_on=date(2010, 1, 1), last_payment_on=date(2026, 9, 20), last_payment_cents=2000)
    over = replace(HISTORIES[1], moves=[Move(date(2027, 2, 1), "79700013")])
    put_on_record(session_of(office.db), [paid, replace(paid, moves=over.moves), over])
    path = office.write("longer.toml", as_toml(LONGER).replace("branch_minimum = 100", "branch_minimum = 2"))
    told = []
    for day in ("2027-01-25", "2027-02-10"):
        words = ("config", "policy", "diff", path, "--on", day, "--json")
        there = office(*words, "--branch", "79700013").json["listed"]
        told.append((office(*words).json["branches_then"], there, office(*words, "--members").json[0]["branch"]))
    assert told == [(1, 0, "79700012"), (0, 2, "79700013")]


@sqlite_only
def test_changes_that_hold_for_good_are_told_too(settled):
    text = policy_text(None).replace(
        'departure   = { alone = ["membership_officer+"]', 'departure   = { alone = ["national_officer"]'
    )
    path = policy(settled, text=text.replace("shifted_percent = 30", "shifted_percent = 40"))
    found = settled("config", "policy", "diff", path, "--json").json
    assert [(one["key"], one["old"], one["new"]) for one in found["changes"]] == [
        ("register.shifted_percent", 30, 40),
        (
            "authorisation.decisions.departure.alone",
            "membership_officer, regional_secretary, provincial_officer, national_officer",
            "national_officer",
        ),
    ]
    assert Role.NATIONAL_OFFICER in found["changes"][1]["new"]


@sqlite_only
def test_who_gives_roles_is_compared_and_read(settled):
    line = 'regional_organiser = ["branch_secretary"]'
    text = policy_text(None).replace("[authorisation.gives]", f"[authorisation.gives]\n{line}")
    path = policy(settled, text=text)
    found = settled("config", "policy", "diff", path, "--json").json["changes"]
    assert [(one["key"], one["old"], one["new"]) for one in found] == [
        ("authorisation.gives.regional_organiser", None, "branch_secretary")
    ]
    assert [one["key"] for one in findings(settled, path)] == ["authorisation"]  # it is not the one in force


def test_the_policy_a_decision_names_can_be_read(settled):
    (version,) = sql(settled, "SELECT DISTINCT policy_version FROM decision")[0]
    found = settled("config", "policy", "show", version[:6], "--json").json
    assert (found["version"], found["text"]) == (version, policy_text(None))
    copy = settled.folder / "then.toml"
    settled("config", "policy", "show", version, "-o", copy)
    assert copy.read_text(encoding="utf-8") == policy_text(None) == settled("config", "policy", "show").out
    sweep(session_of(settled.db, settled.write("longer.toml", as_toml(LONGER))), date(2026, 11, 2))
    versions = settled("config", "policy", "list", "--json").json
    assert [one["batches"] for one in versions] == [1, 3]
    assert versions[1]["version"] == version
    assert "nothing was decided under such a policy" in settled("config", "policy", "show", "zzz", code=3).err


DECIDES = {"why", "verdict", "decided_at", "asked_by", "approved_by"}


def test_every_decision_says_under_which_policy_it_was_made():
    """By a version of its own, or by its batch, which always has one."""
    assert not METADATA.tables["batch"].c.policy_version.nullable
    deciding = [table for table in METADATA.tables.values() if DECIDES & set(table.c.keys())]
    assert {"decision", "merge", "approval_request", "desk_decision"} <= {table.name for table in deciding}
    for table in deciding:
        named = [column for column in table.columns if column.name == "policy_version" or _names_a_batch(column)]
        assert any(not column.nullable for column in named), table.name


def _names_a_batch(column) -> bool:
    return any(key.column.table.name == "batch" for key in column.foreign_keys)
