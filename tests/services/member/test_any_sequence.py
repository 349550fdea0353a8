"""Whatever is decided in whatever order: undone from the last to the first, each step gives back what stood before."""

import shutil
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import Office
from tests.services.member.test_decide import PLACES, THABO, WHY
from tests.tamper import sql

days = (st.dates(date(2020, 1, 1), date(2020, 3, 31)) | st.dates(date(2020, 1, 1), date(2020, 1, 28))).map(str)
apply = days.map(lambda on: ["apply", THABO, "--surname", "Mokoena", "--branch", "79700012", "--on", on])
on_a_day = st.sampled_from(["accept", "refuse", "object", "resign", "defect", "lapse"])
plain = st.tuples(on_a_day, days).map(lambda it: [it[0], THABO, "--on", it[1]])
settle = days.map(lambda day: ["object", THABO, "--settled", day])
kinds = st.sampled_from(["expelled", "suspended"])
discipline = st.tuples(kinds, days, st.none() | days).map(
    lambda it: ["discipline", THABO, "--kind", it[0], "--on", it[1], *(["--until", it[2]] if it[2] else [])]
)
lift = st.tuples(kinds, days).map(lambda it: ["discipline", THABO, "--kind", it[0], "--lift", it[1]])
contact = st.integers(0, 9).map(lambda digit: ["contact", THABO, "--cell", f"08212345{digit}{digit}"])
commands = st.lists(plain | settle | discipline | lift | contact | apply, max_size=8)


@pytest.fixture(scope="session")
def placed_template(sqlite_template, tmp_path_factory):
    from ancadmin.cli.app import run

    path = tmp_path_factory.mktemp("placed") / "store.db"
    shutil.copy(sqlite_template, path)
    places = path.with_name("places.csv")
    places.write_text(PLACES, encoding="utf-8")
    assert run(["--quiet", "--db", str(path), "db", "places", "import", str(places), "--json"]) == 0
    return path


def picture(office):
    """What holds: the person, what was decided, and what follows from it."""
    return (
        sql(office, "SELECT id_number, surname, branch, cell FROM member"),
        sql(
            office,
            "SELECT member, kind, begins_on, ends_on FROM decision WHERE reversed_by IS NULL ORDER BY 1, 2, 3, 4",
        ),
        sql(office, "SELECT member, listed_from, accepted_on, probation_ends_on FROM standing"),
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=apply, then=commands)
def test_undo_gives_back_step_by_step_what_stood_before(placed_template, tmp_path, run, first, then):
    path = tmp_path / f"{uuid4().hex}.db"
    shutil.copy(placed_template, path)
    office = Office(f"sqlite:///{path}", tmp_path, run)
    done = []
    for words in [first, *then]:
        before = picture(office)
        answer = office._run(["--db", office.db, "member", *words, *WHY, "--json"])
        assert answer.code in (0, 3), answer
        if answer.code == 0:
            done.append((answer.json["batch"], before))
        else:
            assert picture(office) == before
    assert office("check", "--json").json == []
    for number, before in reversed(done):
        undone = office("batch", "undo", number, "--json").json
        assert undone["kept"] == []
        assert picture(office) == before
    assert office("check", "--json").json == []
