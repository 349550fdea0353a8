"""Someone applies for membership: a new person on record, or one refused before who applies again."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import branch, member
from ancadmin.domain import decisions as rules
from ancadmin.domain.authorisation import Act
from ancadmin.domain.contacts import read_cell, read_email
from ancadmin.domain.decisions import Kind
from ancadmin.domain.id_numbers import IdProblem, Reading, read_id_number
from ancadmin.domain.names import first_names_of, surname_key, surname_of
from ancadmin.domain.policy import Policy
from ancadmin.errors import InputRefused
from ancadmin.services.approvals.captured import Signed, Wish, captured
from ancadmin.services.batch.changes import difference
from ancadmin.services.member.decide import Decided, add_decision, as_decided, record_of, require_reason
from ancadmin.services.member.whose import member_row, numbered
from ancadmin.services.session import Session
from ancadmin.services.standing.settle import settle


@dataclass(frozen=True)
class Applicant:
    """What the form says, as typed; blank where it says nothing."""

    id_number: str
    surname: str
    first_names: str
    branch: str
    cell: str = ""
    email: str = ""
    voting_district: str = ""


def apply(session: Session, form: Applicant, *, on: date, why: str) -> Decided:
    """Puts an application on record, made on the day `on`, at which the age is read too.

    Raises InputRefused for a form that cannot be taken and for people on record, unless they were refused; NotAllowed.
    """
    why = require_reason(why)
    with session.batch("member apply") as batch:
        wish = to_apply(form, on, why, batch.policy)
        check_branch(batch.connection, form.branch)
        return captured(session, batch, wish, do_apply, f"take applications to branch {form.branch}")


def to_apply(form: Applicant, on: date, why: str, policy: Policy) -> Wish:
    """The wish that an application is put on record. Raises InputRefused for a form that cannot be taken."""
    reading = identified(form.id_number, on, policy)
    said = {**_personal(form), **contacts_of(form.cell, form.email, form.voting_district)}
    detail = {"id_number": reading.id_number, **said}
    number = str(reading.id_number)
    return Wish("member apply", Act.APPLICATION, form.branch, number, why, on=on.isoformat(), detail=detail)


def do_apply(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Decided:
    """Puts the application a wish tells of on record, and settles whose it is."""
    done = write_application(session, batch, wish, signed)
    settle(batch, numbered([done.id_number]))
    return done


def write_application(session: Session, batch: Batch, wish: Wish, signed: Signed) -> Decided:
    """`do_apply` for those who settle many together."""
    del session
    rules.check_not_ahead(wish.day, batch.today)
    said = dict(wish.detail or {})
    reading = identified(said.pop("id_number"), wish.day, batch.policy)
    found = batch.connection.execute(select(member.c.id).where(member.c.id_number == reading.id_number))
    # A record merged into another answers as that other.
    known = member_row(batch.connection, wish.subject, batch.today, batch.policy) if found.first() else None
    member_id = _enter(batch, reading, said) if known is None else _again(batch, known, said, wish.day)
    decided = add_decision(batch, signed, member_id, Kind.APPLIED, begins_on=wish.day, ends_on=None, why=wish.why)
    batch.counts.update(decisions=1, member=member_id, entered=int(known is None))
    return as_decided(batch, str(reading.id_number), decided)


def contacts_of(cell: str, email: str, voting_district: str) -> dict[str, str]:
    """Contacts as they are stored, only those given. Raises InputRefused for one that is none."""
    stored: dict[str, str] = {}
    for field, typed, read, remedy in (
        ("cell", cell, read_cell, "Write a South African mobile number: 082 123 4567."),
        ("email", email, read_email, "Write an address: name@example.org."),
        ("voting_district", voting_district, _voting_district, "A voting district is a number of 8 digits."),
    ):
        if typed.strip():
            value = read(typed)
            if value is None:
                raise InputRefused(f"not a {field.replace('_', ' ')}", remedy, value=typed, code="contact_malformed")
            stored[field] = value
    return stored


def _voting_district(text: str) -> str | None:
    digits = text.strip()
    return digits if digits.isascii() and digits.isdigit() and len(digits) == 8 else None


def identified(text: str, on: date, policy: Policy) -> Reading:
    """A valid ID number as typed, its age read on a day. Raises InputRefused for anything else."""
    reading = read_id_number(text, on, policy)
    if reading.problem is IdProblem.AGE_OUT_OF_RANGE:
        births = " or ".join(str(born) for born in reading.births)
        ages = policy.on(on)
        raise InputRefused(
            f"born {births}: on {on} younger than {ages.minimum_age} or older than {ages.maximum_age}",
            "See that the number is copied rightly; who is too young applies when they are old enough.",
            value=text,
            code=str(reading.problem),
        )
    if reading.problem is not None:
        raise InputRefused(
            f"not an ID number: {reading.problem.replace('_', ' ')}",
            f"See what is wrong with it: ancadmin check id '{text}'",
            value=text,
            code=str(reading.problem),
        )
    return reading


def _personal(form: Applicant) -> dict[str, str]:
    surname = surname_typed(form.surname)
    return {"surname": surname, "first_names": first_names_of(form.first_names), "branch": form.branch}


def surname_typed(text: str) -> str:
    """A surname as it is stored. Raises InputRefused for none."""
    surname = surname_of(text)
    if not surname:
        raise InputRefused("the surname is missing", "Give it with --surname.", value=text, code="surname_missing")
    return surname


def check_branch(connection: Connection, code: str) -> None:
    """Raises InputRefused for a branch that is not on record."""
    if connection.scalar(select(branch.c.code).where(branch.c.code == code)) is None:
        raise InputRefused(
            "no such branch on record", "See: ancadmin db places list", value=code, code="branch_unknown"
        )


def _enter(batch: Batch, reading: Reading, said: dict[str, str]) -> int:
    return int(
        batch.connection.execute(
            insert(member)
            .values(
                id_number=reading.id_number,
                gender=reading.gender,
                born=str(reading.born),
                origin="application",
                batch=batch.number,
                **said,
            )
            .returning(member.c.id)
        ).scalar_one()
    )


def _again(batch: Batch, known: dict[str, Any], said: dict[str, str], on: date) -> int:
    """Someone refused before: what the new form says differently of the person is recorded as a change."""
    if surname_key(known["surname"]) != surname_key(said["surname"]):
        raise InputRefused(
            "someone else is on record under this ID number",
            "See: ancadmin member show ID; one number for two people has to be cleared up first.",
            value=said["surname"],
            code="id_shared",
        )
    rules.check_applies(record_of(batch.connection, known), on)
    batch.changed(difference(member, known["id"], known, said))
    batch.connection.execute(update(member).where(member.c.id == known["id"]).values(said))
    return int(known["id"])
