"""How often the first repair proposed is the right one: damaged ID numbers whose true number is known.

    python benchmarks/repairs.py --rows 2000 --members 20000

A register of members goes on record; a second one names some of them, and people nobody knows, with one of seven kinds
of damage in the number, the name as clerks write it, the birth date and the branch. Common surnames come far too often,
and twins (same surname, day, branch; the sequence one apart) stand beside some of them. Rows with a valid number that
are held back for something else are among them: no proposal may change such a number.

What has to be right first in 95 of 100 is the number of people on record, whose name and birth date are known from
there. Of people on no record the row's own birth date settles the first six digits; among the others the check digit
leaves one reading a digit, and no name tells these apart. So for one wrong digit of theirs it is said, digit by digit,
how often the first proposal is right, and how often it could be at best.
"""

import argparse
import csv
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import numpy as np

from ancadmin.domain.id_numbers import check_digit_holds, digits_of_any_age
from ancadmin.services.demo.people import People
from ancadmin.services.demo.plan import Plan, make_plan, write_places

ONE_DIGIT = ("wrong", "misread", "beside")
DIGITS = {
    "birth date": 6,
    "sequence, first": 7,
    "sequence, rest": 10,
    "citizenship": 11,
    "8 or 9": 12,
    "check digit": 13,
}
KINDS = ("wrong", "misread", "beside", "swapped", "missing", "extra", "illegible")
LEAST_RIGHT = 0.95
HEADINGS = ("ID NO", "SURNAME", "FIRST NAMES", "DATE OF BIRTH", "SEX", "BRANCH CODE", "CELL NO")
_COMMON = ("Dlamini", "Nkosi", "Ndlovu", "Khumalo")
_MISREAD = {"1": "7", "7": "1", "3": "8", "8": "3", "5": "6", "6": "5", "0": "6", "4": "9", "9": "4", "2": "7"}
_BESIDE = {"1": "24", "2": "135", "3": "26", "4": "157", "5": "2468", "6": "359", "7": "48", "8": "579", "9": "68"}
_SOUND_SHARE = 0.1
_KNOWN_SHARE = 0.75


@dataclass
class Score:
    """What became of the damaged rows of one group."""

    rows: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    listed: Counter[str] = field(default_factory=Counter)
    sure: int = 0
    sure_and_wrong: int = 0

    def add(self, kind: str, truth: str, offered: list[str], score: float) -> None:
        """One row: the numbers offered, the first with `score`."""
        self.rows[kind] += 1
        self.first[kind] += offered[:1] == [truth]
        self.listed[kind] += truth in offered
        self.sure += score >= 0.9
        self.sure_and_wrong += score >= 0.9 and offered[:1] != [truth]

    @property
    def right(self) -> float:
        """The share whose first proposal is the true number."""
        return self.first.total() / max(self.rows.total(), 1)


@dataclass
class Part:
    """Of rows with one digit wrong, all in one part of the number: the first proposals that are right, and how many
    would be at best.
    """

    rows: int = 0
    right: int = 0
    at_best: float = 0.0


@dataclass
class Result:
    """The scores of people on record and of others, of these by part of the number (DIGITS) too; how many valid numbers
    a proposal would have changed.
    """

    known: Score = field(default_factory=Score)
    unknown: Score = field(default_factory=Score)
    parts: dict[str, Part] = field(default_factory=lambda: {name: Part() for name in DIGITS})
    sound: int = 0
    sound_changed: int = 0


@dataclass(frozen=True)
class Pile:
    """The files, and by row of the second register the true number, the kind of damage ("" none), and whether known."""

    places: Path
    record: Path
    damaged: Path
    truth: dict[int, tuple[str, str, bool]]


def damage(number: str, kind: str, chance: random.Random) -> str:
    """The number with one slip of a kind; what is valid still is damaged again."""
    while True:
        place = chance.randrange(13)
        digit = number[place]
        if kind == "wrong":
            hurt = number[:place] + chance.choice([one for one in "0123456789" if one != digit]) + number[place + 1 :]
        elif kind == "misread":
            hurt = number[:place] + _MISREAD[digit] + number[place + 1 :]
        elif kind == "beside":
            hurt = number[:place] + chance.choice(_BESIDE.get(digit, "12")) + number[place + 1 :]
        elif kind == "swapped":
            place = min(place, 11)
            hurt = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        elif kind == "missing":
            hurt = number[:place] + number[place + 1 :]
        elif kind == "extra":
            hurt = number[:place] + chance.choice((digit, digit, chance.choice("0123456789"))) + number[place:]
        else:
            hurt = number[:place] + chance.choice("?#BSZG") + number[place + 1 :]
        if hurt != number and digits_of_any_age(hurt) is None:
            return hurt


def at_best(kind: str, written: str, truth: str) -> float:
    """The chance to name `truth` first for somebody who knows how the digit went wrong (ONE_DIGIT), the birth date, the
    sex, the citizenship and the digit before the last: as many readings as are equally likely then, of these one.
    """
    chances: dict[str, float] = {}
    for place, read in enumerate(written):
        for digit in set("0123456789") - {read}:
            number = written[:place] + digit + written[place + 1 :]
            told_apart = number[:6] + number[10:12] == truth[:6] + truth[10:12] and (number[6] < "5") == (
                truth[6] < "5"
            )
            if told_apart and check_digit_holds(number):
                beside = _BESIDE.get(digit, "12")
                chances[number] = {"misread": _MISREAD[digit] == read, "beside": (read in beside) / len(beside)}.get(
                    kind, 1
                )
    likeliest = [number for number, chance in chances.items() if chance == max(chances.values())]
    return (truth in likeliest) / len(likeliest)


def write_pile(folder: Path, rows: int, members: int, seed: int = 1994) -> Pile:
    """Writes the places and both registers."""
    chance = random.Random(seed)
    plan = make_plan(members + rows, seed)
    people = _people(plan, chance)
    known, unknown = people[:members], people[members:]
    places, record, damaged = (folder / name for name in ("places.csv", "record.csv", "damaged.csv"))
    write_places(plan, places)
    truth: dict[int, tuple[str, str, bool]] = {}
    taken = {one["ID NO"] for one in people}
    lines, twins = [], []
    for at in range(rows):
        is_known = chance.random() < _KNOWN_SHARE
        person = chance.choice(known) if is_known else unknown[at]
        line = _as_clerks_write(person, chance)
        if chance.random() < _SOUND_SHARE:
            line["BRANCH CODE"] = "99999999"
            truth[at + 2] = (person["ID NO"], "", is_known)
        else:
            kind = KINDS[at % len(KINDS)]
            line["ID NO"] = damage(person["ID NO"], kind, chance)
            truth[at + 2] = (person["ID NO"], kind, is_known)
            twin = _twin(person, taken, chance) if chance.random() < 0.15 else None
            twins += [twin] if twin else []
        lines.append(line)
    _write(record, known + twins)
    _write(damaged, lines)
    return Pile(places, record, damaged, truth)


def _people(plan: Plan, chance: random.Random) -> list[dict[str, str]]:
    people = People(plan, np.arange(plan.members))
    found = []
    for at in range(plan.members):
        surname, first_names = people.names_of(at)
        cell = int(people.cell[at])
        found.append(
            {
                "ID NO": f"{int(people.id_number[at]):013}",
                "SURNAME": chance.choice(_COMMON) if chance.random() < 0.4 else surname,
                "FIRST NAMES": first_names,
                "DATE OF BIRTH": str(people.born[at]),
                "SEX": "F" if people.woman[at] else "M",
                "BRANCH CODE": plan.branches[int(people.branch[at])].code,
                "CELL NO": f"0{cell}" if cell else "",
            }
        )
    return found


def _as_clerks_write(person: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Names shout, first names are cut to one or to initials, cell numbers change, a few have moved."""
    line = dict(person)
    words = line["FIRST NAMES"].split()
    how = chance.random()
    if how < 0.2:
        line["FIRST NAMES"] = " ".join(word[0] for word in words)
    elif how < 0.4:
        line["FIRST NAMES"] = words[0]
    if chance.random() < 0.5:
        line["SURNAME"], line["FIRST NAMES"] = line["SURNAME"].upper(), line["FIRST NAMES"].upper()
    if chance.random() < 0.7:
        line["CELL NO"] = ""
    return line


def _twin(person: dict[str, str], taken: set[str], chance: random.Random) -> dict[str, str] | None:
    """Someone of the same surname, day and branch, the sequence a few apart, the first names other ones."""
    sequence = int(person["ID NO"][6:10])
    for step in chance.sample((-3, -2, -1, 1, 2, 3), 6):
        if not 0 <= sequence + step <= 9999 or (sequence < 5000) != (sequence + step < 5000):
            continue
        other = f"{person['ID NO'][:6]}{sequence + step:04}{person['ID NO'][10:12]}"
        number = next((other + last for last in "0123456789" if check_digit_holds(other + last)), "")
        if number not in taken:
            taken.add(number)
            return person | {
                "ID NO": number,
                "FIRST NAMES": chance.choice(("Zanele", "Xolani", "Wandile")),
                "CELL NO": "",
            }
    return None


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, HEADINGS, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def measured(db: str, pile: Pile) -> Result:
    """Takes the registers into the store, and holds what is proposed against the truth."""
    from ancadmin.db.schema import register_row
    from ancadmin.services.db.places import import_places
    from ancadmin.services.register.importing.run import import_registers
    from ancadmin.services.register.quarantine.repairs import Repairs
    from ancadmin.services.register.quarantine.rereading import Rereader
    from ancadmin.services.register.quarantine.waiting import still_waiting
    from ancadmin.services.session import open_session
    from ancadmin.settings import load_settings

    session = open_session(load_settings(db))
    import_places(session, pile.places)
    import_registers(session, [pile.record])
    import_registers(session, [pile.damaged])
    result = Result()
    with session.reading("repairs measured") as connection:
        ids = connection.scalars(still_waiting().order_by(register_row.c.row)).all()
        rereader = Rereader(session.policy, session.today)
        rows = [row for row in rereader.sources.rows(connection, ids) if row.source.place[0] == pile.damaged.name]
        read = rereader.clean(connection, [(row, row.cells) for row in rows])
        offers = Repairs(connection, session.policy, session.today).of(connection, rows, read)
        for row, some in zip(rows, offers, strict=True):
            truth, kind, known = pile.truth[row.row]
            column = row.source.fields["id_number"]
            numbers = [offer.changes[column] for offer in some if column in offer.changes]
            if not kind:
                result.sound += 1
                result.sound_changed += bool(numbers)
                continue
            group = result.known if known else result.unknown
            group.add(kind, truth, numbers, some[0].score if some else 0.0)
            if not known and kind in ONE_DIGIT:
                _add_part(result.parts, kind, row.cells[column], truth, right=numbers[:1] == [truth])
    return result


def _add_part(parts: dict[str, Part], kind: str, written: str, truth: str, *, right: bool) -> None:
    place = next(at for at, (read, digit) in enumerate(zip(written, truth, strict=True), 1) if read != digit)
    part = parts[next(name for name, last in DIGITS.items() if place <= last)]
    part.rows += 1
    part.right += right
    part.at_best += at_best(kind, written, truth)


def told(result: Result) -> str:
    """The figures, a line each."""
    lines = []
    for name, group in (("on record", result.known), ("on no record", result.unknown)):
        lines.append(
            f"{name}: {group.rows.total()} damaged, first proposal right {group.right:.1%}, "
            f"right among those listed {group.listed.total() / max(group.rows.total(), 1):.1%}, "
            f"of {group.sure} with a score of 0.9 or more {group.sure_and_wrong} wrong"
        )
        lines += [f"  {kind}: {group.first[kind]} of {group.rows[kind]}" for kind in KINDS]
    every = sum(part.rows for part in result.parts.values())
    right, best = (sum(getattr(part, name) for part in result.parts.values()) for name in ("right", "at_best"))
    lines.append(f"on no record, one digit wrong: {every}, right first {right / every:.1%}, at best {best / every:.1%}")
    for name, part in result.parts.items():
        of = max(part.rows, 1)
        lines.append(f"  {name}: {part.rows}, right first {part.right / of:.1%}, at best {part.at_best / of:.1%}")
    lines.append(f"valid numbers: {result.sound}, changed {result.sound_changed}")
    return "\n".join(lines)


def main() -> None:
    """Makes the files, measures, and exits 1 where less than LEAST_RIGHT is right or a valid number was changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000, help="rows of the damaged register")
    parser.add_argument("--members", type=int, default=20_000, help="members on record")
    parser.add_argument("--seed", type=int, default=1994)
    asked = parser.parse_args()
    from ancadmin.services.db.init import initialise
    from ancadmin.settings import load_settings

    with tempfile.TemporaryDirectory(prefix="ancadmin-") as name:
        folder = Path(name)
        db = f"sqlite:///{folder / 'store.db'}"
        initialise(load_settings(db), sole_operator=True)
        result = measured(db, write_pile(folder, asked.rows, asked.members, asked.seed))
    print(told(result))
    raise SystemExit(int(result.known.right < LEAST_RIGHT or result.sound_changed > 0))


if __name__ == "__main__":
    main()
