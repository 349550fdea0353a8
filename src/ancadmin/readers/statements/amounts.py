"""Amounts as banks write them: a sign before or after, or Cr and Dr."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.readers.cells import OK, ParsedCents, parse_cents

_PLAIN = r"^-?\d{1,13}(?:\.\d{1,2})?$"
_AFTER = (
    (r"(?i)^(.*\d)\s*(?:-|dr\.?|dt\.?)$", r"-\1"),
    (r"(?i)^(.*\d)\s*(?:\+|cr\.?|kt\.?)$", r"\1"),
)


def signed_cents(column: pa.ChunkedArray) -> ParsedCents:
    """Reads a column of amounts, negative ones too; see `parse_cents`. Plain numbers, which most are, in one step."""
    texts = pc.utf8_trim_whitespace(column).combine_chunks()
    plain = pc.match_substring_regex(texts, _PLAIN)
    is_plain = plain.to_numpy(zero_copy_only=False)
    # Below 2**53 cents a float holds every cent.
    cents = np.full(len(texts), -1, dtype=np.int64)
    codes = np.full(len(texts), OK, dtype=np.int8)
    rands = pc.cast(texts.filter(plain), pa.float64()).to_numpy(zero_copy_only=False)
    cents[is_plain] = np.rint(rands * 100).astype(np.int64)
    if not is_plain.all():
        others = texts.filter(pc.invert(plain))
        for pattern, bare in _AFTER:
            others = pc.replace_substring_regex(others, pattern, bare)
        read = parse_cents(others, signed=True)
        cents[~is_plain], codes[~is_plain] = read.cents, read.codes
    return ParsedCents(cents, codes)
