"""Cost sheets drawn from a seed: many options of many lines, half cents, claims, core charges, ties, a few gaps."""

import random
from dataclasses import replace
from decimal import Decimal

from tests.writers.cost_sheets import SHEET

from ancadmin.domain.cost_entry import refusal
from ancadmin.domain.costs import Line, LineKind, Option, OptionKind, recommended

SHEETS, MOST_OPTIONS, MOST_LINES = 40, 5, 30


def drawn_line(chance, number):
    """A line as offices enter them: most are complete, many come to half a cent, some are claims, some lack a thing."""
    kind = chance.choice(list(LineKind))
    part = kind is LineKind.PART
    line = Line(
        number,
        kind,
        chance.choice(["ZP-300", "RH-9", "=1+1"]) if part else "",
        chance.choice(["Print head", "Ribbon & roller", "Old head, returned", "=2+2"]),
        Decimal(chance.choice([1, 3, 50, 125, 250, 75, chance.randint(1, 40_000)])) / chance.choice([1, 2, 4, 100]),
        chance.choice([chance.randint(0, 5_000), chance.randint(0, 10**7), chance.randint(0, 5_000) * 2 + 1]),
        chance.choice([Decimal(0), Decimal("12.5"), Decimal("0.01"), Decimal(chance.randint(0, 20_000)) / 100])
        if part
        else Decimal(0),
    )
    line = replace(line, quantity=Decimal(round(line.quantity * 100)) / 100 or Decimal(1))
    if chance.random() < 0.25:
        line = claim(chance, line)
    if chance.random() < 0.01:
        lacking = chance.choice([{"description": "faulty  UNIT!"}, {"description": ""}, {"quantity": None}])
        line = replace(line, **lacking)
    return line


def claim(chance, line):
    """A contractor's: the invoice more, less or as much as what the region allows, with and without a discount."""
    own = line.costed_cents
    invoice = chance.choice([own, own + 1, max(own - 1, 0), chance.randint(0, 2 * own + 1)])
    discount = chance.choice([0, min(1, invoice), chance.randint(0, invoice)])
    line = replace(line, invoice_cents=invoice, discount_cents=discount)
    return replace(line, unit_cents=None, allowance_cents=own) if chance.random() < 0.5 else line


def drawn_lines(chance):
    found = [drawn_line(chance, number) for number in range(1, chance.randint(1, MOST_LINES) + 1)]
    return tuple(line for line in found if refusal(line) is None)


def drawn_sheet(chance):
    """A sheet; in one of three the cheapest option ties with another, of another kind or entered later."""
    options = [
        Option(position, chance.choice(list(OptionKind)), chance.choice(["", "By us", "broken"]), drawn_lines(chance))
        for position in range(1, chance.randint(2, MOST_OPTIONS - 1) + 1)
    ]
    if chance.random() < 0.34:
        least = recommended(tuple(options)) or options[0]
        kind = chance.choice(list(OptionKind))
        options.insert(chance.randint(0, len(options)), replace(least, kind=kind))
        options = [replace(option, position=position) for position, option in enumerate(options, 1)]
    return replace(SHEET, options=tuple(options), not_serviced=chance.choice(["", "Notice 3 of the maker"]))


DRAWN = [drawn_sheet(random.Random(seed)) for seed in range(SHEETS)]
