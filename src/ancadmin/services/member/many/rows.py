"""One row of a file of decisions: all that is wrong with it, and what is done about it where nothing is."""

from dataclasses import dataclass

from sqlalchemy import select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import branch
from ancadmin.domain.names import surname_of
from ancadmin.domain.problems import Problem
from ancadmin.domain.verbs import Verb
from ancadmin.errors import AncadminError, InputRefused, NotAllowed
from ancadmin.readers.decisions import DecisionRow, DecisionSheet
from ancadmin.services.approvals.captured import at_once, left_waiting
from ancadmin.services.approvals.placed import Placed
from ancadmin.services.member.apply import contacts_of
from ancadmin.services.member.many.people import OnRecord, entries, parts, people
from ancadmin.services.member.many.wishes import CONTACTS, Wished, branch_to, on_record, waits_alike, wished
from ancadmin.services.session import Session

RECORDED, WAITING, ALREADY, REFUSED = "recorded", "waiting", "already", "refused"
_REMEDIES = {
    "why_missing": "Write the reason in the row, or give one for all rows with --why TEXT.",
    "surname_missing": "Write the surname as on the form.",
    "branch_missing": "Write the code of the branch; see: ancadmin db places list",
    "branch_unknown": "No such branch is on record; see: ancadmin db places list",
    "contact_missing": "Write what changes: cell, email or voting district.",
    "contact_twice": "Another row of the file says otherwise of the same person: take one of them out.",
    "not_on_record": "Nobody on record in your places has this ID number; new people apply. See: ancadmin member find "
    "SURNAME; of a member of another place, send the row there.",
    "out_of_reach": "The branch is not yours; send the row to its region.",
    "waits_for_request": "An earlier row about the same person waits for approval: import the file again after that.",
}
# Where the record does not allow what a row says: which field that is about, and what to do where the command's own
# remedy would name an option. Of other codes it is the decision, and the command's remedy.
_ABOUT = {
    "died_before": "on",
    "day_ahead": "on",
    "probation_over": "on",
    "not_listed_yet": "on",
    "moved_since": "on",
    "before_the_last_word": "on",
    "ends_before_it_begins": "until",
    "id_shared": "surname",
    "age_out_of_range": "id_number",
    "of_that_branch": "to",
}
_INSTEAD = {
    "day_ahead": "Record it when it has happened.",
    "before_the_last_word": "Write a later day, or see which of the two is wrong.",
    "ends_before_it_begins": "Write the first day on which it is over.",
    "which_is_lifted": "Write `lift expulsion` or `lift suspension`.",
    "objection_open": "Settle that one first, in a row before: settle objection.",
}


@dataclass(frozen=True)
class Told:
    """What became of a row. `id_number`: of a record it wrote an entry about, "" for none."""

    outcome: str
    problems: list[Problem]
    id_number: str = ""


class Rows:
    """The rows of a file as they are done one after another, in one batch."""

    def __init__(self, session: Session, batch: Batch, why: str) -> None:
        self._session, self._batch, self._why = session, batch, why
        self._placed = Placed(session, batch.connection)
        self._branches = frozenset(batch.connection.scalars(select(branch.c.code)))
        self._contacts: dict[tuple[str, str], str] = {}
        self._people: dict[str, OnRecord] = {}
        self._asked: set[str] = set()
        # A change of contacts leaves no entry that could keep its reason: the ids of members, by the reason.
        self.contact_reasons: dict[str, list[int]] = {}

    def look_up(self, id_numbers: list[str]) -> None:
        """Finds who is on record of those the next rows are about, one row each, all at once."""
        self._people = {}
        for some in parts(id_numbers):
            found = people(self._batch.connection, some)
            made = entries(self._batch.connection, [person["id"] for person in found.values()])
            for id_number, person in found.items():
                self._people[id_number] = OnRecord(person, made.get(person["id"], []))

    def done(self, sheet: DecisionSheet, row: DecisionRow) -> Told:
        """Records the decision or asks for it; a row with a problem changes nothing."""
        contacts, problems = self._fields(sheet, row)
        person = self._seen(row)
        if row.id_number and row.verb and row.verb is not Verb.APPLY and person is None:
            problems.append(self._problem(sheet, row, "id_number", self._unless_asked(row, "not_on_record")))
        if problems:
            return Told(REFUSED, problems)
        try:
            with self._batch.connection.begin_nested():
                return self._decided(sheet, row, person, contacts)
        except (InputRefused, NotAllowed) as error:
            return Told(REFUSED, [self._not_allowed(sheet, row, error)])

    def _seen(self, row: DecisionRow) -> OnRecord | None:
        """Whom a row is about. Whether somebody out of sight is a member is not for the caller to know: only who brings
        them in, by a transfer or an application, has to.
        """
        person = self._people.get(row.id_number)
        brought = row.verb in (Verb.TRANSFER, Verb.APPLY)
        return person if person is None or brought or self._placed.sees(person.row["branch"]) else None

    def _decided(
        self, sheet: DecisionSheet, row: DecisionRow, person: OnRecord | None, contacts: dict[str, str]
    ) -> Told:
        why = row.cells.get("why") or self._why
        one = wished(row, person.row if person else None, contacts, why, self._batch.policy)
        act, on = one.wish.act, None if one.wish.on is None else one.wish.day
        if not self._placed.may_ask(act, one.places):
            hidden = person is not None and row.verb is Verb.TRANSFER and not self._placed.sees(person.row["branch"])
            code = self._unless_asked(row, "not_on_record") if hidden else "out_of_reach"
            return Told(REFUSED, [self._problem(sheet, row, "id_number", code)])
        if on_record(self._batch.connection, row, person, contacts):
            return Told(ALREADY, [])
        if self._placed.alone(act, one.places, on):
            done = at_once(self._session, self._batch, one.wish, one.work)
            if row.verb is Verb.CONTACT and person is not None:
                self.contact_reasons.setdefault(why, []).append(person.row["id"])
            return Told(RECORDED, [], done.id_number)
        return self._left_waiting(row, one)

    def _left_waiting(self, row: DecisionRow, one: Wished) -> Told:
        self._asked.add(row.id_number)
        if waits_alike(self._batch.connection, one.wish):
            return Told(ALREADY, [])
        left_waiting(self._session, self._batch, one.wish, one.work)
        return Told(WAITING, [])

    def _fields(self, sheet: DecisionSheet, row: DecisionRow) -> tuple[dict[str, str], list[Problem]]:
        """The contacts a row gives, and all that is wrong with its cells."""
        wrong: list[tuple[str, str]] = []
        contacts: dict[str, str] = {}
        if not (row.cells.get("why") or self._why):
            wrong.append(("why", "why_missing"))
        if row.verb is Verb.APPLY and not surname_of(row.cells.get("surname", "")):
            wrong.append(("surname", "surname_missing"))
        if row.verb in (Verb.APPLY, Verb.TRANSFER):
            wrong += self._branch(row)
        problems = [*row.problems, *(self._problem(sheet, row, name, code) for name, code in wrong)]
        if row.verb in (Verb.APPLY, Verb.CONTACT):
            for name in CONTACTS:
                try:
                    contacts |= contacts_of(**{**dict.fromkeys(CONTACTS, ""), name: row.cells.get(name, "")})
                except InputRefused as error:
                    problems.append(sheet.problem(row.row, name, error.value, error.code, error.remedy))
        if row.verb is Verb.CONTACT:
            twice = [name for name, said in contacts.items() if self._said_before(row.id_number, name, said)]
            problems += [self._problem(sheet, row, name, "contact_twice") for name in twice]
            if not contacts and not any(row.cells.get(name) for name in CONTACTS):
                problems.append(self._problem(sheet, row, "cell", "contact_missing"))
        return contacts, problems

    def _branch(self, row: DecisionRow) -> list[tuple[str, str]]:
        name = "to" if row.verb is Verb.TRANSFER and "to" in row.cells else "branch"
        code = branch_to(row) if row.verb is Verb.TRANSFER else row.cells.get("branch") or row.cells.get("to", "")
        if code in self._branches:
            return []
        return [(name, "branch_unknown" if code else "branch_missing")]

    def _said_before(self, id_number: str, name: str, said: str) -> bool:
        """Whether an earlier row says otherwise: then the file would never be the same as the record."""
        return bool(id_number) and self._contacts.setdefault((id_number, name), said) != said

    def _unless_asked(self, row: DecisionRow, code: str) -> str:
        return "waits_for_request" if row.id_number in self._asked else code

    def _problem(self, sheet: DecisionSheet, row: DecisionRow, name: str, code: str) -> Problem:
        return sheet.problem(row.row, name, row.cells.get(name, ""), code, _REMEDIES[code])

    def _not_allowed(self, sheet: DecisionSheet, row: DecisionRow, error: AncadminError) -> Problem:
        """What the record does not allow, said of the row's cell it is about."""
        code = self._unless_asked(row, error.code)
        name = _ABOUT.get(code, "decision")
        if name == "to" and "to" not in row.cells:
            name = "branch"
        what = error.what[:1].upper() + error.what[1:]
        remedy = _REMEDIES[code] if code == "waits_for_request" else _INSTEAD.get(code, error.remedy)
        return sheet.problem(row.row, name, row.cells.get(name, ""), code, f"{what}. {remedy}")
