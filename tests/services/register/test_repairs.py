"""Of damaged numbers of people on record, the first repair proposed is the right one; of others it is as often as what
the row says can tell. Valid numbers stay.
"""

import pytest
from benchmarks.repairs import LEAST_RIGHT, at_best, measured, write_pile

TRUE = "8001015009087"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_first_repair_proposed_is_the_right_one(office):
    result = measured(office.db, write_pile(office.folder, rows=2_000, members=5_000))
    assert result.known.rows.total() > 1_200
    assert min(result.known.rows.values()) > 100, "every kind of damage is there"
    assert result.known.right >= LEAST_RIGHT
    # Of people nobody knows only the row speaks; a sure proposal is sure of those too.
    assert result.unknown.rows.total() > 300
    assert result.unknown.listed.total() >= LEAST_RIGHT * result.unknown.rows.total()
    assert result.known.sure_and_wrong + result.unknown.sure_and_wrong <= 3
    for settled in ("birth date", "citizenship", "8 or 9"):
        assert result.parts[settled].right >= LEAST_RIGHT * result.parts[settled].rows
    parts = result.parts.values()
    assert sum(part.rows for part in parts) > 100
    assert sum(part.right for part in parts) >= 0.85 * sum(part.at_best for part in parts)
    assert result.sound > 100
    assert result.sound_changed == 0


@pytest.mark.parametrize(
    ("kind", "written", "best"),
    [
        ("wrong", "8001415009087", 1),  # the birth date is known
        ("wrong", "8001015009047", 1),  # so is that it ends in an 8 and a check digit
        ("wrong", "8001010009087", 1),  # and that it is a man's
        ("wrong", "8001015019087", 1 / 4),  # any other digit of the sequence, or the check digit
        ("misread", "8001015009081", 1),  # of all that fit only a 7 is taken for what was read
    ],
)
def test_what_can_be_known_of_one_wrong_digit(kind, written, best):
    assert at_best(kind, written, TRUE) == pytest.approx(best)
