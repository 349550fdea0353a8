"""Random policies whose fees and months change on days, as the oracle takes them and as a policy file says them."""

import re
from dataclasses import replace
from datetime import date
from random import Random

from tests.oracle import EVER, Rules
from tests.services.standing.random_histories import any_day

from ancadmin.policy import policy_text

MONTHS = ("period", "grace", "probation")
CHOICES = {
    "fees": (2000, 2000, 1200, 1000, 2500, 500),
    "period": (12, 12, 12, 6, 24, 3),
    "grace": (3, 3, 0, 1, 4, 12),
    "probation": (6, 6, 0, 1, 12),
}
FIRST, LAST = date(2011, 1, 1), date(2022, 12, 31)


def rules(random: Random) -> Rules:
    """Each number with up to three later entries."""
    return Rules(**{name: _entries(random, values) for name, values in CHOICES.items()})


def _entries(random: Random, values: tuple[int, ...]) -> tuple[tuple[date, int], ...]:
    days = sorted({any_day(random, FIRST, LAST) for _ in range(random.choice((0, 1, 1, 2, 3)))})
    return tuple((day, random.choice(values)) for day in [EVER, *days])


def with_an_entry(random: Random, given: Rules) -> tuple[Rules, date]:
    """The rules with one entry more, later than all there are, in one or more of the numbers; and its day."""
    latest = max(entries[-1][0] for entries in vars(given).values())
    day = any_day(random, max(latest.replace(day=1), FIRST).replace(day=28), date(2024, 12, 1))
    if day <= latest:
        day = date(latest.year + 1, 1, 1)
    names = random.sample(list(CHOICES), random.choice((1, 1, 2, 4)))
    return replace(given, **{name: (*vars(given)[name], (day, random.choice(CHOICES[name]))) for name in names}), day


def as_toml(given: Rules) -> str:
    """The shipped policy with these fees and months."""
    text = re.sub(r"\[\[fees\]\]\nfrom = .*\ncents = .*\n", "", policy_text(None))
    for name in MONTHS:
        text, count = re.subn(rf"^{name}_months = \d+", f"{name}_months = {vars(given)[name][0][1]}", text, flags=re.M)
        assert count == 1
    fees = "".join(f"\n[[fees]]\nfrom = {day.isoformat()}\ncents = {cents}\n" for day, cents in given.fees)
    days = sorted({day for name in MONTHS for day, _ in vars(given)[name][1:]})
    changes = "".join(
        f"\n[[changes]]\nfrom = {day}\n"
        + "".join(f"{name}_months = {months}\n" for name in MONTHS for on, months in vars(given)[name] if on == day)
        for day in days
    )
    return text + fees + changes
