"""Nobody else can read a store: every file of it has mode 0600, whatever the umask says."""

import os
import stat

import pytest
from tests.tamper import store_file

from ancadmin.db.access import access_chain
from ancadmin.db.store import store_at

PLACES = "province,region_code,region,branch_code,branch\nGP,EKU,Ekurhuleni,79700012,Tembisa\n"


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder):
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_every_file_of_a_store_is_its_owners_alone(umask, run, tmp_path):
    folder = tmp_path / "data"
    db = f"sqlite:///{folder / 'store.db'}"
    assert run(["--db", db, "init"]).code == 0
    assert run(["--db", db, "batch", "list"]).code == 0
    places = tmp_path / "places.csv"
    places.write_text(PLACES, encoding="utf-8")
    assert run(["--db", db, "db", "places", "import", str(places)]).code == 0
    store = store_at(db)
    with store.write() as writing, access_chain(store):
        writing.exec_driver_sql("UPDATE branch SET name = 'x'")
        names = modes(folder)
        assert {"store.db", "store.db-wal", "store.db-shm", "store.db.access", "store.db.access-wal"} <= set(names)
        assert set(names.values()) == {0o600}
    assert set(modes(folder).values()) == {0o600}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_settings_of_the_file(office):
    with store_at(office.db).connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000, "synchronous": 2}
    assert store_file(office).exists()


def journal_while_filling(store):
    with store.write(filling=True) as connection:
        connection.exec_driver_sql("UPDATE branch SET name = 'x'")
        return connection.exec_driver_sql("PRAGMA journal_mode").scalar()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_store_is_filled_without_the_log_unless_somebody_reads_it(office):
    store = store_at(office.db)
    assert journal_while_filling(store) == "delete"
    with store.connect() as reading:
        assert reading.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        before = reading.exec_driver_sql("SELECT count(*) FROM branch").scalar()
        assert journal_while_filling(store) == "wal"
        assert reading.exec_driver_sql("SELECT count(*) FROM branch").scalar() == before


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_answer_in_a_file_is_its_owners_alone_too(umask, office):
    office("batch", "list", "-o", office.folder / "list.csv")
    assert modes(office.folder)["list.csv"] == 0o600
