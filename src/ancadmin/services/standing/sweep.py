"""The sweep: recorded statuses brought to a day, touching only the members whose next change is due."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import indexes_rebuilt, insert_rows
from ancadmin.db.schema import decision, member, standing, status_change
from ancadmin.domain.policy import Policy
from ancadmin.domain.roles import DECIDES, either
from ancadmin.domain.since import OPENING, Beginning, Member, Periods, beginning
from ancadmin.domain.standing import RULE_NUMBERS, Status
from ancadmin.errors import NotAllowed
from ancadmin.services.session import Session
from ancadmin.services.standing.ahead import next_day, with_days_ahead
from ancadmin.services.standing.calendars import bring_into_force, prepare, ready
from ancadmin.services.standing.causes import Causes, causes, taken_back
from ancadmin.services.standing.chosen import CHOSEN, CHUNK, Stretch, chosen, fetched, members_of, stretches
from ancadmin.services.standing.guard import TooManyChanges, warning
from ancadmin.services.standing.query import standing_on
from ancadmin.services.standing.settle import settle
from ancadmin.services.standing.sweeps import COMMAND, refuse_going_back
from ancadmin.services.uncollected import uncollected

NEVER_LISTED = "9999-12-31"
NOT_LISTED = "5.0"
"""The rule of a change to no status at all: not listed (any more)."""

_SWEPT = Table(
    "swept",
    MetaData(),
    # No key: then SQLite goes through this table and finds the rows of `standing` by theirs, not the other way round.
    Column("member", Integer, nullable=False),
    Column("status", String),
    Column("status_on", String),
    Column("next_change_on", String),
    prefixes=["TEMPORARY"],
)


class Due(NamedTuple):
    """A member whose next change is due: what the rules say of the day, beside what is `recorded`."""

    member: int
    status: str | None
    recorded: str | None
    recorded_on: str | None
    listed_from: str
    first_day: str | None
    covered_from: str | None
    probation_ends_on: str | None
    next_change_on: str | None


def sweep(session: Session, on: date | None = None, *, guarded: bool = False) -> dict[str, Any]:
    """Brings the recorded statuses to `on` (default: today); `objections_open` counts those an open objection holds
    beyond probation. Raises InputRefused for a day before the last sweep's: what was recorded since would have to go
    back; where `guarded`, unless in a dry run, TooManyChanges for more than the policy expects of a night; NotAllowed.
    """
    day = on or session.today
    if not any(role in DECIDES for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not bring statuses to a day", f"Ask a {either(DECIDES)}.")
    with session.batch(COMMAND) as batch:
        connection = batch.connection
        last = refuse_going_back(connection, day)
        if bring_into_force(connection, batch.today, batch.policy):
            settle(batch, select(member.c.id))
        prepare(connection, batch.today, batch.policy)
        ready(connection, day, session.policy)
        due, transitions = _swept(session, batch, day, last)
        batch.counts.update(
            on=day.isoformat(),
            due=due,
            changed=sum(transitions.values()),
            transitions=_listed(transitions),
            objections_open=_objections_open(connection, day.isoformat()),
        )
        warned = warning(connection, batch.counts, batch.policy) if guarded and not session.dry_run else None
        if warned:
            raise TooManyChanges(warned, {"batch": None, **batch.counts})
    return {"batch": batch.number, **batch.counts}


def _objections_open(connection: Connection, on: str) -> int:
    """How many people are in probation only because nobody has settled an objection."""
    # Begun at the objections, which are few: joined, SQLite would go through everyone for them.
    open_still = select(decision.c.member).where(
        decision.c.kind == "objection",
        decision.c.reversed_by.is_(None),
        decision.c.begins_on <= on,
        or_(decision.c.ends_on.is_(None), decision.c.ends_on > on),
    )
    held = select(func.count()).where(
        standing.c.member.in_(open_still),
        standing.c.status == Status.PROBATION.value,
        standing.c.probation_ends_on <= on,
    )
    return connection.scalar(held) or 0


def _swept(session: Session, batch: Batch, day: date, last_batch: int) -> tuple[int, Counter[tuple[str | None, ...]]]:
    connection = batch.connection
    transitions: Counter[tuple[str | None, ...]] = Counter()
    query = select(standing.c.member, literal(0)).where(standing.c.next_change_on <= day.isoformat())
    with chosen(connection, query):
        due = connection.scalar(select(func.count()).select_from(CHOSEN)) or 0
        _SWEPT.create(connection, checkfirst=False)
        with ExitStack() as rebuilt, session.progress.step("Sweeping", due) as step:
            rebuilt.enter_context(uncollected())
            most = due > CHUNK and due * 2 > (connection.scalar(select(func.count()).select_from(standing)) or 0)
            for table in (standing, status_change):
                rebuilt.enter_context(indexes_rebuilt(connection, table, when=most))
            periods = Periods(batch.policy)
            for stretch in stretches(connection):
                looked_at = members_due(connection, members_of(stretch), day, batch.policy)
                changes = _changes(connection, stretch, looked_at, day, periods, last_batch)
                _record(batch, looked_at, changes)
                transitions.update((one.recorded, one.status) for one, _ in changes)
                step.advance(len(looked_at))
        _SWEPT.drop(connection, checkfirst=False)
    return due, transitions


def members_due(connection: Connection, members: Select[tuple[int]], day: date, policy: Policy) -> list[Due]:
    """What the rules say of these members on the day, and when that may next change."""
    on = day.isoformat()
    query = standing_on(day, policy, members)
    columns = query.selected_columns
    rows = with_days_ahead(
        query.with_only_columns(
            standing.c.member,
            columns.status,
            standing.c.status.label("recorded"),
            standing.c.status_on,
            standing.c.listed_from,
            standing.c.first_day,
            standing.c.covered_from,
            standing.c.probation_ends_on,
            columns.paid_until,
            columns.grace_ends_on,
            maintain_column_froms=True,
        ),
        day,
    )
    found: list[Due] = []
    for number, status, recorded, recorded_on, listed_from, first_day, *days in fetched(connection, rows):
        covered_from, probation_ends_on = days[:2]
        ahead = next_day(on, days)
        found.append(
            Due(number, status, recorded, recorded_on, listed_from, first_day, covered_from, probation_ends_on, ahead)
        )
    unlisted = select(standing.c.member, standing.c.status, standing.c.status_on, standing.c.listed_from).where(
        standing.c.member.in_(members), standing.c.listed_from > on
    )
    for number, recorded, recorded_on, listed_from in fetched(connection, unlisted):
        ahead = None if listed_from == NEVER_LISTED else listed_from
        found.append(Due(number, None, recorded, recorded_on, listed_from, None, None, None, ahead))
    return found


def _changes(
    connection: Connection, stretch: Stretch, looked_at: Sequence[Due], day: date, periods: Periods, last_batch: int
) -> list[tuple[Due, Beginning]]:
    """Those whose status is another than recorded, with the day it began and what it rests on."""
    moved = [one for one in looked_at if one.status != one.recorded]
    if not moved:
        return []
    known = causes(connection, members_of(stretch))
    found = [(one, _began(one, day.isoformat(), known, periods)) for one in moved]
    if not any(_rewritten(one, begun) for one, begun in found):
        return found
    # What was recorded after this began: the past is told otherwise now. If something was taken back, that is why.
    reversed_in = taken_back(connection, members_of(stretch), last_batch)
    return [
        (one, Beginning(begun.on, f"batch {reversed_in[one.member]}"))
        if _rewritten(one, begun) and one.member in reversed_in
        else (one, begun)
        for one, begun in found
    ]


def _rewritten(one: Due, begun: Beginning) -> bool:
    return one.recorded_on is not None and (one.status is None or begun.on <= one.recorded_on)


def _began(one: Due, day: str, known: Causes, periods: Periods) -> Beginning:
    if one.status is None:
        return Beginning(day, OPENING)
    person = Member(
        listed_from=one.listed_from,
        covered_from=one.covered_from,
        first_day=one.first_day,
        probation_ends_on=one.probation_ends_on,
        entries=known.entries.get(one.member, ()),
        credits=known.credits.get(one.member, ()),
    )
    return beginning(one.status, day, person, periods)


def _record(batch: Batch, looked_at: Sequence[Due], changes: Sequence[tuple[Due, Beginning]]) -> None:
    """Writes the statuses, the days to look again, and every change."""
    connection = batch.connection
    begun = {one.member: since.on for one, since in changes}
    insert_rows(
        connection,
        _SWEPT,
        ("member", "status", "status_on", "next_change_on"),
        ((one.member, one.status, begun.get(one.member, one.recorded_on), one.next_change_on) for one in looked_at),
    )
    new = {name: _SWEPT.c[name] for name in ("status", "status_on", "next_change_on")}
    connection.execute(update(standing).values(new).where(standing.c.member == _SWEPT.c.member))
    connection.execute(delete(_SWEPT))
    insert_rows(
        connection,
        status_change,
        ("member", "from_status", "to_status", "changed_on", "rule", "because", "batch"),
        (
            (
                one.member,
                one.recorded,
                one.status,
                since.on,
                _rule(one.status),
                since.because,
                batch.number,
            )
            for one, since in changes
        ),
    )


def _rule(status: str | None) -> str:
    return NOT_LISTED if status is None else RULE_NUMBERS[status]


def _listed(transitions: Counter[tuple[str | None, ...]]) -> list[dict[str, Any]]:
    """The transitions in the order of the rules."""
    order: dict[str | None, int] = {status: place for place, status in enumerate(RULE_NUMBERS)}
    return [
        {"from": before, "to": after, "n": count}
        for (before, after), count in sorted(
            transitions.items(), key=lambda item: [order.get(status, -1) for status in item[0]]
        )
    ]
