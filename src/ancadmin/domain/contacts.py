"""Cell numbers and e-mail addresses as they are stored (docs/rules.md, section 3)."""

import re
import unicodedata

# Toll-free, shared-cost and voice-over-internet numbers begin like mobiles.
_NO_MOBILE = ("80", "86", "87")
_BETWEEN = re.compile(r"[\s().\-‐-―/+]")
_FLOAT = re.compile(r"[.,]0+$")
_SEVERAL = re.compile(r"\s*(?:[/;,&]|\bor\b|\bof\b|\band\b|\ben\b)\s*", re.IGNORECASE)
# A number by itself in a text, with or without the code of the country, its digits parted as people part them.
_CELL = re.compile(
    r"(?<![0-9])(?:(?:\+|00)?27[ ./-]*(?:\(0\))?|\(?0(?=[ ./-]*[6-8]))?[ ./()-]*[6-8](?:[ ./()-]*[0-9]){8}(?![0-9])",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^@\s,;<>()\[\]\"]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


def read_cell(text: str) -> str | None:
    """A South African mobile number as `+27` and nine digits; None where the text holds none.

    Of several numbers in one text the first mobile is taken.
    """
    whole = _mobile(text)
    if whole is not None:
        return whole
    return next((cell for part in _SEVERAL.split(text) if (cell := _mobile(part)) is not None), None)


def cells_in(text: str) -> list[str]:
    """The South African mobile numbers in a text, as `read_cell` writes them, in their order."""
    found = (read_cell(match[0].replace("(0)", "")) for match in _CELL.finditer(text))
    return list(dict.fromkeys(cell for cell in found if cell is not None))


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
