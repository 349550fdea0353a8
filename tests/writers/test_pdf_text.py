"""Measuring and wrapping, and blocks put on pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancadmin.writers.pdf.base import Block, laid_out
from ancadmin.writers.pdf.text import BOLD, REGULAR, fitted, width, widths, wrapped

words = st.text(alphabet="ab-ḓWi ", max_size=80)


@given(words, st.floats(min_value=20, max_value=200))
def test_wrapping_keeps_every_letter_and_every_line_fits(text, available):
    lines = wrapped(text, REGULAR, 9, available)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, REGULAR, 9) <= available for line in lines if len(line.strip()) > 1)


def test_a_text_that_fits_is_one_line_and_line_ends_are_kept():
    assert wrapped("Nḓou", REGULAR, 9, 100) == ["Nḓou"]
    assert wrapped("a\nb", REGULAR, 9, 100) == ["a", "b"]
    assert wrapped("", REGULAR, 9, 100) == [""]


@pytest.mark.parametrize("font", [REGULAR, BOLD])
def test_the_fonts_have_the_letters_of_all_our_languages_and_digits_of_one_width(font):
    known = widths(font)
    for letter in "ḓḽṋṱṅḒḼṊṰṄšŠêëïôûáéíóúàèňǃǀǁǂɓŽž–—‘’“”…€'":
        assert letter in known, letter
    assert len({known[digit] for digit in "0123456789"}) == 1


def test_fitting_shrinks_only_as_far_as_it_must():
    assert fitted("abc", REGULAR, 9, 1000, least=5) == 9
    assert 5 < fitted("a" * 40, REGULAR, 9, 150, least=5) < 9
    assert fitted("a" * 400, REGULAR, 9, 150, least=5) == 5


blocks = st.lists(st.tuples(st.integers(1, 40), st.booleans(), st.booleans()), max_size=40)


@given(blocks)
def test_blocks_keep_their_order_fit_their_page_and_stay_with_the_next(shapes):
    def nothing(canvas, left, top):
        pass

    heading = Block(5, nothing)
    made = [Block(high, nothing, heading if headed else None, with_next=keep) for high, headed, keep in shapes]
    pages = laid_out(made, 200, 180)
    assert [block for page in pages for _, block in page if block is not heading] == made
    for number, page in enumerate(pages):
        offset, last = page[-1] if page else (0, Block(0, nothing))
        chain = sum(block.height for _, block in page if block.with_next or block is heading)
        assert offset + last.height <= (200 if number == 0 else 180) or chain > 100
        if number and page:
            top = page[0][1]
            assert top.heading is None
            assert top is not heading or page[1][1].heading is heading
