"""What an import would change, shown before it does; and files that are not the ones they were taken for."""

from importlib.resources import files

import pytest
from tests.services.register.making import MARIA, NOMSA, PRIYA, THABO, dump, file, imported, members, number, row

from ancadmin.services.register.codes import PROBLEMS
from ancadmin.services.register.quarantine.remedies import REMEDIES

FOUR = (THABO, PRIYA, MARIA, NOMSA)


def rehearsed(office, *words):
    answer = office("register", "import", *words, "--dry-run", "--json")
    return answer.json, answer.err


def test_every_problem_has_a_remedy():
    assert set(REMEDIES) == set(PROBLEMS)


def test_a_sample_of_each_problem_three_at_most_masked_with_its_place_and_remedy(placed):
    before = dump(placed)
    rows = [row(id_number=f"80010150090{digits}") for digits in ("81", "82", "83", "84")]
    rows += [row(id_number=PRIYA, branch="99999999"), row(id_number=MARIA, surname=""), row(id_number="")]
    rows += [row(id_number=NOMSA, surname="One"), row(id_number=NOMSA, surname="Two")]
    result, _ = rehearsed(placed, file(placed, *rows))
    assert [(one["code"], one["row"], one["value"]) for one in result["samples"]] == [
        ("missing", 8, ""),
        ("checksum", 2, "800101****081"),
        ("checksum", 3, "800101****082"),
        ("checksum", 4, "800101****083"),
        ("surname_missing", 7, ""),
        ("branch_unknown", 6, "99999999"),
        ("id_shared", 9, "One"),
        ("id_shared", 10, "Two"),
    ]
    assert {one["file"] for one in result["samples"]} == {"register.csv"}
    assert all(one["remedy"] == REMEDIES[one["code"]] for one in result["samples"])
    assert {code: result["problems"][code] for code in ("checksum", "id_shared")} == {"checksum": 4, "id_shared": 2}
    assert dump(placed) == before


def test_a_field_by_field_diff_with_masked_examples(placed):
    imported(placed, file(placed, *(row(id_number=one) for one in FOUR)))
    changed = [row(id_number=one, email=f"{at}@example.org") for at, one in enumerate(FOUR)]
    changed[0] |= {"cell": "0837654321", "branch": "79700013", "status": "Deceased 2020-03-04"}
    before = dump(placed)
    result, _ = rehearsed(placed, file(placed, *changed, name="next.csv"))
    diff = result["diff"]
    assert {name: of["changes"] for name, of in diff.items()} == result["changed"]
    assert result["changed"] == {"email": 4, "branch": 1, "cell": 1, "entry": 1, "register_status": 1}
    # In the order of the numbers, three at most.
    assert diff["email"]["examples"] == [
        {"member": "200229****089", "old": "thabo@example.org", "new": "2@example.org"},
        {"member": "640506****084", "old": "thabo@example.org", "new": "3@example.org"},
        {"member": "750115****085", "old": "thabo@example.org", "new": "1@example.org"},
    ]
    assert diff["branch"]["examples"] == [{"member": "800101****087", "old": "79700012", "new": "79700013"}]
    assert diff["cell"]["examples"][0]["new"] != "+27837654321"
    assert diff["entry"]["examples"] == [{"member": "800101****087", "old": "", "new": "deceased 2020-03-04"}]
    assert dump(placed) == before
    shown = placed("register", "import", placed.folder / "next.csv", "-n").out
    assert "branch\t1\t800101****087: 79700012 → 79700013\n" in shown
    assert not any(one in shown for one in FOUR)


def test_a_shifted_column_is_warned_of_file_by_file(placed):
    people = [number(person) for person in range(10)]
    imported(placed, file(placed, *(row(id_number=one) for one in people)))
    some = [row(id_number=one, first_names="OTHER") if at < 3 else row(id_number=one) for at, one in enumerate(people)]
    within = file(placed, *some, name="within.csv")
    some[3] = row(id_number=people[3], first_names="OTHER")
    beyond = file(placed, *some, name="beyond.csv")
    assert rehearsed(placed, within)[0]["warnings"] == []
    result, said = rehearsed(placed, beyond)
    warning = (
        "beyond.csv says other first names of 4 of the 10 members on record it names (40 %, more than 30 %): "
        "is a column shifted?"
    )
    assert result["warnings"] == [warning]
    assert f"warning: {warning}" in said.splitlines()
    placed("register", "import", beyond, "--dry-run", "--strict", code=10)
    # New members are nobody's change, and another file's rows do not water it down.
    new = [row(id_number=number(person), first_names="NEW") for person in range(100, 120)]
    both, _ = rehearsed(placed, beyond, file(placed, *new, name="new.csv"))
    assert both["warnings"] == [warning]


def test_a_surname_that_differs_from_the_records_counts_as_one_that_would_change(placed):
    imported(placed, file(placed, *(row(id_number=one) for one in FOUR)))
    swapped = [row(id_number=one, surname="THABO", first_names="MOKOENA") for one in FOUR]
    result, _ = rehearsed(placed, file(placed, *swapped, name="swapped.csv"))
    assert result["quarantined"] == 4
    assert [warning.split(" of ")[0] for warning in result["warnings"]] == ["swapped.csv says other surname"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_share_is_policy_and_a_copy_of_the_policy_made_before_has_the_shipped_one(placed):
    imported(placed, file(placed, *(row(id_number=one) for one in FOUR)))
    path = file(placed, row(cell="0837654321"), *(row(id_number=one) for one in FOUR[1:]), name="next.csv")
    text = files("ancadmin").joinpath("policy.toml").read_text(encoding="utf-8")
    stricter = placed.write("stricter.toml", text.replace("shifted_percent = 30", "shifted_percent = 20"))
    start, end = text.index("[register]"), text.index("[retention]")
    older = placed.write("older.toml", text[:start] + text[end:])
    assert rehearsed(placed, path)[0]["warnings"] == []
    assert rehearsed(placed, path, "--policy", older)[0]["warnings"] == []
    assert len(rehearsed(placed, path, "--policy", stricter)[0]["warnings"]) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_real_import_says_nothing_of_single_members_and_keeps_nothing_of_them(placed):
    rows = [row(), row(id_number=PRIYA, branch="99999999")]
    result = imported(placed, file(placed, *rows))
    assert (result["samples"], result["diff"], result["warnings"]) == ([], {}, [])
    rehearsed(placed, file(placed, *rows, row(id_number="8001015009081"), name="next.csv"))
    trail = placed("audit", "log", "--json").out
    assert "samples" not in trail
    assert "8001015009081" not in trail


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_same_contents_again_still_show_what_is_held_back(placed):
    path = file(placed, row(id_number=PRIYA, branch="99999999"))
    imported(placed, path)
    assert [one["code"] for one in rehearsed(placed, path)[0]["samples"]] == ["branch_unknown"]


def test_a_file_with_rows_of_other_branches_is_refused_where_one_branch_is_expected(placed):
    before = dump(placed)
    rows = [row(id_number=number(person)) for person in range(6)]
    rows[2] |= {"branch": "79700013"}
    for at in (3, 4, 5):
        rows[at] |= {"branch": "Nowhere"}
    path = file(placed, *rows)
    refused = placed("register", "import", path, "--expect-branch", "79700012", code=3)
    assert refused.err.splitlines() == [
        "ancadmin: error: register.csv row 4: one of 4 rows of other branches than 79700012 "
        "(79700013; row 5: Nowhere; row 6: Nowhere)",
        "Take these rows out, give --expect-branch for their branches too, or leave it away.",
    ]
    placed("register", "import", path, "--expect-branch", "79700012", "--dry-run", code=3)
    assert dump(placed) == before
    both = ("--expect-branch", "79700012", "--expect-branch", "79700013")
    assert imported(placed, file(placed, *rows[:3]), *both)["accepted"] == 3


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_row_that_names_no_branch_or_names_it_by_its_name_is_not_of_another(placed):
    rows = [row(), row(id_number=PRIYA, branch=""), row(id_number=NOMSA, branch="Katlehong")]
    result = imported(placed, file(placed, *rows), "--expect-branch", "79700012")
    assert (result["accepted"], result["problems"]) == (2, {"branch_missing": 1})
    # What is known by its content is looked at all the same.
    placed("register", "import", placed.folder / "register.csv", "--expect-branch", "79700013", code=3)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_expected_branch_that_is_not_on_record_is_refused(placed):
    refused = placed("register", "import", file(placed, row()), "--expect-branch", "7970001", code=3)
    assert "no such branch (7970001)" in refused.err
    assert members(placed, "id") == []
