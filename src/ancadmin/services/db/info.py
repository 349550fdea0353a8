"""Which store this is and how much it holds."""

from typing import Any

from sqlalchemy import func, select, text

from ancadmin.db.schema import batch, branch, deposit, member
from ancadmin.db.store import schema_version, store_at
from ancadmin.domain.deposits import State
from ancadmin.services.session import Session
from ancadmin.settings import Settings

_FILES = ("", "-wal", "-shm", ".access", ".access-wal", ".access-shm")


def store_info(session: Session) -> dict[str, Any]:
    """`store, engine, schema, bytes, branches, members, deposits, batches`; bytes include SQLite's log and trail,
    deposits neither debits and charges nor what was taken back.
    """
    with session.reading("db info") as connection:
        came_in = select(deposit).where(deposit.c.state != State.NOT_A_DEPOSIT.value, deposit.c.reversed_by.is_(None))
        counted = (("branches", branch), ("members", member), ("deposits", came_in.subquery()), ("batches", batch))
        counts = {name: connection.scalar(select(func.count()).select_from(table)) for name, table in counted}
        path = session.store.path
        if path is None:
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
        else:
            beside = (path.with_name(path.name + suffix) for suffix in _FILES)
            size = sum(file.stat().st_size for file in beside if file.exists())
        return {
            "store": session.store.name,
            "engine": connection.dialect.name,
            "schema": schema_version(connection),
            "bytes": size,
            **counts,
        }


def store_name(settings: Settings) -> str:
    """The store's file, or its URL, without opening it. Raises ConfigurationError."""
    return store_at(settings.db).name
