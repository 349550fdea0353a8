"""Cell numbers are stored one way; what is no mobile is not taken for one."""

import pytest

from ancadmin.domain.contacts import read_cell, read_email


@pytest.mark.parametrize(
    "written",
    [
        "0821234567",
        "821234567",
        "821234567.0",
        "+27821234567",
        "27821234567",
        "0027 82 123 4567",
        "+27 (0)82 123-4567",
        "082/123/4567",
        "(082) 123 4567",
        "０８２1234567",
        "0821234567 / 0839876543",
        "0114921000/0821234567",
        "082 123 4567 or 011 492 1000",
    ],
)
def test_one_number_written_many_ways(written):
    assert read_cell(written) == "+27821234567"


@pytest.mark.parametrize(
    "written",
    ["0801234567", "0861234567", "871234567", "0114921000", "08212345", "+263771234567", "no phone", "", "9821234567"],
)
def test_no_mobile(written):
    assert read_cell(written) is None


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (" Thabo.Mokoena@Example.co.za ", "thabo.mokoena@example.co.za"),
        ("mailto:t@example.org", "t@example.org"),
        ("thabo@example", None),
        ("thabo at example.org", None),
        ("a@b@c.org", None),
        ("t..m@example.org", None),
        ("N/A", None),
    ],
)
def test_email(written, stored):
    assert read_email(written) == stored
