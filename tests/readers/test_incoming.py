"""What comes in packed: unpacked for the reader alone, and only what may be a table."""

import gzip
import stat
import zipfile

import pytest

from ancadmin.errors import InputRefused
from ancadmin.readers import incoming as module
from ancadmin.readers.incoming import STATEMENTS, TABLES, incoming

LINE = b"Date,Amount,Description\n2020-03-02,20.00,X\n"


def packed(folder, form, content):
    path = folder / ("s.zip" if form == "zip" else "s.csv.gz")
    if form == "gz":
        path.write_bytes(gzip.compress(content))
        return path
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("s.csv", content)
    return path


def read(path, kinds=STATEMENTS):
    (file,), _ = incoming([path], kinds)
    with file.opened() as opened:
        return opened.read_bytes(), stat.S_IMODE(opened.stat().st_mode)


@pytest.mark.parametrize("form", ["zip", "gz"])
def test_what_is_unpacked_is_nobody_else_s_to_read(tmp_path, form):
    assert read(packed(tmp_path, form, LINE)) == (LINE, 0o600)


@pytest.mark.parametrize("form", ["zip", "gz"])
def test_what_unpacks_to_two_hundred_times_its_size_is_refused(tmp_path, form):
    path = packed(tmp_path, form, b" " * 1_000_000)
    for kinds in (STATEMENTS, TABLES):
        with pytest.raises(InputRefused, match="200 times") as told:
            read(path, kinds)
        assert told.value.place.file == str(path)


@pytest.mark.parametrize("form", ["zip", "gz"])
def test_statements_have_a_limit_of_their_own(tmp_path, form, monkeypatch):
    path = packed(tmp_path, form, LINE)
    monkeypatch.setattr(module, "MOST_BYTES_OF_STATEMENTS", len(LINE) - 1)
    assert read(path, TABLES)[0] == LINE
    with pytest.raises(InputRefused, match="unpacks to more"):
        read(path)
    monkeypatch.setattr(module, "MOST_BYTES_OF_STATEMENTS", len(LINE))
    assert read(path)[0] == LINE
