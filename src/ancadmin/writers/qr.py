"""The QR code of a text."""

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=64)
def qr_of(text: str, *, mask: int | None = None) -> Any:
    """`text` as a QR code (a `segno.QRCode`, error correction M); made once for both forms of a paper.

    Of the eight masks that break up large areas the best is looked for, which takes four fifths of the time; a `mask`
    given is taken unseen. Readers take any: the code says which it is.
    """
    import segno

    return segno.make(text, error="m", boost_error=False, micro=False, mask=mask)
