"""A register that is not where it is said to be, or that can be read only once."""

import os

from tests.errors.stores import one_line


def test_a_file_that_is_not_there(office):
    answer = office("register", "import", office.folder / "nowhere.csv", code=3)
    one_line(answer, "nowhere.csv: cannot be read: No such file or directory", "See that it is there", 3)


def test_a_pipe(office):
    path = office.folder / "pipe.csv"
    os.mkfifo(path)
    answer = office("register", "import", path, code=3)
    one_line(answer, "pipe.csv: a pipe can be read only once", "Save it as a file first", 3)
