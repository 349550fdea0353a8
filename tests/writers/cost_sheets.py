"""Cost-comparison sheets for tests: one that is complete, and any other."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from ancadmin.domain.cost_entry import refusal
from ancadmin.domain.cost_paper import CostPaper, Decided
from ancadmin.domain.costs import Line, LineKind, Option, OptionKind, Sheet, SheetState


def part(cents, *, quantity=Decimal(1), part_number="ZP-300", description="Print head, 300 dpi"):
    """A complete part of one option."""
    return Line(1, LineKind.PART, part_number, description, quantity, cents)


BEST = Option(
    1,
    OptionKind.REPAIR,
    "New print head, fitted by us",
    (
        Line(1, LineKind.PART, "ZP-300", "Print head, 300 dpi", Decimal(1), 425000, Decimal("12.5")),
        Line(2, LineKind.PART, "CL-12", "Cleaning roller", Decimal(3), 8535, Decimal("12.5")),
        Line(3, LineKind.LABOUR, "", "Fitting and test print", Decimal("2.5"), 38000),
        Line(4, LineKind.ASSEMBLY, "", "Head on the carriage", Decimal(1), 24000),
        Line(5, LineKind.CORE, "", "Old print head, returned", Decimal(1), 60000),
    ),
)
DEARER = Option(
    2,
    OptionKind.REPLACE,
    "",
    (Line(1, LineKind.PART, "ZC-350", "Card printer with ribbon", Decimal(1), 2899900, Decimal("2.5")),),
)
CLAIM = Option(
    3,
    OptionKind.CONTRACT_OUT,
    "Cards printed by a bureau",
    (Line(1, LineKind.OTHER, "", "4 000 cards", Decimal(4000), 215, Decimal(0), 910000, 45500),),
)
SHEET = Sheet(
    subject="Card printer, Braamfontein office",
    region="GP01",
    name="Greater Johannesburg",
    address="12 Smit Street, Braamfontein, 2001",
    concern="Cards come out with a white line across the photograph",
    cause="The print head is scratched by dust from recycled card stock",
    correction="Fit a new print head and clean the rollers",
    options=(BEST, DEARER, CLAIM),
)
SUBMITTED = Decided(
    SheetState.SUBMITTED, 1, "", "sipho", "Sipho Ṱhavhana", "membership_officer", False, "2026-05-04T07:15:00Z", 9
)
APPROVED = Decided(
    SheetState.APPROVED,
    2,
    "The printer is nine years old; the maker ends support in June",
    "thandi",
    "Thandi Nkosi",
    "provincial_officer",
    False,
    "2026-05-05T22:30:00Z",
    10,
)


def paper(sheet=SHEET, decisions=()):
    """The sheet as writers take it."""
    return CostPaper(7, sheet, "Greater Johannesburg", "Gauteng", "2026-05-01", "Sipho Ṱhavhana", tuple(decisions))


_texts = st.sampled_from(
    [
        "",
        "n/a",
        "Faulty  Unit.",
        "repair",
        "Print head, 300 dpi",
        "=1+1",
        "Ṱhavhana & sons <1>",
        'The "old" one',
        "-",
        "7",
    ]
)
_cents = st.one_of(st.none(), st.integers(0, 10**8))
_percent = st.decimals(0, 100, places=2)


def _sensible(line):
    if line.kind is not LineKind.PART:
        line = replace(line, handling_percent=Decimal(0))
    if line.invoice_cents is None:
        line = replace(line, discount_cents=0, allowance_cents=None)
    else:
        line = replace(line, discount_cents=min(line.discount_cents, line.invoice_cents))
    return replace(line, unit_cents=None) if line.allowance_cents is not None else line


lines = st.lists(
    st.builds(
        Line,
        st.just(1),
        st.sampled_from(LineKind),
        _texts,
        _texts,
        st.one_of(st.none(), st.decimals("0.01", 5000, places=2)),
        _cents,
        _percent,
        _cents,
        st.integers(0, 10**7),
        _cents,
    )
    .map(_sensible)
    .filter(lambda line: refusal(line) is None),
    max_size=4,
).map(lambda found: tuple(replace(line, position=number) for number, line in enumerate(found, 1)))


@st.composite
def sheets(draw):
    """Any sheet an office could have entered: complete ones, blank ones, ties, up to five options."""
    options = draw(st.lists(st.tuples(st.sampled_from(OptionKind), _texts, lines), max_size=4))
    tie = draw(st.booleans())
    made = [
        Option(number, kind, title, options[0][2] if tie else items)
        for number, (kind, title, items) in enumerate(options, 1)
    ]
    headings = {name: draw(_texts) for name in ("name", "address", "concern", "cause", "correction")}
    complete = draw(st.booleans())
    if complete:
        headings = {name: getattr(SHEET, name) for name in headings}
    notice, explanation = draw(_texts), draw(_texts)
    sheet = Sheet("About scanners", "GP01", **headings, not_serviced=notice, explanation=explanation)
    return replace(sheet, options=tuple(made) if not complete else (*SHEET.options, *_after(made)))


def _after(options):
    return [replace(option, position=option.position + len(SHEET.options)) for option in options]
