"""OFX 1 (SGML: a header, tags that are not closed) and OFX 2 (XML): the download of many banks' web sites.

No maintained library with a permissive licence reads both to the right day, so this is a small reader of what a
statement needs. The value date is the day the money is available, else the day of posting.
"""

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path

from ancadmin.readers.refusals import refused
from ancadmin.readers.statements.messages import (
    ASK_AGAIN,
    Entries,
    account_number,
    exact_cents,
    head_of,
    local_day,
    narrative_of,
    refuse_currency,
    shown,
    statement_from,
    whole_text,
)
from ancadmin.readers.statements.statement import Statement
from ancadmin.readers.statements.xml import elements_of

NAME = "ofx"
WANTS = "a header that says OFX, or the tag <OFX>"
_STARTS = re.compile(r"^[ \t]{0,8}OFXHEADER\s{0,8}:|<\?OFX\b|<OFX>", re.IGNORECASE | re.MULTILINE)
_XML = re.compile(r"^\W*<\?xml\b|<\?OFX\b", re.IGNORECASE)
# A tag and what stands behind it, a `<` that begins no tag included.
_TOKEN = re.compile(
    r"<(/?)([A-Z][A-Z0-9_.]{0,40})\s{0,8}>"
    r"((?:<!\[CDATA\[.{0,4000}?\]\]>|[^<]+|<(?!/?[A-Z][A-Z0-9_.]{0,40}\s{0,8}>))*)",
    re.DOTALL | re.IGNORECASE,
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_MOMENT = re.compile(
    r"(?P<day>\d{8})(?P<time>(?:\d{2}){0,3})(?:\.\d+)?"
    r"(?:\s*\[(?P<zone>[+-]?\d{1,2}(?:\.\d+)?)(?::[^\]]*)?\])?",
    re.ASCII,
)
# Tags that hold others; every other one holds a text, if perhaps none.
_STATEMENTS = ("STMTRS", "CCSTMTRS")
_ENTRY, _PENDING = "STMTTRN", "STMTTRNP"
_HOLDERS = {
    *_STATEMENTS, _ENTRY, _PENDING, "OFX", "BANKACCTFROM", "CCACCTFROM", "BANKACCTTO", "CCACCTTO", "BANKTRANLIST",
    "BANKTRANLISTP", "PAYEE", "CURRENCY", "ORIGCURRENCY", "LEDGERBAL", "AVAILBAL", "BALLIST", "BAL", "STATUS",
}  # fmt: skip
_EITHER = re.compile(r",\d{3}\s*$", re.ASCII)
_FEES = ("FEE", "SRVCHG")
_OPENING = re.compile(r"open|begin|start", re.IGNORECASE)

# A tag that opens, one that closes, or one with its text.
_Event = tuple[str, str, str]


def recognises(head: str) -> bool:
    """The header, or the tag everything is in."""
    return _STARTS.search(head) is not None


def read(path: Path, today: date) -> list[Statement]:
    """The statements of the file, one an account. Raises InputRefused for one cut off, hostile, or not in rands."""
    head = head_of(path)
    text = "" if _XML.search(head) else whole_text(path, _declared(head))
    reader = _Reader(path, today)
    for kind, tag, said in _sgml_events(path, text) if text else _xml_events(path):
        reader.take(kind, tag, said)
    if not reader.ended:
        raise refused(path, "the file is cut off: </OFX> is missing", ASK_AGAIN)
    if not reader.statements:
        answer = f": the bank says {shown(reader.message)}" if reader.message else ""
        raise refused(path, f"there is no statement in it{answer}", ASK_AGAIN)
    return reader.statements


def _declared(head: str) -> str | None:
    """The encoding the header of OFX 1 says."""
    found = re.search(r"CHARSET\s*:\s*(1252|(?:ISO-)?8859-1)", head, re.IGNORECASE)
    return "cp1252" if found else None


def _sgml_events(path: Path, text: str) -> Iterator[_Event]:
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise refused(path, "the file brings definitions of its own (DOCTYPE), which no bank sends", ASK_AGAIN)
    for found in _TOKEN.finditer(text):
        closes, tag, said = found[1], found[2].upper(), found[3]
        if tag in _HOLDERS:
            yield "close" if closes else "open", tag, ""
        elif not closes:
            yield "text", tag, html.unescape(_CDATA.sub(r"\1", said)).strip()


def _xml_events(path: Path) -> Iterator[_Event]:
    for event, element in elements_of(path):
        tag = element.tag.rpartition("}")[2].upper()
        if tag in _HOLDERS:
            yield "open" if event == "start" else "close", tag, ""
            if event == "end":
                element.clear()
        elif event == "end" and not len(element):
            yield "text", tag, (element.text or "").strip()


class _Reader:
    """Takes in a file tag by tag. What a tag holds is kept as `tag.inner` → text until the tag closes."""

    def __init__(self, path: Path, today: date) -> None:
        self.statements: list[Statement] = []
        self.ended = False
        self.message = ""
        self._path = path
        self._today = today
        self._inside: list[str] = []
        self._count = 0
        self._start()

    def _start(self) -> None:
        self._entries = Entries(self._path, self._today)
        self._about: dict[str, str] = {}
        self._held = self._about
        self._opening: int | None = None

    def take(self, kind: str, tag: str, said: str) -> None:
        """One more tag."""
        if kind == "text":
            holder = self._inside[-1] if self._inside else ""
            self._held.setdefault(tag if holder in (_ENTRY, _PENDING, "") else f"{holder}.{tag}", said)
            if holder == "STATUS" and tag == "MESSAGE":
                self.message = said
        elif kind == "open":
            if tag in (_ENTRY, *_STATEMENTS):
                self.take("close", tag, "")  # the one before, where it was left open
            self._inside.append(tag)
            if tag in (_ENTRY, _PENDING):
                self._held = {}
            elif tag in _STATEMENTS:
                self._start()
        elif tag in self._inside:
            closed = ""
            while closed != tag:
                closed = self._inside.pop()
                self._close(closed)

    def _close(self, tag: str) -> None:
        if tag in (_ENTRY, _PENDING):
            if tag == _ENTRY:
                self._count += 1
                self._add(self._count, self._held)
            else:
                self._entries.note("pending")
            self._held = self._about
        elif tag == "BAL":
            if _OPENING.search(self._about.pop("BAL.NAME", "")):
                self._opening = _cents(self._about.get("BAL.VALUE", ""))
            self._about.pop("BAL.VALUE", None)
        elif tag in _STATEMENTS:
            self.statements.append(self._statement(tag))
        elif tag == "OFX":
            self.ended = True

    def _add(self, row: int, said: dict[str, str]) -> None:
        entries = self._entries
        refuse_currency(self._path, said.get("CURRENCY.CURSYM", ""), self._account(), row)
        cents = _cents(said.get("TRNAMT", ""))
        written = said.get("DTAVAIL") or said.get("DTPOSTED", "")
        day = day_of(written)
        if said.get("CORRECTFITID"):
            entries.wrong(row, "CORRECTFITID", said["CORRECTFITID"], "correction")
        elif cents is None:
            entries.wrong(row, "TRNAMT", said.get("TRNAMT", ""), "amount")
        elif day is None or not entries.may_be(day):
            entries.wrong(row, "DTPOSTED", written, "value_date")
        else:
            # The bank's own numbers stay out of the narrative, for they may look like ID numbers.
            texts = narrative_of(*_name_and_memo(said.get("NAME") or said.get("PAYEE.NAME", ""), said.get("MEMO", "")))
            number = said.get("REFNUM") or said.get("CHECKNUM", "")
            fee = said.get("TRNTYPE", "").upper() in _FEES
            entries.add(row, day, cents, texts, number, said.get("FITID", ""), fee)

    def _account(self) -> str:
        number = next((self._about[f"{tag}.ACCTID"] for tag in _ACCOUNTS if f"{tag}.ACCTID" in self._about), "")
        return account_number(number)

    def _statement(self, tag: str) -> Statement:
        about = self._about
        refuse_currency(self._path, about.get(f"{tag}.CURDEF", ""), self._account())
        first, last = day_of(about.get("BANKTRANLIST.DTSTART", "")), day_of(about.get("BANKTRANLIST.DTEND", ""))
        # The balance may be that of the day of download, when more has happened since the last line.
        asked = day_of(about.get("LEDGERBAL.DTASOF", ""))
        closing = _cents(about.get("LEDGERBAL.BALAMT", "")) if last is None or asked in (None, last) else None
        return statement_from(
            self._entries,
            NAME,
            len(self.statements) + 1,
            self._account(),
            self._opening,
            closing,
            self._entries.breaks(self._opening, closing),
            period=(first, last),
        )


def _cents(text: str) -> int | None:
    """An amount in cents. None for `2,000` too: here a comma may part thousands or cents, and nothing says which."""
    return None if _EITHER.search(text) else exact_cents(text)


_ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM")


def _name_and_memo(name: str, memo: str) -> tuple[str, ...]:
    """A name is at most 32 letters long; often the memo says it again and goes on."""
    return (memo,) if memo.upper().startswith(name.upper()) else (name, memo)


@lru_cache(maxsize=4096)
def day_of(text: str) -> date | None:
    """`20200302`, `20200302235959`, `20200302120000.000[-5:EST]` as the day it is here; None for what is no day.

    By the format a time without a zone is Greenwich's; 00:00:00 and 23:59:59 without one stand for the day itself.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    try:
        day = datetime.strptime(found["day"], "%Y%m%d").replace(tzinfo=UTC)
        time = found["time"].ljust(6, "0")
        at = day + timedelta(hours=int(time[:2]), minutes=int(time[2:4]), seconds=int(time[4:]))
        if not found["time"] or (found["zone"] is None and time in ("000000", "235959")):
            return day.date()
        zone = timezone(timedelta(hours=float(found["zone"] or 0)))
        return local_day(at.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return None
