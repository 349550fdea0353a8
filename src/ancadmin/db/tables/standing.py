"""What follows from the facts: derived when facts change, and recorded by the sweep (docs/rules.md, section 5)."""

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, SQLModel


class Standing(SQLModel, table=True):
    """One row a member, rebuilt whenever the member's facts change.

    `listed_from`: the day of joining or applying (0001-01-01 when unknown, 9999-12-31 when never). `accepted_on`: the
    day of the first acceptance; None while not accepted. `opening_on`: the day of the register's last payment; money
    the matcher found up to it counts nothing. `covered_from`: from this day the record says something about dues (the
    opening payment, or the day the first fee was complete); None: nothing was ever covered. `first_day`: the first day
    of the first period to be paid out of allocations. `money_cents`: all the allocated money that counts, the last of
    it from `money_on`. `probation_ends_on`: None for members of a register. `decided`: whether there are decisions.

    `status` is what the last sweep recorded, and `status_on` since when it holds; `next_change_on` is the first day on
    which the status may be another (0001-01-01: the facts changed, the next sweep looks; None: never).
    """

    __table_args__ = (Index("ix_standing_next_change_on", "next_change_on"),)
    member: int = Field(primary_key=True, foreign_key="member.id")
    listed_from: str
    accepted_on: str | None = None
    opening_on: str | None = None
    covered_from: str | None = None
    first_day: str | None = None
    money_cents: int = Field(default=0, sa_type=BigInteger)
    money_on: str | None = None
    probation_ends_on: str | None = None
    decided: bool = False
    status: str | None = None
    status_on: str | None = None
    next_change_on: str | None = None


class OpeningPeriod(SQLModel, table=True):
    """What a register's last payment on a day covers, if it is at least `fee_cents`: the days before `ends_on`."""

    __tablename__ = "opening_period"
    __table_args__ = ({"sqlite_with_rowid": False},)
    paid_on: str = Field(primary_key=True)
    fee_cents: int = Field(sa_type=BigInteger)
    ends_on: str


class FeeCalendar(SQLModel, table=True):
    """The periods of everyone whose first period begins on `first_day`, with the fees of all periods before each.

    Who has paid `fees_before_cents`, and not yet the next row's, is paid until `starts_on`, and her grace ends on
    `grace_ends_on`.
    """

    __tablename__ = "fee_calendar"
    __table_args__ = ({"sqlite_with_rowid": False},)
    first_day: str = Field(primary_key=True)
    fees_before_cents: int = Field(primary_key=True, sa_type=BigInteger)
    starts_on: str
    grace_ends_on: str


class StatusChange(SQLModel, table=True):
    """A change of recorded status: from, to, on which day, by which rule, because of what."""

    __tablename__ = "status_change"
    id: int | None = Field(default=None, primary_key=True)
    member: int = Field(foreign_key="member.id", index=True)
    from_status: str | None = None
    to_status: str | None = None
    changed_on: str
    rule: str
    because: str
    batch: int = Field(foreign_key="batch.number", index=True)
    reversed_by: int | None = None
