"""Members as they are on record, and the decisions that move them."""

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, SQLModel


class Member(SQLModel, table=True):
    """The record of a person as it stands now. What changed since is in `change`; the paper it came from in
    `register_row`. `origin` is `register` or `application`; the last payment is the opening position, in cents. A
    record merged into another (`merged_into`) has no standing of its own.
    """

    id: int | None = Field(default=None, primary_key=True)
    id_number: str = Field(unique=True, max_length=13)
    surname: str
    first_names: str = ""
    gender: str
    born: str
    branch: str = Field(foreign_key="branch.code", index=True)
    voting_district: str | None = None
    cell: str | None = None
    email: str | None = None
    old_reference: str | None = None
    joined_on: str | None = None
    last_payment_on: str | None = None
    last_payment_cents: int | None = Field(default=None, sa_type=BigInteger)
    register_status: str | None = None
    origin: str = "register"
    batch: int = Field(foreign_key="batch.number", index=True)
    merged_into: int | None = None


class Decision(SQLModel, table=True):
    """Something decided about a member, in force from `begins_on` until `ends_on` (exclusive; None: for good).

    Kinds: applied, accepted, refused, objection, expelled, suspended, resigned, defected, lapsed, deceased.
    Never overwritten: an end set later is a new row, which continues the row first recorded, and the old one names the
    batch that reversed it.
    """

    __table_args__ = (Index("ix_decision_member", "member", "kind", "begins_on"),)
    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(foreign_key="member.id")
    kind: str
    begins_on: str
    ends_on: str | None = None
    why: str
    asked_by: str
    approved_by: str | None = None
    decided_at: str
    policy_version: str
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None
    continues: int | None = None
