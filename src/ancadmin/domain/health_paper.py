"""How a branch stands, as a paper: facts, tables and the charts drawn of them (docs/rules.md, section 6)."""

from ancadmin.domain.health import BranchHealth, Month
from ancadmin.domain.quality import share
from ancadmin.domain.renewals import Renewal
from ancadmin.domain.reports import Chart, Column, Kind, ReportPaper, Table, Value
from ancadmin.domain.standing import Status

_DRAWN = (Status.GOOD_STANDING, Status.GRACE, Status.NOT_IN_GOOD_STANDING)


def paper_of(health: BranchHealth) -> ReportPaper:
    """The paper."""
    place = health.place
    return ReportPaper(
        title="Branch health",
        about=f"{place.name} ({place.code}) · {health.day}",
        stem=f"branch-health-{place.code}-{health.day}",
        day=health.day,
        facts=_facts(health),
        tables=(_members(health), _renewals(health), _expected(health), _quality(health), _open(health)),
    )


def _facts(health: BranchHealth) -> tuple[tuple[str, str], ...]:
    place, count = health.place, Kind.COUNT.words
    reached = "reached" if not health.lacking else f"not reached: {count(health.lacking)} lacking"
    return (
        ("Branch", f"{place.name} ({place.code})"),
        ("Region", f"{place.region} ({place.region_code})"),
        ("Province", place.province),
        ("Ward", place.ward_words),
        ("On", health.day.isoformat()),
        ("Members", count(health.members)),
        ("In good standing", count(health.good_standing)),
        (f"Minimum of {health.minimum}", reached),
        ("Place", health.rank.words),
        ("Renewed", _of(health.renewed, health.due)),
    )


def _of(part: int, whole: int) -> str:
    """`312 of 400 due in twelve months (78.0%)`."""
    if not whole:
        return "nothing fell due in twelve months"
    words = Kind.COUNT.words
    return f"{words(part)} of {words(whole)} due in twelve months ({Kind.SHARE.words(share(part, whole))})"


def _members(health: BranchHealth) -> Table:
    held = health.listed_statuses()
    columns = (
        Column("Month", Kind.TEXT, 14),
        *(Column(Status(status).words.capitalize(), Kind.COUNT, 14) for status in held),
        Column("In all", Kind.COUNT, 14),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (_name(one, health), *(one.statuses[status] for status in held), one.statuses.total()) for one in health.months
    )
    drawn = tuple(held.index(status) + 1 for status in _DRAWN if status in held)
    charts = (Chart("Members by status", drawn, lines=True),) if drawn else ()
    return Table("Members by status", columns, rows, charts=charts, explained=_SILENT)


_SILENT = (
    "At the end of each month, as the rules give it now, in the branch each belonged to that day. A register tells its "
    "last payment only: on days before it nobody counts as paid, so that months before a register was taken in look "
    "emptier than they were. The place in the region is by members in good standing; equal branches share one."
)


def _name(one: Month, health: BranchHealth) -> str:
    """The month, and of one that is not over its last day."""
    return one.last.isoformat() if one.last == health.day else one.name


def _renewals(health: BranchHealth) -> Table:
    columns = (
        Column("Month", Kind.TEXT, 14),
        Column("Due", Kind.COUNT, 12),
        *(Column(kind.words, Kind.COUNT, 12) for kind in Renewal),
        Column("Renewed", Kind.SHARE, 12),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (one.name, one.due, *(one.renewals[kind] for kind in Renewal), share(one.renewed, one.due))
        for one in health.months
    )
    sums = tuple(sum(one.renewals[kind] for one in health.months) for kind in Renewal)
    total: tuple[Value, ...] = ("Total", health.due, *sums, share(health.renewed, health.due))
    charts = (Chart("Renewals", (1, 2, 5), lines=True),) if health.due else ()
    return Table("Renewals", columns, rows, total, charts, _RENEWALS)


_RENEWALS = (
    "Due: members of the branch who were paid until a day of the month and owed dues on it. In time: the next period "
    "was paid by that day; in grace: by the day grace was over; later: after it; not: not by the day of this paper. "
    "Joining fees are no renewals, nor are dues of whoever was behind already."
)


def _expected(health: BranchHealth) -> Table:
    columns = (
        Column("Month", Kind.TEXT, 20),
        Column("Falling due", Kind.COUNT, 14),
        Column("Left if none renew", Kind.COUNT, 20),
    )
    rows = tuple((one.month, one.members, one.left) for one in health.expected)
    charts = (Chart("Expected expiries", (1,)),) if any(one.members for one in health.expected) else ()
    explained = (
        "Members in good standing or in probation on the day, by the month of the first day they have not paid for; "
        "and how many would be left of them at its end."
    )
    return Table("Expected expiries", columns, rows, None, charts, explained)


def _quality(health: BranchHealth) -> Table:
    one, held = health.quality, health.held
    counted = (
        ("Valid ID number", one.valid, one.read),
        ("Contactable", one.contactable, one.members),
        ("Cell number", held.cell, held.members),
        ("E-mail address", held.email, held.members),
        ("Voting district", held.voting_district, held.members),
        ("Payment captured", one.captured, one.members),
    )
    columns = (
        Column("What is on record", Kind.TEXT, 30),
        Column("Have it", Kind.COUNT, 14),
        Column("Of", Kind.COUNT, 14),
        Column("Share", Kind.SHARE, 14),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (name, part, whole, share(part, whole)) for name, part, whole in counted
    )
    explained = f"As the record is on {health.known_on}. ID numbers: of the members and the rows held back together."
    charts = (Chart("Data quality", (1,)),) if one.read else ()
    return Table("Data quality", columns, rows, None, charts, explained)


def _open(health: BranchHealth) -> Table:
    one = health.quality
    rows: list[tuple[Value, ...]] = [
        ("Rows held back", one.held),
        ("of them for their ID number", one.id_problems),
        ("Possible duplicates (pairs)", one.duplicates),
        *((f"Note: {code.replace('_', ' ')}", count) for code, count in one.notes.most_common()),
    ]
    columns = (Column("What", Kind.TEXT, 40), Column("How many", Kind.COUNT, 14))
    return Table("To be looked at", columns, tuple(rows))
