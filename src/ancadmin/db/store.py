"""Opening a store: engine, connection settings, schema version, and what can go wrong there as our own errors."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from ancadmin.db.version import SCHEMA_HEAD, SCHEMA_VERSIONS
from ancadmin.errors import AncadminError, ConfigurationError, NotAllowed, StoreBusy, StoreError

BUSY_SECONDS = 10
# One number names the lock that writers of a PostgreSQL store take turns on.
WRITE_LOCK = 0x616E6361
# What a PostgreSQL transaction that writes may use. The server's own 4 MiB suit a hundred people who look something up
# at a time; of those who write there is one at a time, and with sets of a million rows spilt to disk they would be read
# back, and written to, in another order than they lie in.
_ROOM = {"work_mem": "128MB", "temp_buffers": "128MB", "maintenance_work_mem": "256MB"}


@dataclass(frozen=True)
class Store:
    """An open store. `path` is the SQLite file, None on PostgreSQL."""

    url: URL
    engine: Engine
    path: Path | None

    @property
    def name(self) -> str:
        """The store as people know it: its file, or its URL without a password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection for reading, in a transaction of its own: one consistent picture. Raises StoreError."""
        with store_errors(self.name), self.engine.connect() as connection, connection.begin():
            if self.path is None:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            yield connection

    @contextmanager
    def write(self, *, lock: int = WRITE_LOCK, filling: bool = False) -> Iterator[Connection]:
        """The connection of the one writer: rolled back by any error. Raises StoreBusy after BUSY_SECONDS.

        `lock` names the turn that writers of a PostgreSQL store take; a SQLite file has one of its own. `filling`: an
        empty store gets most of what it will hold, and whoever would read it can wait until that is done.
        """
        with store_errors(self.name), self.engine.connect() as connection:
            connection = connection.execution_options(ancadmin_write=True, ancadmin_filling=filling)
            with connection.begin():
                if self.path is None:
                    _for_this_transaction(connection, {"lock_timeout": f"{BUSY_SECONDS}s", **_ROOM})
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({lock})"))
                yield connection


def store_at(url_text: str) -> Store:
    """The store an URL names, not looked at yet. Raises ConfigurationError for an URL it cannot use."""
    try:
        url = make_url(url_text)
        if url.get_backend_name() == "sqlite":
            path = Path(url.database or "").expanduser().absolute()
            if not url.database or url.database == ":memory:":
                raise ConfigurationError("the URL names no file", "Write sqlite:///path/to/file.db.", value=url_text)
            engine = create_engine(url.set(drivername="sqlite", database=str(path)), poolclass=NullPool)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return Store(url, engine, path)
        if url.get_backend_name() == "postgresql":
            if url.password:
                raise ConfigurationError(
                    "a password does not belong in the URL, where others can read it",
                    "Put it in ~/.pgpass, a service file or the file PGPASSFILE names.",
                )
            return Store(
                url, create_engine(url.set(drivername="postgresql+psycopg", password=None), poolclass=NullPool), None
            )
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise ConfigurationError(
            "not a store's URL",
            "Write sqlite:///path/to/file.db or postgresql://host/database.",
            value=url_text,
        ) from error
    raise ConfigurationError(
        f"ancadmin keeps no store in {url.get_backend_name()}",
        "Use sqlite:/// or postgresql://.",
        value=url_text,
    )


def open_store(url_text: str) -> Store:
    """An existing store whose schema is this program's. Raises StoreError when missing, behind or ahead."""
    store = store_at(url_text)
    if store.path is not None and not store.path.exists():
        raise StoreError(f"{store.name}: there is no store here yet", "Make one: ancadmin init")
    with store_errors(store.name), store.engine.connect() as connection:
        found = schema_version(connection)
    if found == SCHEMA_HEAD:
        return store
    if found is None:
        raise StoreError(f"{store.name}: not a store of ancadmin", "Make one: ancadmin init")
    if found in SCHEMA_VERSIONS:
        raise StoreError(
            f"{store.name}: the store is behind this program (schema {found}, needed {SCHEMA_HEAD})",
            "Copy the store, then bring it up: ancadmin db upgrade",
        )
    raise StoreError(
        f"{store.name}: the store is ahead of this program (schema {found}, known up to {SCHEMA_HEAD})",
        "Install the version of ancadmin that wrote it, or a later one.",
    )


def schema_version(connection: Connection) -> str | None:
    """The version the store says it has, or None when it is no store."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def create_sqlite_file(path: Path) -> None:
    """An empty file nobody else can read, unless there is one. Raises StoreError."""
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(
            f"{path}: the store cannot be made here: {error.strerror}",
            "Name another place: --db sqlite:///path/to/file.db",
        ) from error


_NETWORK_FILESYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "glusterfs"}


def refuse_network_share(path: Path) -> None:
    """WAL needs shared memory, which a network share does not have. Raises StoreError."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return
    best = ("", "")
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, where, kind, *_ = line.split(" ")
        if path.is_relative_to(where) and len(where) > len(best[0]):
            best = (where, kind)
    if best[1] in _NETWORK_FILESYSTEMS:
        raise StoreError(
            f"{path}: a SQLite store on a network share ({best[1]}) would be damaged sooner or later",
            "Keep it on a local disk, or use a PostgreSQL store: --db postgresql://host/database",
        )


def _for_this_transaction(connection: Connection, settings: dict[str, str]) -> None:
    connection.execute(select(*(func.set_config(name, value, True) for name, value in settings.items())))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "synchronous = FULL",
        "cache_size = -65536",
        "temp_store = FILE",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("ancadmin_filling", False):
        _write_once(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("ancadmin_write", False) else "BEGIN")


def _write_once(connection: Connection) -> None:
    """Leaves the write-ahead log, which writes every page twice, until the next connection comes back to it. What a
    rollback journal keeps is the few pages there were before: a store that is filled costs a sixth less. Where somebody
    has the store open the log stays.
    """
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    with suppress(OperationalError):
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


@contextmanager
def store_errors(name: str) -> Iterator[None]:
    """Turns what the engine says into our errors: busy, full, read-only, damaged, unreachable."""
    try:
        yield
    except _engine_errors() as error:
        known = _known(name, str(getattr(error, "orig", error)))
        if known is None:
            raise
        raise known from error


def _engine_errors() -> tuple[type[Exception], ...]:
    """SQLAlchemy's, and what bulk loading raises, which speaks to the driver itself. psycopg is not loaded for this."""
    psycopg = sys.modules.get("psycopg")
    return (DBAPIError, sqlite3.Error) if psycopg is None else (DBAPIError, sqlite3.Error, psycopg.Error)


def _known(name: str, message: str) -> AncadminError | None:
    lower = message.lower()
    if "locked" in lower or "lock timeout" in lower:
        return StoreBusy(f"{name}: someone else is writing", "Try again when they are done.")
    if ("full" in lower and ("disk" in lower or "space" in lower)) or "no space left" in lower:
        return StoreError(f"{name}: the disk is full", "Make room and run it again; the store is as it was.")
    if "permission denied for" in lower or "must be owner of" in lower:
        return NotAllowed(
            f"{name}: the server does not allow it: {message.splitlines()[0]}",
            "A national officer gives it a role: ancadmin operator add LOGIN --role ROLE --place CODE --name NAME; "
            "the schema is changed only by the login that owns the tables.",
        )
    if "readonly" in lower or "read-only" in lower or "permission denied" in lower:
        return StoreError(f"{name}: the store cannot be written", "Ask for the right to write there, or copy it.")
    if "not a database" in lower or "malformed" in lower:
        return StoreError(f"{name}: not a store, or damaged", "Name another with --db, or restore a copy.")
    if "unable to open" in lower or "disk i/o error" in lower:
        return StoreError(f"{name}: the store cannot be opened", "See that the folder is there and can be written.")
    if (
        "connection" in lower
        or "could not translate" in lower
        or "resolve host" in lower
        or "authentication" in lower
        or "does not exist" in lower
    ):
        return StoreError(f"{name}: the server cannot be reached: {message.strip().splitlines()[0]}", "Check --db.")
    return None
