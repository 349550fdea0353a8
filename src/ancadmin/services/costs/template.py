"""A cost-comparison sheet as a workbook to fill in: an empty one, or a draft with what is on it. Reading only."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from ancadmin.db.schema import cost_option, province, region
from ancadmin.domain.cost_paper import CostPaper
from ancadmin.domain.cost_workbook import region_words
from ancadmin.domain.costs import Sheet
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import NotAllowed
from ancadmin.services.costs.sheets import draft
from ancadmin.services.operator.reach import places_reached
from ancadmin.services.session import Session

NAME = "cost-comparison"


def write_template(session: Session, number: int | None, target: Path | None = None) -> dict[str, Any]:
    """Writes the workbook of a draft, or an empty one for no number, to the file `target` (else one named after it,
    here). Raises InputRefused for no such sheet or a file that cannot be written, NotAllowed for a sheet that was
    submitted and to those who do not fill in sheets there.
    """
    path = target or Path(f"{NAME}-{number}-to-fill-in.xlsx" if number else f"{NAME}-to-fill-in.xlsx")
    with session.reading("costs template", sheet=number, to=str(path)) as connection:
        content = _empty(session, connection) if number is None else _of(session, connection, number)
    # Imported only here, for it takes longer than everything above.
    from ancadmin.services.export.folder import write_file

    write_file(path, content)
    return {"sheet": number, "file": str(path)}


def _of(session: Session, connection: Connection, number: int) -> bytes:
    from ancadmin.writers.xlsx.cost_template import rendered

    record = draft(session, connection, number, f"fill in cost sheet {number}")
    # Options taken out keep their letters, so the next one is not simply the next of those that stand.
    last = connection.scalar(select(func.max(cost_option.c.position)).where(cost_option.c.sheet == number))
    return rendered(record.paper, (last or 0) + 1)


def _empty(session: Session, connection: Connection) -> bytes:
    from ancadmin.writers.xlsx.cost_template import empty

    rows = connection.execute(
        select(region.c.code, region.c.name, province.c.name.label("province"))
        .join(province, province.c.code == region.c.province)
        .order_by(province.c.name, region.c.name)
    ).all()
    reached = places_reached(session, connection, DECIDES)
    mine = [region_words(row.name, row.code, row.province) for row in rows if reached is None or row.code in reached]
    if reached is not None and not mine:
        raise NotAllowed(f"{session.account} may not open cost sheets", "Ask an officer of the region.")
    nothing = Sheet("", "", "", "", "", "", "")
    return empty(CostPaper(0, nothing, "", "", session.today.isoformat(), "", ()), mine)
