"""Every write on a cost sheet can be taken back; what later work stands on is kept and named."""

import pytest
from tests.services.costs.sheet import BUREAU, HEAD, filled, opened, places, shown


@pytest.fixture(autouse=True)
def on_record(office):
    places(office)


def undone(office, batch):
    return office("batch", "undo", batch, "--json").json


def facts(office, number):
    """What the sheet says, without the numbers of batches."""
    sheet = shown(office, number)
    return {key: value for key, value in sheet.items() if key != "decisions"}


def test_undo_restores(office):
    number = filled(office)
    before = facts(office, number)
    for words in (
        ["line", *HEAD.split()],
        ["option", "--kind", "repair", "--title", "Refurbished head"],
        ["change", "--cause", "Dust", "--address", "1 Fox Street"],
        ["remove", "A2"],
        ["remove", "C"],
        ["submit"],
    ):
        batch = office("costs", words[0], number, *words[1:], "--json").json["batch"]
        assert facts(office, number) != before
        assert undone(office, batch)["kept"] == []
        assert facts(office, number) == before


def test_an_approval_is_taken_back_and_the_sheet_waits_again(office):
    number = filled(office)
    office("costs", "submit", number)
    batch = office("costs", "approve", number, "--why", "Before the conference", "--json").json["batch"]
    undone(office, batch)
    sheet = shown(office, number)
    assert (sheet["state"], sheet["approved"], len(sheet["decisions"])) == ("submitted", None, 1)
    office("costs", "approve", number, "--why", "Before the conference")


def test_a_line_that_made_its_option_takes_it_along(office):
    number = opened(office)
    batch = office("costs", "line", number, *BUREAU.split(), "--json").json["batch"]
    assert undone(office, batch)["kept"] == []
    assert shown(office, number)["options"] == []


def test_an_option_others_filled_in_is_kept(office):
    number = opened(office)
    batch = office("costs", "line", number, *BUREAU.split(), "--json").json["batch"]
    office("costs", "line", number, *BUREAU.split())
    (kept,) = undone(office, batch)["kept"]
    assert f"cost sheet {number}" in kept["what"]
    assert "since" in kept["why"]
    (option,) = shown(office, number)["options"]
    assert [line["line"] for line in option["lines"]] == ["A2"]


def test_a_sheet_nobody_touched_goes_and_one_filled_in_stays(office):
    alone, filled_in, changed = opened(office), filled(office), opened(office)
    office("costs", "change", changed, "--cause", "Dust from the card stock")
    opening = {
        entry["counts"]["sheet"]: entry["batch"]
        for entry in office("batch", "list", "--json").json
        if entry["command"] == "costs new"
    }
    assert undone(office, opening[alone])["kept"] == []
    office("costs", "show", alone, code=3)
    for number in (filled_in, changed):
        (kept,) = undone(office, opening[number])["kept"]
        assert kept["what"] == f"cost sheet {number}"
        assert shown(office, number)["sheet"] == number


def test_what_was_submitted_since_stands_as_submitted(office):
    number = filled(office)
    line = office("costs", "line", number, *HEAD.split(), "--json").json["batch"]
    submitted = office("costs", "submit", number, "--json").json["batch"]
    (kept,) = undone(office, line)["kept"]
    assert f"submitted since, in batch {submitted}" in kept["why"]
    assert [entry["line"] for entry in shown(office, number)["options"][0]["lines"]] == ["A1", "A2", "A3"]
    office("costs", "approve", number, "--why", "Before the conference")
    (kept,) = undone(office, submitted)["kept"]
    assert "approved since" in kept["why"]


def test_a_line_entered_and_taken_out_comes_back_only_while_its_entry_stands(office):
    number = filled(office)
    entered = office("costs", "line", number, *HEAD.split(), "--json").json["batch"]
    removed = office("costs", "remove", number, "A3", "--json").json["batch"]
    undone(office, entered)
    undone(office, removed)
    assert [line["line"] for line in shown(office, number)["options"][0]["lines"]] == ["A1", "A2"]


def test_a_heading_changed_again_is_kept_and_named(office):
    number = opened(office)
    first = office("costs", "change", number, "--cause", "Dust", "--json").json["batch"]
    office("costs", "change", number, "--cause", "Dust from the card stock")
    (kept,) = undone(office, first)["kept"]
    assert kept == {"what": f"cost sheet {number}: cause", "why": "it was changed again since"}
    assert shown(office, number)["cause"] == "Dust from the card stock"
