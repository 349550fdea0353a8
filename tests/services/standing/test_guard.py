"""A sweep that would change more than a night does stops, and says what it would have changed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from tests.oracle import History
from tests.services.standing.records import put_on_record, session_of

from ancadmin.db.schema import batch, standing, status_change

PAID = date(2020, 1, 15)  # paid until 2021-01-15, in grace until 2021-04-15
FIRST, LATER = "2020-06-30", "2021-02-01"


def members(office, moving: int, staying: int) -> None:
    """A store swept to FIRST, in which `moving` of all go into grace by LATER."""
    paid = [PAID] * moving + [PAID + timedelta(days=100)] * staying
    put_on_record(session_of(office.db), [History(last_payment_on=day, last_payment_cents=2000) for day in paid])
    office("sweep", "--on", FIRST)


def recorded(office):
    with session_of(office.db).store.connect() as connection:
        statuses = connection.execute(select(standing.c.member, standing.c.status, standing.c.next_change_on)).all()
        return (
            [tuple(row) for row in statuses],
            connection.execute(select(status_change.c.id)).all(),
            connection.execute(select(batch.c.number)).all(),
        )


def test_more_than_five_percent_need_a_yes(office):
    members(office, 26, 474)
    before = recorded(office)
    held = office("sweep", "--on", LATER, "--json", code=7)
    assert held.json["transitions"] == [{"from": "good_standing", "to": "grace", "n": 26}]
    assert (held.json["batch"], held.json["changed"]) == (None, 26)
    error, remedy = held.err.splitlines()
    assert error == (
        "ancadmin: error: 26 of 500 members would change status (5.2 %, more than 5 %); nothing was changed"
    )
    assert "ancadmin sweep --yes" in remedy
    assert recorded(office) == before
    done = office("sweep", "--on", LATER, "--yes", "--json")
    assert done.json["changed"] == 26
    assert "warning: 26 of 500 members would change status (5.2 %, more than 5 %)\n" in done.err
    again = office("sweep", "--on", LATER, "--json").json
    assert (again["due"], again["changed"]) == (0, 0)


def test_just_five_percent_and_a_handful_do_not(office):
    members(office, 25, 475)
    assert office("sweep", "--on", LATER, "--json").json["changed"] == 25


@pytest.mark.parametrize(("moving", "code"), [(20, 0), (21, 7)])
def test_a_handful_never_stops_it(office, moving, code):
    members(office, moving, 0)
    office("sweep", "--on", LATER, code=code)


def test_a_dry_run_shows_it_without_stopping(office):
    members(office, 26, 474)
    shown = office("sweep", "--on", LATER, "-n", "--json")
    assert shown.json["transitions"] == [{"from": "good_standing", "to": "grace", "n": 26}]
    assert "without --dry-run it needs --yes" in shown.err
    office("sweep", "--on", LATER, code=7)


def test_a_first_status_is_no_change(office):
    """300 new people among 30 known: of these nobody changes."""
    members(office, 0, 30)
    session = session_of(office.db)
    from ancadmin.db.schema import member
    from ancadmin.services.standing.settle import settle

    with session.batch("test import") as opened:
        one = dict(opened.connection.execute(member.select().limit(1)).mappings().one())
        new = [
            {**one, "id": number, "id_number": f"{number:013}", "batch": opened.number} for number in range(100, 400)
        ]
        opened.connection.execute(member.insert(), new)
        settle(opened, select(member.c.id).where(member.c.id >= 100))
    assert office("sweep", "--on", FIRST, "--json").json["changed"] == 300


def test_the_policy_says_how_many(office, monkeypatch, tmp_path):
    members(office, 26, 474)
    from ancadmin.policy import policy_text

    policy = tmp_path / "policy.toml"
    policy.write_text(policy_text(None).replace("most_percent = 5 ", "most_percent = 6 "), encoding="utf-8")
    office("--policy", policy, "sweep", "--on", LATER, "-n")
    done = office("--policy", policy, "sweep", "--on", LATER, "--json")
    assert (done.json["changed"], "warning" in done.err) == (26, False)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_policy_without_the_section_has_it_as_shipped(office, tmp_path):
    from ancadmin.policy import policy_text, read_policy

    text = policy_text(None)
    begins, ends = text.index("[sweep]"), text.index("[retention]")
    old, faults = read_policy(text[:begins] + text[ends:])
    assert not faults
    assert (old.sweep_percent, old.sweep_free_changes) == (5, 20)
    _, faults = read_policy(text.replace("most_percent = 5 ", 'most_percent = "5" '))
    assert [one.key for one in faults] == ["sweep.most_percent"]
