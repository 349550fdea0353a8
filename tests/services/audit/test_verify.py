"""`audit verify` finds any edited, removed or reordered event, whatever tool did it, and says where."""

import json

import pytest
from tests.tamper import forge, sql

from ancadmin.db.chain import link_hash

PLACES = "province,region_code,region,branch_code,branch,ward\nGP,EKU,Ekurhuleni,79700012,Tembisa,79700012\n"


def some_events(office):
    """A store with four events: init, two imports, an operator; nothing was read yet."""
    office("db", "places", "import", office.write("places.csv", PLACES))
    office("db", "places", "import", office.write("more.csv", PLACES.replace("Tembisa", "Tembisa West")))
    other = "postgres_other" if office.db.startswith("sqlite") else "pg_monitor"
    office("operator", "add", other, "--name", "P", "--role", "auditor", "--place", "national")


@pytest.fixture
def busy(office):
    return office.after(some_events)


def flaws(office, *words):
    return office("audit", "verify", *words, "--json", code=10).json["flaws"]


def test_a_whole_trail_is_whole(busy):
    answer = busy("audit", "verify", "--json").json
    assert answer["events"] == 4
    assert answer["accesses"] == 1  # this very reading
    assert answer["flaws"] == []
    assert answer["head"] == busy("audit", "head", "--json").json["head"]


@pytest.mark.parametrize(
    ("statements", "event", "said"),
    [
        (["UPDATE audit_event SET operator = 'mallory' WHERE seq = 3"], 3, "was changed"),
        (["UPDATE audit_event SET at = '2020-01-01T00:00:00Z' WHERE seq = 1"], 1, "was changed"),
        (
            ["UPDATE audit_event SET action = 'x' WHERE seq = 2", "UPDATE audit_event SET hash = 'x' WHERE seq = 2"],
            2,
            "",
        ),
        (["DELETE FROM audit_event WHERE seq = 2"], 3, "event 2 is missing"),
        (["DELETE FROM audit_event WHERE seq = 1"], 2, "event 1 is missing"),
        (
            ["DELETE FROM audit_event WHERE seq = 2", "UPDATE audit_event SET seq = seq - 1 WHERE seq > 2"],
            2,
            "does not follow",
        ),
        (
            [
                "UPDATE audit_event SET seq = -2 WHERE seq = 2",
                "UPDATE audit_event SET seq = 2 WHERE seq = 3",
                "UPDATE audit_event SET seq = 3 WHERE seq = -2",
            ],
            2,
            "does not follow",
        ),
        (["UPDATE audit_event SET detail = 'no json' WHERE seq = 2"], 2, "was changed"),
    ],
    ids=["operator", "time", "hash too", "removed", "first removed", "renumbered", "reordered", "garbage"],
)
def test_an_edited_event_is_found_and_named(busy, statements, event, said):
    sql(busy, *statements)
    found = flaws(busy)
    assert any(flaw["chain"] == "write" and flaw["event"] == event and said in flaw["what"] for flaw in found), found


def test_a_blob_where_text_belongs_is_a_flaw_and_no_defect(busy, engine):
    if engine == "postgresql":
        sql(busy, "UPDATE audit_event SET detail = '[1]' WHERE seq = 2")
    else:
        sql(busy, "UPDATE audit_event SET detail = x'00ff' WHERE seq = 2")
    assert flaws(busy)[0]["event"] == 2


def test_a_removed_last_event_is_missed_by_its_batch(busy):
    sql(busy, "DELETE FROM audit_event WHERE seq = 4")
    assert any("batch 4 has no event" in flaw["what"] for flaw in flaws(busy))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE batch SET operator = 'mallory' WHERE number = 2", "batch 2 was changed after event 2"),
        ("UPDATE batch SET counts = '{}' WHERE number = 3", "batch 3 was changed after event 3"),
        ("DELETE FROM batch WHERE number = 3", "batch 3 of event 3 is missing"),
        ("UPDATE batch SET undone_by = 3 WHERE number = 2", "batch 3 and the batch it is said to undo"),
    ],
)
def test_an_edited_batch_is_found_though_the_chain_holds(busy, statement, said):
    sql(busy, statement)
    assert any(said in flaw["what"] for flaw in flaws(busy))


def test_a_forged_event_that_names_no_batch_is_found(busy):
    seq, previous = sql(busy, "SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1")[0]
    names = ("seq", "at", "operator", "action", "detail", "previous")
    link = dict(zip(names, (seq + 1, "2020-01-01", "x", "x", "{}", previous), strict=True))
    values = f"{seq + 1}, '2020-01-01', 'x', 'x', '{{}}', '{previous}', '{link_hash(link)}'"
    sql(busy, f"INSERT INTO audit_event VALUES ({values})")
    assert any(flaw["event"] == 5 and "names no batch" in flaw["what"] for flaw in flaws(busy))


def test_an_undone_batch_is_no_flaw_and_a_hidden_undo_is_one(busy):
    busy("batch", "undo", 3)
    assert busy("audit", "verify", "--json").json["flaws"] == []
    sql(busy, "UPDATE batch SET undone_by = NULL WHERE number = 3")
    assert any("batch 5" in flaw["what"] for flaw in flaws(busy))


def cut(office):
    """The last write, gone without a trace in its own chain."""
    sql(
        office,
        "DELETE FROM audit_event WHERE seq = 4",
        "DELETE FROM operator_role WHERE batch = 4",
        "DELETE FROM operator WHERE batch = 4",
        "DELETE FROM batch WHERE number = 4",
    )


def test_a_cut_chain_shows_in_the_chain_of_accesses(busy):
    busy("db", "places", "list")
    cut(busy)
    (flaw,) = flaws(busy)
    assert flaw["chain"] == "write"
    assert flaw["event"] == 4
    assert "event 1 of the access chain" in flaw["what"]


def test_a_cut_chain_nobody_has_read_shows_against_a_printed_head(busy):
    head = sql(busy, "SELECT hash FROM audit_event WHERE seq = 4")[0][0]
    busy("audit", "verify", "--head", head)
    if busy.db.startswith("sqlite"):
        (busy.folder / "store.db.access").unlink()
    else:
        sql(busy, "DELETE FROM access_event")
    cut(busy)
    assert busy("audit", "verify", "--json").json["flaws"] == []  # it holds in itself
    (flaw,) = flaws(busy, "--head", head)
    assert head in flaw["what"]
    assert flaws(busy, "--head", head[:16])
    earlier = sql(busy, "SELECT hash FROM audit_event WHERE seq = 3")[0][0]
    busy("audit", "verify", "--head", earlier)


def renamed(links):
    for link in links:
        link["operator"] = link["operator"].replace("a", "o") + "x"
    return links


def test_a_chain_rebuilt_from_the_start_shows_against_a_printed_head(busy):
    head = sql(busy, "SELECT hash FROM audit_event WHERE seq = 4")[0][0]
    forge(busy, renamed)
    assert busy("audit", "verify", "--json").json["flaws"] == []
    assert flaws(busy, "--head", head)


def test_a_rebuilt_chain_shows_in_the_chain_of_accesses(busy):
    busy("db", "places", "list")
    forge(busy, renamed)
    (flaw,) = flaws(busy)
    assert (flaw["chain"], flaw["event"]) == ("write", 4)
    assert "is not the one" in flaw["what"]


@pytest.mark.parametrize(
    ("statements", "event"),
    [
        (["UPDATE access_event SET operator = 'nobody' WHERE seq = 2"], 2),
        (["DELETE FROM access_event WHERE seq = 2"], 3),
        (["DELETE FROM access_event WHERE seq = 3"], 3),
    ],
    ids=["edited", "removed", "cut"],
)
def test_the_chain_of_accesses_is_held_too(busy, statements, event):
    for _ in range(3):
        busy("batch", "list")
    busy("db", "places", "import", busy.folder / "places.csv")  # the write names the head of the accesses
    sql(busy, *statements, access=True)
    assert any(flaw["chain"] == "access" and flaw["event"] == event for flaw in flaws(busy))


def test_accesses_thrown_away_whole_show(busy, engine):
    busy("batch", "list")
    busy("db", "places", "import", busy.folder / "places.csv")
    if engine == "sqlite":
        (busy.folder / "store.db.access").unlink()
    else:
        sql(busy, "DELETE FROM access_event")
    assert any(flaw["chain"] == "access" for flaw in flaws(busy))


def test_what_is_no_head_is_refused(busy):
    assert "not the head of a trail" in busy("audit", "verify", "--head", "xyz", code=3).err


def test_people_are_told_where(busy):
    sql(busy, "UPDATE audit_event SET operator = 'mallory' WHERE seq = 3")
    answer = busy("audit", "verify", code=10)
    assert "event 3 was changed after it was written" in answer.out


def test_reading_is_on_record_with_who_and_what(busy):
    busy("batch", "show", 2)
    newest = busy("audit", "log", "--reads", "--limit", 2, "--json").json[1]
    assert newest["action"] == "batch show"
    assert newest["detail"]["batch"] == 2
    writes = busy("audit", "log", "--json").json
    assert [event["action"] for event in writes][-1].startswith("init")
    assert json.dumps(writes).count('"digest"') == 4


def test_a_dry_run_is_on_record_as_tried(busy):
    busy("batch", "undo", 3, "-n")
    assert len(busy("audit", "log", "--json").json) == 4
    tried = busy("audit", "log", "--reads", "--json").json
    assert any(event["action"] == "dry run" and event["detail"]["command"] == "batch undo" for event in tried)
