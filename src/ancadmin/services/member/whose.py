"""Finding the member a command is about, by the ID number that was typed."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ancadmin.db.schema import member
from ancadmin.domain.id_numbers import digits_of_any_age, read_id_number
from ancadmin.domain.policy import Policy
from ancadmin.errors import InputRefused


def typed_id_number(text: str, today: date, policy: Policy) -> str:
    """The 13 digits of an ID number as it was typed; a number on record is good whatever age it gives.

    Raises InputRefused with the problem (docs/rules.md, section 2).
    """
    digits = digits_of_any_age(text)
    if digits is None:
        problem = read_id_number(text, today, policy).problem
        raise InputRefused(
            f"not an ID number: {str(problem).replace('_', ' ')}",
            f"See what is wrong with it: ancadmin check id '{text}'",
            value=text,
        )
    return digits


def member_row(connection: Connection, text: str, today: date, policy: Policy) -> dict[str, Any]:
    """The row of the member whose ID number was typed. Raises InputRefused for no number, and for nobody's."""
    id_number = typed_id_number(text, today, policy)
    row = connection.execute(select(member).where(member.c.id_number == id_number)).mappings().first()
    if row is None:
        raise InputRefused(
            "nobody on record has this ID number",
            "Look for them by name: ancadmin member find SURNAME; new people apply: ancadmin member apply",
            value=id_number,
        )
    return dict(row)
