"""Rules of members: who they are, where they belong, what was decided about them (docs/rules.md, sections 2, 3, 5)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from sqlalchemy import Select, select

from ancadmin.db.schema import branch, decision, member, standing
from ancadmin.domain.decisions import Kind
from ancadmin.domain.id_columns import valid_digits
from ancadmin.services.check.rule import MOST, Rule, Subject, offending

_CHUNK = 100_000


def _id_numbers(subject: Subject) -> Iterator[str]:
    """Held a column at a time; ages are no question here."""
    found = 0
    query = select(member.c.id, member.c.id_number).execution_options(yield_per=_CHUNK)
    rows = subject.connection.execute(query)
    for part in rows.partitions(_CHUNK):
        ids, numbers = zip(*part, strict=True)
        texts = np.array([text.encode("ascii", "replace")[:14] for text in numbers], dtype="S14")
        letters = texts.view("u1").reshape(len(texts), 14)
        digits = letters[:, :13] - np.uint8(48)
        shaped = (digits < 10).all(axis=1) & (letters[:, 13] == 0)
        good = shaped & valid_digits(np.where(shaped[:, None], digits, np.uint8(0)))
        for at in np.flatnonzero(~good)[: MOST - found].tolist():
            yield f"member {ids[at]}: the ID number is none"
            found += 1


def _without_branch() -> Select[Any]:
    known = select(branch.c.code).where(branch.c.code == member.c.branch).exists()
    return select(member.c.id).where(~known)


def _without_standing() -> Select[Any]:
    return select(member.c.id).where(~select(standing.c.member).where(standing.c.member == member.c.id).exists())


def _standing_of_nobody() -> Select[Any]:
    known = select(member.c.id).where(member.c.id == standing.c.member).exists()
    return select(standing.c.member).where(~known)


def _decided_about_nobody() -> Select[Any]:
    known = select(member.c.id).where(member.c.id == decision.c.member).exists()
    return select(decision.c.id, decision.c.kind).where(~known)


def _of_no_kind() -> Select[Any]:
    backwards = decision.c.ends_on < decision.c.begins_on
    return select(decision.c.id).where(decision.c.kind.not_in([str(kind) for kind in Kind]) | backwards)


def _applicants_without_application() -> Select[Any]:
    other = decision.alias("other")
    decided = select(decision.c.id).where(
        decision.c.member == member.c.id,
        decision.c.reversed_by.is_(None),
        decision.c.kind.in_((str(Kind.ACCEPTED), str(Kind.REFUSED))),
    )
    applied = select(other.c.id).where(
        other.c.member == member.c.id, other.c.reversed_by.is_(None), other.c.kind == str(Kind.APPLIED)
    )
    return select(member.c.id).where(member.c.origin == "application", decided.exists(), ~applied.exists())


RULES = (
    Rule("id_number", "Every member's ID number has 13 digits, a date and a check digit that hold.", _id_numbers),
    offending("branch", "Every member belongs to a branch on record.", _without_branch, "member {id}: no such branch"),
    offending(
        "standing", "Every member has one row of standing.", _without_standing, "member {id} has no row of standing"
    ),
    offending(
        "standing_of_nobody",
        "Every row of standing is a member's.",
        _standing_of_nobody,
        "there is no member {member}, whose standing is on record",
    ),
    offending(
        "decision",
        "Every decision is about a member.",
        _decided_about_nobody,
        "decision {id} ({kind}) is about nobody on record",
    ),
    offending(
        "decision_kind",
        "Every decision is of a known kind and ends on or after the day it begins.",
        _of_no_kind,
        "decision {id}: no such kind, or it ends before it begins",
    ),
    offending(
        "application",
        "Only an application that was made is accepted or refused.",
        _applicants_without_application,
        "member {id} was accepted or refused without having applied",
    ),
)
