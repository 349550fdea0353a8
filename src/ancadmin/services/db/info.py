"""Which store this is and how much it holds."""

from typing import Any

from sqlalchemy import func, select, text

from ancadmin.db.schema import batch, branch, deposit, member
from ancadmin.db.store import schema_version, store_at
from ancadmin.domain.deposits import State
from ancadmin.domain.roles import Role
from ancadmin.services.operator.reach import branches_reached
from ancadmin.services.session import Session
from ancadmin.settings import Settings

_FILES = ("", "-wal", "-shm", ".access", ".access-wal", ".access-shm")


def store_info(session: Session) -> dict[str, Any]:
    """`store, engine, schema, bytes, branches, members, deposits, batches`; bytes include SQLite's log and trail,
    members no record merged into another, deposits neither debits and charges nor what was taken back. Branches and
    members are those of the caller's places; deposits and batches None for who sees none but those.
    """
    with session.reading("db info") as connection:
        reached = branches_reached(session, connection, frozenset(Role))
        here = [] if reached is None else [branch.c.code.in_(sorted(reached))]
        people = [member.c.merged_into.is_(None), *([] if reached is None else [member.c.branch.in_(sorted(reached))])]
        came_in = select(deposit).where(deposit.c.state != State.NOT_A_DEPOSIT.value, deposit.c.reversed_by.is_(None))
        counted = {
            "branches": select(branch.c.code).where(*here),
            "members": select(member.c.id).where(*people),
            "deposits": came_in if reached is None else None,
            "batches": select(batch.c.number) if reached is None else None,
        }
        counts = {
            name: None if query is None else connection.scalar(select(func.count()).select_from(query.subquery()))
            for name, query in counted.items()
        }
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
