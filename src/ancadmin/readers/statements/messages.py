"""What the formats of messages (OFX, MT940, camt.053) have in common: amounts, days, narratives, lines one by one."""

import codecs
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from ancadmin.domain.problems import Problem
from ancadmin.errors import InputRefused, Place
from ancadmin.readers.encodings import END_OF_FILE, encoding_of
from ancadmin.readers.refusals import not_readable
from ancadmin.readers.statements.statement import MOST_PROBLEMS, Break, Lines, Statement

CURRENCY = "ZAR"
HERE = ZoneInfo("Africa/Johannesburg")
ASK_AGAIN = "Ask the bank for it again and see that the copy finished."
EARLIEST = date(1970, 1, 1)
_YEARS_AHEAD = 10
_HEAD = 1 << 16
_SHOWN = 60
# As where errors are told: a longer run of digits may hold an ID number.
_MAY_HOLD_ID = re.compile(r"\d{13,}")
_AMOUNT = re.compile(r"([+-]?)(\d{0,16})(?:[.,](\d*))?", re.ASCII)
# What programs write where there is nothing to say; no identifier, and no narrative.
_NOTHING = {"", "0", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "NOTPROVIDE", "NONE", "N/A", "NA"}
_REMEDIES = {
    "value_date": "Ask the bank for the statement again.",
    "amount": "Amounts are in rands and whole cents; ask the bank for the statement again.",
    "correction": "See what the bank corrected and put it right with `ancadmin deposits reverse`.",
}


@dataclass
class Entries:
    """The lines of a statement, put down one by one in the order of the message."""

    path: Path
    today: date
    row: list[int] = field(default_factory=list)
    day: list[date] = field(default_factory=list)
    cents: list[int] = field(default_factory=list)
    narrative: list[str] = field(default_factory=list)
    reference: list[str] = field(default_factory=list)
    identifier: list[str] = field(default_factory=list)
    charge: list[bool] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unreadable: int = 0

    def add(
        self,
        row: int,
        day: date,
        cents: int,
        narrative: str,
        reference: str = "",
        identifier: str = "",
        charge: bool = False,
    ) -> None:
        """One more line; `row` is its number in the file."""
        self.row.append(row)
        self.day.append(day)
        self.cents.append(cents)
        self.narrative.append(narrative)
        self.reference.append("" if is_nothing(reference) else reference)
        self.identifier.append("" if is_nothing(identifier) else identifier)
        self.charge.append(charge)

    def wrong(self, row: int, column: str, value: str, code: str) -> None:
        """A line that cannot be read."""
        self.unreadable += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(str(self.path), "", row, column, shown(value), code, _REMEDIES[code]))

    def note(self, code: str) -> None:
        """Something was left out, or read in another way than usual."""
        self.notes[code] = self.notes.get(code, 0) + 1

    def may_be(self, day: date | None) -> bool:
        """Is the day one that money can move on?"""
        return day is not None and EARLIEST <= day <= date(self.today.year + _YEARS_AHEAD, 12, 31)

    def lines(self) -> Lines:
        """The lines as columns."""
        count = len(self.row)
        return Lines(
            row=np.array(self.row, dtype=np.int64),
            value_date=np.array(self.day, dtype="datetime64[D]"),
            cents=np.array(self.cents, dtype=np.int64),
            balance=np.zeros(count, dtype=np.int64),
            has_balance=np.zeros(count, dtype=np.bool_),
            narrative=pa.array(self.narrative, pa.string()),
            reference=pa.array(self.reference, pa.string()),
            charge=np.array(self.charge, dtype=np.bool_),
            identifier=pa.array(self.identifier, pa.string()) if any(self.identifier) else None,
        )

    def breaks(self, opening: int | None, closing: int | None) -> Break | None:
        """Does the statement close on what it opens with and its lines? The last line is named."""
        if opening is None or closing is None:
            return None
        expected = opening + sum(self.cents)
        return None if expected == closing else Break(self.row[-1] if self.row else None, expected, closing)


def head_of(path: Path) -> str:
    """How a file begins, as text good enough to recognise its format by. Raises InputRefused where it is not there."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise not_readable(path, error) from error
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def whole_text(path: Path, declared: str | None = None) -> str:
    """The text of a message. `declared`: the encoding it says it is in, believed where it reads every byte that way
    and is not UTF-8 all through. Raises InputRefused for what is no text in one encoding.
    """
    encoding, start, _ = encoding_of(path)
    content = path.read_bytes()[start:].rstrip(END_OF_FILE)
    if declared and not encoding.startswith("utf"):
        try:
            return content.decode(declared)
        except UnicodeDecodeError:
            pass
    return content.decode(encoding)


def exact_cents(text: str) -> int | None:
    """`20`, `+20.5`, `-20,00`, `20.00000` in cents; None for what is no amount, or not one of whole cents."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None or not (found[2] or found[3]):
        return None
    decimals = (found[3] or "").rstrip("0")
    if len(decimals) > 2:
        return None
    cents = int(found[2] or 0) * 100 + int(decimals.ljust(2, "0"))
    return -cents if found[1] == "-" else cents


def local_day(moment: datetime) -> date:
    """The day it is here at a moment; one without a zone is the time here."""
    return moment.date() if moment.tzinfo is None else moment.astimezone(HERE).date()


def is_nothing(text: str) -> bool:
    """Is this what programs write where there is nothing to say?"""
    return text.strip().upper() in _NOTHING


def narrative_of(*parts: str) -> str:
    """What is said, parted by ` | ` so that digits do not run together; nothing twice."""
    said: list[str] = []
    for part in parts:
        words = " ".join(part.split())
        if not is_nothing(words) and not any(f" {words} ".upper() in f" {other} ".upper() for other in said):
            said.append(words)
    return " | ".join(said)


def shown(text: str) -> str:
    """What the file says, fit for one line. ID numbers are masked here, for one that is cut is known no more as one."""
    said = " ".join(text.split())
    return _MAY_HOLD_ID.sub(lambda found: f"{found[0][:6]}****{found[0][-3:]}", said)[:_SHOWN]


def account_number(text: str) -> str:
    """An account as the other formats write it: without the bank before a slash, the currency, blanks and hyphens."""
    number = re.sub(rf"\s*{CURRENCY}$", "", text.strip().rpartition("/")[2].strip())
    plain = re.sub(r"[\s-]", "", number)
    return plain if plain.isdigit() else number


def refuse_currency(path: Path, currency: str, account: str, row: int | None = None) -> None:
    """Raises InputRefused for another currency than the rand; "" is no currency said."""
    if currency.strip().upper() not in ("", CURRENCY):
        whose = f"account {shown(account)}" if account else "an account"
        where = f", in entry {row}" if row else ""
        raise InputRefused(
            f"the statement of {whose} is in another currency than the rand{where}",
            "Only rand accounts can be taken in. Ask the bank for a file without this account.",
            place=Place(str(path)),
            value=shown(currency),
        )


def statement_from(
    entries: Entries,
    bank: str,
    number: int,
    account: str,
    opening: int | None,
    closing: int | None,
    breaks: Break | None,
    *,
    period: tuple[date | None, date | None] = (None, None),
    sequence: str | None = None,
    unit: str = "entry",
) -> Statement:
    """The `number`-th statement of a message."""
    return Statement(
        file=entries.path.name,
        sheet=f"statement {number}",
        bank=bank,
        account=account or None,
        opening_cents=opening,
        closing_cents=closing,
        lines=entries.lines(),
        breaks=breaks,
        problems=entries.problems,
        unreadable=entries.unreadable,
        period_from=period[0],
        period_to=period[1],
        sequence=sequence,
        notes=entries.notes,
        unit=unit,
    )
