"""What can go wrong, in one family: each kind carries its exit code, and each error a sentence and a remedy.

Bad data is not here: readers return it as `ancadmin.domain.problems.Problem` values and go on.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ancadmin.domain.problems import Problem


class Place(NamedTuple):
    """Where in the papers something is wrong. `row` counts as the spreadsheet program does, from 1."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file, self.sheet]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        return " ".join(part for part in parts if part)


class AncadminError(Exception):
    """Base of every error the program raises on purpose; `cli` turns it into one line and a remedy.

    `code` names it where it becomes a problem of one row of a file; "" where no file is read row by row.
    """

    exit_code = 1

    def __init__(
        self, what: str, remedy: str = "", *, place: Place | None = None, value: str = "", code: str = ""
    ) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.place = place or Place()
        self.value = value
        self.code = code

    def __str__(self) -> str:
        place = str(self.place)
        line = f"{place}: {self.what}" if place else self.what
        return f"{line} ({self.value})" if self.value else line


class UsageError(AncadminError):
    """The command was typed wrongly."""

    exit_code = 2


class InputRefused(AncadminError):
    """A file or a value cannot be taken; nothing was written."""

    exit_code = 3


class FileRefused(InputRefused):
    """A file with several problems, none of which it can be taken with; the first is the error's own sentence."""

    def __init__(self, problems: Sequence["Problem"]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(
            first.code.replace("_", " "),
            first.remedy,
            place=Place(first.file, first.sheet, first.row, first.column),
            value=first.value,
        )


class ConfigurationError(AncadminError):
    """`ancadmin.toml` or the policy file is wrong."""

    exit_code = 4


class StoreError(AncadminError):
    """The store cannot be reached, or its schema is behind or ahead of the program."""

    exit_code = 5


class StoreBusy(AncadminError):
    """Someone else holds the lock."""

    exit_code = 6


class NotAllowed(AncadminError):
    """The caller may not do this, or a confirmation is missing."""

    exit_code = 7


class MailError(AncadminError):
    """The mail server cannot be reached, or sends nothing for us."""

    exit_code = 8
