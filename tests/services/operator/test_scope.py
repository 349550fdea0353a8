"""docs/rules.md, section 7: the table of scope.py, typed line by line, by every role at every place."""

import io
import re
import shutil
import sys
from typing import Any

import pytest
from tests.accounts import on_record
from tests.conftest import Answer, Office
from tests.services.operator.scope import LINES, ROLES
from tests.services.operator.world import FAR, HERE, NEAR, OWN, as_account, person, world

# Where a role may be held, seen from the own branch: above it, there, or elsewhere.
PLACES = {"national": HERE, "GP": (OWN, NEAR), "EKU": (OWN,), OWN[0]: (OWN,), "ETH": (FAR,)}
REFUSED, INPUT_REFUSED = 7, 3
# Typed elsewhere only, and as a national officer.
SLOW = ("register duplicates",)
# Where what is in one's own place is nothing, or not enough, the input is refused (exit 3) and not the person.
NOTHING_LEFT = ("register quarantine apply", "deposits bulk schedule")
# These say nothing in JSON.
PLAIN = ("init", "export", "register desk", "register profile", "deposits profile", "deposits remind again")


def held():
    """Every role at every place it may be held for."""
    return [(role, place) for role in ROLES for place in PLACES if role != "national_officer" or place == "national"]


def account(role, place):
    return f"{role}-{place}"


def typed(words):
    """Types one command line, in this process, without a test's own capturing: it is done thousands of times."""
    from ancadmin.cli.app import run

    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in kept)
    try:
        code = run(words)
        texts = []
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())
    finally:
        sys.stdout, sys.stderr = kept
    return Answer(code, *texts)


@pytest.fixture(scope="module")
def store(sqlite_template, tmp_path_factory):
    """The world, once: what is typed below only looks, or is a dry run. `names` are those the table uses."""
    folder = tmp_path_factory.mktemp("scope")
    shutil.copy(sqlite_template, folder / "store.db")
    office = Office(f"sqlite:///{folder}/store.db", folder, typed)
    names = world(office)
    for role, place in held():
        on_record(office, account(role, place), (role, place))
    return office, names


def may(where: str, mark: str, place: str) -> bool:
    """What the table says of a role at a place."""
    lacking = {"branch": ("ETH",), "region": ("ETH", OWN[0]), "nation": tuple(PLACES)[1:]}
    return mark != "-" and place not in lacking.get(where, ())


def test_every_command_that_can_be_typed_stands_in_the_table():
    import typer

    from ancadmin.cli.app import app

    def walk(command: Any, path: str) -> Any:
        below = getattr(command, "commands", None)
        if not below:
            yield path
        for name in below or ():
            yield from walk(below[name], f"{path} {name}".strip())

    lines = [line for _, line, _ in LINES]
    absent = [path for path in walk(typer.main.get_command(app), "") if not any(_begins(one, path) for one in lines)]
    assert absent == []
    assert all(len(marks) == len(ROLES) for _, _, marks in LINES)


def _begins(line: str, path: str) -> bool:
    return line.split()[: len(path.split())] == path.split()


@pytest.mark.parametrize("at", range(len(LINES)), ids=[" ".join(line.split()[:4]) for _, line, _ in LINES])
def test_who_may_do_what_where(store, at):
    where, line, marks = LINES[at]
    if where == "free":
        return
    wrong = []
    for role, place in held():
        mark = marks[ROLES.index(role)]
        # Whom the role itself keeps out, or in, is so everywhere: typed where that would show first.
        if mark == "-":
            telling = place == "national"
        elif where == "any" or line.startswith(SLOW):
            telling = place == "ETH" or role == "national_officer"
        else:
            telling = True
        if telling:
            wrong.append(_wrong(store, where, line, role, place, mark))
    assert "\n".join(filter(None, wrong)) == ""


def _wrong(store, where, line, role, place, mark):
    """What is not as the table says; None where it is."""
    office, names = store
    words = line.format(**names, **{"as": account(role, place)}).split()
    json = [] if line.startswith(PLAIN) else ["--json"]
    with as_account(account(role, place)):
        answer = office._run(["--db", office.db, *words, *json])
    able = may(where, mark, place)
    refused = (REFUSED, INPUT_REFUSED) if mark != "-" and line.startswith(NOTHING_LEFT) else (REFUSED,)
    if (answer.code in (0, 10)) != able or (not able and answer.code not in refused):
        expected = "done" if able else "refused"
        return f"{role} of {place}: {answer.code}, expected {expected}: {answer.err or answer.out[:200]}"
    if able and mark == "a" and '"waits": true' not in answer.out:
        return f"{role} of {place}: does not wait: {answer.out}"
    if able and mark == "n" and not re.search('"(applied|recorded)": 0,', answer.out):
        return f"{role} of {place}: takes rows: {answer.out}"
    if able and where in ("rows", "held"):
        sees = mark == "y" and not (where == "held" and place == OWN[0])
        expected = {surname for _, _, surname in PLACES[place] if sees}
        shown = {surname for _, _, surname in HERE if surname in answer.out or _numbers(surname) & _found(answer.out)}
        if shown != expected:
            return f"{role} of {place}: shows {sorted(shown)}, expected {sorted(expected)}"
    return None


def _numbers(surname):
    at = [one for _, _, one in HERE].index(surname)
    return {person(at, which) for which in range(6)}


def _found(text):
    return set(re.findall(r"\d{13}", text))
