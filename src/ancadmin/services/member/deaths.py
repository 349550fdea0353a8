"""Deaths from a result file (HANIS, IEC): a batch, never one click (docs/rules.md, section 5)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import decision, member
from ancadmin.domain.authorisation import Act
from ancadmin.domain.decisions import Kind
from ancadmin.domain.problems import Problem
from ancadmin.readers.deaths import DeathRow, DeathRows, read_deaths
from ancadmin.services.approvals.captured import Signed
from ancadmin.services.member.decide import decision_row
from ancadmin.services.operator.reach import branches_reached
from ancadmin.services.session import Session
from ancadmin.services.standing.settle import settle

_REMEDIES = {
    "died_before_birth": "One of the two is wrong; ask the office the file comes from.",
    "died_on_another_day": "Another day of death is on record; undo the batch that recorded it if that one is wrong.",
    "out_of_reach": "The member's branch is not yours; send the row to its region.",
}


@dataclass
class DeathsImported:
    """Every row is one of: applied, already on record, unknown (nobody has the number) or refused with a problem."""

    batch: int = 0
    read: int = 0
    applied: int = 0
    already: int = 0
    unknown: int = 0
    refused: int = 0
    blank: int = 0
    problems: dict[str, int] = field(default_factory=dict)
    problem_rows: list[Problem] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The numbers, without anyone's particulars."""
        names = ("read", "applied", "already", "unknown", "refused", "blank", "problems")
        return {name: getattr(self, name) for name in names}

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it; `problem_rows` are `file, sheet, row, column, value, code, remedy`."""
        return {"batch": self.batch, **self.counts(), "problem_rows": [one.as_dict() for one in self.problem_rows]}


def import_deaths(session: Session, path: Path, *, why: str = "") -> DeathsImported:
    """Records the deaths of a file. Rows with a problem change nothing and are told; read = applied + already +
    unknown + refused. Raises InputRefused for a file that is no such table, NotAllowed.
    """
    done = DeathsImported()
    with session.batch("member deceased import") as batch:
        batch.read(path)
        work = _Work(session, batch, why.strip() or f"result file {path.name}", done)
        with session.progress.step("Deaths") as step:
            for rows in read_deaths(path, batch.today, batch.policy):
                work.take(path.name, rows)
                step.advance(rows.read)
        settle(batch, select(decision.c.member).where(decision.c.batch == batch.number))
        done.batch = batch.number
        done.problems = dict(sorted(Counter(one.code for one in done.problem_rows).items()))
        batch.counts.update(done.counts())
    return done


class _Work:
    """The state of one import: who may be decided about, and what has been counted."""

    def __init__(self, session: Session, batch: Batch, why: str, done: DeathsImported) -> None:
        self._batch = batch
        self._signed = Signed(batch.operator, batch.operator if session.sole_operator else None)
        self._why = why
        self._done = done
        able = batch.policy.authorisation.alone(Act.DEATH, None, batch.today)
        self._branches = branches_reached(session, batch.connection, able)

    def take(self, file: str, rows: DeathRows) -> None:
        """Writes what can be written of some rows, and accounts for each."""
        done = self._done
        done.read += rows.read
        done.blank += rows.blank
        done.refused += rows.refused
        done.problem_rows += rows.problems
        people = self._people(rows.rows)
        deaths = self._deaths([person["id"] for person in people.values()])
        new: list[dict[str, Any]] = []
        for row in rows.rows:
            person = people.get(row.id_number)
            if person is None:
                done.unknown += 1
                continue
            code = self._problem(person, row, deaths.get(person["id"]))
            if code is not None:
                problem = Problem(file, rows.sheet, row.row, "", str(row.died_on), code, _REMEDIES[code])
                done.problem_rows.append(problem)
                done.refused += 1
            elif person["id"] in deaths:
                done.already += 1
            else:
                deaths[person["id"]] = row.died_on
                new.append(
                    decision_row(
                        self._batch,
                        self._signed,
                        person["id"],
                        Kind.DECEASED,
                        begins_on=row.died_on,
                        ends_on=None,
                        why=self._why,
                    )
                )
        if new:
            self._batch.connection.execute(insert(decision), new)
        done.applied += len(new)

    def _people(self, rows: list[DeathRow]) -> dict[str, dict[str, Any]]:
        # Who has the number, or into whose record the one that has it was merged.
        numbered = member.alias("numbered")
        found = self._batch.connection.execute(
            select(member.c.id, numbered.c.id_number, member.c.born, member.c.branch)
            .join(numbered, member.c.id == func.coalesce(numbered.c.merged_into, numbered.c.id))
            .where(numbered.c.id_number.in_({row.id_number for row in rows}))
        )
        return {row["id_number"]: dict(row) for row in found.mappings()}

    def _deaths(self, members: list[int]) -> dict[int, date]:
        found = self._batch.connection.execute(
            select(decision.c.member, decision.c.begins_on).where(
                decision.c.member.in_(members), decision.c.kind == Kind.DECEASED, decision.c.reversed_by.is_(None)
            )
        )
        return {row.member: date.fromisoformat(row.begins_on) for row in found}

    def _problem(self, person: dict[str, Any], row: DeathRow, died: date | None) -> str | None:
        if self._branches is not None and person["branch"] not in self._branches:
            return "out_of_reach"
        if row.died_on < date.fromisoformat(person["born"]):
            return "died_before_birth"
        return "died_on_another_day" if died is not None and died != row.died_on else None
