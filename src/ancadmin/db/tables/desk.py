"""The migration desk: who may be whom, and what officers decided."""

from sqlmodel import Field, Index, SQLModel


class Duplicate(SQLModel, table=True):
    """Two members (ids, the lower first) who may be one person. `evidence` is JSON, field by field.

    Found anew by every search; what officers decided about a pair is in `desk_decision`.
    """

    __table_args__ = (Index("ux_duplicate_pair", "member", "other", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(foreign_key="member.id")
    other: int = Field(foreign_key="member.id", index=True)
    kind: str
    score: float
    evidence: str
    batch: int = Field(foreign_key="batch.number", index=True)


class Merge(SQLModel, table=True):
    """Two records found to be of one person: `gone` is read as `kept` from then on, until the merge is undone."""

    id: int | None = Field(default=None, primary_key=True)
    kept: int = Field(foreign_key="member.id", index=True)
    gone: int = Field(foreign_key="member.id", index=True)
    why: str
    asked_by: str
    approved_by: str | None = None
    decided_at: str
    policy_version: str
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None


class DeskDecision(SQLModel, table=True):
    """What an officer decided at the desk about a row held back, a pair or a noted row.

    `kind` is quarantine, duplicate or note; `subject` the id of the register_row, or of the lower member of a pair with
    `other` the higher. `verdict` says what was decided, `detail` is JSON: the cells changed, from what to what.
    """

    __tablename__ = "desk_decision"
    __table_args__ = (Index("ix_desk_decision_subject", "kind", "subject"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: int
    other: int | None = None
    verdict: str
    why: str = ""
    detail: str | None = None
    operator: str
    decided_at: str
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None


class Claim(SQLModel, table=True):
    """A piece of desk work one officer has in hand until a moment (ISO text, UTC), so that no other gets it."""

    kind: str = Field(primary_key=True)
    subject: int = Field(primary_key=True)
    operator: str
    until: str
