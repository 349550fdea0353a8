"""Files are whole or not there, nobody else's to read, and a killed run's leftovers go."""

import os
import time

import pytest

from ancadmin.errors import InputRefused
from ancadmin.writers.files import LEFTOVER_SECONDS, written_whole


def test_a_file_appears_whole_and_private(tmp_path):
    path = tmp_path / "new" / "a.txt"
    with written_whole(path) as temporary:
        temporary.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_error_leaves_the_file_as_it_was_and_nothing_beside_it(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("before")

    def interrupted():
        with written_whole(path) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_run_left_goes_but_not_what_another_run_is_writing(tmp_path):
    path = tmp_path / "a[1].pdf"
    old, young, other = (tmp_path / name for name in (".a[1].pdf.x1.part", ".a[1].pdf.x2.part", ".b.pdf.x3.part"))
    for leftover in (old, young, other):
        leftover.write_text("people's data")
    for leftover in (old, other):
        os.utime(leftover, (time.time() - 2 * LEFTOVER_SECONDS,) * 2)
    with written_whole(path) as temporary:
        temporary.write_text("whole")
    assert sorted(tmp_path.iterdir()) == sorted([path, young, other])


def test_a_folder_that_is_a_file_is_refused_with_its_name(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputRefused) as refused, written_whole(tmp_path / "taken" / "a.txt"):
        pass
    assert "taken" in str(refused.value)
