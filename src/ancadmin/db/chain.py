"""The hash chain: every link covers what it says and the link before it, so that any change or gap shows.

Two chains: what was written (one link a batch, in the store), and what was read or tried (in a file beside a SQLite
store, a table on PostgreSQL), committed apart so that a rollback leaves its trace.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, insert, select

GENESIS = "0" * 64
_COVERED = ("seq", "at", "operator", "action", "detail", "previous")


@dataclass(frozen=True)
class Flaw:
    """Something wrong with a chain, and where."""

    chain: str
    seq: int | None
    what: str


def link_hash(link: dict[str, Any]) -> str:
    """SHA-256 over the covered columns as canonical JSON."""
    # A forger can put a blob where text belongs: it must show as a flaw, not stop the check.
    text = json.dumps([link[name] for name in _COVERED], ensure_ascii=False, separators=(",", ":"), default=repr)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(detail: dict[str, Any]) -> str:
    """Detail as the one text it is stored and hashed as."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def head(connection: Connection, table: Table) -> tuple[int, str]:
    """The last link's number and hash; (0, GENESIS) for an empty chain."""
    row = connection.execute(select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def append(connection: Connection, table: Table, *, at: str, operator: str, action: str, detail: dict[str, Any]) -> str:
    """Adds a link and returns its hash. The caller holds the lock of the chain's writer."""
    seq, previous = head(connection, table)
    link: dict[str, Any] = {
        "seq": seq + 1,
        "at": at,
        "operator": operator,
        "action": action,
        "detail": canonical(detail),
        "previous": previous,
    }
    link["hash"] = link_hash(link)
    connection.execute(insert(table), link)
    return str(link["hash"])


def flaws(connection: Connection, table: Table) -> Iterator[Flaw]:
    """Every link that does not fit: edited, missing or out of order."""
    expected, previous = 1, GENESIS
    query = select(table).order_by(table.c.seq).execution_options(yield_per=5000)
    for row in connection.execute(query).mappings():
        link = dict(row)
        if link["seq"] != expected:
            yield Flaw(table.name, link["seq"], f"event {expected} is missing before event {link['seq']}")
        elif link["previous"] != previous:
            yield Flaw(table.name, link["seq"], f"event {link['seq']} does not follow the event before it")
        if link_hash(link) != link["hash"]:
            yield Flaw(table.name, link["seq"], f"event {link['seq']} was changed after it was written")
        expected, previous = link["seq"] + 1, link["hash"]
