"""A file with nothing in it: an export that failed, a copy that never began."""

import pytest
from tests.errors.refusal import refused


@pytest.mark.parametrize("name", ["lede.csv", "lede.xlsx"])
def test_an_empty_file(office, name):
    path = office.write(name, "")
    refused(office, path, "", "the file is empty", "Export it again")
