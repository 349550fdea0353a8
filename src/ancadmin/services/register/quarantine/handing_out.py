"""Rows held back, out to a workbook in which an officer mends them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import branch, register_row
from ancadmin.errors import InputRefused
from ancadmin.services.register.quarantine.reasons import reason
from ancadmin.services.register.quarantine.repairs import Repairs
from ancadmin.services.register.quarantine.rereading import Rereader
from ancadmin.services.register.quarantine.sheet_rows import TITLES, line_of
from ancadmin.services.register.quarantine.waiting import still_waiting
from ancadmin.services.register.reach import rows_seen
from ancadmin.services.session import Session
from ancadmin.writers.files import written_whole
from ancadmin.writers.xlsx import held_back as paper
from ancadmin.writers.xlsx.held_back import HeldLine

_AT_ONCE = 2_000
# More rows than this a spreadsheet program hardly scrolls through, let alone a person.
_MOST_ROWS = 50_000


@dataclass(frozen=True)
class Exported:
    """A workbook written: its `rows`, how many of them have a proposal, and how many others wait that are `left_out`;
    all together fill `parts` workbooks, of which this is number `part`.
    """

    file: str
    rows: int
    proposed: int
    left_out: int
    part: int
    parts: int

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON shows it."""
        return asdict(self)


def export_held(session: Session, path: Path, number: int | None = None, part: int = 1) -> Exported:
    """Writes the rows held back (by one import, or all) to a workbook; of more rows than a workbook is good for, one
    part of them. Raises InputRefused: no such batch, no such part, a file that cannot be written.
    """
    rereader = Rereader(session.policy, session.today)
    with session.reading("register quarantine export", batch=number, part=part) as connection:
        waiting = _waiting(session, connection, number)
        parts = max(1, -(-len(waiting) // _MOST_ROWS))
        if not 1 <= part <= parts:
            raise InputRefused(f"there is no part {part}", f"The last one is --part {parts}.")
        ids = waiting[(part - 1) * _MOST_ROWS : part * _MOST_ROWS]
        with session.progress.step("Looking up repairs", len(ids)) as step:
            lines: list[HeldLine] = []
            for start in range(0, len(ids), _AT_ONCE):
                lines += _lines(session, connection, rereader, ids[start : start + _AT_ONCE])
                step.advance(len(lines) - start)
        places = branch_labels(connection)
    names = {name for line in lines for name in line.cells}
    fields = [(name, title) for name, title in TITLES.items() if name in names]
    content = paper.rendered(lines, fields, list(places), session.today)
    with written_whole(path) as temporary:
        temporary.write_bytes(content)
    proposed = sum(1 for line in lines if line.proposed)
    return Exported(str(path), len(lines), proposed, len(waiting) - len(lines), part, parts)


def branch_labels(connection: Connection) -> dict[str, str]:
    """The branches as the drop-down names them, with their codes."""
    rows = connection.execute(select(branch.c.code, branch.c.name).order_by(branch.c.code))
    return {f"{row.code} {row.name}": row.code for row in rows}


def _waiting(session: Session, connection: Connection, number: int | None) -> Sequence[int]:
    query = (
        still_waiting()
        .where(rows_seen(session, connection))
        .order_by(register_row.c.batch, register_row.c.source, register_row.c.row)
    )
    if number is not None:
        if connection.scalar(select(batch_table.c.number).where(batch_table.c.number == number)) is None:
            raise InputRefused("no such batch", "See: ancadmin batch list", value=str(number))
        query = query.where(register_row.c.batch == number)
    return connection.scalars(query).all()


def _lines(session: Session, connection: Connection, rereader: Rereader, ids: Sequence[int]) -> Iterator[HeldLine]:
    rows = rereader.sources.rows(connection, ids)
    read = rereader.clean(connection, [(row, row.cells) for row in rows])
    repairs = Repairs(connection, session.policy, session.today)
    for row, offers in zip(rows, repairs.of(connection, rows, read), strict=True):
        births = repairs.births(row)
        yield line_of(row, offers, {code: reason(row, code, session.policy, births) for code in row.problems})
