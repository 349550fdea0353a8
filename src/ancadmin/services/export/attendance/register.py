"""What the register of a meeting says, for whoever was there to be held against it."""

from datetime import date

from sqlalchemy import Connection, select

from ancadmin.db.schema import paper
from ancadmin.domain.attendance import AttendanceRegister, Meeting
from ancadmin.errors import InputRefused
from ancadmin.services.export.contents import ForMeeting, attendance_registers
from ancadmin.services.export.registers.kept import said_by
from ancadmin.services.export.scope import place_of
from ancadmin.services.session import Session


def register_of(session: Session, connection: Connection, serial: str) -> AttendanceRegister:
    """The issued register `serial`. One that was issued before what it says was kept is read from the record, which
    serves as long as its content hash is the one that was issued.

    Raises InputRefused where the record says something else by now.
    """
    said = said_by(connection, serial)
    if said is not None:
        return said[0]
    columns = ("branch", "meeting", "meeting_date", "cut_off", "content_hash")
    row = connection.execute(select(*(paper.c[name] for name in columns)).where(paper.c.serial == serial)).one()
    meeting_date, cut_off = date.fromisoformat(row.meeting_date), date.fromisoformat(row.cut_off)
    asked = ForMeeting(Meeting(row.meeting), meeting_date, cut_off)
    (register,) = attendance_registers(connection, session.policy, [place_of(connection, row.branch)], asked)
    if register.content_hash() != row.content_hash:
        raise InputRefused(
            "this register was issued before what it says was kept apart from its file, and the record says something "
            "else by now",
            "Hold its file against a list by hand (ancadmin export reprint), or issue a register anew and take the "
            "attendance in for that one.",
            value=serial,
        )
    return register
