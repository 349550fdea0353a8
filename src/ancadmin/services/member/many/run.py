"""`member decisions import`: a file of decisions is one batch, and every row of it is accounted for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import member
from ancadmin.domain.problems import Problem
from ancadmin.readers.decisions import DecisionRow, DecisionSheet, read_decisions
from ancadmin.services.member.many.people import parts
from ancadmin.services.member.many.rows import RECORDED, Rows
from ancadmin.services.member.whose import numbered
from ancadmin.services.session import Session
from ancadmin.services.standing.settle import settle

Numbered = tuple[DecisionSheet, DecisionRow]


@dataclass
class DecisionsImported:
    """Every row read is one of: recorded, waiting (asked for), already (the very same is on record, or waits),
    refused with at least one problem, or blank. `decisions`: how many were recorded, by kind.
    """

    batch: int = 0
    read: int = 0
    recorded: int = 0
    waiting: int = 0
    already: int = 0
    refused: int = 0
    blank: int = 0
    decisions: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)
    problem_rows: list[Problem] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The numbers, without anyone's particulars."""
        names = ("read", "recorded", "waiting", "already", "refused", "blank", "decisions", "problems")
        return {name: getattr(self, name) for name in names}

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it; `problem_rows` are `file, sheet, row, column, value, code, remedy`."""
        return {"batch": self.batch, **self.counts(), "problem_rows": [one.as_dict() for one in self.problem_rows]}


def import_decisions(session: Session, path: Path, *, why: str = "") -> DecisionsImported:
    """Records the decisions of a file, or asks for them where the caller may only ask. `why` is the reason of rows
    that give none. Raises InputRefused for a file that is no such table, NotAllowed.
    """
    done = DecisionsImported()
    with session.batch("member decisions import") as batch:
        batch.read(path)
        read = list(_read(path, batch, done))
        rows = Rows(session, batch, why.strip())
        kinds: Counter[str] = Counter()
        with session.progress.step("Decisions", len(read)) as step:
            for turn in _turns(batch, read):
                touched: set[str] = set()
                rows.look_up(sorted({row.id_number for _, row in turn if row.id_number}))
                for sheet, row in turn:
                    told = rows.done(sheet, row)
                    setattr(done, told.outcome, getattr(done, told.outcome) + 1)
                    done.problem_rows += told.problems
                    if told.outcome == RECORDED:
                        kinds[str(row.verb)] += 1
                        touched.add(told.id_number)
                    step.advance(1)
                _settle(batch, touched)
        done.problem_rows.sort(key=lambda one: (one.sheet, one.row or 0))
        done.batch = batch.number
        done.decisions = dict(sorted(kinds.items()))
        done.problems = dict(sorted(Counter(one.code for one in done.problem_rows).items()))
        batch.counts.clear()
        batch.counts.update(done.counts())
        if rows.contact_reasons:
            batch.counts["contact_reasons"] = rows.contact_reasons
    return done


def _read(path: Path, batch: Batch, done: DecisionsImported) -> Iterator[Numbered]:
    for sheet in read_decisions(path, batch.today, batch.policy):
        done.read += sheet.read
        done.blank += sheet.blank
        yield from ((sheet, row) for row in sheet.rows)


def _turns(batch: Batch, read: list[Numbered]) -> Iterator[list[Numbered]]:
    """The first row about each person, then the second of those who have one, and so on, each turn in the file's order.

    What one row decides has to be settled before the next about the same person is judged; so everybody is settled once
    a turn, not once a row.
    """
    whose = _records(batch, {row.id_number for _, row in read if row.id_number})
    turns: list[list[Numbered]] = []
    seen: Counter[int | str] = Counter()
    for one in read:
        person = whose.get(one[1].id_number, one[1].id_number)
        turn = seen[person] if person else 0
        seen[person] += 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(one)
    yield from turns


def _records(batch: Batch, id_numbers: set[str]) -> dict[str, int]:
    """The id of the record each number leads to, of those there are."""
    found: dict[str, int] = {}
    for some in parts(sorted(id_numbers)):
        rows = batch.connection.execute(
            select(member.c.id_number, func.coalesce(member.c.merged_into, member.c.id)).where(
                member.c.id_number.in_(some)
            )
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def _settle(batch: Batch, id_numbers: set[str]) -> None:
    for some in parts(sorted(id_numbers)):
        settle(batch, numbered(some))
