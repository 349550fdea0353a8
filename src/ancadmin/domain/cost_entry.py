"""What can be entered on a line of a cost sheet at all; what is merely blank can (docs/rules.md, section 8)."""

from decimal import Decimal

from ancadmin.domain.costs import Line, LineKind, exact_cents

# Decimals of a quantity and of a handling percentage.
PLACES = 2


def refusal(line: Line) -> tuple[str, str] | None:
    """Why a line cannot be entered at all, and what to do about it; None when it can. A blank is no such reason: it
    keeps the sheet from being complete.
    """
    claim = line.invoice_cents is not None
    if line.quantity is not None and line.quantity <= 0:
        return "the quantity must be more than nothing", "Leave the line out, or give what it is about."
    if line.handling_percent and line.kind is not LineKind.PART:
        return f"handling goes with parts, not with {line.kind.words.lower()}", "Leave --handling out."
    if not claim and (line.discount_cents or line.allowance_cents is not None):
        return "discount and allowance go with a contractor's invoice", "Give --invoice too, or leave them out."
    if line.allowance_cents is not None and line.unit_cents is not None:
        return "the region's allowance is given twice", "Give --allowance as an amount, or --quantity and --unit."
    if claim and line.discount_cents > (line.invoice_cents or 0):
        return "the discount is more than the invoice", "Give the discount in rands as the invoice has it."
    if line.quantity is not None and line.unit_cents is not None and not _fits_a_spreadsheet(line):
        return "too large for one line: a spreadsheet could not work it out to the cent", "Split it into several lines."
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
