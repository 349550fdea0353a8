"""What a narrative calls its payer by: one key for every way a reference is written, none where nothing tells."""

import pytest

from ancadmin.domain.references import depositor_key, reference_key, reference_keys, telling_keys


@pytest.mark.parametrize("text", ["EKU000123", "eku-000123", "EKU 000 123", "Eku/000.123", "ＥＫＵ０００１２３"])
def test_a_reference_is_one_however_it_is_written(text):
    assert reference_key(text) == "EKU000123"


@pytest.mark.parametrize(
    ("narrative", "keys"),
    [
        ("PMT eku-000123 T MOKOENA", ("EKU000123",)),
        ("CELL 082 123 4567", ("0821234567",)),
        ("ADT CASH DEPO 02113002 8001015009088", ("8001015009088",)),
        ("FNB OB PMT 800101 5009 088", ("8001015009088",)),
        ("ABC12345 8001015009088", ("ABC12345", "8001015009088")),
        ("MEMBERSHIP FEE 2026/03/02 1234", ()),
        ("SUBS 02.03.2026", ()),
        ("REF XYZ00423 2021", ("XYZ00423",)),
        ("REF XYZ00999 082 123 4567 T", ("XYZ00999", "0821234567")),
        ("80O1015O09088", ("80O1015O09088",)),
        ("MEMBERSHIP FEE", ()),
        ("", ()),
    ],
)
def test_what_may_be_a_reference_has_five_signs_and_a_digit_and_is_no_day_or_terminal(narrative, keys):
    assert reference_keys(narrative) == keys


@pytest.mark.parametrize(
    ("narrative", "key"),
    [
        ("SIPHO DLAMINI MAR 2026", "SIPHO DLAMINI"),
        ("sipho dlamini 0042 Okt 2025", "SIPHO DLAMINI"),
        ("EFT FROM MA MKHIZE SPAZA", "EFT FROM MA MKHIZE SPAZA"),
        ("MEMBERSHIP FEE T MOKOENA", None),
        ("CASH DEPOSIT", None),
        ("8001015009088", None),
    ],
)
def test_a_depositor_is_known_by_two_words_that_tell_and_not_by_what_changes(narrative, key):
    assert depositor_key(narrative) == key


@pytest.mark.parametrize(
    ("narrative", "keys"),
    [
        ("REF BOJ 90001 T", ("BOJ90001",)),
        ("REF 90001", ("90001",)),
        ("CELL 082 123 4567", ("0821234567",)),
        ("NKOSI 8001015019087", ("8001015019087",)),
        ("EKU-000123", ("EKU000123",)),
    ],
)
def test_a_short_number_is_known_with_the_word_before_it_unless_everybody_writes_that(narrative, keys):
    assert telling_keys(narrative) == keys
