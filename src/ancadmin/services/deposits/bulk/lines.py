"""The lines of a schedule held against what is on record (docs/rules.md, section 4.2)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, deposit, member
from ancadmin.domain.id_numbers import digits_of_any_age, read_id_number
from ancadmin.domain.money import rands
from ancadmin.domain.names import surname_key
from ancadmin.domain.problems import Problem
from ancadmin.domain.roles import Role
from ancadmin.readers.schedules import ScheduleLine
from ancadmin.services.deposits.allowed import money_roles
from ancadmin.services.deposits.entries import DepositRow
from ancadmin.services.deposits.matching.ladder import excluded, not_accepted
from ancadmin.services.operator.reach import branches_reached
from ancadmin.services.session import Session

_CHUNK = 5_000
_MAY_BE_ONE = 10
"""Of so many digits something may be an ID number: it may have lost zeros."""
REMEDIES = {
    "not_registered": "Nobody on record in your places has this ID number: look for the person with ancadmin member "
    "find SURNAME; of a member of another place, ask an officer there to attach the schedule.",
    "member_excluded": "Deceased or expelled on the value date: take the line out and give that money back.",
    "not_accepted_yet": "An applicant pays once accepted: record the branch executive's decision first.",
    "out_of_reach": "The member's branch is not yours: ask an officer of that place to attach the schedule.",
    "surname_differs": "Another surname is on record: see whose number it is with ancadmin member show ID.",
    "twice": "One line a member: add the amounts up, or mend the ID number.",
    "amount_missing": "Write the share of the member in rands, such as 20.00.",
    "amount_malformed": "Write it in rands and cents, such as 20.00.",
    "amount_not_positive": "A share is more than nothing.",
}


@dataclass(frozen=True)
class Share:
    """A line that can be used: its number in the schedule, the member's row, and cents."""

    line: int
    member: int
    cents: int


@dataclass(frozen=True)
class PaidAlready:
    """A line of a schedule and another deposit of the same account, amount and member some days apart: one payment
    may be on the statement twice.
    """

    line: int
    id_number: str
    cents: int
    deposit: int
    value_date: str


def checked(
    session: Session, batch: Batch, found: DepositRow, file: str, lines: Sequence[ScheduleLine]
) -> tuple[list[Share], list[Problem]]:
    """The shares of a schedule, and everything that is wrong with it; it can be used where that is nothing."""
    numbers = [digits_of_any_age(line.id_number) for line in lines]
    by_number = _people(batch, found, member.alias("numbered").c.id_number, [one for one in numbers if one])
    # Whether somebody out of sight is a member is not for the caller to know.
    sees = branches_reached(session, batch.connection, frozenset(Role))
    people = {number: one for number, one in by_number if sees is None or one["branch"] in sees}
    reached = branches_reached(session, batch.connection, money_roles(session))
    shares: list[Share] = []
    problems: list[Problem] = []
    seen: set[int] = set()
    for at, (line, number) in enumerate(zip(lines, numbers, strict=True), 1):
        person = people.get(number or "")
        for column, value, code in _wrong(line, number, person, reached, batch):
            problems.append(Problem(file, line.sheet, line.row, column, value, code, _remedy(code)))
        if person is None:
            continue
        if person["id"] in seen:
            where = (line.sheet, line.row, line.id_column, _masked(line.id_number))
            problems.append(Problem(file, *where, "twice", REMEDIES["twice"]))
        seen.add(person["id"])
        shares.append(Share(at, person["id"], line.cents or 0))
    total = sum(line.cents or 0 for line in lines)
    if total != found.cents:
        problems.append(_sum_differs(file, total, found))
    return shares, problems


def _wrong(
    line: ScheduleLine, number: str | None, person: dict[str, Any] | None, reached: frozenset[str] | None, batch: Batch
) -> Iterator[tuple[str, str, str]]:
    """Column, value (ID numbers masked) and code of each thing wrong with one line."""
    if number is None:
        problem = read_id_number(line.id_number, batch.today, batch.policy).problem
        yield line.id_column, _masked(line.id_number), str(problem)
    elif person is None:
        yield line.id_column, _masked(line.id_number), "not_registered"
    else:
        code = _barred(person, reached)
        if code is not None:
            yield line.id_column, _masked(line.id_number), code
        if not _surname_agrees(line, person["surname"]):
            yield line.name_column, line.surname or line.full_name, "surname_differs"
    if line.cents is None:
        yield line.amount_column, line.amount, "amount_malformed" if line.amount else "amount_missing"
    elif line.cents <= 0:
        yield line.amount_column, line.amount, "amount_not_positive"


def no_longer_good(
    session: Session, batch: Batch, found: DepositRow, shares: Sequence[Share]
) -> tuple[list[Share], list[str]]:
    """The shares, for the records their members went into since, and in words what of them cannot be credited now."""
    people = dict(_people(batch, found, member.alias("numbered").c.id, [share.member for share in shares]))
    reached = branches_reached(session, batch.connection, money_roles(session))
    now = [Share(share.line, people[share.member]["id"], share.cents) for share in shares]
    wrong: list[str] = []
    seen: set[int] = set()
    for share in shares:
        person = people[share.member]
        code = _barred(person, reached) or ("twice" if person["id"] in seen else None)
        seen.add(person["id"])
        if code is not None:
            wrong.append(f"line {share.line}: {code.replace('_', ' ')}")
    return now, wrong


def paid_already(batch: Batch, found: DepositRow, shares: Sequence[Share]) -> list[PaidAlready]:
    """Lines whose member has the same amount from another deposit of the account within some days of this one."""
    cents = {share.member: share for share in shares}
    day = date.fromisoformat(found.value_date)
    days = timedelta(days=batch.policy.on(day).paid_twice_days)
    account = select(deposit.c.account).where(deposit.c.id == found.number).scalar_subquery()
    there: list[PaidAlready] = []
    for some in _chunks(list(cents)):
        rows = batch.connection.execute(
            select(allocation.c.member, allocation.c.cents, deposit.c.id, deposit.c.value_date, member.c.id_number)
            .join(deposit, deposit.c.id == allocation.c.deposit)
            .join(member, member.c.id == allocation.c.member)
            .where(
                allocation.c.member.in_(some),
                allocation.c.reversed_by.is_(None),
                allocation.c.value_date.between((day - days).isoformat(), (day + days).isoformat()),
                deposit.c.account == account,
                deposit.c.id != found.number,
            )
        )
        there += [
            PaidAlready(cents[row.member].line, row.id_number, row.cents, row.id, row.value_date)
            for row in rows
            if row.cents == cents[row.member].cents
        ]
    return sorted(there, key=lambda one: (one.line, one.deposit))


def _people(batch: Batch, found: DepositRow, by: Any, values: Sequence[Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Who has an ID number (or a row), or into whose record the one that has it was merged."""
    numbered = by.table
    for some in _chunks(values):
        rows = batch.connection.execute(
            select(
                by.label("asked"),
                member.c.id,
                member.c.surname,
                member.c.branch,
                excluded(member.c.id, found.value_date).label("excluded"),
                not_accepted(member, batch.today).label("waits"),
            )
            .join(member, member.c.id == func.coalesce(numbered.c.merged_into, numbered.c.id))
            .where(by.in_(some))
        )
        yield from ((row["asked"], dict(row)) for row in rows.mappings())


def _barred(person: dict[str, Any], reached: frozenset[str] | None) -> str | None:
    """Why a member cannot be credited, or not by this officer."""
    if person["excluded"]:
        return "member_excluded"
    if person["waits"]:
        return "not_accepted_yet"
    return "out_of_reach" if reached is not None and person["branch"] not in reached else None


def _surname_agrees(line: ScheduleLine, surname: str) -> bool:
    """The surname written is the one on record; of a column of names, it is among the words, where there are two."""
    key = surname_key(surname)
    if line.surname:
        return surname_key(line.surname) == key
    return len(line.full_name.split()) < 2 or key in surname_key(line.full_name)


def _remedy(code: str) -> str:
    return REMEDIES.get(code, "See what is wrong with it: ancadmin check id ID")


def _masked(written: str) -> str:
    """What stands where an ID number should, for screens: all but its first six digits and the last three hidden."""
    digits = digits_of_any_age(written) or "".join(one for one in written if one.isdigit())
    return f"{digits[:6]}****{digits[-3:]}" if len(digits) >= _MAY_BE_ONE else written


def _sum_differs(file: str, total: int, found: DepositRow) -> Problem:
    more = "more" if total > found.cents else "less"
    remedy = (
        f"The lines come to {rands(abs(total - found.cents))} {more} than deposit {found.number}, which is "
        f"{rands(found.cents)}: they have to add up to the cent."
    )
    return Problem(file, "", None, "", rands(total), "does_not_add_up", remedy)


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
