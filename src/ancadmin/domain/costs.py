"""Cost-comparison sheets: what a line comes to, when a sheet is complete, which option is recommended, and who may
approve which (docs/rules.md, section 8). Money is integer cents; quantities and percentages are exact decimals.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ancadmin.domain.money import round_half_up
from ancadmin.domain.roles import LEVELS, Role
from ancadmin.domain.vague import is_blank, is_vague


class OptionKind(StrEnum):
    """A way to go. The order is the order on a tie."""

    REPAIR = "repair"
    REPLACE = "replace"
    CONTRACT_OUT = "contract_out"

    @property
    def words(self) -> str:
        """The kind as people say it: `contract_out` → `Contract out`."""
        return self.value.replace("_", " ").capitalize()


class LineKind(StrEnum):
    """What a line is for."""

    PART = "part"
    LABOUR = "labour"
    ASSEMBLY = "assembly"
    CORE = "core"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return "Core charge" if self is LineKind.CORE else self.value.capitalize()


class SheetState(StrEnum):
    """How far a sheet is. From `submitted` on it stands as it is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"


@dataclass(frozen=True)
class Line:
    """One line of an option. What is None or empty is blank on the paper.

    A line is costed (quantity, unit cost, handling) or it is a contractor's claim: then it carries the invoice, any
    discount the invoice grants, and the region's own comparable allowance, either as an amount or costed.
    """

    position: int
    kind: LineKind
    part_number: str = ""
    description: str = ""
    quantity: Decimal | None = None
    unit_cents: int | None = None
    handling_percent: Decimal = Decimal(0)
    invoice_cents: int | None = None
    discount_cents: int = 0
    allowance_cents: int | None = None

    @property
    def costed_cents(self) -> int | None:
        """Round half up (quantity × cost × (1 + handling)), to the cent; None while something of it is blank."""
        if self.quantity is None or self.unit_cents is None:
            return None
        return round_half_up(exact_cents(self.quantity, self.unit_cents, self.handling_percent))

    @property
    def comparable_cents(self) -> int | None:
        """What the region allows for the same work itself; None while it is blank."""
        return self.costed_cents if self.allowance_cents is None else self.allowance_cents

    @property
    def cents(self) -> int | None:
        """What the line adds to the total; a claim is paid at the lower of invoice less discount and allowance."""
        own = self.comparable_cents
        if self.invoice_cents is None or own is None:
            return own
        return min(self.invoice_cents - self.discount_cents, own)

    @property
    def refundable_cents(self) -> int:
        """A core charge comes back with the old part."""
        return (self.cents or 0) if self.kind is LineKind.CORE else 0


def exact_cents(quantity: Decimal, unit_cents: int, handling_percent: Decimal) -> Decimal:
    """Quantity × cost × (1 + handling), not rounded yet."""
    return quantity * unit_cents * (100 + handling_percent) / 100


@dataclass(frozen=True)
class Option:
    """One way to go, with its lines. `position` counts from 1 within the sheet."""

    position: int
    kind: OptionKind
    title: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def letter(self) -> str:
        """A for the first option of the sheet, B for the second, AA for the 27th."""
        return letter(self.position)

    @property
    def name(self) -> str:
        """The title, or the kind where the option has none."""
        return self.title or self.kind.words

    @property
    def total_cents(self) -> int:
        """Everything, the core charge included; what is blank counts nothing yet."""
        return sum(line.cents or 0 for line in self.lines)

    @property
    def refundable_cents(self) -> int:
        """What of the total comes back with the old parts."""
        return sum(line.refundable_cents for line in self.lines)

    def cents_of(self, kind: LineKind) -> int:
        """What the lines of one kind come to."""
        return sum(line.cents or 0 for line in self.lines if line.kind is kind)


@dataclass(frozen=True)
class Sheet:
    """A cost-comparison sheet: what it is about, whose, concern, cause, correction, and the options side by side.

    `not_serviced` is the notice that a part is not serviced; `explanation` says why that forces a replacement.
    """

    subject: str
    region: str
    name: str
    address: str
    concern: str
    cause: str
    correction: str
    not_serviced: str = ""
    explanation: str = ""
    options: tuple[Option, ...] = ()

    @property
    def notice_stands_in(self) -> bool:
        """Whether the not-serviced notice takes the place of the repair option."""
        return not is_blank(self.not_serviced) and not any(o.kind is OptionKind.REPAIR for o in self.options)


@dataclass(frozen=True)
class Fault:
    """One thing a sheet lacks. `where` is `sheet`, an option's letter or a line (`B3`); `code`: blank, vague,
    not_itemised or missing_option.
    """

    where: str
    field: str
    code: str
    what: str


# The sheet's own fields that must be filled in, in the order of the paper.
HEADINGS = {
    "subject": "what it is about",
    "name": "whose it is",
    "address": "the address",
    "concern": "the concern",
    "cause": "the cause",
    "correction": "the proposed correction",
}


def letter(position: int) -> str:
    """Spreadsheet letters: 1 → A, 26 → Z, 27 → AA."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def faults(sheet: Sheet) -> tuple[Fault, ...]:
    """Everything that keeps a sheet from being complete; empty for a complete one. Complete = every option itemised,
    nothing blank, no vague text, a repair (or the notice that stands in for it) and a replacement.
    """
    found = [
        fault for field, words in HEADINGS.items() for fault in _text("sheet", field, words, getattr(sheet, field))
    ]
    if not is_blank(sheet.not_serviced):
        found += _text("sheet", "not_serviced", "the not-serviced notice", sheet.not_serviced)
    if sheet.notice_stands_in:
        found += _text("sheet", "explanation", "the explanation why replacement is forced", sheet.explanation)
    elif not is_blank(sheet.explanation):
        found += _text("sheet", "explanation", "the explanation", sheet.explanation)
    kinds = {option.kind for option in sheet.options}
    if OptionKind.REPAIR not in kinds and not sheet.notice_stands_in:
        what = "there is no repair option, and no notice that a part is not serviced"
        found.append(Fault("sheet", "options", "missing_option", what))
    if OptionKind.REPLACE not in kinds:
        found.append(Fault("sheet", "options", "missing_option", "there is no replace option"))
    return (*found, *(fault for option in sheet.options for fault in option_faults(option)))


def option_faults(option: Option) -> tuple[Fault, ...]:
    """Everything that keeps one option from being complete."""
    found = [] if is_blank(option.title) else _text(option.letter, "title", "the title", option.title)
    if not option.lines:
        found.append(Fault(option.letter, "lines", "not_itemised", "the option has no lines: nothing is itemised"))
    for line in option.lines:
        found += _line_faults(f"{option.letter}{line.position}", line)
    return tuple(found)


def _line_faults(where: str, line: Line) -> list[Fault]:
    found: list[Fault] = []
    if line.kind is LineKind.PART or not is_blank(line.part_number):
        found += _text(where, "part_number", "the part number", line.part_number)
    found += _text(where, "description", "the description", line.description)
    labour = line.kind is LineKind.LABOUR
    if line.quantity is None:
        found.append(_blank(where, "quantity", "the hours are" if labour else "the quantity is"))
    if line.comparable_cents is None and line.unit_cents is None:
        claim = line.invoice_cents is not None
        cost = "the region's own allowance is" if claim else "the hourly rate is" if labour else "the unit cost is"
        found.append(_blank(where, "allowance" if claim else "unit", cost))
    return found


def _text(where: str, field: str, words: str, text: str) -> list[Fault]:
    if is_blank(text):
        return [_blank(where, field, f"{words} is")]
    if is_vague(text):
        return [Fault(where, field, "vague", f"{words} says nothing: {text.strip()}")]
    return []


def _blank(where: str, field: str, words: str) -> Fault:
    return Fault(where, field, "blank", f"{words} blank")


def recommended(options: tuple[Option, ...]) -> Option | None:
    """The cheapest complete option; on a tie repair, then replace, then contract out, then the one entered first.
    None while no option is complete.
    """
    complete = [option for option in options if not option_faults(option)]
    order = list(OptionKind)
    return min(complete, key=lambda o: (o.total_cents, order.index(o.kind), o.position), default=None)


def approvers(lowest: Role, *, takes_recommendation: bool) -> tuple[Role, ...]:
    """The roles that may approve: `lowest` and above, or for another option than the recommended one the next level
    up and above. Nothing is above the national officer, who then approves both.
    """
    level = LEVELS.index(lowest)
    if not takes_recommendation:
        level = min(level + 1, len(LEVELS) - 1)
    return LEVELS[level:]
