"""A cost sheet from opening to paper, typed as an officer types it."""

import io

import openpyxl
import pytest
from pypdf import PdfReader
from tests.services.costs.sheet import BUREAU, HEAD, HEADINGS, PRINTER, filled, opened, places, shown


@pytest.fixture(autouse=True)
def on_record(office):
    places(office)


def test_from_opening_to_approval(office):
    number = filled(office)
    sheet = shown(office, number)
    assert [(o["option"], o["kind"], o["total_cents"]) for o in sheet["options"]] == [
        ("A", "repair", 478125 + 95000),
        ("B", "replace", 2899900),
        ("C", "contract_out", 860000),
    ]
    assert (sheet["state"], sheet["complete"], sheet["recommended"], sheet["faults"]) == ("draft", True, "A", [])
    assert sheet["name"] == sheet["region_name"] == "Greater Johannesburg"
    submitted = office("costs", "submit", number, "--json").json
    assert (submitted["recommended"], submitted["kind"], submitted["total_cents"]) == ("A", "repair", 573125)
    approved = office("costs", "approve", number, "--why", "Cards again before the conference", "--json").json
    assert (approved["option"], approved["dearer_by_cents"], approved["own_work"]) == ("A", 0, True)
    (row,) = office("costs", "list", "--json").json
    assert row["state"] == "approved"
    assert (row["recommended_cents"], row["approved"], row["approved_cents"]) == (573125, "A", 573125)
    decisions = shown(office, number)["decisions"]
    assert [decided["kind"] for decided in decisions] == ["submitted", "approved"]
    assert decisions[1]["why"] == "Cards again before the conference"
    assert decisions[1]["decided_at"].endswith("Z")


def test_amounts_are_typed_in_rands_and_read_exactly(office):
    number = opened(office)
    part = ["--option", "repair", "--kind", "part", "--part-number", "P-1", "--description", "Ribbon"]
    for words, cents in (
        ("--quantity 3 --unit R1234.50", 370350),
        ("--quantity 1,5 --unit 1234,55", 185183),
        ("--quantity 1 --unit 1250c", 1250),
        ("--quantity 1 --unit R100 --handling 0,5%", 10050),
    ):
        assert office("costs", "line", number, *part, *words.split(), "--json").json["cents"] == cents


def test_what_cannot_be_read_is_wrong_usage_and_what_makes_no_sense_is_refused(office):
    number = opened(office)
    for name, text in (("--unit", "1,234"), ("--unit", "-5"), ("--quantity", "2.125"), ("--handling", "x")):
        error = office("costs", "line", number, "--option", "repair", "--kind", "part", name, text, code=2).err
        assert name in error
        assert text in error
    for words, said in (
        ("--kind labour --handling 5", "handling goes with parts"),
        ("--kind other --allowance 5", "contractor's invoice"),
        ("--kind other --invoice 5 --discount 6", "more than the invoice"),
        ("--kind part --quantity 0", "more than nothing"),
        ("--kind part --quantity 99999.99 --unit 999999.99", "too large for one line"),
    ):
        assert said in office("costs", "line", number, "--option", "repair", *words.split(), code=3).err
    assert shown(office, number)["options"] == []


def test_completeness_is_said_line_by_line_and_strict_says_10(office):
    number = opened(office, cause="broken", correction="")
    office("costs", "line", number, "--option", "repair", "--kind", "part", "--part-number", "n/a", "--strict", code=10)
    faults = [(fault["where"], fault["field"], fault["code"]) for fault in shown(office, number)["faults"]]
    assert faults == [
        ("sheet", "cause", "vague"),
        ("sheet", "correction", "blank"),
        ("sheet", "options", "missing_option"),
        ("A1", "part_number", "vague"),
        ("A1", "description", "blank"),
        ("A1", "quantity", "blank"),
        ("A1", "unit", "blank"),
    ]
    answer = office("costs", "show", number, "--strict", code=10)
    assert "A1\tthe unit cost is blank" in answer.out
    assert "none yet" in answer.out.lower()


def test_options_are_named_by_letter_kind_or_title(office):
    number = opened(office)
    office("costs", "option", number, "--kind", "contract_out", "--title", "A bureau")
    office("costs", "option", number, "--kind", "contract_out", code=3)
    office("costs", "option", number, "--kind", "contract_out", "--title", "a  BUREAU", code=3)
    office("costs", "option", number, "--kind", "contract_out", "--title", "Another bureau")
    line = ["--kind", "other", "--description", "Cards", "--unit", "5"]
    for name, option in (("b", "B"), ("another Bureau", "B"), ("repair", "C"), ("Repair", "C"), ("A", "A")):
        assert office("costs", "line", number, "--option", name, *line, "--json").json["option"] == option
    answer = office("costs", "line", number, "--option", "contract-out", *line, code=3)
    assert "A (A bureau), B (Another bureau)" in answer.err
    office("costs", "line", number, "--option", "hire", *line, code=3)


def test_headings_are_put_right_and_lines_taken_out(office):
    number = filled(office, cause="broken")
    office("costs", "change", number, "--cause", HEADINGS["cause"])
    done = office("costs", "remove", number, "a2", "--json").json
    assert done["removed"] == "A2"
    sheet = shown(office, number)
    assert sheet["cause"] == HEADINGS["cause"]
    assert [line["line"] for line in sheet["options"][0]["lines"]] == ["A1"]
    added = office("costs", "line", number, *HEAD.split(), "--json").json
    assert added["line"] == "A3", "a place once taken is never given again"
    office("costs", "remove", number, "C")
    assert [option["option"] for option in shown(office, number)["options"]] == ["A", "B"]
    office("costs", "remove", number, "Z9", code=3)
    office("costs", "change", number, code=2)


def test_a_dry_run_says_what_would_be_and_changes_nothing(office):
    number = filled(office)
    before = shown(office, number)
    line = office("costs", "line", number, *BUREAU.split(), "--dry-run", "--json").json
    assert line["total_cents"] == 1720000
    for words in (["submit"], ["remove"], ["change"], ["option"]):
        more = {"remove": ["A"], "change": ["--cause", "Dust"], "option": ["--kind", "repair", "--title", "Other"]}
        office("costs", *words, number, *more.get(words[0], []), "-n")
    office("costs", "new", "--subject", "Another", "--region", "GP01", "-n")
    assert shown(office, number) == before
    assert len(office("costs", "list", "--json").json) == 1


def test_what_is_not_there_is_refused(office):
    assert "no such region" in office("costs", "new", "--subject", "S", "--region", "XX", code=3).err
    assert "no such cost sheet" in office("costs", "show", 9, code=3).err
    assert "no such cost sheet" in office("export", "cost-comparison", 9, code=3).err


def test_lists_are_by_region_and_state_and_strict_when_one_waits(office):
    first, second = filled(office), opened(office)
    office("costs", "submit", first)
    assert [row["sheet"] for row in office("costs", "list", "--state", "submitted", "--json").json] == [first]
    assert [row["sheet"] for row in office("costs", "list", "--state", "draft", "--json").json] == [second]
    assert office("costs", "list", "--region", "GP02", "--json").json == []
    office("costs", "list", "--strict", code=10)
    assert office("costs", "list", "--state", "draft", "--strict").out.count("\n") == 2


def test_it_is_printed_to_a_workbook_and_to_pdf_the_same_each_time(office):
    number = filled(office)
    office("costs", "submit", number)
    for form in ("pdf", "xlsx"):
        file, again = office.folder / f"sheet.{form}", office.folder / f"again.{form}"
        told = office("export", "cost-comparison", number, "--as", form, "-o", file, "--json").json
        office("export", "cost-comparison", number, "-o", again)
        assert file.read_bytes() == again.read_bytes()
        assert told["complete"] is True
        assert told["recommended_cents"] == 573125
        assert file.stat().st_mode & 0o077 == 0
    text = PdfReader(office.folder / "sheet.pdf").pages[0].extract_text()
    assert "Kept under a sole operator" in text
    book = openpyxl.load_workbook(io.BytesIO((office.folder / "sheet.xlsx").read_bytes()), data_only=True)
    values = {row[0].value: row[1].value for row in book["Comparison"].iter_rows() if row[0].value}
    assert values["Total"] == 5731.25
    assert values["This sheet is"] == "complete"


def test_an_incomplete_sheet_is_printed_as_what_it_is(office):
    number = opened(office)
    file = office.folder / "draft.pdf"
    office("export", "cost-comparison", number, "-o", file, "--strict", code=10)
    assert "Not complete, so it cannot be approved" in PdfReader(file).pages[0].extract_text()


def test_a_file_of_the_whole_sheet_for_people(office):
    number = filled(office)
    file = office.folder / "sheet.txt"
    office("costs", "show", number, "-o", file)
    text = file.read_text(encoding="utf-8")
    assert "Total\tR5 731.25\tR28 999.00\tR8 600.00" in text
    assert "recommendation\tA: Repair, at R5 731.25 the cheapest complete option." in text


def test_a_notice_stands_in_for_the_repair_once_what_it_forces_is_written_out(office):
    notice = "Notice 14/2024: reading head RH-9 is not serviced any more"
    number = filled(office, PRINTER, BUREAU, not_serviced=notice)
    assert "the explanation why replacement is forced is blank" in office("costs", "submit", number, code=7).err
    office("costs", "change", number, "--explanation", "not working")
    assert "says nothing: not working" in office("costs", "submit", number, code=7).err
    why = "Without the head the printer prints no cards"
    office("costs", "change", number, "--explanation", why)
    office("costs", "submit", number)
    office("costs", "approve", number, "--why", "Cards again before the conference")
    for form in ("pdf", "xlsx"):
        office("export", "cost-comparison", number, "-o", office.folder / f"forced.{form}")
    text = " ".join(PdfReader(office.folder / "forced.pdf").pages[0].extract_text().split())
    assert f"Not serviced {notice}" in text
    assert f"Replacement forced {why}" in text
    cells = openpyxl.load_workbook(office.folder / "forced.xlsx", data_only=True)["Comparison"].iter_rows(
        values_only=True
    )
    values = {row[0]: row[1] for row in cells if row[0]}
    assert (values["Notice: part not serviced"], values["Why that forces a replacement"]) == (notice, why)
    assert values["This sheet is"] == "complete"
