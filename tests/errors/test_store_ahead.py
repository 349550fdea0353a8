"""A store a later version wrote: this program must not touch it."""

import pytest
from tests.errors.stores import refused_as_it_was
from tests.tamper import sql


@pytest.mark.parametrize("words", [["batch", "list"], ["db", "upgrade"], ["init"], ["batch", "undo", "1"]])
def test_a_store_that_is_ahead(office, words):
    sql(office, "UPDATE alembic_version SET version_num = '9999'")
    refused_as_it_was(
        office, words, "the store is ahead of this program (schema 9999", "Install the version of ancadmin"
    )
