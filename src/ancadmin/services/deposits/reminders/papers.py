"""The files of a sending: a gateway file of text messages, or letters, a PDF for each branch. They can be had again."""

import csv
import io
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, select

from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import branch, member, province, region, reminder
from ancadmin.domain.papers import BranchPlace, Form, in_order
from ancadmin.domain.reminders import Channel
from ancadmin.errors import InputRefused, Place
from ancadmin.services.deposits.reminders.due import of_places
from ancadmin.services.export.folder import file_in, write_file
from ancadmin.services.session import Session

if TYPE_CHECKING:
    from ancadmin.writers.pdf.reminder_letters import Letter

_HEADINGS = ("cell", "text", "reference")


def write_again(session: Session, number: int, target: Path) -> tuple[Path, ...]:
    """Writes what batch `number` sent: text messages to the file `target`, letters under that folder, a PDF for each
    branch. Raises InputRefused: no such sending, e-mail, a gateway file that is there already, no room.
    """
    with session.reading("deposits remind again", batch=number) as connection:
        rows = _sent_in(session, connection, number)
        day = connection.scalar(select(batch_table.c.today).where(batch_table.c.number == number))
    if not rows:
        raise InputRefused("no text messages or letters left in it", "See: ancadmin batch list", value=str(number))
    if rows[0].channel == Channel.SMS:
        if target.exists():
            raise InputRefused("is there already", "Name another file with -o.", place=Place(file=str(target)))
        write_file(target, _gateway_file(rows))
        return (target,)
    return _letters(rows, str(day), number, target)


def _sent_in(session: Session, connection: Connection, number: int) -> list[Row[Any]]:
    query: Select[Any] = (
        select(
            reminder.c.id,
            reminder.c.kind,
            reminder.c.about,
            reminder.c.channel,
            reminder.c.address,
            reminder.c.subject,
            reminder.c.text,
            member.c.id_number,
            member.c.surname,
            member.c.first_names,
            branch.c.code,
            branch.c.name,
            region.c.code.label("region_code"),
            region.c.name.label("region"),
            province.c.code.label("province_code"),
            province.c.name.label("province"),
        )
        .join(member, member.c.id == reminder.c.member)
        .join(branch, branch.c.code == member.c.branch)
        .join(region, region.c.code == branch.c.region)
        .join(province, province.c.code == region.c.province)
        .where(reminder.c.sent_in == number, reminder.c.channel != Channel.EMAIL.value)
        .where(*of_places(session, connection, None, "send reminders"))
        .order_by(reminder.c.id)
    )
    return list(connection.execute(query).all())


def _gateway_file(rows: list[Row[Any]]) -> bytes:
    """Cell number, text and our own reference, UTF-8."""
    to = io.StringIO(newline="")
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(_HEADINGS)
    writer.writerows((row.address, row.text, f"R{row.id}") for row in rows)
    return to.getvalue().encode()


def _letters(rows: list[Row[Any]], day: str, number: int, folder: Path) -> tuple[Path, ...]:
    from ancadmin.writers.pdf.reminder_letters import rendered

    written = []
    rows = sorted(rows, key=lambda row: (row.code, in_order(row.surname), in_order(row.first_names), row.id))
    for code, found in groupby(rows, key=lambda row: row.code):
        own = list(found)
        letters = [_letter(row) for row in own]
        first = own[0]
        place = BranchPlace(code, first.name, first.region_code, first.region, first.province_code, first.province)
        path = file_in(folder, place, Form.PDF)
        path = path.with_name(f"{path.stem}-{number}.pdf")
        write_file(path, rendered(place, letters, day))
        written.append(path)
    return tuple(written)


def _letter(row: Row[Any]) -> "Letter":
    from ancadmin.writers.pdf.reminder_letters import Letter

    return Letter(row.address, row.subject, row.text, row.id_number, _day_before(row.about), f"R{row.id}")


def _day_before(about: str) -> str:
    """The last day covered: papers say up to when, the rules from when on not."""
    return (date.fromisoformat(about) - timedelta(days=1)).isoformat()
