"""A full disk: said in one line, the store as before, and the same command works when there is room again."""

import os
import resource
import subprocess
import sys

import pytest
from tests.errors.refusal import contents
from tests.errors.stores import one_line, refused_as_it_was

import ancadmin.db.store as store

ROWS = "".join(f"GP,EKU,Ekurhuleni,{number},A branch with a name,\n" for number in range(10_000_000, 10_020_000))
MANY = "province,region_code,region,branch_code,branch,ward\n" + ROWS


@pytest.mark.parametrize("engine", ["sqlite"])
def test_no_page_more(office, monkeypatch):
    """What the engine says when it may not grow."""
    places = office.write("places.csv", MANY)
    prepare = store._prepare_sqlite

    def limited(connection, record):
        prepare(connection, record)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")

    with monkeypatch.context() as patch:
        patch.setattr(store, "_prepare_sqlite", limited)
        refused_as_it_was(office, ["db", "places", "import", places], "the disk is full", "Make room")
    assert office("db", "places", "import", places, "--json").json["new"] == 20_000


class Disk:
    """A disk of two megabytes in `folder`: mounted where this process may, else a limit on what a file can grow to."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
        self.mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0

    def fill(self):
        if self.mounted:
            with (self.folder / "ballast").open("wb", buffering=0) as ballast:
                try:
                    while ballast.write(b"\0" * 4096) == 4096:
                        pass
                except OSError:
                    pass

    def run(self, *words):
        """A fresh process, whose files may not grow where the disk could not be made small."""
        grown = resource.RLIM_INFINITY if self.mounted else 4096

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (grown, grown))

        return subprocess.run(
            [sys.executable, "-m", "ancadmin", *map(str, words)],
            preexec_fn=limit,
            capture_output=True,
            text=True,
            check=False,
        )

    def leave(self):
        if self.mounted:
            subprocess.run(["umount", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path):
    made = Disk(tmp_path / "disk")
    yield made
    made.leave()


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("words", [["db", "places", "import", "PLACES"], ["batch", "list"]])
def test_a_disk_that_is_really_full(office, run, disk, tmp_path, words):
    path = disk.folder / "store.db"
    path.write_bytes((office.folder / "store.db").read_bytes())
    places = office.write("places.csv", MANY)
    office.db = f"sqlite:///{path}"
    office("batch", "list")
    before = contents(office)
    disk.fill()
    done = disk.run("--db", office.db, *[places if word == "PLACES" else word for word in words])
    assert done.returncode == 5, done
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("ancadmin: error: ")
    assert "disk is full" in lines[0] or "cannot be" in lines[0]
    assert done.stdout == ""
    (disk.folder / "ballast").unlink(missing_ok=True)
    assert contents(office) == before
    assert office("audit", "verify", "--json").json["flaws"] == []


def test_an_answer_that_finds_no_room(run, office):
    answer = office("batch", "list", "-o", "/dev/full/list.csv", code=3)
    one_line(answer, "/dev/full/list.csv: cannot be written", "-o", 3)


def test_an_answer_for_a_folder_that_is_not_there(run, office):
    answer = office("batch", "list", "-o", office.folder / "nowhere" / "list.csv", code=2)
    assert f"there is no folder {office.folder / 'nowhere'}" in answer.err
    assert not (office.folder / "nowhere").exists()
