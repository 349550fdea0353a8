"""Legacy registers as they were read: every row that changed something or was held back, with its own text."""

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, SQLModel


class RegisterSource(SQLModel, table=True):
    """One sheet of one file of one import. `columns` is a JSON list of headings, in the order of the cells.

    `reading` is JSON: which column was read as which field, and the order of day and month in its dates; a row that is
    decided about later is read the same way. None for what an earlier version imported.
    """

    __tablename__ = "register_source"
    id: int | None = Field(default=None, primary_key=True)
    batch: int = Field(foreign_key="batch.number", index=True)
    file: str
    sheet: str
    sha256: str
    columns: str
    header_row: int
    reading: str | None = None


class RegisterRow(SQLModel, table=True):
    """A row as it stood (`raw`: its cells joined by the unit separator) and what became of it.

    `outcome` is accepted, updated or quarantined; `fingerprint` is what tells a row seen before. `notes` and
    `repairs` are codes parted by spaces; `problems` is JSON. A quarantined row a later batch took names it in
    `resolved_by`.
    """

    __tablename__ = "register_row"
    __table_args__ = (
        Index("ix_register_row_member", "member"),
        Index("ix_register_row_batch", "batch", "outcome"),
    )
    id: int | None = Field(default=None, primary_key=True)
    batch: int = Field(foreign_key="batch.number")
    source: int = Field(foreign_key="register_source.id")
    row: int
    member: int | None = None
    outcome: str
    fingerprint: int = Field(sa_type=BigInteger)
    notes: str | None = None
    repairs: str | None = None
    problems: str | None = None
    raw: str
    resolved_by: int | None = None


class RegisterListing(SQLModel, table=True):
    """A row that says of a member only what was known, in another file than said it first. Most rows of a national
    register sent again are like that: where they stand is kept, for an undo of the first import has to find that
    another one lists the member too; their text is that of the first. `member` is 0 for a row held back in the words
    of one that waits already.
    """

    __tablename__ = "register_listing"
    __table_args__ = {"sqlite_with_rowid": False}
    member: int = Field(primary_key=True)
    source: int = Field(primary_key=True)
    row: int = Field(primary_key=True)
    fingerprint: int = Field(sa_type=BigInteger)
