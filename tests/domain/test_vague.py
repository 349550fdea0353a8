"""Vague text: the whole field on the list, whatever its case, spaces and punctuation."""

import pytest

from ancadmin.domain.vague import VAGUE, folded, is_blank, is_vague


@pytest.mark.parametrize(
    "text",
    [
        "repair",
        "broken",
        "faulty unit",
        "Faulty  Unit.",
        "FAULTYUNIT",
        " faulty-unit! ",
        "ｒｅｐａｉｒ",
        "n/a",
        "N.A.",
        "Stukkend",
    ],
)
def test_text_that_says_nothing(text):
    assert is_vague(text)


@pytest.mark.parametrize(
    "text", ["faulty unit: no power at the fuse", "broken hinge", "repair of the hinge", "ZP-300", "7", "", "–"]
)
def test_only_the_whole_field_counts(text):
    assert not is_vague(text)


@pytest.mark.parametrize(("text", "blank"), [("", True), ("  ", True), ("-", True), ("?!", True), ("7", False)])
def test_a_field_without_a_letter_or_digit_is_blank(text, blank):
    assert is_blank(text) is blank


def test_the_list_has_no_entry_twice():
    assert len({folded(entry) for entry in VAGUE}) == len(VAGUE)
