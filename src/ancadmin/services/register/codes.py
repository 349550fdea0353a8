"""The codes of what is wrong or odd about a row of a register, and their places in the bit masks of whole columns."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from ancadmin.domain.id_columns import PROBLEMS as ID_PROBLEMS

Bits = npt.NDArray[np.int32]

# The member of a row that is nobody's yet.
NOBODY = 0

# The commands that take rows of registers in: an import, and an officer's decision about rows held back.
TAKES_ROWS = ("register import", "register desk", "register quarantine apply")

# What keeps a row out (docs/rules.md, section 3): one code for the ID number, one for the surname, one for the
# branch, the conflict between rows, and a number whose record was merged into another.
PROBLEMS: tuple[str, ...] = (
    *ID_PROBLEMS,
    "surname_missing",
    "branch_missing",
    "branch_unknown",
    "id_shared",
    "number_merged",
)

# What can be lived with. Whatever keeps a payment from counting is also `payment_not_captured`. `century_doubtful`: a
# member who was over a hundred when joining would be a possible age on the command's date in the next century.
NOTES: tuple[str, ...] = (
    "first_names_missing",
    "payment_not_captured",
    "payment_malformed",
    "payment_in_future",
    "underpaid",
    "overpaid",
    "contact_missing",
    "contact_malformed",
    "gender_conflict",
    "joined_missing",
    "joined_malformed",
    "joined_in_future",
    "joined_implausible",
    "century_doubtful",
    "date_doubtful",
    "status_undated",
    "status_differs",
    "old_book",
    "branch_transferred",
)

# A row with one of these is nobody's: it can neither be taken nor be in conflict with another.
NOBODYS = sum(1 << place for place, code in enumerate(PROBLEMS) if code in {*ID_PROBLEMS, "surname_missing"})


def problem_bit(code: str) -> int:
    """The bit of a problem."""
    return 1 << PROBLEMS.index(code)


def mark(bits: Bits, code: str, where: npt.NDArray[np.bool_]) -> None:
    """Sets the bit of a note."""
    bits[where] |= 1 << NOTES.index(code)


def codes_of(bits: int, codes: tuple[str, ...]) -> list[str]:
    """The codes a bit mask stands for, in their order."""
    return [code for place, code in enumerate(codes) if bits >> place & 1]


def counted(bits: Bits, codes: Iterable[str]) -> dict[str, int]:
    """How many rows have each code; codes nobody has are left out."""
    counts = {code: int(np.count_nonzero(bits >> place & 1)) for place, code in enumerate(codes)}
    return {code: count for code, count in counts.items() if count}
