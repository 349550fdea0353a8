"""What is the worst, and how shares are said."""

from collections import Counter

import pytest

from ancadmin.domain.quality import Kind, Line, Quality, Sort, in_order, percent


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (1.0, "100.0%"),
        (0.99999, "99.9%"),
        (0.0, "0.0%"),
        (0.0004, "0.0%"),
        (0.29, "29.0%"),
        (2 / 3, "66.6%"),
        (None, "–"),
    ],
)
def test_a_share_is_rounded_down_so_that_all_means_all(share, said):
    assert percent(share) == said


def test_the_mean_is_of_the_shares_there_are():
    assert Quality().overall is None
    assert Quality(held=4, id_problems=1).overall == 0.75
    assert Quality(members=10, contactable=5, captured=10).overall == pytest.approx((1 + 0.5 + 1) / 3)


def test_counts_add_up():
    one = Quality(members=8, held=4, id_problems=3)
    assert (one.read, one.valid, one.valid_share) == (12, 9, 0.75)
    assert one.contactable_share == 0


def test_the_worst_first_then_the_larger_and_what_cannot_be_judged_last():
    def line(code, quality, kind=Kind.BRANCH):
        return Line(kind, code, code, "", quality)

    lines = [
        line("a", Quality(members=10, contactable=10, captured=10, notes=Counter())),
        line("b", Quality()),
        line("c", Quality(members=10, contactable=1)),
        line("d", Quality(members=20, contactable=2)),
        line("", Quality(held=1, id_problems=1), Kind.UNPLACED),
    ]
    assert [one.code for one in in_order(lines, Sort.WORST)] == ["d", "c", "a", "b", ""]
    assert [one.code for one in in_order(reversed(lines), Sort.CODE)] == ["a", "b", "c", "d", ""]
