"""The papers about quality, read back: headings on every page, charts that show the rows, equal bytes."""

import io
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ancadmin.domain.quality import WORST_SHOWN, Imported, Kind, Line, Quality, QualityPaper, Sort, TrendPaper, in_order
from ancadmin.writers.pdf import quality as pdf
from ancadmin.writers.xlsx import quality as xlsx

DAY = date(2026, 4, 15)


def paper(branches: int) -> QualityPaper:
    """So many branches, each a little better than the one before, and rows that name none."""
    lines = [
        Line(
            Kind.BRANCH,
            f"EKU{number:03}",
            f"Thembalethu-Zwelitsha Ward {number}",
            "EKU",
            Quality(1000, number, 2 * number, 10, 5, number % 3, Counter(contact_missing=1000 - number)),
        )
        for number in range(1, branches + 1)
    ]
    lines.append(Line(Kind.REGION, "EKU", "Ekurhuleni", "EKU", Quality(held=7, id_problems=2)))
    whole = Quality(1000 * branches, 5, 6, 10 * branches, 5 * branches, 1, Counter(contact_missing=9, old_book=3))
    total = Line(Kind.TOTAL, "EKU", "Ekurhuleni (EKU)", "", whole)
    return QualityPaper("Ekurhuleni (EKU)", DAY, tuple(in_order(lines, Sort.WORST)), total)


def trend(imports: int) -> TrendPaper:
    return TrendPaper(
        DAY,
        tuple(
            Imported(
                batch=number,
                at=f"2026-01-{number % 28 + 1:02}T08:00:00Z",
                operator="thandi",
                files=(f"register-{number}.csv", "more.xlsx"),
                read=100,
                accepted=80,
                updated=5,
                unchanged=0,
                quarantined=10,
                blank=5,
                problems={"checksum": number % 9, "branch_unknown": 2},
                notes={"contact_missing": 20, "payment_not_captured": number % 7},
                id_problems=number % 9,
            )
            for number in range(1, imports + 1)
        ),
    )


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("branches", [0, 1, 2, 150])
def test_every_branch_stands_once_under_headings_and_pages_are_numbered(branches):
    pages = pages_of(pdf.quality_rendered(paper(branches)))
    rows = [line for text in pages for line in text.splitlines() if line.startswith("EKU") and len(line) == 6]
    assert sorted(rows) == [f"EKU{number:03}" for number in range(1, branches + 1)]
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
    assert all("Held\nback" in text for text in pages[1:]), "the first page may be full of charts"


def test_the_chart_shows_the_worst_twenty_the_worst_on_top():
    first = pages_of(pdf.quality_rendered(paper(150)))[0]
    assert f"The worst {WORST_SHOWN} branches" in first
    named = [f"EKU{number:03} " in first for number in range(1, 151)]
    assert named == [True] * 20 + [False] * 130


def test_the_worst_are_branches_with_members():
    made = paper(3)
    assert [line.code for line in made.worst()] == ["EKU001", "EKU002", "EKU003"]


@pytest.mark.parametrize("imports", [0, 1, 3, 200])
def test_the_trend_has_every_import_and_a_line_for_each_share(imports):
    text = "\n".join(pages_of(pdf.trend_rendered(trend(imports))))
    for number in range(1, imports + 1):
        assert f"register-{number}.csv" in text.replace("\n", "")
    assert ("Payments captured" in text) == (imports > 0)
    assert ("No register was imported." in text) == (imports == 0)


@pytest.mark.parametrize(
    "made",
    [
        lambda: pdf.quality_rendered(paper(30)),
        lambda: pdf.trend_rendered(trend(9)),
        lambda: xlsx.quality_rendered(paper(30)),
        lambda: xlsx.trend_rendered(trend(9)),
    ],
)
def test_equal_figures_give_equal_bytes(made):
    assert made() == made()


def test_the_workbook_has_figures_charts_and_print_set_up():
    workbook = load_workbook(io.BytesIO(xlsx.quality_rendered(paper(30))))
    assert workbook.sheetnames == ["At a glance", "Branches", "Notes"]
    glance, branches = workbook["At a glance"], workbook["Branches"]
    whole, worst = glance._charts
    assert whole.series[0].val.numRef.f == "'At a glance'!$B$5"
    assert worst.series[2].val.numRef.f == "'At a glance'!$D$19:$D$38"
    assert glance["A19"].value == "EKU001 Thembalethu-Zwelitsha Ward 1"
    assert [branches.cell(5, column).value for column in (1, 4, 6)] == ["EKU001", 1000, 0.001]
    assert branches["F5"].number_format == "0.0%"
    assert branches["A36"].value == "Total"
    for sheet in workbook:
        assert sheet.page_setup.paperSize == 9
        assert sheet.oddFooter.right.text == "Page &P of &N"
    for name in ("Branches", "Notes"):
        assert workbook[name].print_title_rows == "$4:$4"


def test_the_trend_workbook_has_a_line_chart_over_all_imports():
    workbook = load_workbook(io.BytesIO(xlsx.trend_rendered(trend(9))))
    assert workbook.sheetnames == ["Imports", "Problems", "Notes"]
    (chart,) = workbook["Imports"]._charts
    assert [series.val.numRef.f for series in chart.series] == [
        f"'Imports'!${column}$5:${column}$13" for column in "BCD"
    ]
    assert [cell.value for cell in workbook["Problems"][5]] == ["1", 1, 2]
    assert load_workbook(io.BytesIO(xlsx.trend_rendered(trend(0)))).sheetnames == ["Imports"]


@pytest.mark.parametrize("gaps", [{2}, {1, 3}, {1, 2, 3}])
def test_an_import_that_took_nothing_has_no_point_on_the_lines(gaps):
    made = trend(3)
    imports = tuple(
        replace(one, accepted=0, updated=0, unchanged=85, notes={}) if one.batch in gaps else one
        for one in made.imports
    )
    (text,) = pages_of(pdf.trend_rendered(replace(made, imports=imports)))
    assert text.count("–") >= 2 * len(gaps)
    sheet = load_workbook(io.BytesIO(xlsx.trend_rendered(replace(made, imports=imports))))["Imports"]
    assert [sheet.cell(4 + number, 3).value is None for number in (1, 2, 3)] == [n in gaps for n in (1, 2, 3)]
