"""Members by what is known of them: an ID number or its beginning, a cell number, part of a name."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from ancadmin.db.schema import branch, member
from ancadmin.domain.contacts import read_cell
from ancadmin.domain.id_numbers import digits_of_any_age
from ancadmin.errors import InputRefused
from ancadmin.services.member.within import members_within
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.query import standing_on

MOST = 50
_FEWEST_LETTERS = 2


def find(session: Session, text: str, *, full_ids: bool) -> list[dict[str, Any]]:
    """At most 50 rows `id_number, surname, first_names, born, branch, branch_name, status` (today), the likeliest
    first: the ID number itself, the cell number, the surname, its beginning, a part of it. Raises InputRefused for a
    text too short to look for.
    """
    wanted = text.strip()
    if len(wanted) < _FEWEST_LETTERS:
        raise InputRefused("too short to look for", "Give at least two letters of a surname.", value=text)
    ranks, meant = _ranks(wanted)
    rank = case(*[(condition, place) for place, condition in enumerate(ranks)], else_=len(ranks))
    # What was looked for may be an ID number or a name: the trail says what kind of thing, not which.
    with session.reading(
        "member find", kind="digits" if wanted[:1].isdigit() else "name", full_ids=full_ids
    ) as reading:
        ready(reading, session.today, session.policy)
        # Who is merged into another is found as that other.
        person = func.coalesce(member.c.merged_into, member.c.id)
        query = select(person.label("id"), rank.label("rank")).where(meant)
        within = members_within(session, reading, None)
        if within is not None:
            query = query.where(person.in_(within))
        found = reading.execute(
            query.order_by(rank, member.c.surname, member.c.first_names, member.c.id_number).limit(MOST)
        ).all()
        order = {row.id: place for place, row in reversed(list(enumerate(found)))}
        these = select(member.c.id).where(member.c.id.in_(order))
        standing = standing_on(session.today, session.policy, these).subquery("standing_on")
        rows = reading.execute(
            select(
                member.c.id,
                member.c.id_number,
                member.c.surname,
                member.c.first_names,
                member.c.born,
                member.c.branch,
                branch.c.name.label("branch_name"),
                standing.c.status,
            )
            .join(branch, branch.c.code == member.c.branch)
            .outerjoin(standing, standing.c.member == member.c.id)
            .where(member.c.id.in_(order))
        ).mappings()
        sorted_rows = sorted((dict(row) for row in rows), key=lambda row: order[row["id"]])
    return [{name: value for name, value in row.items() if name != "id"} for row in sorted_rows]


def _ranks(text: str) -> tuple[list[ColumnElement[bool]], ColumnElement[bool]]:
    """What may be meant, the likeliest first; and all of it as one condition, as few comparisons as will do."""
    found: list[ColumnElement[bool]] = []
    id_number, cell = digits_of_any_age(text), read_cell(text)
    if id_number is not None:
        found.append(member.c.id_number == id_number)
    if cell is not None:
        found.append(member.c.cell == cell)
    digits = text.replace(" ", "")
    if digits.isascii() and digits.isdigit():
        # A colon comes after the nine: everything that begins with these digits.
        found.append(and_(member.c.id_number >= digits, member.c.id_number < digits + ":"))
        return found, or_(*found)
    words = text.split()
    in_a_name = and_(
        *(or_(_like(member.c.surname, word, "%{}%"), _like(member.c.first_names, word, "%{}%")) for word in words)
    )
    contained = _like(member.c.surname, text, "%{}%")
    loosest = [*found, contained, *([in_a_name] if len(words) > 1 else [])]
    return [*found, _like(member.c.surname, text, "{}"), _like(member.c.surname, text, "{}%"), contained], or_(*loosest)


def _like(column: ColumnElement[str], text: str, pattern: str) -> ColumnElement[bool]:
    # SQLite knows the capitals of the plain alphabet only, so each way of writing others is asked for.
    written = [text] if text.isascii() else sorted({text, text.lower(), text.upper(), text.title()})
    return or_(*(column.ilike(pattern.format(_plain(one)), escape="\\") for one in written))


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
