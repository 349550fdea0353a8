"""Registers in any shape: read whole, every row accounted for, the right members on record."""

import pytest
from tests.services.register import shapes
from tests.services.register.making import file, imported, members, outcome, row

KEPT = ("id_number", "surname", "first_names", "branch", "joined_on", "last_payment_on", "last_payment_cents")
# Blank are the rows above the headings, those of nothing but totals and those with nothing in them.
SHAPES = {
    shapes.semicolons_in_cp1252: 0,
    shapes.unicode_text: 0,
    shapes.pipes_with_titles: 3 + 7,
    shapes.a_mac_of_old: 0,
    shapes.grouped_headings: 4,
    shapes.merged_downwards: 1,
    shapes.a_sheet_a_branch: 1,
    shapes.formulas: 0,
    shapes.old_workbook: 2,
    shapes.open_document: 3 * 2,
    shapes.misnamed: 4,
    shapes.compressed: 0,
}


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(("shape", "blank"), SHAPES.items(), ids=[shape.__name__ for shape in SHAPES])
def test_a_file_of_any_shape(placed, shape, blank):
    path = shape(placed.folder)
    result = imported(placed, path)
    assert outcome(result) == {"accepted": 6} | ({"blank": blank} if blank else {})
    assert "date_doubtful" not in result["notes"]
    assert members(placed, *KEPT) == sorted(shapes.AS_KEPT)
    assert outcome(imported(placed, path)) == {"unchanged": 6} | ({"blank": blank} if blank else {})
