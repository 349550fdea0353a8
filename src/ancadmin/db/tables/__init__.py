"""The tables as SQLModel models, one file a noun: the definition migrations and `db/schema.py` are made from.

`python -m ancadmin.db.tables` rewrites `db/schema.py`, the same tables as SQLAlchemy Core: what queries are written
with, because loading SQLModel costs every command a third of a second.
"""

from ancadmin.db.tables import (
    costs,
    decisions,
    deposits,
    desk,
    members,
    papers,
    places,
    profiles,
    registers,
    reminders,
    spine,
    standing,
    suggestions,
)
from ancadmin.db.tables.base import METADATA

__all__ = [
    "METADATA",
    "costs",
    "decisions",
    "deposits",
    "desk",
    "members",
    "papers",
    "places",
    "profiles",
    "registers",
    "reminders",
    "spine",
    "standing",
    "suggestions",
]
