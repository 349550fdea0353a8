"""Where members belong over time, and what they dispute."""

from sqlmodel import Field, Index, SQLModel


class Transfer(SQLModel, table=True):
    """A member moved from one branch to another, on the day `moved_on`: from then on the place is the new one.

    `cause`: transfer, dispute, or demarcation. What was only asked for is in `approval_request`. The member's own row
    names the branch of the latest; nothing here is overwritten, what was taken back names the batch in `reversed_by`.
    """

    __table_args__ = (Index("ix_transfer_member", "member", "moved_on"),)
    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(foreign_key="member.id")
    from_branch: str = Field(foreign_key="branch.code")
    to_branch: str = Field(foreign_key="branch.code", index=True)
    moved_on: str
    cause: str
    why: str
    asked_by: str
    approved_by: str | None = None
    decided_at: str
    policy_version: str
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None


class Dispute(SQLModel, table=True):
    """What somebody says is wrong on record. Kinds: not_on_record, wrong_standing, old_number, wrong_branch.

    `member` is None while nobody is on record; `claim` says as JSON what ought to be on record. `verdict`: accepted or
    rejected, in batch `decided_in`; rejected, `next_step` says what may be done. `follows`: the dispute lodged before.
    """

    id: int | None = Field(default=None, primary_key=True)
    member: int | None = Field(default=None, foreign_key="member.id", index=True)
    kind: str
    branch: str = Field(foreign_key="branch.code", index=True)
    lodged_on: str
    claim: str
    why: str
    lodged_by: str
    lodged_at: str
    follows: int | None = Field(default=None, foreign_key="dispute.id")
    verdict: str | None = None
    decided_by: str | None = None
    decided_on: str | None = None
    decided_at: str | None = None
    decided_why: str | None = None
    next_step: str | None = None
    decided_in: int | None = Field(default=None, index=True)
    policy_version: str
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None


class Proof(SQLModel, table=True):
    """A document lodged with a dispute. `content` goes when the months of its retention are over, on `keep_until`;
    that it was there, its name and its SHA-256 stay. `removed_in` is the batch that took the content away.
    """

    id: int | None = Field(default=None, primary_key=True)
    dispute: int = Field(foreign_key="dispute.id", index=True)
    name: str
    sha256: str
    size: int
    content: bytes | None = None
    keep_until: str
    batch: int = Field(foreign_key="batch.number", index=True)
    removed_in: int | None = None
    reversed_by: int | None = None
