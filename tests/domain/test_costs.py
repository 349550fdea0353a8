"""Cost comparison, sentence by sentence (docs/rules.md, section 8)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.writers.cost_sheets import BEST, SHEET, lines, part

from ancadmin.domain.cost_entry import refusal
from ancadmin.domain.costs import (
    HEADINGS,
    Line,
    LineKind,
    Option,
    OptionKind,
    approvers,
    faults,
    letter,
    option_faults,
    recommended,
)
from ancadmin.domain.roles import LEVELS, Role

REPAIR, REPLACE, CONTRACT_OUT = OptionKind


def said(sheet):
    return [(fault.where, fault.field, fault.code) for fault in faults(sheet)]


def option(kind, cents, position=1, **more):
    return Option(position, kind, lines=(part(cents, **more),))


# --- lines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "unit", "handling", "cents"),
    [
        ("1", 425000, "12.5", 478125),
        ("3", 8535, "12.5", 28806),  # 28 805.625
        ("1.5", 333, "0", 500),  # 499.5 goes up
        ("0.5", 1, "0", 1),
        ("1", 2, "25", 3),  # 2.5 goes up: half up, not half even
        ("1", 101, "0.49", 101),
        ("0.01", 49, "0", 0),
        ("12", 349999, "7.25", 4504487),
    ],
)
def test_a_line_is_quantity_by_cost_by_handling_half_up_to_the_cent(quantity, unit, handling, cents):
    line = Line(1, LineKind.PART, "P", "d", Decimal(quantity), unit, Decimal(handling))
    assert line.cents == cents


@given(st.decimals("0.01", 9999, places=2), st.integers(0, 10**7), st.decimals(0, 100, places=2))
def test_half_up_is_exact(quantity, unit, handling):
    exact = Fraction(quantity) * unit * (1 + Fraction(handling) / 100)
    line = Line(1, LineKind.PART, "P", "d", quantity, unit, handling)
    assert line.cents == (exact + Fraction(1, 2)).__floor__()


def test_labour_is_hours_by_rate():
    assert Line(1, LineKind.LABOUR, "", "Fitting", Decimal("2.5"), 38000).cents == 95000


def test_a_core_charge_is_in_the_total_and_shown_as_refundable():
    core = Line(2, LineKind.CORE, "", "Old print head", Decimal(1), 60000)
    both = Option(1, REPAIR, lines=(part(1000), core))
    assert (both.total_cents, both.refundable_cents) == (61000, 60000)
    assert both.cents_of(LineKind.CORE) == 60000


@pytest.mark.parametrize(
    ("invoice", "discount", "allowance", "paid"),
    [
        (910000, 45500, 860000, 860000),
        (910000, 60000, 860000, 850000),
        (910000, 0, 950000, 910000),
        (1000, 1000, 5000, 0),
    ],
)
def test_a_claim_is_paid_at_the_lower_of_invoice_less_discount_and_own_allowance(invoice, discount, allowance, paid):
    claim = Line(1, LineKind.OTHER, "", "Hire", Decimal(1), None, Decimal(0), invoice, discount, allowance)
    assert claim.cents == paid
    costed = replace(claim, allowance_cents=None, unit_cents=allowance)
    assert costed.cents == paid, "the allowance may also be what the region's own costing comes to"


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_claim_never_costs_more_than_either(invoice, discount, allowance):
    claim = Line(
        1, LineKind.OTHER, "", "Hire", Decimal(1), None, Decimal(0), invoice, min(discount, invoice), allowance
    )
    assert 0 <= claim.cents <= min(invoice, allowance)


# --- what cannot be entered ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (Line(1, LineKind.PART, quantity=Decimal(0)), "quantity"),
        (Line(1, LineKind.LABOUR, handling_percent=Decimal(5)), "handling"),
        (Line(1, LineKind.OTHER, allowance_cents=5), "contractor's invoice"),
        (Line(1, LineKind.OTHER, discount_cents=5), "contractor's invoice"),
        (Line(1, LineKind.OTHER, invoice_cents=5, discount_cents=6), "more than the invoice"),
        (Line(1, LineKind.OTHER, unit_cents=5, invoice_cents=5, allowance_cents=6), "twice"),
        (Line(1, LineKind.PART, quantity=Decimal("99999.99"), unit_cents=99999999), "too large"),
        (Line(1, LineKind.PART, quantity=Decimal(10**13)), "too large"),
        (Line(1, LineKind.PART, unit_cents=10**15), "too large"),
        (Line(1, LineKind.OTHER, invoice_cents=10**20), "too large"),
        (Line(1, LineKind.OTHER, invoice_cents=5, allowance_cents=10**20), "too large"),
        (Line(1, LineKind.PART, handling_percent=Decimal("1000.01")), "more than 1000 %"),
    ],
)
def test_lines_that_make_no_sense_are_refused_with_a_remedy(line, what):
    refused = refusal(line)
    assert refused
    assert what in refused[0]
    assert refused[1]


def test_a_blank_line_can_be_entered_and_a_large_round_one_too():
    assert refusal(Line(1, LineKind.PART)) is None
    assert refusal(Line(1, LineKind.OTHER, invoice_cents=10**15 - 1)) is None
    assert refusal(Line(1, LineKind.PART, handling_percent=Decimal(1000))) is None
    assert refusal(part(215, quantity=Decimal(4_000_000))) is None


# --- completeness --------------------------------------------------------------------------------------------------


def test_a_sheet_with_everything_is_complete():
    assert said(SHEET) == []
    assert recommended(SHEET.options) == BEST


@pytest.mark.parametrize("field", HEADINGS)
@pytest.mark.parametrize(("text", "code"), [("", "blank"), (" – ", "blank"), ("Faulty Unit", "vague")])
def test_no_heading_may_be_blank_or_vague(field, text, code):
    assert said(replace(SHEET, **{field: text})) == [("sheet", field, code)]


@pytest.mark.parametrize("kind", [REPAIR, REPLACE])
def test_at_least_one_repair_and_one_replace_option(kind):
    without = replace(SHEET, options=tuple(option for option in SHEET.options if option.kind is not kind))
    assert said(without) == [("sheet", "options", "missing_option")]


def test_any_number_of_others():
    more = tuple(option(kind, 10**6, position) for position, kind in enumerate([CONTRACT_OUT, *OptionKind] * 3, 10))
    assert said(replace(SHEET, options=SHEET.options + more)) == []


def test_every_option_is_itemised():
    empty = replace(SHEET, options=(*SHEET.options, Option(9, CONTRACT_OUT)))
    assert said(empty) == [("I", "lines", "not_itemised")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (Line(1, LineKind.PART), ["part_number", "description", "quantity", "unit"]),
        (Line(1, LineKind.LABOUR), ["description", "quantity", "unit"]),
        (Line(1, LineKind.ASSEMBLY, "", "Head on carriage", Decimal(1)), ["unit"]),
        (Line(1, LineKind.CORE, "", "Old head", None, 5), ["quantity"]),
        (Line(1, LineKind.OTHER, "", "Hire", Decimal(1), invoice_cents=5), ["allowance"]),
        (Line(1, LineKind.OTHER, "", "Hire", Decimal(1), invoice_cents=5, allowance_cents=5), []),
        (Line(1, LineKind.PART, "P-1", "Head", Decimal(1), 0), []),
    ],
)
def test_nothing_of_a_line_is_blank(line, expected):
    found = option_faults(Option(2, REPLACE, lines=(line,)))
    assert [fault.field for fault in found] == expected
    assert all(fault.where == "B1" and fault.code == "blank" for fault in found)


def test_vague_text_is_said_where_it_stands():
    vague = Option(3, REPLACE, "broken", (part(5, description="Repair", part_number="N/A"),))
    found = [(fault.where, fault.field, fault.code) for fault in option_faults(vague)]
    assert found == [("C", "title", "vague"), ("C1", "part_number", "vague"), ("C1", "description", "vague")]


def test_a_not_serviced_notice_stands_in_for_repair_and_wants_the_explanation_written_out():
    only_replace = tuple(option for option in SHEET.options if option.kind is not REPAIR)
    forced = replace(SHEET, options=only_replace, not_serviced="Notice 14/2024: head RH-9 is not serviced any more")
    assert said(forced) == [("sheet", "explanation", "blank")]
    assert said(replace(forced, explanation="not serviced", not_serviced="none")) == [
        ("sheet", "not_serviced", "vague")
    ]
    assert said(replace(forced, explanation="broken")) == [("sheet", "explanation", "vague")]
    assert said(replace(forced, explanation="Without a reading head the scanner reads no card")) == []


def test_with_a_repair_option_a_notice_forces_nothing():
    assert said(replace(SHEET, not_serviced="Notice 14/2024: head RH-9 is not serviced any more")) == []


# --- recommendation ------------------------------------------------------------------------------------------------


def test_the_cheapest_complete_option_is_recommended():
    cheap_but_blank = Option(1, REPAIR, lines=(replace(part(1), description=""),))
    dear, dearer = option(REPLACE, 500, 2), option(REPAIR, 501, 3)
    assert recommended((cheap_but_blank, dearer, dear)) == dear
    assert recommended((cheap_but_blank,)) is None
    assert recommended(()) is None


def test_the_core_charge_counts_though_it_comes_back():
    core = Line(2, LineKind.CORE, "", "Old head", Decimal(1), 60000)
    with_core = Option(1, REPAIR, lines=(part(1000), core))
    assert recommended((with_core, option(REPLACE, 60999, 2))).kind is REPLACE


@given(st.permutations([(REPAIR, 1), (REPLACE, 2), (CONTRACT_OUT, 3), (REPAIR, 4)]))
def test_on_a_tie_repair_then_replace_then_contract_out_then_the_first_entered(order):
    tied = tuple(option(kind, 500, position) for kind, position in order)
    assert recommended(tied).position == 1
    assert recommended(tuple(o for o in tied if o.kind is not REPAIR)).kind is REPLACE


@settings(max_examples=40)
@given(st.lists(st.builds(Option, st.integers(1, 99), st.sampled_from(OptionKind), st.just(""), lines)))
def test_nothing_complete_is_cheaper_than_the_recommendation(options):
    best = recommended(tuple(options))
    complete = [option for option in options if not option_faults(option)]
    assert (best is None) == (not complete)
    assert all(best.total_cents <= option.total_cents for option in complete)


# --- approval ------------------------------------------------------------------------------------------------------


def test_another_option_needs_the_next_level_up():
    assert approvers(Role.REGIONAL_SECRETARY, takes_recommendation=True) == LEVELS[1:]
    assert approvers(Role.REGIONAL_SECRETARY, takes_recommendation=False) == LEVELS[2:]
    assert approvers(Role.NATIONAL_OFFICER, takes_recommendation=False) == (Role.NATIONAL_OFFICER,)


@pytest.mark.parametrize(("position", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_options_are_lettered_as_columns_are(position, letters):
    assert letter(position) == letters
