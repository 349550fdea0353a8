"""A workbook of which half arrived."""

from tests.errors.refusal import refused


def test_a_workbook_cut_off(office):
    from tests.readers.papers import HEADINGS, MEMBERS, write_workbook

    whole = write_workbook(office.folder / "whole.xlsx", Lede=[HEADINGS, *MEMBERS])
    path = office.folder / "lede.xlsx"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    refused(office, path, "", "the workbook is damaged, cut off", "ask for a new copy")
