"""The cover of the registers of a country, read back: totals, what differs, what was superseded, on as many pages."""

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader
from tests.writers.geometry import faults_of

from ancadmin.domain.attendance import Meeting
from ancadmin.domain.country_summary import CountrySummary, Covered, reconciliation
from ancadmin.domain.papers import BranchPlace
from ancadmin.writers.pdf.country_summary import rendered

PROVINCES = ("Eastern Cape", "Gauteng", "KwaZulu-Natal")


def covered(number: int, branches: int, *, supersedes: bool = False) -> Covered:
    """Branches in order of three provinces and of regions of ten branches; the first of each region has nobody."""
    province = PROVINCES[number * len(PROVINCES) // branches]
    region = f"Thembalethu-Zwelitsha {number // 10}"
    place = BranchPlace(f"B{number:04}", f"Ṱhohoyanḓou {number}", f"R{number // 10}", region, province[:2], province)
    members = 60 * (number % 10)
    before = f"AR-B{number:04}-2026-1" if supersedes else None
    differs = "2 added, 1 removed" if supersedes else None
    return Covered(place, f"AR-B{number:04}-2026-2", members, members // 2 + 1, before, differs)


def summary(branches: int, *, superseding: int = 0, differing: int = 0, sole: bool = True) -> CountrySummary:
    registers = tuple(covered(number, branches, supersedes=number < superseding) for number in range(branches))
    said = {one.place.code: one.members for one in registers}
    record = {code: count + (place < differing) for place, (code, count) in enumerate(said.items())}
    return CountrySummary(
        place="All branches",
        meeting=Meeting.BAGM,
        meeting_date=date(2026, 5, 2),
        cut_off=date(2026, 4, 15),
        minimum=100,
        registers=registers,
        died=3,
        expelled=1,
        reconciliation=reconciliation(said, record),
        trail_head="ab" * 32,
        sole_operator=sole,
        day=date(2026, 4, 20),
    )


def pages(one: CountrySummary) -> list[str]:
    """The texts of the pages, without breaks."""
    reader = PdfReader(io.BytesIO(rendered(one)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_equal_summaries_give_equal_bytes():
    assert rendered(summary(30)) == rendered(summary(30))
    assert rendered(summary(30)) != rendered(replace(summary(30), trail_head="cd" * 32))


def test_the_totals_of_provinces_and_regions_are_those_of_their_branches():
    text = " ".join(pages(summary(30)))
    # A region's branches have 0, 60, … 540 members in good standing: 2700, a quorum of 1360, two below the minimum.
    assert "R0 Thembalethu-Zwelitsha 0 10 2 700 1 360 2 1" in text
    assert "Ga Gauteng 10 2 700 1 360 2 1" in text
    assert "Together 30 8 100 4 080 6 3" in text
    assert "Reconciled: the registers add up to 8 100, 8 100 in good standing on record." in text
    assert "3 died, 1 expelled" in text
    assert "AR-B0000-2026-2" in text
    assert "AR-B0029-2026-2" in text


def test_every_page_says_what_it_is_and_which_it_is():
    texts = pages(summary(900))
    assert len(texts) > 2
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
        assert "trail head abababababababab" in text
        assert "sole operator" in text
        assert "Code Name Registers" in text
    for text in texts[1:]:
        assert "Attendance registers · All branches" in text
    assert "sole operator" not in pages(summary(3, sole=False))[0]


@pytest.mark.parametrize(("superseding", "said"), [(1, "Superseding another 1"), (230, "Superseding another 230")])
def test_what_superseded_what_is_named_and_the_many_are_counted(superseding, said):
    text = " ".join(pages(summary(230, superseding=superseding)))
    assert said in text
    assert "Ṱhohoyanḓou 0 (B0000) AR-B0000-2026-2 AR-B0000-2026-1 2 added, 1 removed" in text
    assert ("and 30 more" in text) == (superseding == 230)


def test_branches_that_differ_stand_before_everything_else():
    first = pages(summary(30, differing=2))[0]
    assert (
        "NOT reconciled: the registers add up to 8 100, 8 102 in good standing on record; 2 branches differ." in first
    )
    assert "B0000 0 1 B0001 60 61" in first
    assert first.index("Branches that differ") < first.index("By province")
    assert "Branches that differ" not in pages(summary(30))[0]


def test_nothing_lies_over_anything_or_beyond_what_printers_print():
    for one in (summary(30), summary(300, superseding=250, differing=250)):
        assert faults_of(rendered(one), margin=14) == []


def test_one_province_needs_no_table_of_provinces():
    one = summary(3)
    alone = replace(one, registers=tuple(replace(each, place=one.registers[0].place) for each in one.registers))
    assert "By province" not in pages(alone)[0]
    assert "By province" in pages(one)[0]
