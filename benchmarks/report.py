"""The table: ours beside others, the ratio, the target, and whether it is met."""

from dataclasses import dataclass

from measure import Run


@dataclass(frozen=True)
class Row:
    """One comparison. Of the targets at most one is given; without one the row only informs.

    `most`: ours may take this many times theirs. `faster`: theirs must take this many times ours.
    `most_seconds`, `most_mib`, `least_a_second` speak of ours alone. `each` and `their_each` are rows worked on.
    """

    what: str
    ours: Run
    other: str = ""
    theirs: Run | None = None
    each: int = 0
    their_each: int = 0
    most: float = 0
    faster: float = 0
    most_seconds: float = 0
    most_mib: float = 0
    least_a_second: float = 0

    def cells(self) -> list[str]:
        """The row as the table shows it."""
        target, met = self._target()
        return [
            self.what,
            _took(self.ours, self.each),
            self.other,
            _took(self.theirs, self.their_each) if self.theirs else "",
            self._ratio(),
            target,
            met,
        ]

    def _ratio(self) -> str:
        if self.theirs is None:
            return ""
        if self.each and self.their_each:
            times = (self.each / self.ours.wall) / (self.their_each / self.theirs.wall)
            return f"{times:.1f} × their rate"
        return f"{self.ours.wall / self.theirs.wall:.2f} × their time"

    def _target(self) -> tuple[str, str]:
        if self.most and self.theirs:
            return f"≤ {self.most:g} × theirs", _met(self.ours.wall <= self.most * self.theirs.wall)
        if self.faster and self.theirs:
            times = self.theirs.wall / self.ours.wall
            return f"≥ {self.faster:g} × faster", f"{_met(times >= self.faster)} ({times:.1f} ×)"
        if self.most_seconds:
            return f"< {self.most_seconds:g} s", _met(self.ours.wall < self.most_seconds)
        if self.most_mib:
            return f"< {self.most_mib:,.0f} MiB", _met(self.ours.peak_mib < self.most_mib)
        if self.least_a_second:
            return f"≥ {self.least_a_second:,.0f} a second", _met(self.each / self.ours.wall >= self.least_a_second)
        return "", ""


def _met(yes: bool) -> str:
    return "met" if yes else "NOT MET"


def _took(run: Run, each: int) -> str:
    took = f"{run.wall:.2f} s"
    if each:
        took += f", {each / run.wall:,.0f} a second"
    return f"{took}, {run.peak_mib:,.0f} MiB"


def table(headings: list[str], rows: list[list[str]]) -> str:
    """A Markdown table whose columns also line up for reading as text."""
    widths = [max(len(row[place]) for row in [headings, *rows]) for place in range(len(headings))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    head = "| " + " | ".join(cell.ljust(width) for cell, width in zip(headings, widths, strict=True)) + " |"
    return "\n".join([head, "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines])


def written(members: int, lines: int, rows: list[Row], runs: list[Run], about: str) -> str:
    """The whole report."""
    compared = table(["what", "ours", "beside", "theirs", "ratio", "target", ""], [row.cells() for row in rows])
    each = table(
        ["process", "wall s", "CPU s", "peak MiB"],
        [[run.title, f"{run.wall:.2f}", f"{run.cpu:.2f}", f"{run.peak_mib:,.0f}"] for run in runs],
    )
    return (
        f"# {members:,} members, {lines:,} statement lines\n\n{about}. Every figure is of a whole process; "
        f"ratios are of one run.\n\n{compared}\n\n## Every process\n\n{each}\n"
    )
