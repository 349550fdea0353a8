"""Where there is no store, or something else: said so, and nothing made there."""

import sqlite3

import pytest
from tests.errors.stores import one_line


def test_no_store_here_yet(run, tmp_path):
    path = tmp_path / "nothing.db"
    for words in (["batch", "list"], ["db", "upgrade"], ["db", "places", "list"]):
        one_line(run(["--db", f"sqlite:///{path}", *words]), f"{path}: there is no store here yet", "ancadmin init", 5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["batch", "list"], ["init"], ["db", "upgrade"]])
def test_a_file_that_is_no_database(run, tmp_path, words):
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir\n" * 200, encoding="utf-8")
    one_line(run(["--db", str(path), *words]), f"{path}: not a store, or damaged", "--db", 5)
    assert path.read_text(encoding="utf-8") == "Dear Sir\n" * 200


@pytest.mark.parametrize("words", [["batch", "list"], ["db", "upgrade"]])
def test_another_programs_database(run, tmp_path, words):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE cats (name)")
    one_line(run(["--db", str(path), *words]), f"{path}: not a store of ancadmin", "ancadmin init", 5)


def test_a_folder(run, tmp_path):
    one_line(run(["--db", str(tmp_path), "batch", "list"]), f"{tmp_path}: the store cannot be opened", "", 5)


def test_an_empty_database_of_the_server(run, postgres):
    one_line(run(["--db", postgres, "batch", "list"]), "not a store of ancadmin", "ancadmin init", 5)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_damaged_store(office):
    path = office.folder / "store.db"
    content = bytearray(path.read_bytes())
    content[4096:40960] = b"\xff" * 36864
    path.write_bytes(content)
    answer = office._run(["--db", office.db, "batch", "list"])
    one_line(answer, "not a store, or damaged", "restore a copy", 5)
