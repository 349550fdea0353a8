"""Rules of members: who they are, where they belong, what was decided about them (docs/rules.md, sections 2, 3, 5)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from sqlalchemy import Select, func, or_, select

from ancadmin.db.schema import allocation, branch, decision, member, merge, standing
from ancadmin.domain.decisions import Kind
from ancadmin.domain.id_columns import valid_digits
from ancadmin.services.check.rule import MOST, Rule, Subject, offending
from ancadmin.services.member.numbers.former import FORMER

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
    has_one = select(standing.c.member).where(standing.c.member == member.c.id).exists()
    return select(member.c.id).where(member.c.merged_into.is_(None), ~has_one)


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


def _merged_otherwise() -> Select[Any]:
    """Records merged into nobody, or into another than the merge says (or than that one was merged into in turn)."""
    kept = member.alias("kept")
    says = (
        select(func.coalesce(kept.c.merged_into, kept.c.id))
        .join(merge, merge.c.kept == kept.c.id)
        .where(merge.c.gone == member.c.id, merge.c.reversed_by.is_(None))
        .correlate(member)
        .scalar_subquery()
    )
    gone = select(merge.c.gone).where(merge.c.reversed_by.is_(None))
    return select(member.c.id).where(
        member.c.origin != FORMER,
        or_(member.c.merged_into.is_not(None), member.c.id.in_(gone)),
        member.c.merged_into.is_distinct_from(says),
    )


def _former_of_nobody() -> Select[Any]:
    record = member.alias("record")
    leads = select(record.c.id).where(record.c.id == member.c.merged_into, record.c.merged_into.is_(None))
    return select(member.c.id).where(member.c.origin == FORMER, ~leads.correlate(member).exists())


def _merged_and_alive() -> Select[Any]:
    """Merged records with a standing of their own, or with money in force."""
    own = select(standing.c.member).where(standing.c.member == member.c.id).exists()
    money = select(allocation.c.id).where(allocation.c.member == member.c.id, allocation.c.reversed_by.is_(None))
    return select(member.c.id).where(member.c.merged_into.is_not(None), or_(own, money.exists()))


RULES = (
    Rule("id_number", "Every member's ID number has 13 digits, a date and a check digit that hold.", _id_numbers),
    offending("branch", "Every member belongs to a branch on record.", _without_branch, "member {id}: no such branch"),
    offending(
        "standing",
        "Every member has one row of standing, but for records merged into another.",
        _without_standing,
        "member {id} has no row of standing",
    ),
    offending(
        "merge",
        "A record is merged into the one its merge in force names, and only then.",
        _merged_otherwise,
        "member {id} is not merged as the merge on record says",
    ),
    offending(
        "former_number",
        "A former ID number leads to a record that is merged into no other.",
        _former_of_nobody,
        "member {id}, a former ID number, leads to no record",
    ),
    offending(
        "merged",
        "A merged record has no standing and no money of its own.",
        _merged_and_alive,
        "member {id} is merged into another record, and has standing or money of its own",
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
