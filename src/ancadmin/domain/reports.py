"""A report as a paper, apart from how it looks: facts, tables and the charts drawn of them. Writers take these."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import floor

from ancadmin.domain.money import rands

NOT_ANY = "n/a"
"""What stands where there is nothing to divide by."""
Value = str | int | float | Fraction | date | None


class Kind(StrEnum):
    """What a column holds: text, a count, cents, a share (0 to 1), a number of days, or another ratio."""

    TEXT = "text"
    COUNT = "number"
    MONEY = "money"
    SHARE = "percent"
    DAYS = "days"
    RATIO = "ratio"

    def words(self, value: Value) -> str:
        """A value as people read it; shares and days to the nearest tenth, a ratio to a hundredth."""
        if value is None:
            return "" if self is Kind.TEXT else NOT_ANY
        if isinstance(value, str | date):
            return str(value)
        if self is Kind.MONEY:
            return rands(int(value))
        if self is Kind.COUNT:
            return f"{int(value):,}".replace(",", " ")
        if self is Kind.SHARE:
            return _percent(float(value))
        return f"{float(value):,.{1 if self is Kind.DAYS else 2}f}".replace(",", " ")


def _percent(share: float) -> str:
    """To the nearest tenth, a half upwards; 100.0% is only what is all of it."""
    tenths = floor(share * 1000 + 0.5 + 1e-9)
    return f"{(min(tenths, 999) if share < 1 else tenths) / 10:.1f}%"


@dataclass(frozen=True)
class Column:
    """A column; `share` is its part of a page's width. One with `room` is left out of a narrow terminal."""

    title: str
    kind: Kind = Kind.MONEY
    share: float = 20
    room: bool = False


@dataclass(frozen=True)
class Chart:
    """Of a table: `values` (positions of columns) are drawn, for the `labels` of its rows. `lines` are of shares,
    or all of counts; otherwise bars, of one column.
    """

    title: str
    values: tuple[int, ...]
    lines: bool = False


@dataclass(frozen=True)
class Table:
    """Rows, and where they are summed up a total; `charts` are drawn of the rows, `explained` stands under them."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None
    charts: tuple[Chart, ...] = ()
    explained: str = ""

    def labels(self) -> list[str]:
        """What a chart calls each row: the texts it begins with."""
        texts = next((at for at, column in enumerate(self.columns) if column.kind is not Kind.TEXT), len(self.columns))
        return [" ".join(str(text) for text in row[:texts] if text) for row in self.rows]


@dataclass(frozen=True)
class ReportPaper:
    """A report: `about` says of what and when in one line, `stem` begins the name of its file, `day` dates it."""

    title: str
    about: str
    stem: str
    day: date
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
