"""Headings over two rows become one, and titles over a table stay titles."""

import pytest

from ancadmin.readers.heading_rows import register_headings


def top(*rows):
    return [(number, list(cells)) for number, cells in enumerate(rows, start=1)]


MEMBER = ["8001015009087", "Nkosi", "Piet", "2019-12-20", "20.00"]


@pytest.mark.parametrize(
    ("rows", "index", "headings"),
    [
        (
            [["Member", "", "", "Last payment", ""], ["ID No", "Van", "Name", "Date", "Amount"]],
            1,
            ["ID No", "Van", "Name", "Last payment Date", "Amount"],
        ),
        (
            [["ID No", "Van", "Name", "Last payment", ""], ["", "", "", "Date", "Amount"]],
            1,
            ["ID No", "Van", "Name", "Last payment Date", "Last payment Amount"],
        ),
        (
            [["ID No", "Van", "Name", "", ""], ["", "", "", "Joined", "Amount"]],
            1,
            ["ID No", "Van", "Name", "Joined", "Amount"],
        ),
        (
            [
                ["Members 2019"],
                ["", "", "Branch", "Branch secretary", ""],
                ["ID No", "Van", "Code", "Name", "Cell"],
            ],
            2,
            ["ID No", "Van", "Branch Code", "Branch secretary Name", "Branch secretary Cell"],
        ),
        (
            [["Member", "", "", "Next of kin", ""], ["ID No", "Van", "Cell", "Van", "Cell"]],
            1,
            ["ID No", "Member Van", "Member Cell", "Next of kin Van", "Next of kin Cell"],
        ),
        (
            [["Captured by", "J Nkosi", "", "", ""], ["ID No", "Van", "Name", "Date", "Amount"]],
            1,
            ["ID No", "Van", "Name", "Date", "Amount"],
        ),
        (
            [["Register of members, 2019", "", "", "", ""], ["ID No", "Van", "Name", "Joined", "Amount"]],
            1,
            ["ID No", "Van", "Name", "Joined", "Amount"],
        ),
        (
            [["ID No", "Van", "Name", "Town", "Street"], ["", "", "", "Paarl", "Main"]],
            0,
            ["ID No", "Van", "Name", "Town", "Street"],
        ),
    ],
)
def test_headings_over_two_rows(rows, index, headings):
    assert register_headings(top(*rows, MEMBER)) == (index, headings)


def test_a_row_of_titles_with_a_gap_below_is_no_part_of_the_headings():
    rows = [["", "", "", "Last payment", ""], [], ["ID No", "Van", "Name", "Date", "Amount"], MEMBER]
    assert register_headings(top(*rows)) == (2, ["ID No", "Van", "Name", "Date", "Amount"])
