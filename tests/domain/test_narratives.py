"""docs/rules.md, section 4.2: what a narrative says, held against a plain telling of it, text by text."""

import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ancadmin.domain.id_numbers import check_digit_holds, read_id_number
from ancadmin.domain.narrative_words import branch_code
from ancadmin.domain.narratives import read_narratives
from ancadmin.policy import load_policy

POLICY = load_policy()
DAY = date(2020, 3, 2)
A, B, REFUGEE, OLD = "8001015009087", "7501151234085", "7007086001284", "2002295001089"


def read(*texts, day=DAY):
    encoded = [text.encode() for text in texts]
    offsets = np.append(0, np.cumsum([len(text) for text in encoded])).astype(np.int64)
    data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    return read_narratives(offsets, data, np.full(len(texts), np.datetime64(day)), POLICY)


@pytest.mark.parametrize(
    ("text", "number", "terminal"),
    [
        (A, A, None),
        (f"ADT CASH DEPO02113002 {B}", B, "02113002"),
        (f"ADT CASH DEPO02113002{B}", B, "02113002"),
        (f"ATM 123456 {A}", A, "123456"),
        (f"ATM 1234567-{A}", A, "1234567"),
        (f"ATM 12345 {A}", A, None),  # five digits are no terminal code
        (f"ATM 123456789 {A}", A, None),  # nine neither
        (f"02113002 REF {A}", A, None),  # not directly before it
        ("800101 5009 087", A, None),
        ("800101-5009-087 T MOKOENA", A, None),
        ("8001 01 5009.08/7", A, None),
        ("2OO2295OO1O89", OLD, None),
        ("2002295OO1O89 X", OLD, None),
        (f"ID{OLD}RENEWAL", OLD, None),
        ("102035100084", "0102035100084", None),
        ("02113002 102035100084", "0102035100084", "02113002"),
        ("10203 5100 084", "0102035100084", None),
        ("8.001015009087E+12", A, None),
        ("8,001015009087E+12", A, None),
        (f"{A}.0", A, None),
        (f"{A} {A}", A, None),
        ("\u200b800101\u00a05009\u2013087", A, None),
        ("８００１０１５００９０８７", A, None),
        (f"MÜLLER {REFUGEE}", REFUGEE, None),
        ("8001015019087", None, None),  # the check digit does not hold
        ("8001015009087"[:-1] + "é7", None, None),
        ("٨٠٠١٠١٥٠٠٩٠٨٧", None, None),  # digits of other scripts are not digits here
        ("8.00101E+12", None, None),  # digits are missing
        ("0821234567", None, None),
        ("", None, None),
    ],
)
def test_the_one_number_read(text, number, terminal):
    found = read("BEFORE", text, "AFTER 99")
    likely = [one.id_number for one in found.doubtful if one.likely]
    assert found.id_number.tolist() in ([None, number, None], [None, None, None] if likely == [number] else [])
    assert found.terminal.tolist() == [None, terminal, None]


def test_two_numbers_are_both_likely():
    for text in (f"{A} {B}", f"{A}{B}", f"PAY {B} FOR {A}"):
        found = read(text)
        assert found.id_number[0] is None
        assert {one.id_number for one in found.doubtful if one.likely} == {A, B}
        assert found.readings[0] == len(found.doubtful)


def test_a_number_cut_out_of_a_longer_one_is_not_likely_beside_one_that_stands_alone():
    longer = next(text for text in (f"{digits}{B}999" for digits in range(10, 99)) if len(_windows(text)) == 1)
    found = read(f"{A} CARD {longer}")
    assert [(one.id_number, one.likely) for one in found.doubtful] == [(A, True), (B, False)]
    assert read(longer).id_number[0] == B


def test_an_impossible_age_is_doubtful_and_not_likely():
    young = _with_check_digit("031204512308")  # 16, or 116
    found = read(young)
    assert found.id_number[0] is None
    assert [(one.id_number, one.likely) for one in found.doubtful] == [(young, False)]
    assert read(young, day=date(2021, 12, 4)).id_number[0] == young


def test_readings_say_which_digits_they_are_of():
    shared = next(
        text
        for text in (f"{code:08d}{A}" for code in range(10_000_000, 10_100_000))
        if len(_windows(text)) == 2 and read(text).id_number[0] is None
    )
    one, other = sorted(read(f"X {shared}").doubtful, key=lambda reading: reading.start)
    assert one.start < other.start < one.stop
    assert (other.start, other.stop, other.id_number, other.likely) == (8, 21, A, True)
    assert not one.likely


@pytest.mark.parametrize(
    ("text", "bulk", "branch"),
    [
        ("BULK DEPOSIT", True, None),
        ("bulk deposit", True, None),
        ("PAYMENT 30MEMBERS", True, None),
        ("MEMBERSHIP FEE", False, None),
        ("MEMBERSHIPS", False, None),
        ("REMEMBERS", False, None),
        ("BULKY GOODS", False, None),
        ("BRANCH", False, None),
        ("BRANCH MEETING", False, None),
        ("BRANCH 79700012", True, "79700012"),
        ("BRANCH CODE: EKU-12 X", True, "EKU-12"),
        ("branch no 7", True, "7"),
        ("BRANCHES 79700012", False, "79700012"),
        (f"BRANCH {A}", False, None),
        (f"{A} 79700012", False, "79700012"),
        (f"79700012 {A}", False, "79700012"),
        (f"02113002 {A} 79700012", False, "79700012"),
        ("797000123", False, None),
    ],
)
def test_bulk_words_and_branch_codes(text, bulk, branch):
    found = read("BRANCH", text, "12345678")
    assert found.bulk_words.tolist() == [False, bulk, False]
    assert found.branch.tolist() == [None, branch, "12345678"]


_PIECES = st.one_of(
    st.sampled_from(
        [A, B, OLD, "800101 5009 087", "2OO2295OO1O89", "102035100084", "02113002", "BULK", "BRANCH 7", "O"]
    ),
    st.text(alphabet="0123456789 -./OIlAZx|é", max_size=14),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(_PIECES, max_size=5).map("".join), min_size=1, max_size=8),
    st.dates(date(1950, 1, 1), date(2040, 1, 1)),
)
def test_a_column_says_what_each_text_says(texts, day):
    found = read(*texts, day=day)
    at = {row: set() for row in range(len(texts))}
    for one in found.doubtful:
        at[one.row].add(one.id_number)
    for row, text in enumerate(texts):
        alone = read(text, day=day)
        assert found.id_number[row] == alone.id_number[0]
        assert (found.terminal[row], found.branch[row]) == (alone.terminal[0], alone.branch[0])
        numbers = at[row] | ({found.id_number[row]} - {None})
        assert numbers == plain_numbers(text), text
        assert bool(found.bulk_words[row]) == plain_bulk(text), text
        if found.id_number[row]:
            assert read_id_number(found.id_number[row], day, POLICY).problem is None


def plain_numbers(text):
    """Every valid number a text may be read as, without asking its age."""
    plain = text.replace("é", "e")
    groups = [match for match in re.finditer(r"[0-9OoIl]+", plain) if re.search("[0-9]", match[0])]
    runs = []
    for group in groups:
        if runs and re.fullmatch(r"[- ./]+", plain[runs[-1][-1].end() : group.start()]):
            runs[-1].append(group)
        else:
            runs.append([group])
    found = set()
    for run in runs:
        found |= set(_windows("".join(_digits(group[0]) for group in run)))
        whole = [_digits(group[0]) for group in run]
        whole[0] = whole[0][len(run[0][0]) - len(_without_word_end(plain, run[0], at_end=False)) :]
        whole[-1] = whole[-1][: len(whole[-1]) - _lost_at_end(plain, run[-1])]
        alone = [_digits(_without_word_end(plain, group)) for group in run] + ["".join(whole)]
        found |= {short.rjust(13, "0") for short in alone if 10 <= len(short) <= 12 and _is_valid(short.rjust(13, "0"))}
    return found


def _digits(group):
    return group.translate(str.maketrans("OoIl", "0011"))


def _without_word_end(plain, group, *, at_end=True):
    """A group without lookalikes that continue a word."""
    kept = group[0]
    if group.start() and plain[group.start() - 1].isalpha():
        kept = kept.lstrip("OoIl")
    return kept[: len(kept) - _lost_at_end(plain, group)] if at_end else kept


def _lost_at_end(plain, group):
    follows_letter = plain[group.end() : group.end() + 1].isalpha()
    return len(group[0]) - len(group[0].rstrip("OoIl")) if follows_letter else 0


def _windows(digits):
    return [window for at in range(len(digits) - 12) if _is_valid(window := digits[at : at + 13])]


def _is_valid(number):
    if number[10] > "2" or not check_digit_holds(number):
        return False
    try:
        date(2000 + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return False
    return True


def _with_check_digit(twelve):
    return next(twelve + digit for digit in "0123456789" if check_digit_holds(twelve + digit))


def plain_bulk(text):
    letters = "[A-Z]"
    upper = text.upper().replace("É", "E")
    word = rf"(?<!{letters})(?:BULK|MEMBERS)(?!{letters})"
    return bool(re.search(word, upper)) or branch_code(upper) is not None
