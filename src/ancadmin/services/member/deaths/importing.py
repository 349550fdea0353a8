"""Deaths from a result file (HANIS, IEC): a batch, never one click (docs/rules.md, section 5)."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import decision, member, standing
from ancadmin.domain.authorisation import Act
from ancadmin.domain.decisions import Kind, check_not_ahead
from ancadmin.domain.problems import Problem
from ancadmin.domain.roles import Role
from ancadmin.readers.deaths import DeathRow, DeathRows, read_deaths
from ancadmin.readers.layouts import Result, layout_of
from ancadmin.services.approvals.captured import Signed
from ancadmin.services.member.deaths.death_undo import IMPORT, taken_back
from ancadmin.services.member.deaths.names_agree import names_agree
from ancadmin.services.member.decide import decision_row
from ancadmin.services.member.whose import typed_id_number
from ancadmin.services.operator.reach import branches_reached
from ancadmin.services.session import Session
from ancadmin.services.standing.settle import settle

_REMEDIES = {
    "died_before_birth": "One of the two is wrong; ask the office the file comes from.",
    "died_before_joining": "On record as a member since {joined}. If it is one person and the day is right: "
    "--accept-day ID; if not, tell the office the file comes from.",
    "died_on_another_day": "Another day of death is on record; take that back first if it is the wrong one: "
    "ancadmin member deceased undo ID --why TEXT",
    "out_of_reach": "The member's branch is not yours; send the row to its region.",
    "taken_back": "This death was on record and was taken back; if the file is right after all: --again.",
    "alive_in_file": "On record as deceased since {died}. If that is the mistake: "
    "ancadmin member deceased undo ID --why TEXT",
    "alive_in_another_row": "Another row of the file says that the person lives: ask the office the file comes from.",
    "name_disagrees": "The file says {said}, the record {known}. If it is one person: --accept-name ID, or "
    "--accept-names for all; if not, tell the office the file comes from.",
}


@dataclass(frozen=True)
class Choices:
    """What an officer says of a whole file. `layout`: a name or a TOML file, "" where the headings tell; `on`: the day
    of deaths the file tells without one; `accept_names`: of all, `accept_name` of some ID numbers;
    `accept_day`: of these also a day before they joined; `again`: also what was taken back.
    """

    layout: str = ""
    on: date | None = None
    accept_names: bool = False
    accept_name: Collection[str] = ()
    accept_day: Collection[str] = ()
    again: bool = False


@dataclass
class DeathsImported:
    """Every row is one of: applied, already on record, alive by the file, not_found (the office has nobody of that
    number), not_told (it cannot say), unknown (nobody on record whom the caller may see has the number) or refused with
    a problem.
    """

    batch: int = 0
    layout: str = ""
    read: int = 0
    applied: int = 0
    already: int = 0
    alive: int = 0
    not_found: int = 0
    not_told: int = 0
    unknown: int = 0
    refused: int = 0
    blank: int = 0
    problems: dict[str, int] = field(default_factory=dict)
    problem_rows: list[Problem] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The numbers, without anyone's particulars."""
        names = ("read", "applied", "already", "alive", "not_found", "not_told", "unknown", "refused", "blank")
        return {name: getattr(self, name) for name in ("layout", *names, "problems")}

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it; `problem_rows` are `file, sheet, row, column, value, code, remedy`."""
        return {"batch": self.batch, **self.counts(), "problem_rows": [one.as_dict() for one in self.problem_rows]}


def import_deaths(session: Session, path: Path, *, why: str = "", choices: Choices | None = None) -> DeathsImported:
    """Records the deaths of a file. Rows with a problem change nothing and are told; read = applied + already + alive +
    not_found + not_told + unknown + refused. Raises InputRefused for a file that is no such table, NotAllowed.
    """
    choices = choices or Choices()
    layout = layout_of(choices.layout) if choices.layout else None
    if choices.on is not None:
        check_not_ahead(choices.on, session.today)
    done = DeathsImported()
    with session.batch(IMPORT) as batch:
        batch.read(path)
        work = _Work(session, batch, why.strip() or f"result file {path.name}", choices, done)
        with session.progress.step("Deaths") as step:
            for rows in read_deaths(path, batch.today, batch.policy, layout=layout, on=choices.on):
                work.take(path.name, rows)
                step.advance(rows.read)
        settle(batch, select(decision.c.member).where(decision.c.batch == batch.number))
        done.batch = batch.number
        done.problems = dict(sorted(Counter(one.code for one in done.problem_rows).items()))
        batch.counts.update(done.counts())
    return done


class _Work:
    """The state of one import: who may be decided about, and what has been counted."""

    def __init__(self, session: Session, batch: Batch, why: str, choices: Choices, done: DeathsImported) -> None:
        self._batch = batch
        self._signed = Signed(batch.operator, batch.operator if session.sole_operator else None)
        self._why = why
        self._choices = choices
        self._named = {typed_id_number(one, batch.today, batch.policy) for one in choices.accept_name}
        self._dayed = {typed_id_number(one, batch.today, batch.policy) for one in choices.accept_day}
        self._done = done
        self._alive: set[int] = set()
        able = batch.policy.authorisation.alone(Act.DEATH, None, batch.today)
        self._branches = branches_reached(session, batch.connection, able)
        # Whether somebody out of sight is a member is not for the caller to know.
        self._seen = branches_reached(session, batch.connection, frozenset(Role))

    def take(self, file: str, rows: DeathRows) -> None:
        """Writes what can be written of some rows, and accounts for each."""
        done = self._done
        done.layout = rows.layout or done.layout
        done.read += rows.read
        done.blank += rows.blank
        done.refused += rows.refused
        done.problem_rows += rows.problems
        people = self._people(rows.rows)
        numbers = [person["id"] for person in people.values()]
        deaths = self._deaths(numbers)
        gone = {} if self._choices.again else taken_back(self._batch.connection, numbers)
        self._alive |= {people[row.id_number]["id"] for row in rows.rows if _lives(row) and row.id_number in people}
        new: list[dict[str, Any]] = []
        for row in rows.rows:
            person = people.get(row.id_number)
            died = deaths.get(person["id"]) if person else None
            codes = self._problems(person, row, died, gone) if person else []
            if codes:
                told = (self._problem(file, rows, row, person or {}, died, code) for code in codes)
                done.problem_rows.extend(told)
                done.refused += 1
                continue
            counted = _counted(row, person, died)
            setattr(done, counted, getattr(done, counted) + 1)
            if counted == "applied" and person is not None and row.died_on is not None:
                deaths[person["id"]] = row.died_on
                new.append(self._row(person["id"], row, row.died_on))
        if new:
            self._batch.connection.execute(insert(decision), new)

    def _row(self, number: int, row: DeathRow, died_on: date) -> dict[str, Any]:
        why = f"{self._why} (which does not say the day of death)" if row.assumed else self._why
        return decision_row(self._batch, self._signed, number, Kind.DECEASED, begins_on=died_on, ends_on=None, why=why)

    def _people(self, rows: list[DeathRow]) -> dict[str, dict[str, Any]]:
        # Who has the number, or into whose record the one that has it was merged.
        numbered = member.alias("numbered")
        found = self._batch.connection.execute(
            select(
                *(numbered.c.id_number, standing.c.listed_from.label("joined")),
                *(member.c[name] for name in ("id", "born", "branch", "surname")),
            )
            .join(numbered, member.c.id == func.coalesce(numbered.c.merged_into, numbered.c.id))
            .outerjoin(standing, standing.c.member == member.c.id)
            .where(numbered.c.id_number.in_({row.id_number for row in rows}))
        )
        people = {row["id_number"]: dict(row) for row in found.mappings()}
        seen = self._seen
        return {number: one for number, one in people.items() if seen is None or one["branch"] in seen}

    def _deaths(self, members: list[int]) -> dict[int, date]:
        found = self._batch.connection.execute(
            select(decision.c.member, decision.c.begins_on).where(
                decision.c.member.in_(members), decision.c.kind == Kind.DECEASED, decision.c.reversed_by.is_(None)
            )
        )
        return {row.member: date.fromisoformat(row.begins_on) for row in found}

    def _problems(
        self, person: dict[str, Any], row: DeathRow, died: date | None, gone: Mapping[int, set[str]]
    ) -> list[str]:
        """What keeps a row about somebody on record from being taken as it stands."""
        reached = self._branches is None or person["branch"] in self._branches
        if row.result is not Result.DEAD or row.died_on is None:
            return ["alive_in_file"] if row.result is Result.ALIVE and died is not None and reached else []
        if not reached:
            return ["out_of_reach"]
        if row.died_on < date.fromisoformat(person["born"]):
            return ["died_before_birth"]
        if died is not None:
            return ["died_on_another_day"] if died != row.died_on and not row.assumed else []
        if person["id"] in self._alive:
            return ["alive_in_another_row"]
        days = gone.get(person["id"], set())
        # A day that was taken because the file has none is no other evidence than the one taken back.
        codes = ["taken_back"] if row.died_on.isoformat() in days or (days and row.assumed) else []
        joined = person["joined"]
        if joined is not None and row.died_on.isoformat() < joined and row.id_number not in self._dayed:
            codes.append("died_before_joining")
        return codes if self._name_holds(person, row) else [*codes, "name_disagrees"]

    def _name_holds(self, person: dict[str, Any], row: DeathRow) -> bool:
        if self._choices.accept_names or row.id_number in self._named:
            return True
        return names_agree(row.surname, row.full_name, person["surname"])

    def _problem(
        self, file: str, rows: DeathRows, row: DeathRow, person: dict[str, Any], died: date | None, code: str
    ) -> Problem:
        said = row.surname or row.full_name
        remedy = _REMEDIES[code].format(said=said, known=person["surname"], died=died, joined=person["joined"])
        column, value = "", str(row.died_on)
        if code == "name_disagrees":
            column, value = rows.headings["surname" if row.surname else "full_name"], said
        elif code == "alive_in_file":
            column, value = rows.headings.get("result", ""), str(row.result)
        return Problem(file, rows.sheet, row.row, column, value, code, remedy)


def _lives(row: DeathRow) -> bool:
    return row.result is Result.ALIVE


def _counted(row: DeathRow, person: dict[str, Any] | None, died: date | None) -> str:
    """As what a row without a problem counts."""
    if row.result is not Result.DEAD:
        return {Result.ALIVE: "alive", Result.UNKNOWN: "not_told"}.get(row.result, "not_found")
    if person is None:
        return "unknown"
    return "applied" if died is None else "already"
