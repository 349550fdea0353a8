"""A server that is not there, or does not know the database or the login."""

import pytest
from tests.errors.stores import one_line


@pytest.mark.parametrize("words", [["batch", "list"], ["init"], ["db", "upgrade"]])
def test_no_server(run, words):
    url = "postgresql://someone@127.0.0.1:1/ancadmin"
    one_line(run(["--db", url, *words]), f"{url}: the server cannot be reached: ", "Check --db", 5)


@pytest.mark.parametrize(("old", "new"), [("/postgres?", "/no_such_database?"), ("postgres@", "no_such_login@")])
def test_no_database_or_no_login(run, postgres, old, new):
    url = postgres.replace(old, new)
    one_line(run(["--db", url, "batch", "list"]), "the server cannot be reached: ", "Check --db", 5)


def test_no_such_host(run):
    url = "postgresql://someone@no-such-host.invalid/ancadmin"
    one_line(run(["--db", url, "batch", "list"]), "the server cannot be reached: ", "Check --db", 5)
