"""Who was at a meeting: a register handed back with its rows signed, a list of names, or what a scanner read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ancadmin.domain.id_numbers import digits_of_any_age
from ancadmin.domain.turnout import Seen
from ancadmin.readers.headings import NOT_A_FIELD, plain_words, wordings_of
from ancadmin.readers.refusals import refused
from ancadmin.readers.tables import ROWS_LOOKED_AT, Chunk, Headings, Sheet, read_sheets
from ancadmin.readers.text import Record

SERIAL = re.compile(r"AR-[^\s()<>/\\,;|]{1,80}-\d{4}-\d{1,9}", re.IGNORECASE)
# More lines than any meeting has people: the file is something else.
MOST_LINES = 100_000
_OWN = {
    "number": "no; nr; number; row; nommer",
    "signed": "present; signature; signed; attended; teenwoordig; handtekening; geteken",
    "seen_at": "time; scanned; scanned at; seen at; time scanned; date and time; timestamp; tyd; datum en tyd",
}
_REGISTER = ("id_number", "surname", "first_names")
_SURE = 0.5
_MEANT_FOR_AN_ID = 6
_ROW_NUMBER = re.compile(r"^[\s,;]*(\d{1,6})[\s,;]*$")
_KNOWN = {"".join(plain_words(said)): name for name, words in _OWN.items() for said in words.split(";")}
_ID = re.compile(r"(?<!\d)\d{13}(?!\d)")
_BORN = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_MASKED = re.compile(r"(?<!\d)\d{6}\*{4}\d{3}(?!\d)")
_DAY = r"(?:\d{4}[-/]\d\d[-/]\d\d|\d{1,2}/\d{1,2}/\d{4})"
_TIME = r"\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d| ?[AaPp][Mm])?"
_MOMENT = re.compile(rf"(?<!\d)(?:{_DAY}(?:[T ]{_TIME})?|{_TIME})(?!\d)")
_LONG = re.compile(r"\d{10}")
# What is not seen, or only fills a cell: zero-width signs, dashes, dots, an empty box.
_NOTHING = re.compile(r"[\s\u200b-\u200f\u2060\ufeff.,_\-\u2010-\u2015\u2212\u2610\u25a1]+")
# Under Present or Signature these say that somebody was not there; naughts do too.
_ABSENT = (
    "no n nee false onwaar none nil n/a absent afwesig notpresent nothere nieteenwoordig apology apologies verskoning"
)

Columns = dict[str, list[int]]


@dataclass(frozen=True)
class AttendanceFile:
    """What a file says: the serials of registers named in it, its lines about somebody present, how many lines were
    read, how many were about nobody (blank, a title, a total), and how many people had not signed.
    """

    serials: tuple[str, ...]
    seen: tuple[Seen, ...]
    read: int
    blank: int
    not_signed: int


def read_attendance(path: Path) -> AttendanceFile:
    """The lines of a file. With a column `Present` or `Signature` those are present who have something written there
    that does not say they were not (`no`, `0`, `-`); without one, everybody on the list. A file without headings is
    what a scanner read: an ID number a line, and a line each where several stand on one.

    Raises InputRefused for a file that is no table, or holds no list of people.
    """
    sheets = read_sheets(path, _find_headings, without_headings=True, must_have_headings=False)
    headed = [sheet for sheet in sheets if sheet.header_row]
    lines = list(islice(_listed(headed) if headed else _scanned(sheets), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        raise refused(
            path, f"more than {MOST_LINES:,} lines: no meeting's attendance", "See that it is the right file."
        )
    serials: dict[str, str] = {}
    for found in (found for line in lines if _names_itself(line.text) for found in SERIAL.findall(line.text)):
        serials.setdefault(found.lower(), found)  # a QR code has it in capitals
    seen = [line.seen for line in lines if line.seen is not None]
    if not seen and not any(line.unsigned for line in lines):
        raise refused(
            path,
            "nobody is named in it",
            "Give the register with its rows signed, a list with ID numbers, or what the scanner read.",
        )
    unsigned = sum(line.unsigned for line in lines)
    return AttendanceFile(tuple(serials.values()), tuple(seen), len(lines), len(lines) - len(seen) - unsigned, unsigned)


def _names_itself(text: str) -> bool:
    """A register also names the one it supersedes, in its heading and over what differs."""
    return not text.startswith(("Supersedes", "What differs"))


@dataclass(frozen=True)
class _Line:
    """A line's text; whom it says was there, None for nobody; whether it names somebody who did not sign."""

    text: str
    seen: Seen | None = None
    unsigned: bool = False


def _find_headings(top: Sequence[Record]) -> Headings | None:
    rows = [(at, cells) for at, (_, cells) in enumerate(top[:ROWS_LOOKED_AT])]
    return next((one for one in rows if _columns(one[1])), None)


def _columns(headings: Sequence[str]) -> Columns | None:
    """Where what stands, of a heading row; None where nobody could be found by it."""
    found: Columns = {}
    for at, heading in enumerate(headings):
        own = _KNOWN.get("".join(plain_words(heading)))
        worded = wordings_of(heading)
        sure = max(_REGISTER, key=lambda name: worded.get(name, 0.0))
        if own is not None:
            found.setdefault(own, []).append(at)
        elif NOT_A_FIELD not in worded and worded.get(sure, 0.0) >= _SURE:
            found.setdefault(sure, []).append(at)
    named = "id_number" in found or ("number" in found and "signed" in found) or {*_REGISTER[1:]} <= found.keys()
    return found if named else None


def _listed(sheets: Sequence[Sheet]) -> Iterator[_Line]:
    for sheet in sheets:
        columns = _columns(sheet.columns) or {}
        for _, cells in sheet.above:
            yield _Line(" ".join(cells))
        for number, texts in _rows(sheet.chunks()):
            yield _line(number, texts, columns)


def _rows(chunks: Iterator[Chunk]) -> Iterator[tuple[int, list[str]]]:
    for chunk in chunks:
        cells = [column.to_pylist() for column in chunk.cells.columns]
        for at, number in enumerate(chunk.rows.tolist()):
            yield number, [" ".join(column[at].split()) for column in cells]


def _line(row: int, texts: list[str], columns: Columns) -> _Line:
    def said(name: str) -> str:
        return " ".join(texts[at] for at in columns.get(name, []) if at < len(texts) and texts[at])

    written, text = said("number"), " ".join(filter(None, texts))
    id_text = said("id_number")
    number = int(written) if written.isdecimal() and len(written) < 7 else None
    id_number = _id_number(id_text)
    named = said("surname") and not written and not id_text
    # A heading of a group, a subtotal, the line to sign on: nobody. But digits meant for an ID number are somebody.
    if not (number or id_number or named) and sum(character.isdigit() for character in id_text) < _MEANT_FOR_AN_ID:
        return _Line(text)
    seen_at = said("seen_at") or None
    if "signed" in columns:
        marks = [_mark(texts[at]) for at in columns["signed"] if at < len(texts)]
        if True not in marks:
            return _Line(text, unsigned=True)
        if False in marks:  # not there, and signed: who was is for a person to tell
            return _Line(text, Seen(row, text, seen_at=seen_at))
    if id_text and not id_number:
        return _Line(text, Seen(row, id_text, seen_at=seen_at))  # a number nobody can read is not made up for by a name
    names = said("surname"), said("first_names")
    return _Line(text, Seen(row, id_text or text, id_number, number, *names, seen_at))


def _mark(written: str) -> bool | None:
    """Whether a mark says that somebody was there; None where it says nothing."""
    bare = _NOTHING.sub("", written).casefold()
    return (bare not in _ABSENT.split() and bool(bare.strip("0"))) if bare else None


def _id_number(text: str) -> str:
    # On a register stands what is on record, be its check digit right or not.
    found = _MASKED.search(text) or _ID.search(text)
    return found[0] if found else digits_of_any_age(text) or ""


def _scanned(sheets: Sequence[Sheet]) -> Iterator[_Line]:
    read = [(row, " ".join(filter(None, cells))) for sheet in sheets for row, cells in _rows(sheet.chunks())]
    # Beside ID numbers a short number is a count; by themselves they are numbers of rows that lost their zeros.
    shortest = 6 if any(_LONG.search(text) for _, text in read) else 1
    for row, text in read:
        yield from _scan(row, text, shortest)


def _scan(row: int, text: str, shortest: int) -> Iterator[_Line]:
    """A line of a scanner: the number of an ID book or card wherever it stands; of a row, where ID numbers are masked
    (at least `shortest` digits); the code of the register itself.
    """
    moment, rest = _MOMENT.search(text), _MOMENT.sub(" ", text).strip(" ,;")
    seen_at, row_number = moment and moment[0], _ROW_NUMBER.search(rest)
    if SERIAL.search(text) or not any(character.isdigit() for character in rest):
        yield _Line(text)
    elif row_number is not None and len(row_number[1]) >= shortest:
        yield _Line(text, Seen(row, text, number=int(row_number[1]), seen_at=seen_at))
    else:
        for id_number in _scanned_numbers(rest):
            yield _Line(text, Seen(row, text[:200], id_number, seen_at=seen_at))


def _scanned_numbers(text: str) -> list[str]:
    """The ID numbers in a line, each once; one empty where nobody can read any. Digits that begin with no date (a
    moment in thousandths of a second) are one only where no others are there.
    """
    found = list(dict.fromkeys(_ID.findall(text)))
    dated = [number for number in found if _BORN.match(number)]
    return dated or found or [digits_of_any_age(text) or ""]
