"""docs/rules.md, section 7: the table of scope.py, typed line by line, by every role at every place.

On SQLite they are typed by another account of the machine (`nobody`, who is given one role in a copy of the store at a
time) where the tests run as root; where they do not, nobody can become another account, and only what the program asks
the system is answered so. On PostgreSQL they are typed by a login of the server for each role and place, with the
rights the program gave it.
"""

import re
from importlib import import_module
from uuid import uuid4

import psycopg
import pytest
from tests.accounts import open_to_all, typed
from tests.conftest import ENGINES, Answer, Office, _administer, _copy_database
from tests.services.operator.holders import HOLDERS, PLACES, STRANGER_HERE, Holder, World
from tests.services.operator.scope import LINES, ROLES
from tests.services.operator.world import HERE, OWN, person, world

REFUSED, INPUT_REFUSED = 7, 3
# Typed elsewhere only, and as a national officer.
SLOW = ("register duplicates",)
# Where what is in one's own place is nothing, or not enough, the input is refused (exit 3) and not the person.
NOTHING_LEFT = ("register quarantine apply", "deposits bulk schedule")
# What reaches from the own branch to another one.
TO_ANOTHER = ("member transfer",)
WHERE = ("free", "any", "wide", "file", "rows", "held", "branch", "region", "nation")
# What becomes of the row of a file.
COUNTED = {"y": '"(applied|recorded)": [1-9]', "a": '"waiting": [1-9]'}


@pytest.fixture(scope="module", params=ENGINES)
def there(request, tmp_path_factory):
    """The world, once: what is typed in it only looks, or is a dry run."""
    folder = tmp_path_factory.mktemp("scope")
    if request.param == "sqlite":
        (folder / "store.db").write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        yield _begun(Office(f"sqlite:///{folder}/store.db", folder, typed))
        return
    server, name = request.getfixturevalue("postgres"), f"scope_{uuid4().hex}"
    _copy_database(server, request.getfixturevalue("postgres_template"), name)
    before = _logins(server)
    yield _begun(Office(server.replace("/postgres?", f"/{name}?"), folder, typed))
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")
    for login in _logins(server) - before:
        _administer(server, f'DROP ROLE "{login}"')


def _logins(server: str) -> set[str]:
    with psycopg.connect(server) as connection:
        return {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}


def _begun(office: Office) -> World:
    """Every line was typed once by whoever made the store: what a command imports late another account may not be let
    read, and what is compiled once need not be compiled by every child.
    """
    for late in ("ancadmin.cli.desk.app", "textual.drivers.linux_driver"):
        import_module(late)
    there = World(office, world(office))
    lines = [line for _, line, _ in LINES if line != "demo"]
    for line, answer in zip(lines, there.typed_here(lines), strict=True):
        assert answer.code in (0, 10), f"{line}: {answer}"
    open_to_all(office.folder)
    return there


def may(where: str, mark: str, place: str) -> bool:
    """What the table says of a role at a place."""
    lacking = {"wide": (OWN[0],), "branch": ("ETH",), "region": ("ETH", OWN[0]), "nation": tuple(PLACES)[1:]}
    return mark != "-" and place not in lacking.get(where, ())


def told(there: World, where: str, line: str, holder: Holder, mark: str) -> bool:
    """Whether a line is typed by a holder: whom the role itself keeps out, or in, is so everywhere, and typed where
    that would show first.
    """
    if where == "demo" or (where == "free" and there.on_server):
        return False
    if mark == "-":
        return holder.place == "national"
    if where in ("free", "any") or line.startswith(SLOW):
        return holder.place == "ETH" or holder.role == "national_officer"
    return True


def test_every_command_that_can_be_typed_stands_in_the_table():
    import typer

    from ancadmin.cli.app import app

    def walk(command, path):
        below = getattr(command, "commands", {})
        if not below or command.invoke_without_command:
            yield path
        for name in below:
            yield from walk(below[name], f"{path} {name}".strip())

    paths = set(walk(typer.main.get_command(app), ""))
    # `register quarantine` is a command, and `register quarantine export` another.
    commands = {max((path for path in paths if _begins(line, path)), key=len, default=line) for _, line, _ in LINES}
    assert commands == paths
    assert [line for _, line, marks in LINES if len(marks) != len(ROLES) or set(marks) - set("yaon-")] == []
    assert {where for where, _, _ in LINES} == {*WHERE, "demo"}


def _begins(line, path):
    return line.split()[: len(path.split())] == path.split()


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda one: one.account)
def test_who_may_do_what_where(there, holder):
    marked = [(where, line, _mark(line, marks[ROLES.index(holder.role)], holder.place)) for where, line, marks in LINES]
    mine = [(where, line, mark) for where, line, mark in marked if told(there, where, line, holder, mark)]
    answers = there.typed_by(holder, [line for _, line, _ in mine])
    wrong = []
    for (where, line, mark), answer in zip(mine, answers, strict=True):
        wrong.append(_wrong(where, line, mark, holder.place, answer))
        wrong.extend(
            f"{line}: `{other}` in place of `{mark}` would do as well: {answer}"
            for other in _others(where, mark, holder.place)
            if not _wrong(where, line, other, holder.place, answer)
        )
    assert "\n".join(filter(None, wrong)) == ""


def test_who_holds_no_role_may_only_what_is_free(there):
    mine = [(where, line) for where, line, _ in LINES if where != "demo"]
    answers = there.typed_by(STRANGER_HERE, [line for _, line in mine])
    wrong = [
        f"{line}: {answer}"
        for (where, line), answer in zip(mine, answers, strict=True)
        if answer.code != (0 if where == "free" else REFUSED)
    ]
    assert "\n".join(wrong) == ""


def _mark(line: str, mark: str, place: str) -> str:
    """Who holds the role for the own branch alone asks the other one."""
    return "a" if mark == "y" and place == OWN[0] and line.startswith(TO_ANOTHER) else mark


def _others(where: str, mark: str, place: str) -> set[str]:
    """The marks that would say something else of a holder."""
    if not may(where, "y", place):
        return set()
    if mark == "-":
        return {"y"}
    if (where == "file" and OWN not in PLACES[place]) or (where == "held" and place == OWN[0]):
        return {"-"}
    return {*{"file": "yan-", "rows": "yo-", "held": "yo-"}.get(where, "ya-")} - {mark}


def _wrong(where: str, line: str, mark: str, place: str, answer: Answer) -> str | None:
    """What is not as the table says; None where it is."""
    able = may(where, mark, place)
    refused = (REFUSED, INPUT_REFUSED) if mark != "-" and line.startswith(NOTHING_LEFT) else (REFUSED,)
    if answer.code not in ((0, 10) if able else refused):
        return f"{line}: {answer.code}, expected {'done' if able else 'refused'}: {answer.err or answer.out[:200]}"
    if not able:
        return None
    if where == "file":
        expected = mark if OWN in PLACES[place] else "n"
        done = next((kind for kind, counted in COUNTED.items() if re.search(counted, answer.out)), "n")
        return None if done == expected else f"{line}: takes it as `{done}`: {answer.out}"
    if (mark == "a") != ('"waits": true' in answer.out):
        return f"{line}: {'does not wait' if mark == 'a' else 'waits'}: {answer.out}"
    if where in ("rows", "held"):
        sees = mark == "y" and not (where == "held" and place == OWN[0])
        expected = {surname for _, _, surname in PLACES[place] if sees}
        shown = {surname for _, _, surname in HERE if surname in answer.out or _numbers(surname) & _found(answer.out)}
        if shown != expected:
            return f"{line}: shows {sorted(shown)}, expected {sorted(expected)}"
    return None


def _numbers(surname):
    at = [one for _, _, one in HERE].index(surname)
    return {person(at, which) for which in range(7)}


def _found(text):
    return set(re.findall(r"\d{13}", text))
