"""The batch: the one way anything is written. A transaction, a number, who and when, and a link of the chain."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ancadmin.db import chain
from ancadmin.db.access import access_head, record_access
from ancadmin.db.schema import audit_event, batch, change, policy_text
from ancadmin.db.store import Store
from ancadmin.domain.policy import Policy


@dataclass
class Batch:
    """An open batch. `counts` is what the command reports; `after_commit` runs once the work is safe."""

    number: int
    connection: Connection
    command: str
    operator: str
    started_at: str
    today: date
    policy: Policy
    dry_run: bool
    undoes: int | None = None
    counts: dict[str, Any] = field(default_factory=dict)
    inputs: list[dict[str, str]] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def changed(self, rows: list[dict[str, Any]]) -> None:
        """Records changed fields: dicts of table_name, key, field, old, new (text or None)."""
        if rows:
            self.connection.execute(insert(change), [{"batch": self.number, **row} for row in rows])

    def read(self, path: Path, name: str = "") -> str:
        """Notes an input file by `name` (or its own) and SHA-256, and returns the hash."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.inputs.append({"file": name or path.name, "sha256": digest})
        return digest


def moment(now: datetime) -> str:
    """A moment as it is stored: ISO, UTC, whole seconds."""
    return f"{now.replace(tzinfo=None).isoformat(timespec='seconds')}Z"  # strftime shortens early years


@contextmanager
def open_batch(
    store: Store,
    command: str,
    *,
    operator: str,
    clock: Callable[[], datetime],
    today: date,
    policy: Policy,
    policy_source: str,
    dry_run: bool = False,
    undoes: int | None = None,
    filling: bool = False,
) -> Iterator[Batch]:
    """One transaction. A dry run is the real run, rolled back, and leaves a link in the access chain instead.

    `filling` as for `Store.write`.
    """
    started = moment(clock())
    after: list[Callable[[], None]] = []
    done: Batch | None = None
    with store.write(filling=filling) as connection:
        _keep_policy(connection, policy, policy_source)
        (number,) = connection.execute(
            insert(batch)
            .values(
                command=command,
                operator=operator,
                started_at=started,
                today=today.isoformat(),
                policy_version=policy.version,
                counts="{}",
                inputs="[]",
                undoes=undoes,
            )
            .returning(batch.c.number)
        ).one()
        opened = Batch(number, connection, command, operator, started, today, policy, dry_run, undoes)
        yield opened
        _close(connection, opened, moment(clock()), access_head(store, connection))
        if dry_run:
            connection.get_transaction().rollback()  # type: ignore[union-attr]
        else:
            after = opened.after_commit
        done = opened
    if dry_run and done is not None:
        detail = {"command": command, "counts": done.counts, "inputs": done.inputs}
        record_access(store, at=moment(clock()), operator=operator, action="dry run", detail=detail)
    for work in after:
        work()


def batch_digest(row: dict[str, Any]) -> str:
    """What a link says of its batch's row, so that an edited batch shows. `undone_by` may change later."""
    covered = {key: value for key, value in row.items() if key != "undone_by"}
    return hashlib.sha256(chain.canonical(covered).encode()).hexdigest()


def _keep_policy(connection: Connection, policy: Policy, source: str) -> None:
    known = connection.scalar(select(policy_text.c.version).where(policy_text.c.version == policy.version))
    if known is None:
        connection.execute(insert(policy_text).values(version=policy.version, text=source))


def _close(connection: Connection, opened: Batch, finished: str, accesses: tuple[int, str]) -> None:
    connection.execute(
        update(batch)
        .where(batch.c.number == opened.number)
        .values(
            finished_at=finished,
            counts=json.dumps(opened.counts, ensure_ascii=False),
            inputs=json.dumps(opened.inputs, ensure_ascii=False),
        )
    )
    row = connection.execute(select(batch).where(batch.c.number == opened.number)).mappings().one()
    chain.append(
        connection,
        audit_event,
        at=finished,
        operator=opened.operator,
        action=opened.command,
        detail={
            "batch": opened.number,
            "counts": opened.counts,
            "inputs": opened.inputs,
            "digest": batch_digest(dict(row)),
            # Each chain names the other's head, so that cutting one shows in the other.
            "access_seq": accesses[0],
            "access_head": accesses[1],
        },
    )
