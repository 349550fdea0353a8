"""The trail as people read it: what was written, or what was read and tried."""

import json
from typing import Any

from sqlalchemy import Connection, Table, select

from ancadmin.db import chain
from ancadmin.db.access import access_reader
from ancadmin.db.schema import access_event, audit_event
from ancadmin.services.operator.reach import accounts_reached
from ancadmin.services.session import Session


def log(session: Session, *, limit: int, reads: bool) -> list[dict[str, Any]]:
    """Rows `event, at, operator, action, detail{}, hash`, newest first: writes, or with `reads` the accesses, by the
    accounts whose work the caller sees.
    """
    with session.reading("audit log", limit=limit, reads=reads) as connection:
        accounts = accounts_reached(session, connection)
        if not reads:
            return _newest(connection, audit_event, limit, accounts)
        with access_reader(session.store, connection) as beside:
            return _newest(beside, access_event, limit, accounts)


def heads(session: Session) -> dict[str, Any]:
    """The last event of each chain and its hash: `event, head, access_event, access_head`."""
    with session.reading("audit head") as connection:
        event, head = chain.head(connection, audit_event)
        with access_reader(session.store, connection) as beside:
            access, access_head = chain.head(beside, access_event)
    return {"event": event, "head": head, "access_event": access, "access_head": access_head}


def _newest(connection: Connection, table: Table, limit: int, accounts: frozenset[str] | None) -> list[dict[str, Any]]:
    query = select(table).order_by(table.c.seq.desc()).limit(limit)
    rows = connection.execute(query if accounts is None else query.where(table.c.operator.in_(sorted(accounts))))
    return [
        {
            "event": row.seq,
            "at": row.at,
            "operator": row.operator,
            "action": row.action,
            "detail": json.loads(row.detail),
            "hash": row.hash,
        }
        for row in rows
    ]
