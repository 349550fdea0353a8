"""How answers leave: forms by suffix, quiet for cron, lists of records line by line."""

import csv
import json
import re
import sys

import pytest

from ancadmin.cli.output import Column, Format, Output, show_result, show_rows


def test_a_suffix_says_the_format_and_may_not_be_contradicted(office, tmp_path):
    office("operator", "list", "-o", tmp_path / "operators.csv")
    assert next(csv.reader((tmp_path / "operators.csv").open(encoding="utf-8")))[0] == "account"
    said = office("operator", "list", "--json", "-o", tmp_path / "operators.csv", code=2)
    assert "operators.csv and the format json say different things" in said.err
    said = office("operator", "list", "-o", tmp_path / "operators", code=2)
    assert "operators does not say which format" in said.err


def test_no_rows_as_csv_are_the_headings(office):
    assert office("costs", "list", "--format", "csv").out.startswith("sheet,")


def test_a_quiet_night_says_nothing_and_json_is_still_told(office):
    answer = office("sweep", "--quiet")
    assert (answer.out, answer.err) == ("", "")
    assert office("sweep", "--quiet", "--json").json["changed"] == 0


def test_records_stand_line_by_line_and_money_in_rands(capsys):
    show_result(Output(Format.TABLE), {"matched_cents": 2000, "done": True, "moves": [{"n": 1}, {"n": 2}]})
    assert capsys.readouterr().out == "matched\tR20.00\ndone\tyes\nmoves\tn 1\nmoves\tn 2\n"


@pytest.mark.parametrize(("wide", "whole"), [(60, True), (38, True), (22, False)])
def test_on_a_narrow_terminal_texts_are_broken_before_sums(wide, whole, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(wide))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    columns = [Column("why", "Why"), Column("n", "How many days", "number"), Column("cents", "Sum", "money")]
    show_rows(Output(Format.TABLE), columns, [{"why": "Nobody was (2026-11-22)", "n": 12, "cents": 3284069800}])
    lines = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out).splitlines()
    assert any("R32 840 698.00" in line for line in lines) is whole
    assert (len(lines) == 2) is (wide == 60)
    assert all(len(line) <= wide and "…" not in line for line in lines)


@pytest.mark.parametrize("form", [Format.JSON, Format.NDJSON])
def test_nothing_is_still_json(form, capsys):
    show_rows(Output(form), [Column("a", "A")], [])
    out = capsys.readouterr().out
    assert (json.loads(out) if form is Format.JSON else out) in ([], "")
