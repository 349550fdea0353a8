"""Of deposits of which it is known who paid them, none is posted to anybody else, and damaged numbers find theirs."""

import pytest
from benchmarks.suggestions import KINDS, LEAST_AMONG_THREE, NEAR, measured, write_pile


@pytest.mark.parametrize("engine", ["sqlite"])
def test_no_money_goes_to_anybody_else_and_damaged_numbers_find_their_member(office):
    result = measured(office.db, write_pile(office.folder, members=2_000, deposits=3_000))
    assert min(result.lines[kind] for kind in KINDS) > 20, "every kind is there"
    assert result.wrong == 0
    assert result.near >= LEAST_AMONG_THREE
    assert all(
        result.among[kind] + result.posted[kind] >= 0.9 * result.lines[kind] for kind in (*NEAR, "old reference")
    )
    assert result.posted["of nobody on record"] == 0
    assert result.among["nothing"] + result.others["nothing"] == 0
