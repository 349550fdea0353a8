"""Rows held back, in again from a workbook: what an officer changed there is checked as if it were imported."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ancadmin.db.batches import Batch, moment
from ancadmin.db.schema import claim, desk_decision, register_row
from ancadmin.domain.problems import Problem
from ancadmin.errors import FileRefused
from ancadmin.readers.held_back import HeldSheet, read_held_back
from ancadmin.services.desk.claims import released
from ancadmin.services.desk.decisions import record
from ancadmin.services.register.desk.deciding import changes_of, require_officer
from ancadmin.services.register.desk.verdicts import ACCEPTED, DISMISSED, EDITED, QUARANTINE
from ancadmin.services.register.quarantine.handing_out import branch_labels
from ancadmin.services.register.quarantine.rereading import Answer, Asked, Rereader, Rereading, set_aside
from ancadmin.services.register.quarantine.sheet_rows import TITLES, Given, cells_of, given, tampered
from ancadmin.services.register.quarantine.waiting import Waiting, still_waiting
from ancadmin.services.register.reach import refuse_out_of_reach, rows_seen
from ancadmin.services.session import Session
from ancadmin.writers.xlsx import held_back as paper

COMMAND = "register quarantine apply"
_LISTED = 500


@dataclass(frozen=True)
class StillOut:
    """A row that was changed and is held back still; `at` is its row in the workbook."""

    file: str
    sheet: str
    row: int
    at: int
    problems: list[str]


@dataclass(frozen=True)
class Applied:
    """What became of a workbook's rows: read = unchanged + decided_before + changed, and changed = accepted + updated +
    already_known + dismissed + still_held. `problems` of those still held, by code; `held` names them.
    """

    batch: int
    read: int
    unchanged: int
    decided_before: int
    changed: int
    accepted: int
    updated: int
    already_known: int
    dismissed: int
    still_held: int
    problems: dict[str, int]
    held: list[StillOut]

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON shows it."""
        return asdict(self)


def apply_held(session: Session, path: Path) -> Applied:
    """Takes back what was changed in such a workbook, in one batch.

    Raises InputRefused for a file that is no such workbook, FileRefused naming every row that cannot be taken back
    (decided meanwhile, in somebody's hand, locked cells changed, no such decision) or every heading that is not as it
    was, NotAllowed.
    """
    require_officer(session)
    sheet = read_held_back(path, paper.LOCKED)
    with session.batch(COMMAND) as batch:
        batch.read(path)
        work = _Applying(session, batch, path, sheet)
        work.look_at(sheet.rows)
        applied = work.write(len(sheet.rows))
        refuse_out_of_reach(session, batch)
        batch.counts.update({name: value for name, value in applied.as_dict().items() if name not in ("batch", "held")})
    return applied


class _Applying:
    """One workbook: first every row is looked at, then what was changed is written."""

    def __init__(self, session: Session, batch: Batch, path: Path, sheet: HeldSheet) -> None:
        self._session, self._batch = session, batch
        self._path, self._sheet = path, sheet.sheet
        self._headings, self._heading_row = sheet.headings, sheet.heading_row
        self._rereader = Rereader(session.policy, session.today)
        self._labels = branch_labels(batch.connection)
        self._changed: list[tuple[Given, Asked]] = []
        self._decided_before = 0

    def look_at(self, rows: Sequence[tuple[int, dict[str, str]]]) -> None:
        """Sorts out what was changed. Raises FileRefused."""
        problems: list[Problem] = []
        found: list[tuple[Given, dict[str, str]]] = []
        keys: set[int] = set()
        for at, cells in rows:
            one = given(at, cells)
            if isinstance(one, Given) and one.key in keys:
                one = self._problem(at, paper.KEY, "row_twice", "Leave one of the two out.")
            if isinstance(one, Problem):
                problems.append(replace(one, file=self._path.name, sheet=self._sheet))
                continue
            keys.add(one.key)
            found.append((one, cells))
        waiting = self._waiting([one.key for one, _ in found])
        self._require_headings(waiting.values())
        still, taken = self._still(list(waiting))
        for one, cells in found:
            problem = self._looked_at(one, cells, waiting.get(one.key), still, taken)
            problems += [problem] if problem else []
        if problems:
            raise FileRefused(problems)

    def _require_headings(self, rows: Iterable[Waiting]) -> None:
        """Raises FileRefused unless every column that may be changed has its heading: what stands under another one
        would be passed over.
        """
        fields = {name for row in rows for name in cells_of(row)}
        titles = (paper.DECISION, paper.WHY, *(title for name, title in TITLES.items() if name in fields))
        counted = Counter(self._headings)
        remedy = "Put the heading back as it was, or export again."
        problems = [
            self._problem(self._heading_row, title, "heading_twice" if counted[title] else "heading_missing", remedy)
            for title in titles
            if counted[title] != 1
        ]
        if problems:
            raise FileRefused(problems)

    def write(self, read: int) -> Applied:
        """Writes what was changed."""
        dismissed = [one for one in self._changed if one[0].decision == paper.DISMISS]
        asked = [one for one in self._changed if one[0].decision != paper.DISMISS]
        rereading = Rereading(self._batch, self._rereader)
        answers = rereading.take([ask for _, ask in asked]) if asked else []
        became: Counter[str] = Counter()
        held: list[StillOut] = []
        for (one, ask), answer in zip(asked, answers, strict=True):
            became[answer.outcome] += 1
            if answer.problems:
                held.append(_still_out(one, answer))
                continue
            verdict = ACCEPTED if one.decision else EDITED
            record(self._batch, QUARANTINE, one.key, verdict, why=one.why, detail=changes_of(answer, ask))
        for one, _ in dismissed:
            record(self._batch, QUARANTINE, one.key, DISMISSED, why=one.why)
        keys = [one.key for one, _ in dismissed]
        if keys:
            set_aside(self._batch, keys)
        for start in range(0, len(self._changed), _LISTED):
            released(self._batch.connection, QUARANTINE, [one.key for one, _ in self._changed[start : start + _LISTED]])
        problems = Counter(code for one in held for code in one.problems)
        return Applied(
            batch=self._batch.number,
            read=read,
            unchanged=read - len(self._changed) - self._decided_before,
            decided_before=self._decided_before,
            changed=len(self._changed),
            accepted=became["accepted"],
            updated=became["updated"],
            already_known=became["unchanged"],
            dismissed=len(dismissed),
            still_held=len(held),
            problems=dict(problems.most_common()),
            held=held,
        )

    def _looked_at(
        self, one: Given, cells: dict[str, str], row: Waiting | None, still: set[int], taken: dict[int, str]
    ) -> Problem | None:
        if row is None:
            return self._problem(one.at, paper.KEY, "no_such_row", "Export the rows of this store.")
        column = tampered(row, cells)
        if column is not None:
            return self._problem(one.at, column, "locked_cell_changed", "Put it back as it was, or export again.")
        ask = self._asked(one, row)
        if not ask.changed and not one.decision:
            return None
        if row.id not in still:
            if self._same_as_decided(one, ask):
                self._decided_before += 1
                return None
            return self._problem(one.at, paper.DECISION, "decided_meanwhile", "Take the row out of the workbook.")
        if row.id in taken:
            return self._problem(one.at, paper.DECISION, "in_hand", f"Ask {taken[row.id]}, who has it at the desk.")
        self._changed.append((one, ask))
        return None

    def _asked(self, one: Given, row: Waiting) -> Asked:
        """The row with the proposal, if that was chosen, and over it the cells that were mended."""
        cells = list(row.cells)
        if one.decision == paper.ACCEPT:
            for column, text in one.offer.items():
                cells[column] = text
        shown = cells_of(row)
        for name, text in one.cells.items():
            if name in shown and text != shown[name]:
                cells[row.source.fields[name]] = self._labels.get(text, text)
        return Asked(row, tuple(cells), theirs=one.decision == paper.THEIRS)

    def _same_as_decided(self, one: Given, ask: Asked) -> bool:
        """Whether a row that waits no longer was decided just so: a workbook may be applied again."""
        last = self._batch.connection.execute(
            select(desk_decision.c.verdict, desk_decision.c.detail)
            .where(
                desk_decision.c.kind == QUARANTINE,
                desk_decision.c.subject == one.key,
                desk_decision.c.reversed_by.is_(None),
            )
            .order_by(desk_decision.c.id.desc())
        ).first()
        if last is None or (last.verdict == DISMISSED) != (one.decision == paper.DISMISS):
            return False
        if last.verdict == DISMISSED:
            return True
        cells = {ask.waiting.heading(column): list(pair) for column, pair in ask.changed.items()}
        return bool(json.loads(last.detail or "{}").get("cells") == cells)

    def _waiting(self, keys: list[int]) -> dict[int, Waiting]:
        """The rows of these ids, those out of the caller's reach left out."""
        connection = self._batch.connection
        seen: list[int] = []
        for start in range(0, len(keys), _LISTED):
            some = register_row.c.id.in_(keys[start : start + _LISTED])
            seen += connection.scalars(select(register_row.c.id).where(some, rows_seen(self._session, connection)))
        return {row.id: row for row in self._rereader.sources.rows(connection, seen)}

    def _still(self, keys: list[int]) -> tuple[set[int], dict[int, str]]:
        """Which rows wait still, and whose hand others are in."""
        connection = self._batch.connection
        still: set[int] = set()
        for start in range(0, len(keys), _LISTED):
            some = keys[start : start + _LISTED]
            still.update(connection.scalars(still_waiting().where(register_row.c.id.in_(some))))
        claims = connection.execute(
            select(claim.c.subject, claim.c.operator).where(
                claim.c.kind == QUARANTINE,
                claim.c.operator != self._session.account,
                claim.c.until > moment(self._session.clock()),
            )
        )
        return still, {row.subject: row.operator for row in claims}

    def _problem(self, at: int, column: str, code: str, remedy: str) -> Problem:
        return Problem(self._path.name, self._sheet, at, column, "", code, remedy)


def _still_out(one: Given, answer: Answer) -> StillOut:
    file, sheet = answer.waiting.source.place
    return StillOut(file, sheet, answer.waiting.row, one.at, list(answer.problems))
