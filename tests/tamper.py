"""Editing a store with another tool: plain sqlite3 on the file, psycopg on the server; nothing of ours between."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import psycopg

from ancadmin.db.batches import batch_digest
from ancadmin.db.chain import GENESIS, link_hash


def store_file(office: Any) -> Path:
    return Path(office.db.removeprefix("sqlite:///"))


def sql(office: Any, *statements: str, access: bool = False) -> list[tuple[Any, ...]]:
    """Runs statements on the store, or on the chain of accesses; the rows of the last one."""
    if office.db.startswith("sqlite"):
        path = store_file(office)
        connection = sqlite3.connect(f"{path}.access" if access else path)
        try:
            for statement in statements:
                rows = connection.execute(statement).fetchall()
            connection.commit()
        finally:
            connection.close()
        return rows
    with psycopg.connect(office.db) as connection:
        connection.execute("SET session_replication_role = replica")  # foreign keys do not stop a forger
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def forge(office: Any, edit: Any) -> None:
    """Edits the links of the write chain as a list and hashes the whole chain again, so that it holds in itself."""
    names = ("seq", "at", "operator", "action", "detail", "previous", "hash")
    links = [
        dict(zip(names, row, strict=True))
        for row in sql(office, f"SELECT {','.join(names)} FROM audit_event ORDER BY 1")
    ]
    links = edit(links)
    columns = [row[0] for row in _columns(office)]
    previous = GENESIS
    statements = ["DELETE FROM audit_event"]
    for number, link in enumerate(links, 1):
        detail = json.loads(link["detail"])
        row = sql(office, f"SELECT {','.join(columns)} FROM batch WHERE number = {detail['batch']}")[0]
        detail["digest"] = batch_digest(dict(zip(columns, row, strict=True)))
        link.update(
            seq=number,
            previous=previous,
            detail=json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        )
        link["hash"] = previous = link_hash(link)
        values = [str(number), *(f"'{link[name]}'" for name in names[1:])]
        statements.append(f"INSERT INTO audit_event VALUES ({','.join(values)})")
    sql(office, *statements)


def _columns(office: Any) -> list[tuple[Any, ...]]:
    if office.db.startswith("sqlite"):
        return [row[1:2] for row in sql(office, "SELECT * FROM pragma_table_info('batch')")]
    return sql(office, "SELECT column_name FROM information_schema.columns WHERE table_name = 'batch'")
