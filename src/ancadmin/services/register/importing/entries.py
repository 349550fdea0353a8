"""The entries of docs/rules.md, section 5, a register asks for, beside the decisions on record.

An entry on record already, ended since or not, is not asked for again. Another day for the same kind corrects what an
import said; what an officer or a result file of deaths said stands, and the row is noted.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, bindparam, or_, select, update

from ancadmin.db.schema import batch, decision
from ancadmin.domain.register_status import ENTRIES
from ancadmin.services.register.codes import TAKES_ROWS, mark
from ancadmin.services.register.importing.record import Record
from ancadmin.services.register.importing.texts import objects


def asked_anew(rows: pa.Table, members: npt.NDArray[np.int64], record: Record) -> pa.Table:
    """The rows (with the members on record they are about, 0 for none) without the entries that are not to be made."""
    asked = np.flatnonzero(np.asarray(pc.is_valid(rows.column("entry"))) & (members > 0))
    if not len(asked):
        return rows
    taken = rows.select(["entry", "entry_on"]).take(pa.array(asked))
    kinds = objects(taken.column("entry").combine_chunks())
    days = objects(taken.column("entry_on").combine_chunks())
    made = record.entries(np.unique(members[asked]), tuple(ENTRIES))
    dropped = np.zeros(len(members), dtype=np.bool_)
    noted = np.zeros(len(members), dtype=np.bool_)
    for place, kind, day in zip(asked.tolist(), kinds, days, strict=True):
        earlier = made.get((int(members[place]), kind), {})
        if str(day) in earlier:
            dropped[place] = True
        elif any(command not in TAKES_ROWS for command in earlier.values()):
            dropped[place] = noted[place] = True
    if not dropped.any():
        return rows
    notes = rows.column("notes").to_numpy().copy()
    mark(notes, "status_differs", noted)
    rows = rows.set_column(rows.schema.get_field_index("notes"), "notes", pa.array(notes))
    for name in ("entry", "entry_on"):
        left = pc.if_else(pa.array(dropped), None, rows.column(name))
        rows = rows.set_column(rows.schema.get_field_index(name), name, left)
    return rows


def replace(connection: Connection, number: int, entries: list[dict[str, Any]]) -> None:
    """What earlier imports said of the same kind gives way to the entries of batch `number` for members on record."""
    if not entries:
        return
    # Spelt out: a list of values cannot be part of a statement that runs once a row.
    takes_rows = or_(*(batch.c.command == command for command in TAKES_ROWS))
    imports = select(batch.c.number).where(takes_rows, batch.c.number < number)
    connection.execute(
        update(decision)
        .where(
            decision.c.member == bindparam("who"),
            decision.c.kind == bindparam("what"),
            decision.c.reversed_by.is_(None),
            decision.c.batch.in_(imports),
        )
        .values(reversed_by=number),
        [{"who": one["member"], "what": one["kind"]} for one in entries],
    )
