"""Money: what the bank says came in, and what became of it. Amounts are integer cents."""

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlmodel import Field, Index, SQLModel

_OPEN = "state = 'open'"
_WAITING = "state = 'unallocated'"
_SUGGESTED = "state = 'suggested'"
_NAMED = "member IS NOT NULL"


class Statement(SQLModel, table=True):
    """One bank statement: an account over some days, with the balances it opened and closed on, where given.

    `first_day` and `last_day` are those of its lines, `period_from` and `period_to` what the bank says it covers,
    `sequence` the number the bank gives it, where it does.
    """

    id: int | None = Field(default=None, primary_key=True)
    batch: int = Field(foreign_key="batch.number", index=True)
    file: str
    sha256: str
    bank: str
    account: str
    first_day: str | None = None
    last_day: str | None = None
    opening_cents: int | None = Field(default=None, sa_type=BigInteger)
    closing_cents: int | None = Field(default=None, sa_type=BigInteger)
    lines: int
    period_from: str | None = None
    period_to: str | None = None
    sequence: str | None = None
    reversed_by: int | None = None


class Deposit(SQLModel, table=True):
    """A line of a statement. Debits and charges are kept too, in the state `not_a_deposit`.

    (account, value_date, fingerprint, occurrence) is what makes a line itself. `id_number` is the one valid ID number
    read in the narrative; where the reading is not that plain, `deposit_reading` has all `readings` of them.
    `terminal` and `branch` are codes in the narrative; whether the branch is on record is asked at matching.
    `member` is whom it was matched to or is named with; `matched_in` the batch that last decided what it is.
    `unallocated_cents` is what nobody has been credited with or given back yet. States and reasons:
    `ancadmin.domain.deposits`.
    """

    __table_args__ = (
        Index(
            "ux_deposit_line",
            "account",
            "value_date",
            "fingerprint",
            "occurrence",
            unique=True,
            sqlite_where=text("reversed_by IS NULL"),
            postgresql_where=text("reversed_by IS NULL"),
        ),
        Index("ix_deposit_batch", "batch"),
        # What waits for someone, which is little beside what is settled.
        Index("ix_deposit_open", "reason", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_deposit_waiting", "reason", sqlite_where=text(_WAITING), postgresql_where=text(_WAITING)),
        Index("ix_deposit_suggested", "reason", sqlite_where=text(_SUGGESTED), postgresql_where=text(_SUGGESTED)),
        Index("ix_deposit_member", "member", sqlite_where=text(_NAMED), postgresql_where=text(_NAMED)),
        CheckConstraint("unallocated_cents >= 0", name="unallocated_not_negative"),
    )
    id: int | None = Field(default=None, primary_key=True)
    batch: int = Field(foreign_key="batch.number")
    statement: int = Field(foreign_key="statement.id")
    line: int
    account: str
    value_date: str
    cents: int = Field(sa_type=BigInteger)
    balance_cents: int | None = Field(default=None, sa_type=BigInteger)
    narrative: str
    bank_reference: str | None = None
    fingerprint: int = Field(sa_type=BigInteger)
    occurrence: int
    id_number: str | None = None
    readings: int = 0
    terminal: str | None = None
    branch: str | None = None
    bulk_words: bool = False
    state: str = "open"
    reason: str | None = None
    member: int | None = None
    flags: str | None = None
    unallocated_cents: int = Field(sa_type=BigInteger)
    matched_in: int | None = None
    reversed_by: int | None = None


class DepositReading(SQLModel, table=True):
    """One of the ID numbers a narrative may be read as, where there are several or the only one is doubtful.

    `start` and `stop` are the digits it is made of, counted from the narrative's first: readings that share digits
    exclude each other. A `likely` reading is taken unless it shares digits with one on record; an unlikely one (an
    impossible age, or pieced together from the digits of a better one) only where it is on record itself.
    """

    __tablename__ = "deposit_reading"
    deposit: int = Field(foreign_key="deposit.id", primary_key=True)
    start: int = Field(primary_key=True)
    stop: int = Field(primary_key=True)
    id_number: str
    likely: bool


class DepositSighting(SQLModel, table=True):
    """A line that another statement had brought in before: both carry it, and it stands as long as one of them does."""

    __tablename__ = "deposit_sighting"
    statement: int = Field(foreign_key="statement.id", primary_key=True)
    deposit: int = Field(foreign_key="deposit.id", primary_key=True, index=True)


class Allocation(SQLModel, table=True):
    """Money of a deposit credited to a member. Reversed by naming the batch, never deleted or overwritten.

    `reason` is the rung that made it, or `officer`.
    """

    __table_args__ = (
        Index("ix_allocation_member", "member", "value_date"),
        Index("ix_allocation_deposit", "deposit"),
        Index("ix_allocation_batch", "batch"),
        CheckConstraint("cents > 0", name="allocation_positive"),
    )
    id: int | None = Field(default=None, primary_key=True)
    deposit: int = Field(foreign_key="deposit.id")
    member: int = Field(foreign_key="member.id")
    cents: int = Field(sa_type=BigInteger)
    value_date: str
    reason: str
    why: str | None = None
    batch: int = Field(foreign_key="batch.number")
    reversed_by: int | None = None
    reversed_why: str | None = None


class Refund(SQLModel, table=True):
    """Money of a deposit given back to whoever paid it in, or taken back by the bank: then `debit` is the line (an id
    of `deposit`) in which it left.
    """

    id: int | None = Field(default=None, primary_key=True)
    deposit: int = Field(foreign_key="deposit.id", index=True)
    cents: int = Field(sa_type=BigInteger)
    why: str
    debit: int | None = None
    batch: int = Field(foreign_key="batch.number")
    reversed_by: int | None = None
    reversed_why: str | None = None
