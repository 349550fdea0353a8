"""How the quality of registers went, import by import, as each was counted then (docs/rules.md, section 3, Quality)."""

import json
from typing import Any

from sqlalchemy import RowMapping, select, true

from ancadmin.db.schema import batch
from ancadmin.domain.id_columns import PROBLEMS as ID_PROBLEMS
from ancadmin.domain.papers import Form
from ancadmin.domain.quality import Imported, TrendPaper
from ancadmin.services.operator.reach import accounts_reached
from ancadmin.services.session import Session

_OUTCOMES = ("read", "accepted", "updated", "unchanged", "quarantined", "blank")


def trend(session: Session, form: Form | None = None) -> TrendPaper:
    """The imports of registers that were not undone, the first of them first, of accounts whose work the caller sees.
    `form` as in `quality.quality`.
    """
    paper = {"form": form.value} if form else {}
    with session.reading("register quality", trend=True, **paper) as connection:
        accounts = accounts_reached(session, connection)
        rows = connection.execute(
            select(batch.c.number, batch.c.finished_at, batch.c.operator, batch.c.inputs, batch.c.counts)
            .where(batch.c.command == "register import", batch.c.undone_by.is_(None))
            .where(true() if accounts is None else batch.c.operator.in_(sorted(accounts)))
            .order_by(batch.c.number)
        ).mappings()
        return TrendPaper(session.today, tuple(_imported(row) for row in rows))


def _imported(row: RowMapping) -> Imported:
    counts: dict[str, Any] = json.loads(row["counts"])
    problems: dict[str, int] = counts.get("problems", {})
    return Imported(
        batch=row["number"],
        at=row["finished_at"] or "",
        operator=row["operator"],
        files=tuple(read["file"] for read in json.loads(row["inputs"])),
        **{name: counts.get(name, 0) for name in _OUTCOMES},
        problems=problems,
        notes=counts.get("notes", {}),
        id_problems=sum(problems.get(code, 0) for code in ID_PROBLEMS),
    )
