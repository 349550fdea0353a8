"""A workbook that asks for a password (tests/data/registers/locked.xlsx; the password is `secret`)."""

from pathlib import Path

from tests.errors.refusal import refused


def test_a_workbook_with_a_password(office):
    path = Path(__file__).parents[1] / "data" / "registers" / "locked.xlsx"
    refused(office, path, "", "locked with a password", "save a copy without one")
