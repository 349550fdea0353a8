"""Random histories from a seed: everything section 5 speaks of, on days that like to coincide and to be month ends."""

from datetime import date, timedelta
from random import Random

from tests.oracle import SEPARATIONS, Decision, History, Move, Payment

# Month ends and leap days, both sides of the change of fee, and days a payment of one of them falls due on.
AWKWARD = [
    date(2012, 2, 29),
    date(2012, 12, 31),
    date(2013, 1, 1),
    date(2015, 8, 31),
    date(2016, 2, 29),
    date(2016, 11, 30),
    date(2017, 2, 28),
    date(2017, 5, 31),
    date(2020, 2, 29),
]
FIRST, LAST = date(2010, 1, 1), date(2024, 12, 31)
AMOUNTS = (2000, 2000, 2000, 1200, 1000, 500, 1500, 4000, 6000, 100, 20000)


def any_day(random: Random, since: date = FIRST, until: date = LAST) -> date:
    if random.random() < 0.25:
        awkward = [day for day in AWKWARD if since <= day <= until]
        if awkward:
            return random.choice(awkward)
    return since + timedelta(days=random.randint(0, max((until - since).days, 0)))


def history(random: Random) -> History:
    """One member: of a register or having applied, with payments, gaps, and decisions of all kinds."""
    made = History(applied=random.random() < 0.4)
    if made.applied:
        _application(random, made)
        if random.random() < 0.2:  # listed by a register since
            _last_payment(random, made)
    else:
        _register(random, made)
    day = any_day(random)
    if made.last_payment_on is not None and random.random() < 0.3:
        day = made.last_payment_on
    for _ in range(random.choice((0, 0, 1, 1, 2, 3, 5, 8))):
        day += timedelta(days=random.choice((0, 0, 1, 30, 180, 365, 366, 700)))
        cents = random.choice(AMOUNTS)
        by_matcher = random.random() < 0.8
        made.payments.append(Payment(day, cents, by_matcher, taken_back=random.random() < 0.1))
    random.shuffle(made.payments)
    _exclusions(random, made)
    return made


def _register(random: Random, made: History) -> None:
    if random.random() < 0.6:
        made.joined_on = any_day(random)
    if random.random() < 0.85:
        _last_payment(random, made)


def _last_payment(random: Random, made: History) -> None:
    made.last_payment_on = any_day(random)
    made.last_payment_cents = random.choice((2000, 2000, 1200, 1200, 1199, 100, 0, 10000, None))


def _application(random: Random, made: History) -> None:
    applied = any_day(random)
    made.decisions.append(Decision("applied", applied, taken_back=random.random() < 0.05))
    day = applied
    for _ in range(random.choice((0, 1, 1, 1, 1, 2))):
        day += timedelta(days=random.choice((0, 1, 30, 200)))
        if random.random() < 0.25:
            made.decisions.append(Decision("refused", day, taken_back=random.random() < 0.1))
            day += timedelta(days=random.choice((0, 1, 60)))
            made.decisions.append(Decision("applied", day))
        else:
            made.decisions.append(Decision("accepted", day, taken_back=random.random() < 0.1))
            break
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        lodged = day + timedelta(days=random.randint(0, 500))
        until = lodged + timedelta(days=random.choice((0, 1, 30, 300))) if random.random() < 0.6 else None
        made.decisions.append(Decision("objection", lodged, until, taken_back=random.random() < 0.1))


def _exclusions(random: Random, made: History) -> None:
    for _ in range(random.choice((0, 0, 0, 1, 2, 3))):
        on = any_day(random)
        until = on + timedelta(days=random.choice((0, 1, 31, 200, 900))) if random.random() < 0.6 else None
        kind = random.choice(SEPARATIONS)
        made.decisions.append(Decision(kind, on, until, taken_back=random.random() < 0.1))
    if random.random() < 0.1:
        made.decisions.append(Decision("deceased", any_day(random), taken_back=random.random() < 0.2))


def wander(random: Random, made: History, branches: list[str]) -> None:
    """Moves between branches, each on the day of the one before or later; some were taken back."""
    made.branch = random.choice(branches)
    day, place = any_day(random), made.branch
    for _ in range(random.choice((0, 0, 1, 1, 2, 4))):
        day += timedelta(days=random.choice((0, 0, 1, 30, 400)))
        to = random.choice([code for code in branches if code != place])
        taken_back = random.random() < 0.25
        made.moves.append(Move(day, to, taken_back))
        place = place if taken_back else to


def days(random: Random, count: int) -> list[date]:
    """Days to ask about: some before everything, some awkward, some after everything."""
    asked = [any_day(random, date(2009, 1, 1), date(2030, 12, 31)) for _ in range(count - 3)]
    return sorted({*asked, date(2009, 6, 1), date(2020, 2, 29), date(2035, 1, 1)})
