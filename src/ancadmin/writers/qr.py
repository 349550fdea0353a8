"""The QR code of a text."""

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=64)
def qr_of(text: str) -> Any:
    """`text` as a QR code (a `segno.QRCode`, error correction M); made once for both forms of a paper."""
    import segno

    return segno.make(text, error="m", boost_error=False, micro=False)
