"""What to do about a row that is held back, in a sentence a code (docs/codes.md says it at length)."""

_COMPARE = "Compare with the ID document and correct it."

REMEDIES: dict[str, str] = {
    "missing": "Find the ID number on the paper register.",
    "not_a_number": "Ask for the ID number; a passport is none.",
    "scientific_truncated": "Look the number up: a spreadsheet threw its digits away.",
    "wrong_length": _COMPARE,
    "no_such_date": _COMPARE,
    "citizenship": _COMPARE,
    "checksum": _COMPARE,
    "age_out_of_range": "Compare with the ID document; a child cannot be a member.",
    "surname_missing": "Complete the row.",
    "branch_missing": "Complete the row.",
    "branch_unknown": "Correct it, import the places, or use --create-branches.",
    "number_merged": "Give the row the number of the record that was kept, or undo the merge.",
    "id_shared": "See both ID documents and correct the wrong row.",
}
