"""Someone else is writing: the next writer waits, then says so; readers do not wait."""

import sqlite3
import time

import psycopg
import pytest
from tests.errors.stores import PLACES, refused_as_it_was
from tests.tamper import store_file

import ancadmin.db.store as store


@pytest.fixture
def held(office):
    """The store with its write lock in another's hand."""
    office("batch", "list")
    if office.db.startswith("sqlite"):
        other = sqlite3.connect(store_file(office), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        other = psycopg.connect(office.db)
        other.execute(f"SELECT pg_advisory_xact_lock({store.WRITE_LOCK})")
    yield office
    other.close()


def test_a_writer_gives_up_after_a_while(held, monkeypatch):
    monkeypatch.setattr(store, "BUSY_SECONDS", 1)
    places = held.write("places.csv", PLACES)
    started = time.monotonic()
    refused_as_it_was(held, ["db", "places", "import", places], "someone else is writing", "Try again", code=6)
    assert 0.9 < time.monotonic() - started < 8


def test_readers_do_not_wait(held):
    started = time.monotonic()
    held("db", "places", "list")
    held("audit", "verify")
    assert time.monotonic() - started < store.BUSY_SECONDS / 2
