"""What an import did, as it is told and kept."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class ImportResult:
    """What became of the rows: read = accepted + updated + unchanged + quarantined + blank.

    `reading_date` is the day ages were read on where no joining date gave an answer. By code: `notes` of the rows
    accepted and updated, `problems` of those quarantined, `repairs` of all these. `changed` counts fields of members on
    record that got another value (`entry`: a decision made or corrected), `held_before` those of the quarantined that
    were waiting since an earlier import; `set_aside` names sheets without ID numbers, whose rows are among the blank
    ones, and `left_out` the files of a folder or an archive that are no tables. `profile` is the one that was named,
    `profiles` says which sheets were read by a saved one, `unsure` which columns were taken for a field with little
    confidence, `titled` which sheets name their branch in titles only, `hidden` what the screen does not show: rows,
    which are read, and formulas without a value. `same_as`: the batch that took in the same contents, so that nothing
    had to be read. Only a dry run fills `samples`, `diff` and `warnings` (`Preview.result`).
    """

    batch: int
    reading_date: str
    read: int
    accepted: int
    updated: int
    unchanged: int
    quarantined: int
    blank: int
    notes: dict[str, int]
    problems: dict[str, int]
    repairs: dict[str, int]
    changed: dict[str, int]
    branches_made: int
    held_before: int
    set_aside: list[str]
    left_out: list[str] = field(default_factory=list)
    profile: str | None = None
    profiles: list[dict[str, str]] = field(default_factory=list)
    unsure: list[dict[str, Any]] = field(default_factory=list)
    titled: list[dict[str, Any]] = field(default_factory=list)
    hidden: list[dict[str, Any]] = field(default_factory=list)
    same_as: int | None = None
    samples: list[dict[str, Any]] = field(default_factory=list)
    diff: dict[str, dict[str, Any]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON shows it."""
        return asdict(self)

    def counts(self) -> dict[str, Any]:
        """The result as the batch keeps it: without what a dry run shows of single members."""
        left_out = ("batch", "samples", "diff", "warnings")
        return {name: value for name, value in asdict(self).items() if name not in left_out}
