"""Bad data as a value: what readers return instead of stopping."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one cell. `row` is the sheet's own row number, counted from 1."""

    file: str
    sheet: str
    row: int | None
    column: str
    value: str
    code: str
    remedy: str

    def as_dict(self) -> dict[str, str | int | None]:
        """The problem as JSON shows it."""
        return asdict(self)
