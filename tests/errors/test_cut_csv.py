"""A CSV file cut in the middle of a line: the stick was pulled out, the mail had a limit."""

import pytest
from tests.errors.refusal import REGISTER, refused


@pytest.mark.parametrize(
    ("last", "what"),
    [
        ("7501151234085,Mok", "cut off in the middle of this line: 2 of 4 cells"),
        ('7501151234085,"Mok', "cut off here, or a quote is never closed"),
    ],
)
def test_a_csv_cut_in_the_middle_of_a_line(office, last, what):
    path = office.write("lede.csv", REGISTER + last)
    refused(office, path, " row 4", what, "see that the copy finished")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_long_csv_cut_in_the_middle_of_a_line(office):
    """The cut shows only when most rows have been read; they are not kept."""
    path = office.write("lede.csv", REGISTER + "8001015009087,van Wyk,Piet,GP0101\n" * 250_000 + "80010150")
    refused(office, path, " row 250004", "1 of 4 cells", "see that the copy finished")
