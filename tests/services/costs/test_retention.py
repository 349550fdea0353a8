"""Cost sheets go when their months are over; that they were there stays (docs/rules.md, section 7)."""

import pytest
from sqlalchemy import MetaData, create_engine
from tests.clock import turned_by_hand
from tests.services.costs.sheet import as_someone, filled, opened, places, shown

from ancadmin.domain.dates import add_months
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.policy import policy_text
from ancadmin.policy.load import read_policy
from ancadmin.services.costs.open import open_sheet
from ancadmin.services.costs.retention import purge

FIVE_YEARS = 5 * 366
SECRET = "Dust from recycled card stock"


@pytest.fixture
def clock(monkeypatch):
    return turned_by_hand(monkeypatch)


def texts(office):
    """Everything the tables of cost sheets and of changes say."""
    engine = create_engine(office.db)
    found = MetaData()
    found.reflect(engine, only=["cost_sheet", "cost_option", "cost_line", "cost_decision", "change"])
    with engine.connect() as connection:
        rows = [row for table in found.sorted_tables for row in connection.execute(table.select())]
    engine.dispose()
    return " ".join(map(str, rows))


def test_a_sheet_is_kept_so_long_after_its_last_decision_or_after_it_was_opened(office, clock):
    places(office)
    decided, draft = filled(office), opened(office)
    clock.turn(100)
    office("costs", "submit", decided)
    office("costs", "approve", decided, "--why", "Before the conference")
    rows = {row["sheet"]: row["keep_until"] for row in office("costs", "list", "--json").json}
    assert rows[draft] < rows[decided] == shown(office, decided)["keep_until"]
    assert rows[decided] == add_months(clock.today, 60).isoformat()
    clock.turn(FIVE_YEARS - 100)
    assert "1 kept longer than they have to be" in office("costs", "list").err
    done = office("costs", "purge", "--json").json
    assert (done["removed"], done["kept"], [row["sheet"] for row in done["sheets"]]) == (1, 1, [draft])


def test_what_was_said_goes_and_that_it_was_there_stays(office, clock):
    places(office)
    number = filled(office)
    changed = office("costs", "change", number, "--cause", SECRET, "--json").json["batch"]
    office("costs", "remove", number, "A2")
    office("costs", "submit", number)
    approved = office("costs", "approve", number, "--why", "Before the conference", "--json").json["batch"]
    withdrawn = opened(office, cause=SECRET)
    office("batch", "undo", office("batch", "list", "--json").json[0]["batch"])
    clock.turn(FIVE_YEARS)
    dry = office("costs", "purge", "-n", "--json").json
    assert (dry["removed"], shown(office, number)["cause"]) == (1, SECRET)
    done = office("costs", "purge", "--json").json
    day = office("batch", "show", approved, "--json").json["today"]
    assert done["sheets"] == [
        {
            "sheet": number,
            "region": "GP01",
            "day": day,
            "state": "approved",
            "approved": "A",
            "approved_cents": 478125,
        }
    ]
    said = texts(office)
    assert [word for word in (SECRET, "Smit Street", "ZP-300", "Braamfontein", "conference") if word in said] == []
    answer = office("costs", "show", number, code=3)
    assert f"cost sheet {number} is gone: the months of its retention were over" in answer.err
    assert f"ancadmin batch show {done['batch']}" in answer.err
    assert office("batch", "show", done["batch"], "--json").json["counts"]["sheets"] == done["sheets"]
    for batch in (approved, changed, done["batch"]):
        kept = office("batch", "undo", batch, "--json").json["kept"]
        assert "for good" in kept[0]["why"]
    office("audit", "verify")
    assert opened(office) > withdrawn, "its number is not given again"


def test_only_what_is_in_reach_is_removed_and_only_by_those_who_decide(office, clock):
    places(office)
    number = opened(office)
    headings = dict.fromkeys(("name", "address", "concern", "cause", "correction", "not_serviced", "explanation"), "")
    neighbour = as_someone(office, "thandi", (Role.MEMBERSHIP_OFFICER, "GP02"))
    theirs = open_sheet(neighbour, region_code="GP02", headings={"subject": "Scanner", **headings})["sheet"]
    clock.turn(FIVE_YEARS)
    neighbour = as_someone(office, "thandi", (Role.MEMBERSHIP_OFFICER, "GP02"))
    assert [row["sheet"] for row in purge(neighbour)["sheets"]] == [theirs]
    assert shown(office, number)["sheet"] == number
    with pytest.raises(NotAllowed, match="may not remove cost sheets"):
        purge(as_someone(office, "thandi", (Role.REGIONAL_ORGANISER, "GP01")))


def test_the_months_are_policy_and_an_older_copy_has_those_shipped():
    text = policy_text(None)
    line = next(line for line in text.splitlines(keepends=True) if line.startswith("cost_sheet_months"))
    for edited, months in (
        (text, 60),
        (text.replace(line, "cost_sheet_months = 84\n"), 84),
        (text.replace(line, ""), 60),
    ):
        policy, faults = read_policy(edited)
        assert (policy.cost_sheet_months, faults) == (months, [])
