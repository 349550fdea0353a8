"""A store, or the folder it is in, that may be read but not written: nothing is shown, because reading is recorded."""

import pytest
from tests.accounts import as_stranger, open_to_all
from tests.errors.refusal import contents
from tests.errors.stores import PLACES, one_line


@pytest.fixture
def officer(office):
    """Someone else who is an operator, at whom only the files' permissions stand in the way."""
    office("operator", "add", "nobody", "--name", "N", "--role", "membership_officer", "--place", "national")
    office("batch", "list")
    places = office.write("places.csv", PLACES)
    open_to_all(office.folder)
    assert as_stranger(office, "batch", "list").code == 0
    yield lambda *words: as_stranger(office, *words)
    office.folder.chmod(0o700)
    places.chmod(0o600)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("closed", "words"),
    [
        ("folder", ["batch", "list"]),
        ("folder", ["db", "places", "import", "places.csv"]),
        ("store", ["db", "places", "import", "places.csv"]),
        ("trail", ["batch", "list"]),
    ],
)
def test_a_store_that_may_only_be_read(office, officer, words, closed):
    before = contents(office)
    for file in office.folder.iterdir():
        if file.name.endswith(("-wal", "-shm")):
            file.unlink()
    words = [office.folder / word if word == "places.csv" else word for word in words]
    if closed == "folder":
        office.folder.chmod(0o555)
    (office.folder / "store.db").chmod(0o444 if closed in ("folder", "store") else 0o666)
    (office.folder / "store.db.access").chmod(0o444 if closed in ("folder", "trail") else 0o666)
    answer = officer(*words)
    office.folder.chmod(0o777)
    one_line(answer, "cannot be", "", 5)
    assert contents(office) == before
