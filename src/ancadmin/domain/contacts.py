"""Cell numbers and e-mail addresses as they are stored (docs/rules.md, section 3)."""

import re
import unicodedata

# Toll-free, shared-cost and voice-over-internet numbers begin like mobiles.
_NO_MOBILE = ("80", "86", "87")
_BETWEEN = re.compile(r"[\s().\-‐-―/+]")
_FLOAT = re.compile(r"[.,]0+$")
_SEVERAL = re.compile(r"\s*(?:[/;,&]|\bor\b|\bof\b|\band\b|\ben\b)\s*", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s,;<>()\[\]\"]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


def read_cell(text: str) -> str | None:
    """A South African mobile number as `+27` and nine digits; None where the text holds none.

    Of several numbers in one text the first mobile is taken.
    """
    whole = _mobile(text)
    if whole is not None:
        return whole
    return next((cell for part in _SEVERAL.split(text) if (cell := _mobile(part)) is not None), None)


def read_email(text: str) -> str | None:
    """An e-mail address in small letters; None where the text has not the shape of one."""
    address = unicodedata.normalize("NFKC", text).strip().lower().removeprefix("mailto:")
    return address if _EMAIL.fullmatch(address) and ".." not in address else None


def _mobile(text: str) -> str | None:
    digits = _BETWEEN.sub("", _FLOAT.sub("", unicodedata.normalize("NFKC", text).strip()))
    if not (digits.isascii() and digits.isdigit()):
        return None
    for prefix, length in (("0027", 13), ("270", 12), ("27", 11), ("0", 10), ("", 9)):
        if len(digits) == length and digits.startswith(prefix):
            nine = digits[len(prefix) :]
            if nine[0] in "678" and not nine.startswith(_NO_MOBILE):
                return f"+27{nine}"
    return None
