"""Cost-comparison sheets: options side by side, their lines, and what was decided. Amounts are integer cents.

What is empty or None is blank on the paper; such a sheet is kept, but not approved.
"""

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, SQLModel


class CostSheet(SQLModel, table=True):
    """What it is about, whose (region, name, address), the concern, its cause and the correction proposed.

    `not_serviced` is the notice that a part is not serviced, `explanation` why that forces a replacement.
    """

    __tablename__ = "cost_sheet"
    number: int | None = Field(default=None, primary_key=True)
    subject: str
    region: str = Field(foreign_key="region.code")
    name: str
    address: str = ""
    concern: str = ""
    cause: str = ""
    correction: str = ""
    not_serviced: str = ""
    explanation: str = ""
    opened_on: str
    batch: int = Field(foreign_key="batch.number")
    reversed_by: int | None = None


class CostOption(SQLModel, table=True):
    """One way to go: repair, replace or contract_out. `position` counts within the sheet and is never given twice."""

    __tablename__ = "cost_option"
    __table_args__ = (Index("ux_cost_option_position", "sheet", "position", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    sheet: int = Field(foreign_key="cost_sheet.number")
    position: int
    kind: str
    title: str = ""
    batch: int = Field(foreign_key="batch.number")
    reversed_by: int | None = None


class CostLine(SQLModel, table=True):
    """A line of an option: part, labour, assembly, core or other. `position` counts within the option.

    Quantity (empty: blank) and handling percent are decimal text.
    """

    __tablename__ = "cost_line"
    __table_args__ = (Index("ux_cost_line_position", "option", "position", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    option: int = Field(foreign_key="cost_option.id")
    position: int
    kind: str
    part_number: str = ""
    description: str = ""
    quantity: str = ""
    unit_cents: int | None = Field(default=None, sa_type=BigInteger)
    handling_percent: str = "0"
    invoice_cents: int | None = Field(default=None, sa_type=BigInteger)
    discount_cents: int = Field(default=0, sa_type=BigInteger)
    allowance_cents: int | None = Field(default=None, sa_type=BigInteger)
    batch: int = Field(foreign_key="batch.number")
    reversed_by: int | None = None


class CostDecision(SQLModel, table=True):
    """Submitted or approved: by whom, as what (`role`), when, which option and why.

    `own_work`: approved by someone who had worked on the sheet, which only the sole operator may.
    """

    __tablename__ = "cost_decision"
    id: int | None = Field(default=None, primary_key=True)
    sheet: int = Field(foreign_key="cost_sheet.number", index=True)
    kind: str
    option: int | None = Field(default=None, foreign_key="cost_option.id")
    why: str = ""
    operator: str
    role: str
    own_work: bool = False
    decided_at: str
    batch: int = Field(foreign_key="batch.number")
    reversed_by: int | None = None
