"""Wards redrawn: which ward each branch stands on then, and whose members go where."""

import pytest

from ancadmin.domain.demarcation import Move, WardRow, redraw

OLD, OTHER, NEW, NEXT = "79700012", "79700013", "79700112", "79700113"
STANDING = {"B12": OLD, "B13": OTHER}


def row(number, old, new, district=None, branch=None):
    return WardRow(number, old, new, district, branch)


def test_a_branch_goes_with_its_ward_and_members_of_a_part_with_theirs():
    rows = [row(2, OLD, NEW), row(3, OLD, NEXT, "11111111"), row(4, OTHER, NEXT)]
    done = redraw(rows, STANDING, STANDING)
    assert done.wards == {"B12": NEW, "B13": NEXT}
    assert done.moves == [Move("B12", "11111111", "B13")]
    assert done.faults == []


def test_two_wards_made_one_are_shared_unless_the_file_names_one_branch():
    rows = [row(2, OLD, NEW), row(3, OTHER, NEW)]
    assert redraw(rows, STANDING, STANDING).moves == []
    named = [row(2, OLD, NEW), row(3, OTHER, NEW, None, "B12"), row(4, OTHER, NEW, "11111111")]
    assert redraw(named, STANDING, STANDING).moves == [Move("B13", None, "B12"), Move("B13", "11111111", "B12")]


@pytest.mark.parametrize(
    ("rows", "code", "at"),
    [
        ([row(2, OLD, NEW), row(3, OLD, NEXT)], "said_twice", 3),
        ([row(2, OLD, NEW), row(3, OLD, NEXT, "1"), row(4, OLD, NEW, "1")], "said_twice", 4),
        ([row(2, OLD, NEW, "11111111")], "rest_missing", 2),
        ([row(2, OLD, NEW), row(3, OLD, NEXT, "11111111")], "no_branch", 3),
        ([row(2, OLD, NEW, None, "B99")], "branch_unknown", 2),
    ],
)
def test_what_is_not_plain_is_a_fault_and_nothing_is_done(rows, code, at):
    faults = redraw(rows, STANDING, STANDING).faults
    assert [(one.code, one.row) for one in faults] == [(code, at)]


def test_several_branches_on_the_new_ward_have_to_be_told_apart():
    standing = {**STANDING, "B14": "79700014"}
    rows = [row(2, OLD, NEW), row(3, OTHER, NEXT), row(4, "79700014", NEXT), row(5, OLD, NEXT, "11111111")]
    assert [one.code for one in redraw(rows, standing, standing).faults] == ["branch_undecided"]


def test_who_goes_to_a_ward_whose_branch_is_dissolved_goes_where_its_members_go():
    standing = {**STANDING, "B14": "79700014"}
    rows = [row(2, OLD, NEW, None, "B13"), row(3, OTHER, NEXT), row(4, "79700014", "79700114")]
    moves = redraw([*rows, row(5, "79700014", NEW, "11111111")], standing, standing).moves
    assert moves == [Move("B12", None, "B13"), Move("B14", "11111111", "B13")]


def test_nobody_is_sent_to_a_branch_the_file_dissolves():
    standing = {**STANDING, "B14": "79700014"}
    rows = [row(2, OLD, NEW, None, "B13"), row(3, OTHER, NEXT, None, "B14"), row(4, "79700014", NEXT)]
    assert [(one.code, one.row) for one in redraw(rows, standing, standing).faults] == [("branch_dissolved", 2)]


def test_branches_redrawn_already_stand_on_the_new_wards_too():
    rows = [row(2, OLD, NEW), row(3, OLD, NEXT, "11111111")]
    assert redraw(rows, {"B12": OLD}, STANDING, {"B13": NEXT}).moves == [Move("B12", "11111111", "B13")]
