"""A store with four branches, two of which have the same name."""

import pytest
from tests.services.register.making import PLACES


def with_places(office):
    office("db", "places", "import", office.write("places.csv", PLACES))


@pytest.fixture
def placed(office):
    return office.after(with_places)
