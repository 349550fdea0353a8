"""Opens a cost-comparison sheet, and puts its headings right while it is a draft."""

from typing import Any

from sqlalchemy import insert, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import cost_sheet, region
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import InputRefused, UsageError
from ancadmin.services.costs.rows import change_row, tidy
from ancadmin.services.costs.sheets import draft
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session


def open_sheet(session: Session, *, region_code: str, headings: dict[str, str]) -> dict[str, Any]:
    """Opens a sheet for a region. `headings`: subject, name (empty: the region's own), address, concern, cause,
    correction, not_serviced, explanation; what is left empty is blank on the paper until `change_sheet` fills it.
    Raises InputRefused for an unknown region or no subject, NotAllowed to those who may not.
    """
    values = {field: tidy(text) for field, text in headings.items()}
    if not values["subject"]:
        raise InputRefused("a sheet needs a subject", 'Say what it is about: --subject "Card printer of the region".')
    with session.batch("costs new") as batch:
        number = put_sheet(session, batch, region_code, values)
        batch.counts.update(sheet=number)
    return {"batch": batch.number, "sheet": number, "region": region_code}


def put_sheet(session: Session, batch: Batch, region_code: str, values: dict[str, str]) -> int:
    """Opens the sheet within a batch; its number. Raises InputRefused, NotAllowed."""
    name = batch.connection.scalar(select(region.c.name).where(region.c.code == region_code))
    if name is None:
        raise InputRefused("no such region on record", "See: ancadmin db places list", value=region_code)
    require(session, batch.connection, DECIDES, region_code, f"open a cost sheet for {region_code}")
    (number,) = batch.connection.execute(
        insert(cost_sheet)
        .values(
            region=region_code,
            opened_on=batch.today.isoformat(),
            batch=batch.number,
            **{**values, "name": values["name"] or name},
        )
        .returning(cost_sheet.c.number)
    ).one()
    return int(number)


def change_sheet(session: Session, number: int, headings: dict[str, str]) -> dict[str, Any]:
    """Gives the headings named another text; the old one is kept with the batch. Raises InputRefused, NotAllowed for
    a sheet that was submitted, UsageError when nothing is named.
    """
    if not headings:
        raise UsageError("nothing to change was named", 'Give what is to be changed, such as --cause "…".')
    values = {field: tidy(text) for field, text in headings.items()}
    if "subject" in values and not values["subject"]:
        raise InputRefused("a sheet needs a subject", "Give another subject, or none.")
    with session.batch("costs change") as batch:
        record = draft(session, batch.connection, number, f"change cost sheet {number}")
        before = {field: getattr(record.sheet, field) for field in values}
        fields = change_row(batch, cost_sheet, number, before, values)
        batch.counts.update(sheet=number, changed=len(fields))
    return {"batch": batch.number, "sheet": number, "changed": fields}
