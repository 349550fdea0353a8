"""Where files go: names any system takes, forms by suffix, a manifest that is added to and not lost."""

import csv
from pathlib import Path

import pytest
from tests.writers.made_up import PLACE

from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.errors import UsageError
from ancadmin.services.export.folder import file_in, form_of, read_manifest, safe_name, write_manifest


def test_a_file_a_branch_under_its_province_and_region():
    assert file_in(Path("out"), PLACE, Form.PDF) == Path("out/GP/GP-EKU/GP-EKU-001.pdf")


def test_a_code_cannot_leave_the_folder_and_stays_unique():
    wild = [safe_name(code) for code in ("../../etc", "A/1", "A_1", "A\\1", "A:1", "A 1")]
    assert len(set(wild)) == len(wild)
    assert all("/" not in name and "\\" not in name and ".." not in name and ":" not in name for name in wild)
    place = BranchPlace("..", "x", "..", "x", "..", "x")
    assert ".." not in file_in(Path("out"), place, Form.PDF).parts


@pytest.mark.parametrize(
    ("wanted", "target", "form"),
    [(None, None, "pdf"), (None, "a.XLSX", "xlsx"), ("pdf", "a.pdf", "pdf"), ("xlsx", "a.bin", "xlsx")],
)
def test_the_form_is_what_as_or_the_suffix_says(wanted, target, form):
    asked = None if wanted is None else Form(wanted)
    assert form_of(asked, None if target is None else Path(target), one_file=True) == form
    assert form_of(asked, Path("folder.xlsx"), one_file=False) == (wanted or "pdf")


def test_a_form_that_is_not_clear_is_refused():
    for wanted, name in [(None, "a.docx"), (None, "a"), (Form.PDF, "a.xlsx")]:
        with pytest.raises(UsageError):
            form_of(wanted, Path(name), one_file=True)


def test_a_manifest_keeps_the_rows_of_other_runs(tmp_path):
    columns = ["branch", "hash", "file"]
    write_manifest(tmp_path, columns, [{"branch": "A", "hash": "1", "file": "a.pdf"}])
    write_manifest(tmp_path, columns, [{"branch": "B", "hash": "2", "file": "b.pdf"}])
    path = write_manifest(tmp_path, columns, [{"branch": "A", "hash": "3", "file": "a.pdf"}])
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [columns, ["A", "3", "a.pdf"], ["B", "2", "b.pdf"]]
    assert read_manifest(tmp_path)["b.pdf"]["hash"] == "2"
    assert read_manifest(tmp_path / "nowhere") == {}
