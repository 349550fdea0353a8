"""What narratives may mean, what officers found out about them, bulk deposits by their schedules, and approvals."""

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, SQLModel


class Suggestion(SQLModel, table=True):
    """A member a deposit may be meant for, as matching batch `batch` saw it; it holds while that batch is the one the
    deposit was last matched in. `reason` is the rung, `score` out of 100; `evidence` is a JSON list of what speaks for
    it, in words without an ID number.
    """

    # Without the second, whoever deletes a member goes through all of them.
    __table_args__ = (Index("ix_suggestion_batch", "batch"), Index("ix_suggestion_member", "member"))
    deposit: int = Field(foreign_key="deposit.id", primary_key=True)
    batch: int = Field(foreign_key="batch.number", primary_key=True)
    member: int = Field(foreign_key="member.id", primary_key=True)
    reason: str
    score: int
    evidence: str


class Alias(SQLModel, table=True):
    """What an officer has said a piece of narrative means: whoever writes `key` pays for `member`.

    `kind` is reference (an old number, a cell number, an ID number as it is mistyped) or depositor (a whole narrative
    without what changes from deposit to deposit). Learnt in `batch` from `deposit`; forgotten in `reversed_by`.
    """

    __table_args__ = (Index("ix_alias_key", "kind", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    key: str
    member: int = Field(foreign_key="member.id", index=True)
    deposit: int = Field(foreign_key="deposit.id")
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None
    reversed_why: str | None = None


class BulkSchedule(SQLModel, table=True):
    """Who a bulk deposit is for, as a payer's file says; its lines add up to the deposit. Nothing is credited before
    somebody else approves it (`approved_in`). A later schedule for the deposit takes its place (`reversed_by`).
    """

    __tablename__ = "bulk_schedule"
    id: int | None = Field(default=None, primary_key=True)
    deposit: int = Field(foreign_key="deposit.id", index=True)
    file: str
    sha256: str
    cents: int = Field(sa_type=BigInteger)
    lines: int
    asked_by: str
    batch: int = Field(foreign_key="batch.number", index=True)
    approved_by: str | None = None
    approved_why: str | None = None
    approved_in: int | None = None
    reversed_by: int | None = None


class BulkShare(SQLModel, table=True):
    """One line of a schedule: what of the deposit is for whom."""

    __tablename__ = "bulk_share"
    schedule: int = Field(foreign_key="bulk_schedule.id", primary_key=True)
    line: int = Field(primary_key=True)
    member: int = Field(foreign_key="member.id", index=True)
    cents: int = Field(sa_type=BigInteger)


class ApprovalRequest(SQLModel, table=True):
    """Work that waits until somebody else approves it: `kind` is the command, `subject` what it is about (the number
    of a deposit), `content` its words as JSON, so that it is done exactly as it was asked. `cents` is what it moves,
    `place` the branch it is about, None where it is about money of more than one.

    `verdict`: approved or refused, in batch `decided_in`; the work itself is part of that batch.
    """

    __tablename__ = "approval_request"
    __table_args__ = (Index("ix_approval_request_subject", "kind", "subject"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: str
    content: str
    cents: int | None = Field(default=None, sa_type=BigInteger)
    place: str | None = None
    why: str
    asked_by: str
    asked_at: str
    batch: int = Field(foreign_key="batch.number", index=True)
    verdict: str | None = None
    decided_by: str | None = None
    decided_at: str | None = None
    decided_why: str | None = None
    decided_in: int | None = Field(default=None, index=True)
    reversed_by: int | None = None
