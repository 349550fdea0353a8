"""`deposits review` and `deposits alias` on the command line: what waits as data, a class accepted, what was learnt."""

import pytest
from tests.services.deposits.reviewing import MISTYPED, OLD_REFERENCE, WORDS, waiting
from tests.services.deposits.working import MOKOENA, NAIDOO, deposits, undo

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])
CLASS = ("deposits", "review", "--reason", "legacy_reference", "--accept", "--why", "the old book was checked")


def test_without_a_terminal_it_lists_what_waits_with_its_candidates(office):
    numbers = waiting(office)
    rows = office("deposits", "review", "--json").json
    assert [row["deposit"] for row in rows] == list(numbers.values())
    first = rows[0]
    assert {name: first[name] for name in ("value_date", "cents", "narrative", "flags", "tie")} == {
        "value_date": "2021-03-01",
        "cents": 2000,
        "narrative": OLD_REFERENCE,
        "flags": [],
        "tie": False,
    }
    one, other = first["candidates"]
    assert (one["id_number"], one["score"], one["reason"], other["score"]) == (MOKOENA, 0.93, "legacy_reference", 0.04)
    assert one["evidence"] == ["legacy reference speaks for it", "the amount is one fee"]
    assert (one["branch"], one["status"]) == ("79700012", "not_in_good_standing")
    assert rows[2]["tie"]
    table = office("deposits", "review", "--strict", code=10).out
    assert "800101****087 0.93" in table
    assert MOKOENA not in table
    assert len(office("deposits", "review", "--format", "csv").out.splitlines()) == 4
    narrowed = office("deposits", "review", "--score", "0.5", "--from", "2021-03-02", "--json").json
    assert [row["narrative"] for row in narrowed] == [MISTYPED]


def test_a_class_is_shown_first_and_accepted_when_confirmed(office):
    numbers = waiting(office)
    before = deposits(office)
    rehearsed = office(*CLASS, "--score", "0.9", "--dry-run")
    assert "1 accepted (R20.00)" in rehearsed.err
    assert "The least likely of them:" in rehearsed.out
    assert "800101****087" in rehearsed.out
    assert MOKOENA not in rehearsed.out
    assert "--yes" in office(*CLASS, "--score", "0.9", code=7).err
    assert deposits(office) == before
    result = office(*CLASS, "--score", "0.9", "--yes", "--json").json
    assert {name: result[name] for name in ("looked_at", "accepted", "cents", "ties", "below_score", "left")} == {
        "looked_at": 1,
        "accepted": 1,
        "cents": 2000,
        "ties": 0,
        "below_score": 0,
        "left": {},
    }
    listed = {row["deposit"]: row for row in deposits(office)}
    assert listed[numbers[OLD_REFERENCE]]["members"] == [{"id_number": MOKOENA, "cents": 2000, "score": None}]
    assert undo(office, result["batch"])["kept"] == []
    assert deposits(office) == before


def test_a_class_below_the_score_and_ties_stay(office):
    waiting(office)
    low = office(*CLASS, "--score", "0.95", "--yes", "--json", "--strict", code=10).json
    assert (low["accepted"], low["below_score"]) == (0, 1)
    ties = office("deposits", "review", "--reason", "name", "--accept", "--why", "x", "--yes", "--json").json
    assert (ties["looked_at"], ties["accepted"], ties["ties"]) == (1, 0, 1)
    assert {row["state"] for row in deposits(office) if row["narrative"] == WORDS} == {"suggested"}


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("--accept", "--yes"), 2, "--accept goes with --reason and --why"),
        (("--why", "x"), 2, "go with --accept"),
        (("--reason", "id_reference"), 2, "Invalid value"),
        (("--score", "1.5"), 2, "Invalid value"),
    ],
)
def test_what_does_not_go_together_is_refused(office, words, code, what):
    assert what in office("deposits", "review", *words, code=code).err


def test_what_was_learnt_is_shown_and_forgotten(office):
    waiting(office)
    office(*CLASS, "--yes")
    (learnt,) = office("deposits", "alias", "list", "--member", MOKOENA, "--json").json
    assert (learnt["kind"], learnt["key"], learnt["id_number"]) == ("reference", "XYZ00423", MOKOENA)
    assert office("deposits", "alias", "list", "--member", NAIDOO, "--json").json == []
    assert "800101****087" in office("deposits", "alias", "list").out
    forget = ("deposits", "alias", "forget", learnt["alias"], "--why")
    assert "blank" in office(*forget, " ", code=3).err
    office(*forget, "given to somebody else", "--dry-run")
    batch = office(*forget, "given to somebody else", "--json").json["batch"]
    (gone,) = office("deposits", "alias", "list", "--json").json
    assert (gone["forgotten_in"], gone["forgotten_why"]) == (batch, "given to somebody else")
    assert "nothing learnt is in force" in office(*forget, "again", code=3).err
    undo(office, batch)
    assert office("deposits", "alias", "list", "--json").json[0]["forgotten_in"] is None
