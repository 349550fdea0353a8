"""What a row of a file of decisions wishes, and whether the very same is on record or waiting already."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ancadmin.db.schema import approval_request, member, transfer
from ancadmin.domain.decisions import DISCIPLINE, Kind
from ancadmin.domain.policy import Policy
from ancadmin.domain.verbs import DECIDES, LIFTS, Verb
from ancadmin.readers.decisions import DecisionRow
from ancadmin.services.approvals.captured import Outcome, Wish, Work, content_of
from ancadmin.services.batch.changes import difference
from ancadmin.services.member.apply import Applicant, to_apply, write_application
from ancadmin.services.member.contact import do_contact, to_contact
from ancadmin.services.member.decide import to_decide, to_lift, to_settle, write_decision
from ancadmin.services.member.many.people import OnRecord
from ancadmin.services.member.moving.transfer import do_transfer, to_transfer

CONTACTS = ("cell", "email", "voting_district")

Person = Mapping[str, Any]


@dataclass(frozen=True)
class Wished:
    """A wish, how it is done without settling anyone, and the branches a decision taken alone has to reach."""

    wish: Wish
    work: Work[Any]
    places: tuple[str, ...]


def wished(row: DecisionRow, person: Person | None, contacts: dict[str, str], why: str, policy: Policy) -> Wished:
    """What a row without a problem wishes about a row of members; None for somebody not on record, who applies.

    Raises InputRefused for an application that cannot be taken.
    """
    verb, on, cells = row.verb, row.on, row.cells
    if verb is Verb.CONTACT and person is not None:
        return _placed(to_contact(dict(person), contacts, why), do_contact)
    if on is None or (person is None and verb is not Verb.APPLY):
        raise AssertionError("a row with problems wishes nothing")
    if verb is Verb.APPLY:
        names = (cells.get("surname", ""), cells.get("first_names", ""), cells.get("branch") or cells.get("to", ""))
        form = Applicant(row.id_number, *names, *(cells.get(name, "") for name in CONTACTS))
        return _placed(to_apply(form, on, why, policy), write_application)
    about = dict(person or {})
    if verb is Verb.TRANSFER:
        wish = to_transfer(about, branch_to(row), on, why)
        return Wished(wish, do_transfer, (about["branch"], wish.place))
    if verb is Verb.SETTLE:
        wish = to_settle(about, on, why)
    elif verb in LIFTS:
        wish = to_lift(about, on, why, LIFTS[verb])
    else:
        wish = to_decide(about, DECIDES[Verb(str(verb))], on=on, why=why, until=row.until)
    return _placed(wish, write_decision)


def branch_to(row: DecisionRow) -> str:
    """The branch a transfer leads to: that of its own column where there is one."""
    return row.cells["to"] if "to" in row.cells else row.cells.get("branch", "")


def _placed(wish: Wish, work: Work[Outcome]) -> Wished:
    return Wished(wish, work, (wish.place,))


def on_record(connection: Connection, row: DecisionRow, known: OnRecord | None, contacts: dict[str, str]) -> bool:
    """Whether the very same is on record: what a file sent again says once more, whatever was decided since."""
    if known is None:
        return False
    person = known.row
    if row.verb is Verb.CONTACT:
        return not difference(member, person["id"], dict(person), contacts)
    if row.verb is Verb.TRANSFER:
        moved = select(transfer.c.id).where(
            transfer.c.member == person["id"],
            transfer.c.moved_on == str(row.on),
            transfer.c.to_branch == branch_to(row),
            transfer.c.reversed_by.is_(None),
        )
        return connection.scalar(moved) is not None
    return _decided(known.made, row, str(row.on), _iso(row.until))


def _decided(made: Sequence[Any], row: DecisionRow, on: str, until: str | None) -> bool:
    """Whether such an entry holds, or one does that was put in its place."""
    holds = {one.recorded for one in made if one.reversed_by is None}
    if row.verb is Verb.SETTLE or row.verb in LIFTS:
        kinds = (Kind.OBJECTION,) if row.verb is Verb.SETTLE else _lifted(row.verb)
        return any(
            one.kind in kinds and one.ends_on == on and one.continues is not None and one.reversed_by is None
            for one in made
        )
    kind = Kind.APPLIED if row.verb is Verb.APPLY else DECIDES[Verb(str(row.verb))]
    return any((one.kind, one.begins_on, one.ends_on) == (kind, on, until) and one.recorded in holds for one in made)


def _lifted(verb: Verb | None) -> tuple[Kind, ...]:
    kind = LIFTS[verb or Verb.LIFT]
    return DISCIPLINE if kind is None else (kind,)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def waits_alike(connection: Connection, wish: Wish) -> bool:
    """Whether the very same was asked for and waits."""
    waiting = connection.scalar(
        select(approval_request.c.content).where(
            approval_request.c.kind == wish.command,
            approval_request.c.subject == wish.subject,
            approval_request.c.verdict.is_(None),
            approval_request.c.reversed_by.is_(None),
        )
    )
    return waiting is not None and json.loads(waiting) == json.loads(json.dumps(content_of(wish)))
