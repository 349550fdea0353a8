"""What the parts of a cost sheet's workbook are called: written out by one side of the program, found by the other."""

import re

COMPARISON, LINES, NOTES = "Comparison", "Lines", "How to fill in"
HEADINGS = (
    ("About", "subject"),
    ("Region", "region"),
    ("Name", "name"),
    ("Address", "address"),
    ("Concern", "concern"),
    ("Cause", "cause"),
    ("Proposed correction", "correction"),
    ("Notice: part not serviced", "not_serviced"),
    ("Why that forces a replacement", "explanation"),
)
LETTERS, KIND, TITLE = "The options side by side", "Way to go", "What it is"
# The columns of the lines that are filled in, by field.
LINE_TITLES = {
    "option": "Option",
    "line": "Line",
    "kind": "Kind",
    "part_number": "Part number",
    "description": "Description",
    "quantity": "Quantity or hours",
    "unit": "Unit cost or rate",
    "handling": "Handling",
    "invoice": "Contractor's invoice",
    "discount": "Discount on it",
    "allowance": "Region's own allowance",
}
_STAMP = re.compile(r"sheet (\d+) · (\w+) · content ([0-9a-f]{16})")
_REGION = re.compile(r"\(([^()]+)\)(?:, [^()]+)?")


def stamp(number: int, state: str, content: str) -> str:
    """Which sheet a workbook is of, how far it was, and the hash of what it said."""
    return f"sheet {number} · {state} · content {content[:16]}"


def stamped(text: str) -> tuple[int, str, str] | None:
    """The number, state and first 16 digits of the hash in such a text; None where it has none."""
    found = _STAMP.search(text)
    return (int(found[1]), found[2], found[3]) if found else None


def region_words(name: str, code: str, province: str) -> str:
    """A region as the workbook names it: `Greater Johannesburg (GP01), Gauteng`."""
    return f"{name} ({code}), {province}"


def region_code(text: str) -> str:
    """The code in such words, or in those of someone who typed the code alone."""
    found = _REGION.findall(text)
    return found[-1].strip() if found else text.strip()
