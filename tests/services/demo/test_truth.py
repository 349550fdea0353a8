"""The sample goes through the main job, and every row and every line becomes what its maker meant it to become."""

import csv
from collections import Counter
from pathlib import Path

SAMPLE = Path(__file__).parents[3] / "sample_data"
DAY = "2025-06-30"


def _truth(name):
    with (SAMPLE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _places_and_registers(office):
    office("db", "places", "import", SAMPLE / "places.csv")
    return office("register", "import", "--json", "--reading-date", DAY, *sorted(SAMPLE.glob("register-*"))).json


def test_every_register_row_is_accepted_or_held_back_for_the_right_reasons(office):
    counts = _places_and_registers(office)
    rows = _truth("truth-registers.csv")
    assert counts["accepted"] + counts["updated"] + counts["unchanged"] == sum(
        row["outcome"] == "accepted" for row in rows
    )
    held = {
        (row["file"], row["sheet"], row["row"]): set(row["problems"])
        for row in office("register", "quarantine", "--json").json
    }
    meant = {
        (row["file"], row["sheet"], int(row["row"])): set(row["problems"].split())
        for row in rows
        if row["outcome"] == "quarantined"
    }
    assert held == meant


def test_every_line_of_the_statements_becomes_what_it_was_meant_to(office):
    _places_and_registers(office)
    meant = {}
    there_already = 0
    for name, account in (
        ("statement-1-fnb-history.csv", None),
        ("statement-2-fnb-enterprise.csv", "62087654321"),
        ("statement-3-other.csv", "62012345678"),
    ):
        named = ["--account", account] if account else []
        counts = office("deposits", "import", "--json", SAMPLE / name, *named).json
        lines = [row for row in _truth("truth-deposits.csv") if row["file"] == name]
        before = len(meant)
        meant.update({(row["account"], row["account_row"]): row for row in lines})
        assert counts["lines"] == len(lines)
        assert counts["new"] + counts["not_a_deposit"] == len(meant) - before, "only what is new"
        there_already += counts["already_there"]
    assert there_already == 3197 - 3000
    counts = office("deposits", "match", "--json").json
    matched = [row for row in meant.values() if row["state"] == "matched"]
    assert (counts["matched"], counts["matched_cents"]) == (len(matched), sum(int(row["cents"]) for row in matched))
    assert counts["bulk_pattern"] >= 5, "one terminal, one day, many members"
    rows = office("deposits", "list", "--json").json
    suggested = [row for row in meant.values() if row["state"] == "suggested"]
    found = Counter(_as_found(row) for row in rows if row["state"] != "suggested")
    certain = Counter(_as_meant(row) for row in meant.values() if row["state"] != "suggested")
    assert not certain - found
    assert {(line[4], line[5]) for line in found - certain} == {("unallocated", "no_match")}
    _suggestions_name_their_payers(suggested, [row for row in rows if row["state"] == "suggested"])
    office("deposits", "balance")


def _suggestions_name_their_payers(meant, found):
    """Most payers meant are among those suggested, for the reason they were meant by; nobody else gets in between."""
    named = {}
    for row in found:
        line = _line(row["account"], row["value_date"], row["cents"], row["narrative"])
        named.setdefault(line, set()).update((row["reason"], member["id_number"]) for member in row["members"])
    right = [
        (row["reason"], row["id_number"])
        in named.get(_line(row["account"], row["value_date"], int(row["cents"]), row["narrative"]), ())
        for row in meant
    ]
    assert {row["reason"] for row in found} == {"near_miss", "phone", "name"}
    assert len(meant) >= len(found) >= sum(right) > 0.8 * len(meant)


def _as_found(row):
    line = _line(row["account"], row["value_date"], row["cents"], row["narrative"])
    return *line, row["state"], row["reason"], *(member["id_number"] for member in row["members"])


def _as_meant(row):
    line = _line(row["account"], row["value_date"], int(row["cents"]), row["narrative"])
    return *line, row["state"], row["reason"], *([row["id_number"]] if row["id_number"] else [])


def _line(account, day, cents, narrative):
    # The enterprise format puts words of the bank's own before every reference.
    own = narrative.removeprefix("MAGTAPE CREDIT").removeprefix("DEBIT").removeprefix(" | ")
    return account, day, cents, own
