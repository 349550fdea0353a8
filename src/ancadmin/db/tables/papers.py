"""Papers issued, kept as issued: what each says, the files it was given out as, byte for byte, and who then came."""

from sqlmodel import Field, Index, SQLModel


class Paper(SQLModel, table=True):
    """An issued attendance register. `content_hash` covers what it says, not how it looks.

    `said` is that, with the seal it was issued under, as deflated JSON (domain/attendance_kept.py); None where it was
    issued before that was kept. It stands last, so that a look at the rest of a row does not read through it.
    `supersedes` names the register that stood for the same meeting before. `reversed_by` names the batch that withdrew
    the paper; what was issued is kept all the same.
    """

    serial: str = Field(primary_key=True)
    kind: str
    branch: str = Field(foreign_key="branch.code", index=True)
    cut_off: str
    meeting_date: str
    meeting: str
    members: int
    quorum: int
    content_hash: str
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None
    supersedes: str | None = Field(default=None, foreign_key="paper.serial")
    said: bytes | None = None


class PaperFile(SQLModel, table=True):
    """A file a paper was given out as: its form (pdf, xlsx), how it is laid out (`style`, empty for the usual), and
    its bytes. `content` is the file, deflated; `file_hash` covers it as it was given out.
    """

    __tablename__ = "paper_file"
    __table_args__ = (Index("ux_paper_file_serial", "serial", "form", "style", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    serial: str = Field(foreign_key="paper.serial")
    form: str
    style: str = ""
    file_hash: str = Field(index=True)
    batch: int = Field(foreign_key="batch.number", index=True)
    content: bytes


class Attendance(SQLModel, table=True):
    """A line of a list of who was at the meeting of a register: a signed row, or what a scanner read.

    `line` counts in its file; `as_read` is what stands there. `row` is the number on the register, None for those not
    on it. `verdict` says present (a later line of the same row is a double), stranger or unreadable.
    """

    id: int | None = Field(default=None, primary_key=True)
    serial: str = Field(foreign_key="paper.serial", index=True)
    line: int
    as_read: str
    id_number: str = ""
    row: int | None = None
    seen_at: str | None = None
    verdict: str
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None
