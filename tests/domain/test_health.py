"""How a branch stands: its place, its months, what falls due, and a paper that fits whatever names there are."""

import io
from collections import Counter
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ancadmin.domain.health import (
    BranchHealth,
    Held,
    Month,
    Rank,
    expected_of,
    months_ahead,
    months_back,
    ordinal,
    ranks,
)
from ancadmin.domain.health_paper import paper_of
from ancadmin.domain.papers import BranchPlace
from ancadmin.domain.quality import Quality
from ancadmin.domain.renewals import Renewal
from ancadmin.writers.pdf import report as pdf
from ancadmin.writers.xlsx import report as xlsx

DAY = date(2026, 4, 15)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (22, "22nd"),
        (111, "111th"),
    ],
)
def test_ordinals(number, words):
    assert ordinal(number) == words


def test_equal_branches_share_a_place_and_the_next_is_left_out():
    found = ranks({"A": 120, "B": 300, "C": 120, "D": 0, "E": 120})
    assert {code: (one.place, one.tied) for code, one in found.items()} == {
        "B": (1, 0), "A": (2, 2), "C": (2, 2), "E": (2, 2), "D": (5, 0),
    }  # fmt: skip
    assert found["B"].words == "1st of 5 in the region"
    assert found["A"].words == "2nd of 5 in the region, as 2 others"
    assert Rank(3, 10, 1).words == "3rd of 10 in the region, as one other"


def test_the_months_are_those_of_a_year_up_to_the_day_and_three_after_it():
    back = months_back(DAY)
    assert len(back) == 12
    assert back[0] == (date(2025, 5, 1), date(2025, 5, 31))
    assert back[-1] == (date(2026, 4, 1), DAY)
    assert months_ahead(DAY)[0] == (date(2026, 4, 16), date(2026, 4, 30))
    assert [first for first, _ in months_ahead(DAY)[1:]] == [date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)]
    assert months_ahead(date(2025, 11, 30))[0] == (date(2025, 12, 1), date(2025, 12, 31))
    assert months_ahead(date(2025, 11, 30))[-1] == (date(2026, 2, 1), date(2026, 2, 28))


def test_what_falls_due_leaves_fewer_month_by_month_and_the_others_stay():
    found = expected_of(DAY, {"2026-04": 2, "2026-06": 5, "2027-01": 40})
    assert [(one.month, one.members, one.left) for one in found] == [
        ("2026-04", 2, 45), ("2026-05", 0, 45), ("2026-06", 5, 40), ("2026-07", 0, 40),
    ]  # fmt: skip


def health(good: int = 80, place: BranchPlace | None = None) -> BranchHealth:
    months = tuple(
        Month(
            first,
            last,
            Counter({"good_standing": good + at - 11, "grace": at, "deceased": 1}) if good else Counter(),
            Counter({Renewal.IN_TIME: 3, Renewal.LATER: 1, Renewal.NOT: 2}) if good else Counter(),
        )
        for at, (first, last) in enumerate(months_back(DAY))
    )
    return BranchHealth(
        place=place or BranchPlace("EKU001", "Tembisa", "EKU", "Ekurhuleni", "GP", "Gauteng", "79700012", 2021),
        day=DAY,
        minimum=100,
        rank=Rank(3, 10, 0),
        months=months,
        expected=expected_of(DAY, {"2026-05": 7} if good else {}),
        quality=Quality(92, 80, 90, 4, 3, 1, Counter(contact_missing=12)) if good else Quality(),
        held=Held(92, 75, 20, 92) if good else Held(),
        known_on=date(2026, 4, 20),
    )


def text_of(content: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_paper_says_place_minimum_and_renewals():
    text = text_of(pdf.rendered(paper_of(health())))
    for said in (
        "3rd of 10 in the region",
        "not reached: 20 lacking",
        "48 of 72 due in twelve months (66.7%)",
        "Good standing",
        "Deceased",
        "2026-05\n7\n0",
        "Voting district",
        "Note: contact missing",
        "As the record is on 2026-04-20",
    ):
        assert said in text, said
    assert "reached" in text_of(pdf.rendered(paper_of(health(100))))
    assert "lacking" not in text_of(pdf.rendered(paper_of(health(100))))


def test_the_workbook_has_a_live_chart_on_every_sheet_that_counts_something():
    book = load_workbook(io.BytesIO(xlsx.rendered(paper_of(health()))))
    assert book.sheetnames == [
        "Summary", "Members by status", "Renewals", "Expected expiries", "Data quality", "To be looked at",
    ]  # fmt: skip
    assert [len(sheet._charts) for sheet in book] == [0, 1, 1, 1, 1, 0]
    assert [cell.value for cell in book["Renewals"][17]][:7] == ["Total", 72, 36, 0, 12, 24, pytest.approx(2 / 3)]
    (chart,) = book["Members by status"]._charts
    assert chart.series[0].val.numRef.f == "'Members by status'!$C$5:$C$16"


def test_a_branch_of_nobody_is_a_paper_too_and_long_names_are_whole():
    name = "Ṱhohoyanḓou Ward 20 Muledane Makwarela Extension Block J West"
    place = BranchPlace("VHE-93404020", name, "VHE", "Vhembe", "LIM", "Limpopo")
    nobody = paper_of(health(0, place))
    text = text_of(pdf.rendered(nobody))
    assert "nothing fell due in twelve months" in text
    assert "not reached: 100 lacking" in text
    assert name in " ".join(text.split())
    book = load_workbook(io.BytesIO(xlsx.rendered(nobody)))
    summary = book["Summary"]
    assert summary["B4"].value == f"{name} (VHE-93404020)"
    assert summary.row_dimensions[4].height > summary.row_dimensions[5].height, "a name on two lines is seen whole"
    assert [len(sheet._charts) for sheet in book] == [0] * 6


def test_equal_figures_are_equal_to_the_byte_and_any_other_figure_another_content():
    assert pdf.rendered(paper_of(health())) == pdf.rendered(paper_of(health()))
    assert xlsx.rendered(paper_of(health())) == xlsx.rendered(paper_of(health()))
    assert health().content_hash() == health().content_hash() != health(81).content_hash()
