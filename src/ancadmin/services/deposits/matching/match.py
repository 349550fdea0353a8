"""Matching: the ladder run over what is open, in sets, in one batch (docs/rules.md, section 4.2).

What is open: deposits nobody decided about, and, once something has changed, those whose reason passes (the member is
on record by now, the applicant accepted, the register put right). A deposit whose answer stays the same is not written
again.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import indexes_rebuilt, keep_pages, told
from ancadmin.db.schema import allocation, deposit, deposit_reading, member, merge, standing
from ancadmin.domain.deposits import OFFERED_AGAIN, Reason, State
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.deposits.matching.again import fill_looked, something_changed
from ancadmin.services.deposits.matching.ladder import names_member, reason_of, state_of
from ancadmin.services.deposits.matching.patterns import Patterns
from ancadmin.services.deposits.matching.refused import is_refused, keep_what_was_refused, was_refused
from ancadmin.services.deposits.matching.suggested import suggest
from ancadmin.services.deposits.matching.working import FOUND, LOOKED, READ, drop_tables, make_tables
from ancadmin.services.member.numbers.former import any_former
from ancadmin.services.session import Session
from ancadmin.services.standing.settle import settle
from ancadmin.services.uncollected import uncollected

# From so many deposits on, and a good part of all, indexes are built again afterwards.
_MANY = 20_000
# Members are looked up in the order of deposits, and deposits in the order of members.
_PAGES = 192


@dataclass(frozen=True)
class Matched:
    """What a run did: looked_at = matched + suggested + bulk + unallocated. `reasons`: how many for each, the most
    first. `bulk_pattern` counts the flagged among them, `matched_cents` is what was credited. `offered_again`: those
    without a plain ID number whose answer was gone over once more; they are looked at only if it is another now.
    """

    batch: int
    looked_at: int
    matched: int
    suggested: int
    bulk: int
    unallocated: int
    bulk_pattern: int
    reasons: dict[str, int]
    matched_cents: int
    offered_again: int

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON shows it."""
        return asdict(self)


def match_deposits(session: Session) -> Matched:
    """Runs the ladder over what is open, credits what it matches, and settles the members credited. Raises NotAllowed
    for those who do not decide about members.
    """
    require_officer(session, "match deposits")
    with session.batch("deposits match") as batch:
        connection = batch.connection
        keep_pages(connection, _PAGES)
        with session.progress.step("Looking up ID numbers"):
            make_tables(connection)
            patterns = Patterns(connection, batch.policy)
            again = something_changed(batch)
            _read_numbers(connection, again=again)
            _look(batch, patterns, again=again)
        count: int = connection.scalar(select(func.count()).select_from(FOUND)) or 0
        many = _many(connection, count)
        with (
            session.progress.step("Crediting", count),
            # The rule against crediting more than a deposit holds looks allocations up by deposit.
            indexes_rebuilt(connection, allocation, when=many, keeping=["ix_allocation_deposit"]),
        ):
            _credit(batch)
            patterns.flag_earlier(batch.number)
        with session.progress.step("Settling"), indexes_rebuilt(connection, standing, when=many):
            settle(batch, select(FOUND.c.member).where(FOUND.c.reason == Reason.ID_REFERENCE.value))
        offered_again = fill_looked(batch, again=again)
        left: int = connection.scalar(select(func.count()).select_from(LOOKED)) or 0
        with session.progress.step("Looking for whom the rest may be meant", left) as step:
            if left:
                # Their scores rest on what was owed once everything above was credited and settled.
                with uncollected():
                    suggest(batch, step)
        keep_what_was_refused(batch)
        with (
            session.progress.step("Writing what was found", count),
            indexes_rebuilt(connection, deposit, when=many, keeping=["ix_deposit_batch"], rewriting=True),
        ):
            _write(batch)
        result = _result(batch, offered_again)
        patterns.close()
        drop_tables(connection)
        batch.counts.update({name: value for name, value in result.as_dict().items() if name != "batch"})
    return result


def _is_open() -> ColumnElement[bool]:
    # Words, not parameters: SQLite uses an index of some rows only where the text says which.
    return and_(deposit.c.state == literal_column(f"'{State.OPEN.value}'"), deposit.c.reversed_by.is_(None))


def _is_waiting() -> ColumnElement[bool]:
    """Reasons that may have passed. Someone is on record under the number read, or any of several numbers is read."""
    return and_(
        deposit.c.state == literal_column(f"'{State.UNALLOCATED.value}'"),
        deposit.c.reason.in_([one.value for one in OFFERED_AGAIN]),
        deposit.c.reversed_by.is_(None),
        _may_be_known(),
    )


def _may_be_known() -> ColumnElement[bool]:
    registered = member.alias("registered")
    known = exists(select(1).where(registered.c.id_number == deposit.c.id_number))
    return or_(known, and_(deposit.c.id_number.is_(None), deposit.c.readings > 0))


def _is_suggested() -> ColumnElement[bool]:
    """Suggestions for a narrative in which a number is read too, of an impossible age: it may be on record by now."""
    return and_(
        deposit.c.state == literal_column(f"'{State.SUGGESTED.value}'"),
        deposit.c.readings > 0,
        deposit.c.reversed_by.is_(None),
    )


def _passing() -> tuple[ColumnElement[bool], ...]:
    """Answers of rungs 6 to 8, and refusals of such, that a number on record by now goes before."""
    return _is_suggested(), and_(is_refused(), _may_be_known())


def _read_numbers(connection: Connection, *, again: bool) -> None:
    """Decides between readings that share digits: one on record wins; where none is, the likely one holds."""
    one, other = deposit_reading.alias("one"), deposit_reading.alias("other")
    rival = member.alias("rival")
    beaten = exists(
        select(1)
        .select_from(other.join(rival, rival.c.id_number == other.c.id_number))
        .where(
            other.c.deposit == one.c.deposit,
            other.c.start < one.c.stop,
            one.c.start < other.c.stop,
            other.c.id_number != one.c.id_number,
        )
    )
    holds = or_(member.c.id.is_not(None), and_(one.c.likely, ~beaten))
    for which in (_is_open(), *((_is_waiting(), *_passing()) if again else ())):
        connection.execute(
            insert(READ).from_select(
                ["deposit", "id_number", "numbers"],
                select(one.c.deposit, func.min(one.c.id_number), func.count(one.c.id_number.distinct()))
                .select_from(
                    one.join(deposit, deposit.c.id == one.c.deposit).outerjoin(
                        member, member.c.id_number == one.c.id_number
                    )
                )
                .where(which, holds)
                .group_by(one.c.deposit),
            )
        )
    told(connection, READ)


def _look(batch: Batch, patterns: Patterns, *, again: bool) -> None:
    """Fills the table of what the ladder says."""
    connection = batch.connection
    patterns.find(_is_open())
    connection.execute(insert(FOUND).from_select(FOUND.columns.keys(), _ladder(batch, patterns, _is_open())))
    if again:
        before = deposit.alias("before")
        # A member is named with each reason that passes or with none of them, so the reason tells whether anything
        # changed.
        waiting = _ladder(batch, patterns, _is_waiting()).subquery()
        changed = (
            select(waiting).join(before, before.c.id == waiting.c.deposit).where(before.c.reason != waiting.c.reason)
        )
        connection.execute(insert(FOUND).from_select(FOUND.columns.keys(), changed))
        # What these two are suggested by is gone over later.
        still = (Reason.NO_MATCH.value, Reason.ID_NOT_REGISTERED.value)
        for which in _passing():
            answered = _ladder(batch, patterns, which).subquery()
            decided = select(answered).where(
                answered.c.reason.not_in(still), ~was_refused(answered.c.deposit, answered.c.member)
            )
            connection.execute(insert(FOUND).from_select(FOUND.columns.keys(), decided))
    told(connection, FOUND)


def _ladder(batch: Batch, patterns: Patterns, which: ColumnElement[bool]) -> Select[Any]:
    """Of some deposits: who is registered under the number read, the cents still to credit, reason and flags."""
    id_number = func.coalesce(READ.c.id_number, deposit.c.id_number)
    numbers = func.coalesce(READ.c.numbers, 0)
    reason = reason_of(id_number, numbers, member, batch.today, batch.policy)
    read = deposit.outerjoin(READ, READ.c.deposit == deposit.c.id)
    if _any_merged(batch.connection):
        # The number may be of a record merged into another: that other is meant. Asked for only then, because it is one
        # look-up more for every deposit.
        numbered = member.alias("numbered")
        found = read.outerjoin(numbered, numbered.c.id_number == id_number).outerjoin(
            member, member.c.id == func.coalesce(numbered.c.merged_into, numbered.c.id)
        )
    else:
        found = read.outerjoin(member, member.c.id_number == id_number)
    return (
        select(
            deposit.c.id.label("deposit"),
            member.c.id.label("member"),
            deposit.c.value_date,
            deposit.c.unallocated_cents.label("cents"),
            reason.label("reason"),
            # One offered again is flagged already where its day showed a pattern; only days of new ones are looked at.
            func.coalesce(patterns.flag(), deposit.c.flags).label("flags"),
        )
        .select_from(found)
        .where(which)
    )


def _any_merged(connection: Connection) -> bool:
    """Whether any number leads to another record than its own: one merged, or one whose number was corrected."""
    merged = connection.scalar(select(merge.c.id).where(merge.c.reversed_by.is_(None)).limit(1))
    return merged is not None or any_former(connection)


def _result(batch: Batch, offered_again: int) -> Matched:
    rows = batch.connection.execute(
        select(
            FOUND.c.reason,
            state_of(FOUND.c.reason).label("state"),
            func.count().label("deposits"),
            func.sum(FOUND.c.cents).label("cents"),
            func.count(FOUND.c.flags).label("flagged"),
        ).group_by(FOUND.c.reason)
    ).all()
    states = dict.fromkeys(State, 0)
    for row in rows:
        states[State(row.state)] += row.deposits
    reasons = sorted(((row.reason, row.deposits) for row in rows), key=lambda pair: (-pair[1], pair[0]))
    return Matched(
        batch=batch.number,
        looked_at=sum(states.values()),
        matched=states[State.MATCHED],
        suggested=states[State.SUGGESTED],
        bulk=states[State.BULK],
        unallocated=states[State.UNALLOCATED],
        bulk_pattern=sum(row.flagged for row in rows),
        reasons=dict(reasons),
        matched_cents=sum(int(row.cents) for row in rows if row.state == State.MATCHED),
        offered_again=offered_again,
    )


def _many(connection: Connection, count: int) -> bool:
    highest: int = connection.scalar(select(func.coalesce(func.max(deposit.c.id), 0))) or 0
    return count > _MANY and count > highest // 4


def _credit(batch: Batch) -> None:
    """Writes the allocations of what was found, in order of members."""
    batch.connection.execute(
        insert(allocation).from_select(
            ["deposit", "member", "cents", "value_date", "reason", "batch"],
            select(
                FOUND.c.deposit,
                FOUND.c.member,
                FOUND.c.cents,
                FOUND.c.value_date,
                FOUND.c.reason,
                literal(batch.number),
            )
            .where(FOUND.c.reason == Reason.ID_REFERENCE.value)
            .order_by(FOUND.c.member, FOUND.c.deposit),
        )
    )


def _write(batch: Batch) -> None:
    """Says what deposits are that were found so."""
    matched = FOUND.c.reason == Reason.ID_REFERENCE.value
    batch.connection.execute(
        update(deposit)
        # Added nothing to, so that SQLite goes from what was found to the deposits, not through all of these.
        .where(deposit.c.id == FOUND.c.deposit + 0)
        .values(
            state=state_of(FOUND.c.reason),
            reason=FOUND.c.reason,
            member=case((names_member(FOUND.c.reason), FOUND.c.member)),
            flags=FOUND.c.flags,
            unallocated_cents=case((matched, 0), else_=FOUND.c.cents),
            matched_in=batch.number,
        )
    )
