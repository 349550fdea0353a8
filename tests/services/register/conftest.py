"""A store with four branches, two of which have the same name."""

import pytest
from tests.services.register.making import PLACES


@pytest.fixture
def placed(office):
    office("db", "places", "import", office.write("places.csv", PLACES))
    return office
