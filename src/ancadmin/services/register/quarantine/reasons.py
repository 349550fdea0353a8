"""Why a row is held back, in words that name what is written in it (docs/rules.md, section 3)."""

from collections.abc import Callable, Sequence

from ancadmin.domain.id_numbers import LENGTH, legible_digits
from ancadmin.domain.policy import Policy
from ancadmin.services.register.quarantine.waiting import Waiting


def reason(waiting: Waiting, problem: str, policy: Policy, births: Sequence[str] = ()) -> str:
    """One sentence about one problem of a row."""
    number = waiting.cell("id_number")
    digits = legible_digits(number)
    read_on = waiting.source.reading_date
    ages = policy.on(read_on)
    place = next((text for name in ("branch", "branch_name", "ward") if (text := waiting.cell(name))), "")
    words: dict[str, Callable[[], str]] = {
        "missing": lambda: "no ID number is written",
        "not_a_number": lambda: f"“{number}” has characters that are no digits",
        "scientific_truncated": lambda: f"a spreadsheet rounded the number to {number}: its last digits are gone",
        "wrong_length": lambda: f"{len(digits)} digits instead of {LENGTH}",
        "no_such_date": lambda: f"the first six digits, {digits[:6]}, are no calendar date",
        "citizenship": lambda: f"digit 11 is {digits[10:11]}: only 0, 1 and 2 occur",
        "checksum": lambda: "the check digit does not hold: at least one digit is wrong",
        "age_out_of_range": lambda: (
            f"born {' or '.join(births)}: neither gives an age from {ages.minimum_age} to {ages.maximum_age} "
            f"on {read_on}"
        ),
        "surname_missing": lambda: "no surname is written",
        "branch_missing": lambda: "no branch is written",
        "branch_unknown": lambda: f"“{place}” is no branch on record, or more than one",
        "number_merged": lambda: "the number is of a record merged into another, and the row says something new",
        "id_shared": lambda: "somebody of another surname has the same ID number",
    }
    return words[problem]() if problem in words else problem.replace("_", " ")
