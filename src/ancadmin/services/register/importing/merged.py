"""Rows about a record that others were merged into: what the registers said under the other numbers holds beside them.

So a row that says again what its register said before the merge changes nothing (docs/rules.md, section 2).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.last_payment import last_of
from ancadmin.domain.policy import Policy
from ancadmin.services.register.importing.groups import PAYMENT
from ancadmin.services.register.importing.record import Record

_TOGETHER = ("joined_on", *PAYMENT)


def with_merged(rows: pa.Table, members: npt.NDArray[np.int64], record: Record, policy: Policy) -> pa.Table:
    """The rows, with the members on record they are about (0 for none): where others were merged into the member, of
    theirs and the row's joining the earlier one, and of the last payments the one that counts. What a row says nothing
    of stays unsaid.
    """
    others = record.merged_into
    places = np.flatnonzero(np.isin(members, list(others)))
    if not len(places):
        return rows
    said = rows.select(list(_TOGETHER)).take(pa.array(places)).to_pylist()
    together = [_together(row, others[int(members[place])], policy) for place, row in zip(places, said, strict=True)]
    there = np.zeros(len(members), dtype=np.bool_)
    there[places] = True
    for name in _TOGETHER:
        column = rows.column(name).combine_chunks()
        values = pa.array([row[name] for row in together], column.type)
        at = rows.schema.get_field_index(name)
        rows = rows.set_column(at, name, pc.replace_with_mask(column, there, values))
    return rows


def _together(row: dict[str, Any], others: list[dict[str, Any]], policy: Policy) -> dict[str, Any]:
    """The fields of `_TOGETHER` of a row, beside those of the records merged into its member."""
    together = dict(row)
    if row["joined_on"] is not None:
        together["joined_on"] = min(one["joined_on"] for one in (row, *others) if one["joined_on"] is not None)
    if row[PAYMENT[0]] is not None:
        captured = (one for one in (row, *others) if None not in (one[PAYMENT[0]], one[PAYMENT[1]]))
        last = last_of(((one[PAYMENT[0]], one[PAYMENT[1]]) for one in captured), policy)
        together.update(zip(PAYMENT, last or (), strict=False))
    return together
