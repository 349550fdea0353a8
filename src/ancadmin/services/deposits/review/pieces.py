"""Deposits with their suggestions, as an officer sees them at the desk and in a list."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from rapidfuzz.distance import OSA, Levenshtein
from sqlalchemy import Connection, select, true

from ancadmin.db.schema import branch, deposit, member
from ancadmin.domain.deposits import Reason
from ancadmin.services.deposits.review.deciding import words_of
from ancadmin.services.deposits.review.held import SUGGESTION, held, suggested
from ancadmin.services.member.within import members_within
from ancadmin.services.session import Session
from ancadmin.services.standing.calendars import ready
from ancadmin.services.standing.query import standing_on


@dataclass(frozen=True)
class Candidate:
    """A member the deposit may be meant for: who, their standing and the cents owed today, and what speaks for them.
    `score` is out of 100; `member` is the row.
    """

    member: int
    id_number: str
    surname: str
    first_names: str
    branch: str
    branch_name: str
    status: str | None
    arrears_cents: int
    reason: str
    score: int
    evidence: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The candidate as JSON shows it: the score as a share of 1, without row numbers."""
        shown = asdict(self)
        del shown["member"]
        return {**shown, "score": self.score / 100, "evidence": list(self.evidence)}


@dataclass(frozen=True)
class SuggestedPiece:
    """A deposit with its candidates, the likeliest first."""

    id: int
    account: str
    value_date: str
    cents: int
    narrative: str
    flags: tuple[str, ...]
    candidates: tuple[Candidate, ...]

    @property
    def kind(self) -> str:
        """What claims and decisions call it."""
        return SUGGESTION

    @property
    def tie(self) -> bool:
        """Whether several share the first place."""
        return len(self.candidates) > 1 and self.candidates[0].score == self.candidates[1].score

    def as_dict(self) -> dict[str, Any]:
        """The deposit as JSON shows it."""
        return {
            "deposit": self.id,
            "account": self.account,
            "value_date": self.value_date,
            "cents": self.cents,
            "narrative": self.narrative,
            "flags": list(self.flags),
            "tie": self.tie,
            "candidates": [one.as_dict() for one in self.candidates],
        }


def in_question(piece: SuggestedPiece) -> frozenset[int]:
    """The places in the narrative of the digits that are not as in the ID numbers they nearly are: wrong ones, those
    too many, swapped ones, and the one after which another is missing.
    """
    numbers = [one.id_number for one in piece.candidates if one.reason == Reason.NEAR_MISS]
    digits = [place for place, char in enumerate(piece.narrative) if char.isdigit()]
    written = "".join(piece.narrative[place] for place in digits)
    return frozenset(digits[place] for number in numbers for place in _unlike(written, number))


def _unlike(written: str, number: str) -> set[int]:
    """The places of some digits where the part of them that is most like a number differs from it."""
    parts = [
        (OSA.distance(part, number), start, part)
        for length in (len(number), len(number) - 1, len(number) + 1)
        for start in range(len(written) - length + 1)
        if (part := written[start : start + length])
    ]
    if not parts:
        return set()
    _, start, part = min(parts)
    places = (
        start + min(max(edit.src_pos - (edit.tag == "insert"), 0), len(part) - 1)
        for edit in Levenshtein.editops(part, number)
    )
    return set(places)


def pieces_of(session: Session, connection: Connection, numbers: Sequence[int]) -> Iterator[SuggestedPiece]:
    """The deposits of these numbers that wait with suggestions, in the order of the numbers; candidates out of reach
    are not shown, nor deposits with none within it.
    """
    ready(connection, session.today, session.policy)
    found = select(deposit).where(deposit.c.id.in_(numbers), *suggested())
    deposits = {row.id: row for row in connection.execute(found)}
    every = held().where(deposit.c.id.in_(list(deposits))).subquery()
    rows: Sequence[Any] = connection.execute(select(every)).all()
    people = _people(session, connection, {row.member for row in rows})
    rows = [row for row in rows if row.member in people]
    # Those with one score in the order of their ID numbers, as matching ranks them.
    rows = sorted(rows, key=lambda row: (row.deposit, -row.score, people[row.member].id_number))
    candidates = {number: tuple(_candidates(some, people)) for number, some in groupby(rows, lambda row: row.deposit)}
    for number in numbers:
        if number in candidates:
            row = deposits[number]
            flags = tuple((row.flags or "").split())
            yield SuggestedPiece(
                number, row.account, row.value_date, row.cents, row.narrative, flags, candidates[number]
            )


def _candidates(rows: Any, people: dict[int, Any]) -> Iterator[Candidate]:
    """A candidate for each member, by the better suggestion where two records of one person were suggested."""
    seen = set()
    for row in rows:
        if row.member not in seen:
            seen.add(row.member)
            who = people[row.member]
            yield Candidate(
                row.member,
                who.id_number,
                who.surname,
                who.first_names,
                who.branch,
                who.branch_name,
                who.status,
                who.arrears_cents or 0,
                row.reason,
                row.score,
                tuple(words_of(row)),
            )


def _people(session: Session, connection: Connection, ids: set[int]) -> dict[int, Any]:
    """Those of some members who are within reach, with their branch and their standing today."""
    within = members_within(session, connection, None)
    these = select(member.c.id).where(member.c.id.in_(ids))
    standing = standing_on(session.today, session.policy, these).subquery("standing_on")
    rows = connection.execute(
        select(
            member.c.id,
            member.c.id_number,
            member.c.surname,
            member.c.first_names,
            member.c.branch,
            branch.c.name.label("branch_name"),
            standing.c.status,
            standing.c.arrears_cents,
        )
        .join(branch, branch.c.code == member.c.branch)
        .outerjoin(standing, standing.c.member == member.c.id)
        .where(member.c.id.in_(ids), true() if within is None else member.c.id.in_(within))
    )
    return {row.id: row for row in rows}
