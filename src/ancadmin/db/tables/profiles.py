"""How the columns of files that come in are read, written down by officers."""

from sqlmodel import Field, Index, SQLModel


class Profile(SQLModel, table=True):
    """A profile saved by name; `kind` says of what: register or statement. A name is one of its kind's.

    `content` is the TOML, `headings` a JSON list of the headings it is of. Saved anew or removed, the former row names
    the batch in `reversed_by`.
    """

    __table_args__ = (Index("ix_profile_name", "kind", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    name: str
    content: str
    headings: str
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None
