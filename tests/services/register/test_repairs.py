"""Of damaged numbers of people on record, the first repair proposed is the right one; valid numbers stay."""

import pytest
from benchmarks.repairs import LEAST_RIGHT, measured, write_pile


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_first_repair_proposed_is_the_right_one(office):
    result = measured(office.db, write_pile(office.folder, rows=2_000, members=5_000))
    assert result.known.rows.total() > 1_200
    assert min(result.known.rows.values()) > 100, "every kind of damage is there"
    assert result.known.right >= LEAST_RIGHT
    # Of people nobody knows the number alone speaks; a sure proposal is sure of those too.
    assert result.unknown.rows.total() > 300
    assert result.unknown.listed.total() >= LEAST_RIGHT * result.unknown.rows.total()
    assert result.known.sure_and_wrong + result.unknown.sure_and_wrong <= 3
    assert result.sound > 100
    assert result.sound_changed == 0
