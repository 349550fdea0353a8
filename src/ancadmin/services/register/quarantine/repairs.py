"""What may put a row right that is held back, looked up for many rows at once: numbers, branches, whose a number is.

Only numbers a slip away are looked up, and those of people born on the day the row gives; nobody is searched for among
all members.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
from rapidfuzz import fuzz, process, utils
from sqlalchemy import Connection, select

from ancadmin.db.schema import branch, region
from ancadmin.domain.id_columns import PROBLEMS as ID_PROBLEMS
from ancadmin.domain.id_numbers import digits_of_any_age, legible_digits, read_id_number
from ancadmin.domain.names import surname_key
from ancadmin.domain.policy import Policy
from ancadmin.domain.repairs import Person, Proposal, Slip, SlipKind, neighbours, ranked, same_first_names, same_surname
from ancadmin.readers.cells import parse_dates
from ancadmin.readers.headings import plain_words
from ancadmin.services.register.quarantine.on_record import Known, born_on, on_record
from ancadmin.services.register.quarantine.paid import paid_by_nobody
from ancadmin.services.register.quarantine.waiting import Waiting

MOST_OFFERED = 5
_EARLIEST = date(1900, 1, 1)
_BIRTH = {"birth", "born", "birthday", "birthdate", "dob", "gebore", "geboorte", "geboortedatum"}
_SEXES = {"m": "M", "f": "F", "v": "F", "w": "F"}
_TITLES = {"mr": "M", "mnr": "M", "mrs": "F", "ms": "F", "miss": "F", "mev": "F", "mej": "F"}
_LEAST_LIKE = 60.0
# Beside a likelier one nobody is shown an offer with less of a chance.
_LEAST_SCORE = 0.005
_NO_BRANCH = ("branch_missing", "branch_unknown")


@dataclass(frozen=True)
class Offer:
    """A proposed repair: cells to change (column → text), how likely it is right (0 to 1), and the evidence in words.

    `theirs`: the number is this person's, although another row claims it.
    """

    what: str
    score: float
    evidence: tuple[str, ...]
    changes: dict[int, str]
    theirs: bool = False

    @property
    def percent(self) -> str:
        """The score for people: nothing is certain until someone has decided."""
        return f"{min(self.score, 0.99):.0%}"


class Repairs:
    """Looks repairs up for rows held back. The places on record, and what deposits name, are read once."""

    def __init__(self, connection: Connection, policy: Policy, today: date) -> None:
        self._policy = policy
        self._today = today
        rows = connection.execute(
            select(branch.c.code, branch.c.name, branch.c.region, region.c.name.label("region_name"))
            .join(region, region.c.code == branch.c.region)
            .order_by(branch.c.code)
        ).all()
        self._branches = {row.code: row for row in rows}
        self._names = {row.code: row.name for row in rows}
        self._found: dict[str, list[tuple[str, float]]] = {}
        self._paid: dict[str, date] | None = None

    def of(self, connection: Connection, rows: Sequence[Waiting], cleaned: pa.Table) -> list[list[Offer]]:
        """For each row its offers, the likeliest first. `cleaned`: the same rows as they are read (cleaning.SCHEMA)."""
        read = cleaned.to_pylist()
        written = self._birth_cells(rows)
        people = [_said(row, one, born) for row, one, born in zip(rows, read, written, strict=True)]
        candidates = [self._candidates(row) for row in rows]
        found = on_record(connection, {number for some in candidates for number in some} | _own(rows))
        # Under the number of a record merged into another the row would only be held back again.
        candidates = [_of_nobody_merged(some, found) for some in candidates]
        known = {number: one.person for number, one in found.items()}
        if any(candidates) and self._paid is None:
            self._paid = paid_by_nobody(connection)
        births = [self._birth(row, person) for row, person in zip(rows, people, strict=True)]
        same_day = born_on(connection, {born for born in births if born})
        offers = []
        for row, one, person, some, born in zip(rows, read, people, candidates, births, strict=True):
            for other in same_day.get(born, ()) if born else ():
                if other.id_number not in some and _is_them(person, other.person):
                    some[other.id_number] = Slip(SlipKind.NO_NUMBER)
                    known[other.id_number] = other.person
            own = found.get(digits_of_any_age(row.cell("id_number")) or "")
            offers.append([] if own and own.merged else self._offers(row, one, person, some, known))
        return offers

    def births(self, row: Waiting) -> list[str]:
        """Both birth dates of a number whose age is out of range."""
        if "age_out_of_range" not in row.problems:
            return []
        reading = read_id_number(row.cell("id_number"), row.source.reading_date, self._policy)
        return [born.isoformat() for born in reading.births]

    def _candidates(self, row: Waiting) -> dict[str, Slip]:
        if not set(row.problems) & set(ID_PROBLEMS) or "age_out_of_range" in row.problems:
            return {}
        return neighbours(legible_digits(row.cell("id_number")))

    def _offers(
        self, row: Waiting, read: dict[str, Any], said: Person, candidates: dict[str, Slip], known: dict[str, Person]
    ) -> list[Offer]:
        days = [day for day in (read["joined_on"], row.source.reading_date) if day]
        record = {number: known[number] for number in candidates if number in known}
        numbers = ranked(said, candidates, record, days, self._policy, self._paid or {})
        offers = [self._number(row, one) for one in numbers[:MOST_OFFERED]]
        own = digits_of_any_age(row.cell("id_number"))
        if "id_shared" in row.problems:
            offers += _whose(known.get(own or ""), said)
        if "surname_missing" in row.problems:
            numbered: list[Offer | None] = [*offers] or [None]
            offers = [both for one in numbered for both in _surname(row, one, known, own)] or offers
        if not set(row.problems).isdisjoint(_NO_BRANCH):
            offers = self._with_branches(row, offers, known, own)
        likeliest = sorted(offers, key=lambda offer: -offer.score)[:MOST_OFFERED]
        return [offer for place, offer in enumerate(likeliest) if place == 0 or offer.score >= _LEAST_SCORE]

    def _number(self, row: Waiting, one: Proposal) -> Offer:
        return Offer(
            f"ID number {one.id_number}", one.score, one.evidence, {row.source.fields["id_number"]: one.id_number}
        )

    def _with_branches(
        self, row: Waiting, offers: list[Offer], known: dict[str, Person], own: str | None
    ) -> list[Offer]:
        """The branches beside the numbers: the likeliest branch with every number, or the branches alone."""
        if not offers:
            return self._branch_offers(row, known.get(own or ""))
        together = []
        for offer in offers:
            number = offer.changes.get(row.source.fields["id_number"], own)
            for there in self._branch_offers(row, known.get(number or ""))[:1]:
                what, score = f"{offer.what}, {there.what}", round(offer.score * there.score, 4)
                evidence, changes = (*offer.evidence, *there.evidence), offer.changes | there.changes
                together.append(replace(offer, what=what, score=score, evidence=evidence, changes=changes))
        return together

    def _branch_offers(self, row: Waiting, person: Person | None) -> list[Offer]:
        fields = row.source.fields
        column = next((fields[name] for name in ("branch", "branch_name", "ward") if name in fields), None)
        if column is None:
            return []
        found = []
        if person is not None and person.branch:
            found = [self._branch(person.branch, 0.97, "the member is on record in it", column, row)]
        region_said = surname_key(row.cell("region"))
        for text in dict.fromkeys(row.cell(name) for name in ("branch_name", "branch", "ward") if row.cell(name)):
            if text not in self._found:
                self._found[text] = list(self._alike(text))
            for code, score in self._found[text]:
                there = self._branches[code]
                agrees = region_said and region_said in (surname_key(there.region), surname_key(there.region_name))
                words = f"“{text}” is {score:.0f} % like {there.name if not text.isdigit() else code}"
                worth = score / 100 * (0.9 if not text.isdigit() else 0.4)
                if agrees:
                    worth, words = min(worth * 1.1, 0.98), f"{words}; the region agrees"
                found.append(self._branch(code, worth, words, column, row))
        best: dict[str, Offer] = {}
        for offer in found:
            if offer.what not in best or best[offer.what].score < offer.score:
                best[offer.what] = offer
        return sorted(best.values(), key=lambda offer: -offer.score)[:MOST_OFFERED]

    def _alike(self, text: str) -> Iterator[tuple[str, float]]:
        if text.isdigit():
            codes = list(self._branches)
            for code, score, _ in process.extract(
                text, codes, scorer=fuzz.ratio, limit=MOST_OFFERED, score_cutoff=_LEAST_LIKE
            ):
                yield code, score
            return
        for _, score, code in process.extract(
            text,
            self._names,
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            limit=MOST_OFFERED,
            score_cutoff=_LEAST_LIKE,
        ):
            yield code, score

    def _branch(self, code: str, score: float, words: str, column: int, row: Waiting) -> Offer:
        name = self._names.get(code, code)
        # One cell says the branch; another that named one nobody knows says it no more.
        fields = row.source.fields
        blank = {fields[name]: "" for name in ("branch", "branch_name") if name in fields and fields[name] != column}
        return Offer(f"branch {code} {name}", round(score, 4), (words,), {**blank, column: code})

    def _birth_cells(self, rows: Sequence[Waiting]) -> list[date | None]:
        """The birth dates in columns of their own, a sheet at a time."""
        found: list[date | None] = [None] * len(rows)
        by_source: dict[int, list[int]] = {}
        for place, row in enumerate(rows):
            by_source.setdefault(row.source.id, []).append(place)
        for places in by_source.values():
            headings = rows[places[0]].source.headings
            column = next((at for at, text in enumerate(headings) if not _BIRTH.isdisjoint(plain_words(text))), None)
            if column is not None:
                texts = [rows[place].cells[column] if column < len(rows[place].cells) else "" for place in places]
                days = parse_dates(pa.array(texts, pa.string()), _EARLIEST, self._today).days
                for place, day in zip(places, days.astype(object), strict=True):
                    found[place] = day
        return found

    def _birth(self, row: Waiting, person: Person) -> date | None:
        """The day a person without a readable number was born, as far as the row says."""
        if set(row.problems).isdisjoint(set(ID_PROBLEMS) - {"age_out_of_range"}):
            return None
        return person.born or _first_six(row.cell("id_number"), row.source.reading_date, self._policy)


def _said(row: Waiting, read: dict[str, Any], born: date | None) -> Person:
    """What a row says of somebody."""
    gender = _SEXES.get(row.cell("gender").casefold()[:1]) or _TITLES.get(_title(row))
    names = read["surname"] or "", read["first_names"] or ""
    return Person(*names, born, gender, read["branch"], read["cell"])


def _title(row: Waiting) -> str:
    """How somebody is addressed, where a column says so: `mev`."""
    pairs = zip(row.source.headings, row.cells, strict=False)
    return next(
        (cell.strip(" .").casefold() for heading, cell in pairs if {"title", "titel"} & {*plain_words(heading)}), ""
    )


def _first_six(text: str, day: date, policy: Policy) -> date | None:
    """The birth date at the front of a number whose other digits are gone."""
    bare = re.sub(r"\D", "", text.partition("E")[0].partition("e")[0])
    if not 6 <= len(bare) <= 14:
        return None
    year, month, number = int(bare[:2]), int(bare[2:4]), int(bare[4:6])
    numbers = policy.on(day)
    for century in (1900, 2000):
        try:
            born = date(century + year, month, number)
        except ValueError:
            continue
        if numbers.minimum_age <= (day - born).days / 365.25 <= numbers.maximum_age:
            return born
    return None


def _of_nobody_merged(candidates: dict[str, Slip], found: dict[str, Known]) -> dict[str, Slip]:
    return {number: slip for number, slip in candidates.items() if number not in found or not found[number].merged}


def _is_them(said: Person, known: Person) -> bool:
    """Somebody born that day whose names are those of the row: found though the number says something else."""
    names = same_first_names(said.first_names, known.first_names)
    return same_surname(said.surname, known.surname) == 1.0 and names is not None and names >= 0.5


def _whose(holder: Person | None, said: Person) -> list[Offer]:
    """Of a number two people share: that it is this one's, unless somebody else is on record under it."""
    if holder is not None and not same_surname(said.surname, holder.surname):
        return []
    return [
        Offer(
            "the number is this person's",
            0.5,
            ("take this only where someone has seen the ID document",),
            {},
            theirs=True,
        )
    ]


def _surname(row: Waiting, offer: Offer | None, known: dict[str, Person], own: str | None) -> Iterable[Offer]:
    """The surname of whoever is on record under the number."""
    fields = row.source.fields
    number = offer.changes.get(fields["id_number"], own) if offer else own
    person = known.get(number or "")
    if person is None or "surname" not in fields:
        return []
    changes = {fields["surname"]: person.surname}
    words = f"{person.first_names} {person.surname} is on record under the number".strip()
    if offer is None:
        return [Offer(f"surname {person.surname}", 0.9, (words,), changes)]
    return [replace(offer, what=f"{offer.what}, surname {person.surname}", changes=offer.changes | changes)]


def _own(rows: Sequence[Waiting]) -> set[str]:
    """The valid numbers of rows that are held back for something else."""
    return {number for row in rows if (number := digits_of_any_age(row.cell("id_number")))}
