"""What can be entered on a line of a cost sheet at all; what is merely blank can (docs/rules.md, section 8)."""

from decimal import Decimal
from typing import NamedTuple

from ancadmin.domain.costs import Line, LineKind, exact_cents

# Decimals of a quantity and of a handling percentage.
PLACES = 2


class Refusal(NamedTuple):
    """Why a line cannot be entered, and what to do about it; `field` and `code` say it of a cell of a workbook."""

    what: str
    remedy: str
    field: str
    code: str


_NOT_POSITIVE = Refusal(
    "the quantity must be more than nothing",
    "Leave the line out, or give what it is about.",
    "quantity",
    "not_positive",
)
# More than ten times the price was meant otherwise: a percentage that lost its sign in a spreadsheet, say.
_MOST_HANDLING = Decimal(1000)
_TOO_MUCH_HANDLING = Refusal(
    "handling is more than 1000 %", "Give it in percent, such as 12.5.", "handling", "handling_too_much"
)
_NO_INVOICE = (
    "discount and allowance go with a contractor's invoice",
    "Give --invoice too, or leave them out.",
)
_TWICE = Refusal(
    "the region's allowance is given twice",
    "Give --allowance as an amount, or --quantity and --unit.",
    "allowance",
    "allowance_twice",
)
_MORE_THAN_THE_INVOICE = Refusal(
    "the discount is more than the invoice",
    "Give the discount in rands as the invoice has it.",
    "discount",
    "more_than_the_invoice",
)
_TOO_LARGE = (
    "too large for one line: a spreadsheet could not work it out to the cent",
    "Split it into several lines.",
)


def refusal(line: Line) -> Refusal | None:
    """Why a line cannot be entered at all; None when it can. A blank is no such reason: it keeps the sheet from being
    complete.
    """
    claim = line.invoice_cents is not None
    if line.quantity is not None and line.quantity <= 0:
        return _NOT_POSITIVE
    if line.handling_percent and line.kind is not LineKind.PART:
        what = f"handling goes with parts, not with {line.kind.words.lower()}"
        return Refusal(what, "Leave --handling out.", "handling", "handling_not_of_parts")
    if line.handling_percent > _MOST_HANDLING:
        return _TOO_MUCH_HANDLING
    if not claim and line.discount_cents:
        return Refusal(*_NO_INVOICE, "discount", "no_invoice")
    if not claim and line.allowance_cents is not None:
        return Refusal(*_NO_INVOICE, "allowance", "no_invoice")
    if line.allowance_cents is not None and line.unit_cents is not None:
        return _TWICE
    if claim and line.discount_cents > (line.invoice_cents or 0):
        return _MORE_THAN_THE_INVOICE
    return _too_large(line)


def _too_large(line: Line) -> Refusal | None:
    """Amounts a spreadsheet does not keep to the cent, each and multiplied."""
    amounts = {"unit": line.unit_cents, "invoice": line.invoice_cents, "allowance": line.allowance_cents}
    for name, cents in amounts.items():
        if cents is not None and len(str(cents)) > _DIGITS:
            return Refusal(*_TOO_LARGE, name, "too_large")
    if line.quantity is not None and line.quantity * 10**PLACES >= 10**_DIGITS:
        return Refusal(*_TOO_LARGE, "quantity", "too_large")
    if line.quantity is not None and line.unit_cents is not None and not _fits_a_spreadsheet(line):
        return Refusal(*_TOO_LARGE, "unit", "too_large")
    return None


# A spreadsheet reckons in doubles: whole numbers up to 2**53, decimals up to 15 digits. Within both, its formula for
# a line (writers/xlsx/cost_comparison.py) gives the same cents as `Line.costed_cents`.
_WHOLE = 2**53
_DIGITS = 15


def _fits_a_spreadsheet(line: Line) -> bool:
    exact = exact_cents(line.quantity or Decimal(0), line.unit_cents or 0, line.handling_percent)
    digits = exact.normalize().as_tuple()
    exponent = digits.exponent if isinstance(digits.exponent, int) else 0
    scale = 10 ** (2 * PLACES + 2)
    return exact * scale <= _WHOLE and max(len(digits.digits), len(digits.digits) + exponent) <= _DIGITS
