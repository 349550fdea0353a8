"""Money: integer cents everywhere, rands only for people."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal


def rands(cents: int) -> str:
    """`123450` → `R1 234.50`, as people read it."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}R{whole:,}.{rest:02d}".replace(",", " ")


def round_half_up(amount: Decimal) -> int:
    """A decimal number of cents to whole cents, halves away from zero."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


# Thousands by spaces or by the sign that is not the decimal one; `1,234` could be either and is refused.
_AMOUNT = re.compile(
    r"(?P<whole>\d+|\d{1,3}(?: \d{3})+)(?:[.,](?P<cents>\d{1,2}))?"
    r"|(?P<comma>\d{1,3}(?:,\d{3})+)\.(?P<comma_cents>\d{1,2})|(?P<commas>\d{1,3}(?:,\d{3}){2,})"
    r"|(?P<dot>\d{1,3}(?:\.\d{3})+),(?P<dot_cents>\d{1,2})",
    re.ASCII,
)
_NUMBER = re.compile(r"(\d+|\d{1,3}(?: \d{3})+)(?:[.,](\d+))?", re.ASCII)


def typed_cents(text: str) -> int:
    """An amount as people type it, exactly: `R1 234.50`, `1234,50`, `R1,234.50` → 123450; `1250c` is in cents.

    Raises ValueError with what to type instead: a sign, a third decimal, `1,234` (a thousand, or one and a bit?).
    """
    plain = _plain_text(text)
    if re.fullmatch(r"\d+ ?c", plain, re.ASCII):
        return int(plain.rstrip(" c"))
    found = _AMOUNT.fullmatch(re.sub(r"^(zar|r) ?", "", plain))
    if found is None:
        raise ValueError("not an amount: type rands and cents, such as R1 234.50 or 1234,50")
    whole = next(found[name] for name in ("whole", "comma", "commas", "dot") if found[name])
    cents = next((found[name] for name in ("cents", "comma_cents", "dot_cents") if found[name]), "0")
    return int(re.sub(r"\D", "", whole)) * 100 + int(cents.ljust(2, "0"))


def typed_number(text: str, *, places: int) -> Decimal:
    """A quantity or a percentage as people type it, exactly: `1.5`, `1,5`, `10 000`, `12.5%`.

    Raises ValueError for anything else, and for more than `places` decimals.
    """
    found = _NUMBER.fullmatch(_plain_text(text).removesuffix("%").rstrip())
    if found is None:
        raise ValueError("not a number: type it such as 2, 1.5 or 1,5")
    decimals = found[2] or ""
    if len(decimals) > places:
        raise ValueError(f"a number here has at most {places} decimals, and no sign between thousands but a space")
    return Decimal(f"{found[1].replace(' ', '')}.{decimals or 0}")


def _plain_text(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
