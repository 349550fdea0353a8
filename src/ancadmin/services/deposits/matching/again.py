"""Which deposits without a plain ID number are looked at: new ones, and those that have an answer, once something has
changed that may give them another.
"""

from sqlalchemy import ColumnElement, Connection, case, exists, func, insert, literal_column, or_, select
from sqlalchemy import false as no
from sqlalchemy import true as yes

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import insert_rows
from ancadmin.db.schema import alias, branch, change, decision, deposit, member, transfer
from ancadmin.db.schema import batch as batch_table
from ancadmin.domain.deposits import Reason, State
from ancadmin.domain.near_misses import is_cut_out
from ancadmin.services.deposits.matching.working import FOUND, LOOKED

_AT_A_TIME = 20_000
COUNTED = "offered_again"
"""The count that a matching run keeps of deposits looked at again; runs of versions without suggestions have none."""


def something_changed(batch: Batch) -> bool:
    """Whether those that have an answer may have another by now."""
    last = _last_look(batch)
    if last is None:
        return True
    number, day, policy = last
    return policy != batch.policy.version or _changed(batch.connection, number, sorted([day, batch.today.isoformat()]))


def fill_looked(batch: Batch, *, again: bool) -> int:
    """Fills LOOKED, `again` with those too that have an answer; returns how many these are."""
    connection = batch.connection
    left_over = select(FOUND.c.deposit, no()).where(FOUND.c.reason == Reason.NO_MATCH.value)
    connection.execute(insert(LOOKED).from_select(["deposit", "again"], left_over))
    insert_rows(connection, LOOKED, ("deposit", "again"), _cut_out(connection))
    if not again:
        return 0
    # Of the refused somebody else may be meant, who is on record by now.
    waiting = (_is(State.UNALLOCATED, Reason.NO_MATCH), _is(State.UNALLOCATED, Reason.REFUSED), _is(State.SUGGESTED))
    for which in waiting:
        found = select(deposit.c.id, yes()).where(
            *which, deposit.c.reversed_by.is_(None), deposit.c.id.not_in(select(FOUND.c.deposit))
        )
        connection.execute(insert(LOOKED).from_select(["deposit", "again"], found))
    return connection.scalar(select(func.count()).where(LOOKED.c.again)) or 0


def _cut_out(connection: Connection) -> list[tuple[int, bool]]:
    """Deposits whose number nobody is registered under, where it is cut out of a longer string of digits: that string
    may be somebody's number with a digit too many.
    """
    query = (
        select(FOUND.c.deposit, deposit.c.narrative, deposit.c.id_number)
        .join(deposit, deposit.c.id == FOUND.c.deposit)
        .where(FOUND.c.reason == Reason.ID_NOT_REGISTERED.value, deposit.c.id_number != deposit.c.narrative)
        .order_by(FOUND.c.deposit)
    )
    rows = connection.execute(query.execution_options(yield_per=_AT_A_TIME))
    return [(number, False) for number, narrative, id_number in rows if is_cut_out(narrative, id_number)]


def _is(state: State, reason: Reason | None = None) -> list[ColumnElement[bool]]:
    # Words, not parameters: SQLite uses an index of some rows only where the text says which.
    found: list[ColumnElement[bool]] = [deposit.c.state == literal_column(f"'{state.value}'")]
    return found if reason is None else [*found, deposit.c.reason == reason.value]


def _last_look(batch: Batch) -> tuple[int, str, str] | None:
    """The last matching run that looked at all of them where that was due, with its day and its policy; None where
    there was none.
    """
    runs = (
        select(batch_table.c.number, batch_table.c.today, batch_table.c.policy_version)
        .where(
            batch_table.c.command == "deposits match",
            batch_table.c.number < batch.number,
            batch_table.c.counts.contains(f'"{COUNTED}"', autoescape=True),
        )
        .order_by(batch_table.c.number.desc())
        .limit(1)
    )
    last = batch.connection.execute(runs).first()
    return None if last is None else (last.number, last.today, last.policy_version)


def _changed(connection: Connection, since: int, days: list[str]) -> bool:
    """Members or branches came on record, something about members was changed or decided, they were moved, or an
    officer said what a reference means, in later batches than `since`; one of these was taken back; or a decision
    begins after the first of two days, the last look's and today, and not after the other.
    """
    later = [
        exists().where(member.c.batch > since),
        exists().where(change.c.batch > since, change.c.table_name == member.name),
        exists().where(decision.c.batch > since),
        # Redrawn wards move many members at once, and no field of each is noted.
        exists().where(transfer.c.batch > since),
        exists().where(branch.c.batch > since),
        exists().where(or_(alias.c.batch > since, alias.c.reversed_by > since)),
        exists().where(batch_table.c.number > since, batch_table.c.undoes.is_not(None)),
        exists().where(decision.c.begins_on > days[0], decision.c.begins_on <= days[1]),
    ]
    return any(connection.scalar(select(case((one, 1), else_=0))) for one in later)
