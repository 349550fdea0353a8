"""The chain of what was read or tried: a file beside a SQLite store, a table of its own on PostgreSQL."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ancadmin.db import chain
from ancadmin.db.schema import access_event, audit_event
from ancadmin.db.store import Store, create_sqlite_file, store_at, store_errors
from ancadmin.domain.papers import masked
from ancadmin.errors import StoreError

# Readers of a PostgreSQL store take turns among themselves only: they never wait for a writer's batch.
_ACCESS_LOCK = 0x616E6362
_ID_NUMBER = re.compile(r"(?<!\d)\d{13}(?!\d)")


def access_path(store_path: Path) -> Path:
    """The file beside a SQLite store."""
    return store_path.with_name(store_path.name + ".access")


@contextmanager
def access_chain(store: Store) -> Iterator[Connection]:
    """A connection on which the access chain can be read and added to. Raises StoreError when it cannot be written."""
    if store.path is None:
        with store.write(lock=_ACCESS_LOCK) as connection:
            yield connection
        return
    path = access_path(store.path)
    create_sqlite_file(path)
    beside = store_at(f"sqlite:///{path}")
    try:
        with beside.write() as connection:
            access_event.create(connection, checkfirst=True)
            yield connection
    finally:
        beside.engine.dispose()


@contextmanager
def access_reader(store: Store, connection: Connection) -> Iterator[Connection]:
    """A connection on which the access chain can only be read: `connection` itself on PostgreSQL. Raises StoreError."""
    if store.path is None:
        yield connection
        return
    path = access_path(store.path)
    if not path.exists():
        raise StoreError(f"{path}: the access trail is gone", "Bring it back from the copy it belongs to.")
    beside = store_at(f"sqlite:///{path}")
    try:
        with beside.connect() as reading:
            yield reading
    finally:
        beside.engine.dispose()


def access_head(store: Store, connection: Connection) -> tuple[int, str]:
    """The last link of the access chain as a write on `connection` sees it; none where nothing was ever read."""
    if store.path is not None and not access_path(store.path).exists():
        return (0, chain.GENESIS)
    with access_reader(store, connection) as reading:
        if store.path is not None and not reading.dialect.has_table(reading, access_event.name):
            return (0, chain.GENESIS)
        return chain.head(reading, access_event)


def record_access(store: Store, *, at: str, operator: str, action: str, detail: dict[str, Any]) -> None:
    """Adds a link that also names the write chain's head, so that each chain vouches for the other. People name files
    after ID numbers, and nothing leaves a trail again: such a number is masked in `file` and `to`.
    """
    with store.connect() as connection:
        seq, head = chain.head(connection, audit_event)
    try:
        with access_chain(store) as connection:
            chain.append(
                connection,
                access_event,
                at=at,
                operator=operator,
                action=action,
                detail={**detail, **_files(detail), "write_seq": seq, "write_head": head},
            )
    except StoreError as error:
        raise StoreError(
            f"the access trail cannot be written, so nothing is shown: {error.what}", error.remedy
        ) from error


def _files(detail: dict[str, Any]) -> dict[str, str]:
    named = {name: detail[name] for name in ("file", "to") if isinstance(detail.get(name), str)}
    return {name: _ID_NUMBER.sub(lambda found: masked(found[0]), text) for name, text in named.items()}


@contextmanager
def kept_open(store: Store) -> Iterator[None]:
    """While the block lasts a SQLite store and its trail keep their write-ahead logs, which each of many short batches
    would clear away and begin anew. A server does so by itself.
    """
    if store.path is None:
        yield
        return
    path = access_path(store.path)
    create_sqlite_file(path)
    beside = store_at(f"sqlite:///{path}")
    with store_errors(store.name), store.engine.connect(), beside.engine.connect():
        yield
    beside.engine.dispose()
