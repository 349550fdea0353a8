"""Somebody of the sample worth looking at: born in the 1920s or 1930s, whose deposit was matched."""

import numpy as np

from ancadmin.services.demo.damage import Damage
from ancadmin.services.demo.people import People
from ancadmin.services.demo.plan import BranchPlan, Plan
from ancadmin.services.demo.statements import accounts

_LOOKED_AT = 20_000


def example_member(plan: Plan) -> tuple[str, BranchPlan]:
    """Her ID number and her branch; in a sample so small that nobody fits, the first who got in."""
    account = accounts(plan)[0]
    lines = account.lines(np.arange(min(account.count, _LOOKED_AT)))
    damage = Damage(lines.payer)
    old = lines.payer.born < np.datetime64("1940-01-01")
    matched = np.array([reason == "id_reference" for _, reason in lines.expected], dtype=bool)
    plain = lines.is_kind("number", "terminal", "terminal_glued") & (damage.kind == 0) & ~damage.zeros_lost
    rows = lines.payer.rows[old & matched & plain]
    if not len(rows):
        everyone = People(plan, np.arange(min(plan.members, _LOOKED_AT)))
        rows = everyone.rows[Damage(everyone).accepted]
    her = People(plan, rows[:1])
    return f"{int(her.id_number[0]):013d}", plan.branches[int(her.branch[0])]
