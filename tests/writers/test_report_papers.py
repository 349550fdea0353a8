"""Reports as papers, read back: every figure, headings on every page, charts of the rows, numbers never broken."""

import io
from datetime import date
from fractions import Fraction

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ancadmin.domain.reports import Chart, Column, Kind, ReportPaper, Table
from ancadmin.writers.pdf import report as pdf
from ancadmin.writers.xlsx import report as xlsx

DAY = date(2026, 4, 30)


def paper(places: int, cents: int = 123450, many: int = 3) -> ReportPaper:
    """So many places, each with sums of money, and a table with what cannot be divided and what is below zero."""
    sums = tuple(Column(f"Sum {number}") for number in range(many))
    columns = (Column("Code", Kind.TEXT, 15), Column("Name", Kind.TEXT, 25, room=True), *sums)
    rows = tuple((f"EKU{number:03}", f"Ward {number}", *[cents + number] * many) for number in range(places))
    total = ("Total", "", *[sum(row[2] for row in rows)] * many)
    drawn = (Chart("Most of it", (2,)),) if places <= 20 else ()
    ratios = (Column("Month", Kind.TEXT), Column("Share", Kind.SHARE), Column("Days", Kind.DAYS), Column("Left"))
    months = (
        ("2026-02", 0.5, Fraction(7, 2), 100),
        ("2026-03", None, None, -12345),
        ("2026-04", 0.66666, Fraction(0), 0),
    )
    second = Table(
        "By month: all / in [one]",
        ratios,
        months,
        ("Total", 0.999, Fraction(5, 3), -12245),
        (Chart("Shares", (1,), lines=True), Chart("What is left", (3,))),
        "Explained: left ÷ right.",
    )
    return ReportPaper(
        "Ageing of dues · Ekurhuleni",
        "As at 2026-04-30",
        "ageing-EKU-2026-04-30",
        DAY,
        (("Place", "Ekurhuleni"), ("Policy", "0123456789ab")),
        (Table("By branch", columns, rows, total, drawn), second),
    )


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("places", [0, 1, 12, 150])
def test_every_row_stands_once_under_headings_and_pages_are_numbered(places):
    pages = pages_of(pdf.rendered(paper(places)))
    lines = [line for text in pages for line in text.splitlines()]
    assert [line for line in lines if line.startswith("EKU") and len(line) == 6] == [
        f"EKU{n:03}" for n in range(places)
    ]
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Ageing of dues · Ekurhuleni · As at 2026-04-30" in text
    assert all("Code" in text for text in pages if "EKU0" in text)
    assert "0123456789ab" in pages[0]


def test_numbers_are_as_people_read_them():
    text = "\n".join(pages_of(pdf.rendered(paper(2)))).replace("\N{NO-BREAK SPACE}", " ")
    for told in ("R1 234.50", "R2 469.01", "50.0%", "66.7%", "n/a", "-R123.45", "3.5", "99.9%", "1.7"):
        assert told in text, told
    assert "Explained: left ÷ right." in text


@pytest.mark.parametrize(("cents", "many", "lies"), [(123450, 3, False), (1_234_567_890_12, 8, True)])
def test_a_number_is_never_broken_and_wide_tables_lie_down(cents, many, lies):
    content = pdf.rendered(paper(3, cents, many))
    box = PdfReader(io.BytesIO(content)).pages[0].mediabox
    assert (box.width > box.height) is lies
    text = "\n".join(pages_of(content)).replace("\N{NO-BREAK SPACE}", " ")
    whole = f"R{(cents + 2) // 100:,}.{(cents + 2) % 100:02}".replace(",", " ")
    assert text.count(whole) >= many


def test_what_explains_a_table_is_not_left_alone_on_a_page():
    for places in (*range(5, 12), *range(62, 70)):
        pages = pages_of(pdf.rendered(paper(places)))
        (last,) = (text for text in pages if "Explained: left" in text)
        assert all(told in last for told in ("Month", "2026-02", "99.9%")), places


@pytest.mark.parametrize("writer", [pdf, xlsx])
def test_equal_figures_give_equal_bytes(writer):
    assert writer.rendered(paper(30)) == writer.rendered(paper(30))


def test_the_workbook_has_numbers_charts_and_print_set_up():
    workbook = load_workbook(io.BytesIO(xlsx.rendered(paper(12))))
    assert workbook.sheetnames == ["Summary", "By branch", "By month  all   in  one "]
    summary, branches, months = workbook
    assert (summary["A1"].value, summary["A2"].value) == ("Ageing of dues · Ekurhuleni", "As at 2026-04-30")
    assert (summary["A5"].value, summary["B5"].value) == ("Policy", "0123456789ab")
    assert [cell.value for cell in branches[5]][:4] == ["EKU000", "Ward 0", 1234.5, 1234.5]
    assert branches["C5"].number_format == branches["C17"].number_format == '"R"#,##0.00;[Red]-"R"#,##0.00'
    assert (branches["A17"].value, branches["C17"].value) == ("Total", (12 * 123450 + 66) / 100)
    (bars,) = branches._charts
    assert bars.series[0].val.numRef.f == "'By branch'!$C$5:$C$16"
    assert bars.series[0].cat.numRef.f == "'By branch'!$B$5:$B$16"
    line, left = months._charts
    assert line.series[0].val.numRef.f.endswith("!$B$5:$B$7")
    assert line.y_axis.scaling.max == 1
    assert bars.y_axis.scaling.max == pytest.approx(1234.61 * 1.25), (
        "the figure behind the longest bar stands inside the frame"
    )
    assert left.y_axis.scaling.min is left.y_axis.scaling.max is None, "what is below zero is drawn too"
    assert [cell.value for cell in months[6]][:4] == ["2026-03", "n/a", "n/a", -123.45]
    assert months["C6"].alignment.horizontal == "right"
    for sheet in workbook:
        assert sheet.page_setup.paperSize == 9
        assert sheet.oddFooter.right.text == "Page &P of &N"
        assert "2026-04-30" in sheet.oddFooter.left.text


def test_no_rows_are_no_chart():
    workbook = load_workbook(io.BytesIO(xlsx.rendered(paper(0))))
    assert workbook["By branch"]._charts == []
    assert "Most of it" not in pages_of(pdf.rendered(paper(0)))[0]
