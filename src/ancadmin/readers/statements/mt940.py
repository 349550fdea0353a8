"""MT940, the SWIFT customer statement: fields such as `:61:` line by line, several statements in a file.

Read here and not with the library mt-940, which gives no line numbers to name, refuses expected entries (EC, ED), puts
what `:86:` says of the whole statement to its last entry and years before 2000 into this century; the tests hold the
two against each other where both read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ancadmin.readers.refusals import refused
from ancadmin.readers.statements.messages import (
    ASK_AGAIN,
    Entries,
    account_number,
    exact_cents,
    narrative_of,
    refuse_currency,
    shown,
    statement_from,
    whole_text,
)
from ancadmin.readers.statements.statement import Break, Statement

NAME = "mt940"
WANTS = "the fields `:20:`, `:25:`, `:28C:`, `:60F:`, `:61:` and `:62F:`, each at the beginning of a line"
_STARTS = re.compile(r"(?:^|\n|\r|\{4:)[ \t]{0,8}:20:")
_BALANCES = re.compile(r"[\n\r]:6[02][FM]:")
_FIELD = re.compile(r":(\d{2}[A-Z]?|NS):(.*)", re.DOTALL)
_BALANCE = re.compile(r"(?P<mark>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<amount>[\d.,]+)", re.ASCII)
# Value date, entry date, mark, the currency's last letter, amount, kind, the customer's reference, the bank's.
_ENTRY = re.compile(
    r"(?P<day>\d{6})(?:\d{4}|\s{4})?(?P<mark>EC|ED|RC|RD|C|D)[A-Z]?\s?(?P<amount>\d[\d.,]*)"
    r"(?:(?P<kind>[A-Z][A-Z0-9 ]{3})(?P<rest>.*))?",
    re.ASCII,
)
# Parts begin with a sign the bank chose, mostly a question mark.
_STRUCTURED = re.compile(r"\s*\d{3}\s*(?P<sign>[?~@^])\d{2}|\s*(?P<alone>[?~@^])(?:00|10|20)")
_LINE, _PIECE = 65, 27
# Money out: a debit, or a credit taken back. Expected entries are not booked.
_OUT, _EXPECTED = ("D", "RC", "ED"), ("EC", "ED")


class _Field(NamedTuple):
    row: int
    tag: str
    text: str


class _Balance(NamedTuple):
    cents: int
    day: date | None
    currency: str
    kind: str


class _Page(NamedTuple):
    """A message: a statement, or a page of one. `entries`: each with what its `:86:` says."""

    row: int
    account: str
    number: str
    opening: _Balance
    closing: _Balance
    entries: list[tuple[_Field, str]]


@dataclass
class _Draft:
    """A message as far as it was read."""

    path: Path
    row: int
    account: str = ""
    number: str = ""
    opening: _Balance | None = None
    closing: _Balance | None = None
    entries: list[tuple[_Field, str]] = field(default_factory=list)

    def whole(self) -> _Page:
        """Raises InputRefused for a message without balances: those it must have, so the rest of it is gone too."""
        if self.opening is None or self.closing is None:
            missing = ":60F:" if self.opening is None else ":62F:"
            what = f"the message that begins here is cut off: it has no balance {missing}"
            raise refused(self.path, what, ASK_AGAIN, row=self.row)
        return _Page(self.row, self.account, self.number, self.opening, self.closing, self.entries)


def recognises(head: str) -> bool:
    """A field `:20:`, and one of a balance."""
    return _STARTS.search(head) is not None and _BALANCES.search(head) is not None


def read(path: Path, today: date) -> list[Statement]:
    """The statements of the file, their pages joined. Raises InputRefused for one that is cut off, or not in rands."""
    statements: list[list[_Page]] = []
    for page in _pages(path, whole_text(path), today):
        if statements and _goes_on(statements[-1][-1], page):
            statements[-1].append(page)
        else:
            statements.append([page])
    if not statements:
        raise refused(path, "there is no statement in it", ASK_AGAIN)
    return [_statement(path, today, number, pages) for number, pages in enumerate(statements, start=1)]


def _fields(text: str) -> Iterator[_Field]:
    """The fields with the line each begins on; envelopes and what stands between messages are left out."""
    row, tag, held = 0, "", list[str]()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        line = line.rpartition("{4:")[2] if "{4:" in line else line
        found = _FIELD.fullmatch(line)
        ends = line.rstrip() == "-" or line.startswith("-}")
        if found is None and not ends:
            held.append(line)
            continue
        if tag:
            yield _Field(row, tag, "\n".join(held))
        row, tag, held = number, *((found[1], [found[2]]) if found else ("", []))
        if ends:
            yield _Field(number, "-", "")
    if tag:
        yield _Field(row, tag, "\n".join(held).rstrip("\n"))


def _pages(path: Path, text: str, today: date) -> Iterator[_Page]:
    page: _Draft | None = None
    last = ""
    for one in _fields(text):
        if one.tag == "20":
            if page is not None:
                yield page.whole()
            page = _Draft(path, one.row)
        elif page is None:
            continue
        elif one.tag in ("25", "25P"):
            page.account = account_number(one.text.split("\n")[0])
        elif one.tag.startswith("28"):
            page.number = one.text.strip()
        elif one.tag in ("60F", "60M"):
            page.opening = _balance(path, one, today)
        elif one.tag in ("62F", "62M"):
            page.closing = _balance(path, one, today)
        elif one.tag == "61":
            page.entries.append((one, ""))
        elif one.tag == "86" and last == "61":
            page.entries[-1] = (page.entries[-1][0], one.text)
        # What banks add of their own to an entry may stand before its description.
        last = "61" if one.tag == "NS" and last == "61" else one.tag
    if page is not None:
        yield page.whole()


def _balance(path: Path, one: _Field, today: date) -> _Balance:
    found = _BALANCE.fullmatch("".join(one.text.split()))
    cents = exact_cents(found["amount"]) if found else None
    if found is None or cents is None:
        raise refused(path, f"not a balance: {shown(one.text) or 'blank'}", ASK_AGAIN, row=one.row)
    signed = -cents if found["mark"] == "D" else cents
    return _Balance(signed, _day(found["day"], today), found["currency"], one.tag[2])


def _goes_on(before: _Page, page: _Page) -> bool:
    """Is this the next page of the same statement?"""
    return (
        before.closing.kind == page.opening.kind == "M"
        and before.account == page.account
        and before.number.partition("/")[0] == page.number.partition("/")[0]
    )


def _statement(path: Path, today: date, number: int, pages: list[_Page]) -> Statement:
    entries = Entries(path, today)
    breaks: Break | None = None
    carried = pages[0].opening.cents
    for page in pages:
        for balance in (page.opening, page.closing):
            refuse_currency(path, balance.currency, page.account)
        if breaks is None and page.opening.cents != carried:
            breaks = Break(page.row, carried, page.opening.cents)
        start = len(entries.cents)
        for one, said in page.entries:
            _add(entries, one, said, today)
        expected = page.opening.cents + sum(entries.cents[start:])
        carried = page.closing.cents
        if breaks is None and expected != carried:
            breaks = Break(page.entries[-1][0].row if page.entries else page.row, expected, carried)
    return statement_from(
        entries,
        NAME,
        number,
        pages[0].account,
        pages[0].opening.cents,
        carried,
        breaks,
        period=(None, pages[-1].closing.day),
        sequence=_sequence(pages),
        unit="row",
    )


def _sequence(pages: list[_Page]) -> str | None:
    """The number of the statement, with that of the page where it is only one of several; 0 is none."""
    number, _, part = pages[0].number.partition("/")
    alone = pages[0].opening.kind == "F" and pages[-1].closing.kind == "F"
    plain = number.strip().lstrip("0")
    return (plain if alone or not part else f"{plain}/{part.strip().lstrip('0')}") or None


def _add(entries: Entries, one: _Field, said: str, today: date) -> None:
    """One `:61:` with its `:86:`."""
    line, _, more = one.text.partition("\n")
    found = _ENTRY.fullmatch(line.rstrip())
    if found is None:
        dated = re.match(r"\d{6}", line, re.ASCII)
        entries.wrong(one.row, ":61:", *((line, "amount") if dated else (line[:6], "value_date")))
        return
    if found["mark"] in _EXPECTED:
        entries.note("pending")
        return
    cents, day = exact_cents(found["amount"]), _day(found["day"], today)
    if cents is None or day is None or not entries.may_be(day):
        code, value = ("amount", found["amount"]) if cents is None else ("value_date", found["day"])
        entries.wrong(one.row, ":61:", value, code)
        return
    customers, _, _banks = (found["rest"] or "").partition("//")
    entries.add(
        one.row,
        day,
        -cents if found["mark"] in _OUT else cents,
        narrative_of(*_details(said), _joined(more.split("\n"), _LINE), customers),
        customers.strip(),
        charge=(found["kind"] or "")[1:] == "CHG",
    )


def _details(said: str) -> list[str]:
    """What `:86:` says: plain, or in parts (`166?00…?20…?32…`), of which the texts, the name and the booking text."""
    structured = _STRUCTURED.match(said)
    if structured is None:
        return [_joined(said.split("\n"), _LINE)]
    sign = re.escape(structured["sign"] or structured["alone"])
    pieces = re.split(rf"{sign}(\d{{2}})", "".join(said.split("\n")))[1:]
    parts: dict[str, list[str]] = {"text": [], "name": [], "booking": []}
    for code, piece in zip(pieces[::2], pieces[1::2], strict=True):
        if "20" <= code <= "29" or "60" <= code <= "63":
            parts["text"].append(piece)
        elif code in ("32", "33"):
            parts["name"].append(piece)
        elif code == "00":
            parts["booking"].append(piece)
    return [_joined(part, _PIECE) for part in parts.values()]


def _joined(pieces: list[str], width: int) -> str:
    """Pieces of one text: a full one goes on in the next, behind a shorter one a word has ended."""
    return "".join(piece if len(piece) >= width else piece + " " for piece in pieces).strip()


def _day(text: str, today: date) -> date | None:
    """`200302` is 2 March 2020; of the centuries the one that ends no more than ten years from now."""
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    century = (today.year + 10) // 100 * 100
    try:
        return date(year + century - (100 if year + century > today.year + 10 else 0), month, day)
    except ValueError:
        return None
