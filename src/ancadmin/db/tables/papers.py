"""Papers issued: kept as issued, byte for byte."""

from sqlmodel import Field, SQLModel


class Paper(SQLModel, table=True):
    """An issued attendance register. `content_hash` covers what it says (not how it looks), `file_hash` the bytes.

    `content` is the file, deflated; it stands last, so that a look at the rest of a row does not read through it.
    `reversed_by` names the batch that withdrew the paper; what was issued is kept all the same.
    """

    serial: str = Field(primary_key=True)
    kind: str
    form: str
    branch: str = Field(foreign_key="branch.code", index=True)
    cut_off: str
    meeting_date: str
    meeting: str
    members: int
    quorum: int
    content_hash: str
    file_hash: str = Field(index=True)
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None
    content: bytes
