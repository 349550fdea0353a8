"""Being someone else: another operating-system account on SQLite, another login on PostgreSQL."""

import gc
import io
import os
import pickle
import pwd
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, TypeVar

from tests.conftest import Answer
from tests.tamper import sql

STRANGER = "nobody"
Outcome = TypeVar("Outcome")
# Who asks for the calling account, each by a name of its own.
_WHO_ASK = ("db.identity", "services.session", "services.db.init", "services.db.upgrade")


def as_stranger(office: Any, *words: object) -> Answer:
    """Types a command as the account `nobody`, as `as_other` does."""
    line = ["--db", office.db, *map(str, words)]
    return as_other(STRANGER, lambda: typed(line))


def as_other(account: str, work: Callable[[], Outcome]) -> Outcome:
    """What `work` returns, done as another account: really, in a child process, where the tests run as root.

    Where they do not, nobody can become another account; then only what the program asks the system is answered so.
    """
    if os.geteuid() != 0:
        with pretending(account):
            return work()
    person = pwd.getpwnam(account)
    # The interpreter's own files may be closed to others, so what commands import late is imported now.
    import_module("ancadmin.services.batch.undo")
    with tempfile.TemporaryFile() as outcome:
        child = os.fork()
        if child == 0:
            _leave_as(person, work, outcome)
        _, status = os.waitpid(child, 0)
        assert status == 0, f"the child that became {account} ended with {status}: see what it said on stderr"
        outcome.seek(0)
        done: Outcome = pickle.load(outcome)
        return done


@contextmanager
def pretending(account: str) -> Iterator[None]:
    """Answers the program that this account calls; nothing else is changed."""
    modules: list[Any] = [import_module(f"ancadmin.{name}") for name in _WHO_ASK]
    kept = modules[0].calling_account
    for module in modules:
        module.calling_account = lambda _store: account
    try:
        yield
    finally:
        for module in modules:
            module.calling_account = kept


def typed(words: list[str]) -> Answer:
    """Types one command line, in this process, without a test's own capturing."""
    from ancadmin.cli.app import run

    kept = sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in kept)
    sys.stdout, sys.stderr = out, err
    try:
        code = run(words)
    finally:
        sys.stdout, sys.stderr = kept
    return Answer(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


def open_to_all(folder: Path) -> None:
    """Lets every account into the folder and at its files: roles alone stand in the way then."""
    for above in [folder, *folder.parents]:
        if above.stat().st_uid == os.geteuid():
            above.chmod(above.stat().st_mode | 0o011)
    folder.chmod(0o777)
    for file in folder.iterdir():
        file.chmod(0o666)


def _leave_as(person: pwd.struct_passwd, work: Callable[[], Any], outcome: IO[bytes]) -> None:
    """Does the work as `person` and leaves the child; nothing of pytest runs in it again."""
    code = 1
    try:
        gc.freeze()  # what libraries keep threads for is not the child's to clear away
        os.setgroups([])
        os.setgid(person.pw_gid)
        os.setuid(person.pw_uid)
        os.environ.pop("TMPDIR", None)  # the tests' own folder for such files is closed to others
        tempfile.tempdir = None
        pickle.dump(work(), outcome)
        outcome.flush()
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, it is said before the child is gone
        traceback.print_exc()
    finally:
        os._exit(code)


def on_record(office: Any, account: str, *held: tuple[str, str]) -> None:
    """Writes an operator with roles, each (role, place), whom neither the machine nor the server has to know."""
    sql(office, f"INSERT INTO operator (account, name, batch) VALUES ('{account}', '{account}', 1)")
    for role, place in held:
        sql(
            office,
            "INSERT INTO operator_role (account, role, place, begins_on, batch) "
            f"VALUES ('{account}', '{role}', '{place}', '2020-01-01', 1)",
        )
