"""The rows of registers that were held back and wait for an officer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import register_row, register_source
from ancadmin.domain.id_numbers import IdProblem, read_id_number
from ancadmin.domain.policy import Policy
from ancadmin.errors import InputRefused
from ancadmin.services.register.reach import rows_seen
from ancadmin.services.session import Session


@contextmanager
def quarantined(session: Session, number: int | None = None) -> Iterator[Iterator[dict[str, Any]]]:
    """Rows `batch, file, sheet, row, problems[], births[], raw{heading: cell}` still held back, in the order they were
    read; of one batch, or of all that are not undone. `births` are the birth dates of both centuries where the age is
    out of range. Raises InputRefused where there is no such batch.
    """
    with session.reading("register quarantine", batch=number) as connection:
        if number is not None:
            _require_batch(connection, number)
        yield _rows(connection, number, rows_seen(session, connection), session.policy)


def _require_batch(connection: Connection, number: int) -> None:
    if connection.scalar(select(batch_table.c.number).where(batch_table.c.number == number)) is None:
        raise InputRefused("no such batch", "See: ancadmin batch list", value=str(number))


def _rows(
    connection: Connection, number: int | None, seen: ColumnElement[bool], policy: Policy
) -> Iterator[dict[str, Any]]:
    query = (
        select(
            register_row.c.batch,
            batch_table.c.counts,
            register_source.c.id,
            register_source.c.file,
            register_source.c.sheet,
            register_source.c.columns,
            register_row.c.row,
            register_row.c.problems,
            register_row.c.raw,
        )
        .join(register_source, register_source.c.id == register_row.c.source)
        .join(batch_table, batch_table.c.number == register_row.c.batch)
        .where(
            register_row.c.outcome == "quarantined",
            register_row.c.resolved_by.is_(None),
            batch_table.c.undone_by.is_(None),
            seen,
        )
        .order_by(register_row.c.batch, register_row.c.source, register_row.c.row)
    )
    if number is not None:
        query = query.where(register_row.c.batch == number)
    headings: dict[int, list[str]] = {}
    for row in connection.execution_options(yield_per=5_000).execute(query):
        cells = row.raw.split("\x1f")
        if row.id not in headings:
            headings = {row.id: json.loads(row.columns)}
        problems = json.loads(row.problems)
        yield {
            "batch": row.batch,
            "file": row.file,
            "sheet": row.sheet,
            "row": row.row,
            "problems": problems,
            "births": _births(cells, row.counts, policy) if IdProblem.AGE_OUT_OF_RANGE in problems else [],
            "raw": _by_heading(headings[row.id], cells),
        }


def _by_heading(headings: list[str], cells: list[str]) -> dict[str, str]:
    """Cells under their headings. A column without a heading, or with one that is there already, goes by its number."""
    raw: dict[str, str] = {}
    for place, cell in enumerate(cells):
        heading = headings[place] if place < len(headings) else ""
        if not heading and not cell:
            continue
        raw[heading if heading and heading not in raw else f"{heading} {place + 1}".strip()] = cell
    return raw


def _births(cells: list[str], counts: str, policy: Policy) -> list[str]:
    """Both birth dates of the number that was out of range on the day the batch read it."""
    day = date.fromisoformat(json.loads(counts)["reading_date"])
    for cell in cells:
        reading = read_id_number(cell, day, policy)
        if reading.problem == IdProblem.AGE_OUT_OF_RANGE:
            return [born.isoformat() for born in reading.births]
    return []
