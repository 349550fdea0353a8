"""Being someone else: another operating-system account on SQLite, another login on PostgreSQL."""

import io
import os
import pwd
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.conftest import Answer
from tests.tamper import sql

STRANGER = "nobody"


def as_stranger(office: Any, *words: object) -> Answer:
    """Types a command as the account `nobody`: really, in a child process, where the tests run as root.

    Where they do not, nobody can become another account; then only what the program asks the system is answered so.
    """
    line = ["--db", office.db, *map(str, words)]
    if os.geteuid() != 0:
        return _pretending(office, line)
    person = pwd.getpwnam(STRANGER)
    out, err = office.folder / "stranger.out", office.folder / "stranger.err"
    child = os.fork()
    if child == 0:
        _leave_as(person, line, out, err)
    _, status = os.waitpid(child, 0)
    return Answer(os.waitstatus_to_exitcode(status), out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


def open_to_all(folder: Path) -> None:
    """Lets every account into the folder and at its files: roles alone stand in the way then."""
    for above in [folder, *folder.parents]:
        if above.stat().st_uid == os.geteuid():
            above.chmod(above.stat().st_mode | 0o011)
    folder.chmod(0o777)
    for file in folder.iterdir():
        file.chmod(0o666)


def _leave_as(person: pwd.struct_passwd, line: list[str], out: Path, err: Path) -> None:
    """Runs the line as `person` and leaves the child with its exit code; nothing of pytest runs in it again."""
    code = 1
    try:
        # The interpreter's own files may be closed to others, so what commands import late is imported now.
        import_module("ancadmin.services.batch.undo")
        from ancadmin.cli.app import run

        os.setgroups([])
        os.setgid(person.pw_gid)
        os.setuid(person.pw_uid)
        with out.open("wb", 0) as stdout, err.open("wb", 0) as stderr:
            sys.stdout = io.TextIOWrapper(stdout, write_through=True)
            sys.stderr = io.TextIOWrapper(stderr, write_through=True)
            code = run(line)
    finally:
        os._exit(code)


def _pretending(office: Any, line: list[str]) -> Answer:
    import ancadmin.db.identity as identity
    import ancadmin.services.db.init as init
    import ancadmin.services.session as session

    def stranger(_store: Any) -> str:
        return STRANGER

    kept = identity.calling_account
    try:
        for module in (identity, session, init):
            module.calling_account = stranger
        answer: Answer = office._run(line)
    finally:
        for module in (identity, session, init):
            module.calling_account = kept
    return answer


def on_record(office: Any, account: str, *held: tuple[str, str]) -> None:
    """Writes an operator with roles, each (role, place), whom neither the machine nor the server has to know."""
    sql(office, f"INSERT INTO operator (account, name, batch) VALUES ('{account}', '{account}', 1)")
    for role, place in held:
        sql(
            office,
            "INSERT INTO operator_role (account, role, place, begins_on, batch) "
            f"VALUES ('{account}', '{role}', '{place}', '2020-01-01', 1)",
        )
