"""camt.053, the ISO 20022 statement, versions 02 to 08: XML, several accounts in a file, batches with their details.

A batch whose details all have amounts that add up to it becomes a line for each; any other entry is one line.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from ancadmin.readers.refusals import no_table, refused
from ancadmin.readers.statements.messages import (
    ASK_AGAIN,
    CURRENCY,
    Entries,
    account_number,
    exact_cents,
    is_nothing,
    local_day,
    narrative_of,
    refuse_currency,
    shown,
    statement_from,
)
from ancadmin.readers.statements.statement import Statement
from ancadmin.readers.statements.xml import elements_of

NAME = "camt053"
WANTS = "a <Document> of the kind camt.053.001"
_XML = re.compile(r"\W*<(?:\?xml|!DOCTYPE(?!\s+html)|!--|(?:[\w.-]+:)?Document)\b", re.IGNORECASE)
_ZONE = re.compile(r"Z|[+-]\d{2}:\d{2}", re.ASCII)
_CHARGES = {"CHRG", "FEES", "COMM"}


class _Line(NamedTuple):
    """A line an entry becomes: its amount, what it says, the customer's reference and the bank's identifier."""

    cents: int
    narrative: str
    reference: str
    identifier: str


def recognises(head: str) -> bool:
    """XML of any kind: no other statement that is XML begins like one (OFX says so), and all of it is looked at."""
    return _XML.match(head) is not None


def read(path: Path, today: date) -> list[Statement]:
    """The statements of the file. Raises InputRefused for a file cut off, hostile, or not in rands."""
    statements: list[Statement] = []
    holders: list[Element] = []
    entries = Entries(path, today)
    count = 0
    found = False
    for event, element in elements_of(path):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            found = found or name == "BkToCstmrStmt"
            if name == "Stmt":
                holders, entries = [element], Entries(path, today)
        elif name == "Ntry" and holders:
            count += 1
            _Entry(element, entries, count).add()
            # What was read is let go, so that a file of any length takes little room.
            element.clear()
            if element in holders[0]:
                holders[0].remove(element)
        elif name == "Stmt":
            statements.append(_statement(element, entries, len(statements) + 1))
            element.clear()
            holders = []
    if not found:
        raise no_table(
            path, "this is XML, but no camt.053 or OFX statement", "Ask the bank for camt.053; camt.052 is not final."
        )
    if not statements:
        raise refused(path, "there is no statement in it", ASK_AGAIN)
    return statements


def _inside(element: Element | None, *names: str) -> Element | None:
    """The element at the end of a path of names, whatever its version calls the namespace."""
    for name in names:
        if element is None:
            return None
        element = element.find(element.tag[: element.tag.find("}") + 1] + name)
    return element


def _all(element: Element | None, name: str) -> Iterable[Element]:
    return [] if element is None else element.iter(element.tag[: element.tag.find("}") + 1] + name)


def _said(element: Element | None, *names: str) -> str:
    found = _inside(element, *names)
    return "" if found is None else (found.text or "").strip()


class _Entry:
    """One <Ntry> and the lines it becomes."""

    def __init__(self, element: Element, entries: Entries, number: int) -> None:
        self._element = element
        self._entries = entries
        self._number = number

    def add(self) -> None:
        """Puts its lines down, or what is wrong with it; leaves it out while it is not booked."""
        element, entries, row = self._element, self._entries, self._number
        status = _said(element, "Sts", "Cd") or _said(element, "Sts", "Prtry") or _said(element, "Sts")
        if status not in ("", "BOOK"):
            entries.note("pending")
            return
        amount = _inside(element, "Amt")
        currency = "" if amount is None else amount.get("Ccy", "")
        refuse_currency(entries.path, currency, "", row)
        cents = _signed(_said(element, "Amt"), _said(element, "CdtDbtInd"))
        written = _date_in(element, "ValDt") or _date_in(element, "BookgDt")
        day = day_of(written)
        if cents is None:
            entries.wrong(row, "Amt", _said(element, "Amt") or _said(element, "CdtDbtInd"), "amount")
        elif day is None or not entries.may_be(day):
            entries.wrong(row, "ValDt", written, "value_date")
        else:
            charge = bool(_CHARGES & {_said(one) for one in _all(_inside(element, "BkTxCd"), "SubFmlyCd")})
            for line in self._lines(cents):
                entries.add(row, day, line.cents, line.narrative, line.reference, line.identifier, charge)

    def _lines(self, cents: int) -> Iterator[_Line]:
        element = self._element
        details = [one for part in _children(element, "NtryDtls") for one in _children(part, "TxDtls")]
        identifier = _said(element, "AcctSvcrRef")
        about = _said(element, "AddtlNtryInf")
        if len(details) > 1:
            sign = _said(element, "CdtDbtInd")
            amounts = [_own_cents(one, sign) for one in details]
            if None not in amounts and sum(one or 0 for one in amounts) == cents:
                own = [_said(one, "Refs", "AcctSvcrRef") for one in details]
                theirs = len(set(own)) == len(own) and not any(map(is_nothing, own))
                for place, (detail, part) in enumerate(zip(details, amounts, strict=True)):
                    known = own[place] if theirs else f"{identifier}/{place + 1}" if not is_nothing(identifier) else ""
                    yield _Line(part or 0, *_texts(detail, about, part or 0), known)
                return
            self._entries.note("details_do_not_add_up")
        elif details and _own_cents(details[0], _said(element, "CdtDbtInd")) not in (None, cents):
            self._entries.note("details_do_not_add_up")
        texts = [_texts(one, "", cents) for one in details]
        references = {reference for _, reference in texts if reference}
        identifier = identifier or (_said(details[0], "Refs", "AcctSvcrRef") if len(details) == 1 else "")
        narrative = narrative_of(*(narrative for narrative, _ in texts), about)
        yield _Line(cents, narrative, references.pop() if len(references) == 1 else "", identifier)


def _children(element: Element, name: str) -> list[Element]:
    return element.findall(element.tag[: element.tag.find("}") + 1] + name)


def _own_cents(detail: Element, sign: str) -> int | None:
    """The amount of a detail in rands: its own, else that of the transaction, else what was instructed."""
    for way in (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "InstdAmt", "Amt")):
        amount = _inside(detail, *way)
        if amount is not None and amount.get("Ccy", CURRENCY) == CURRENCY:
            return _signed((amount.text or "").strip(), _said(detail, "CdtDbtInd") or sign)
    return None


def _signed(amount: str, sign: str) -> int | None:
    """The sign is that of this movement, also where it takes another back (<RvslInd>)."""
    cents = exact_cents(amount)
    return None if cents is None or sign not in ("CRDT", "DBIT") else -cents if sign == "DBIT" else cents


def _texts(detail: Element, about: str, cents: int) -> tuple[str, str]:
    """What a detail says, and the customer's reference. The bank's own numbers may look like ID numbers: left out."""
    remittance = _inside(detail, "RmtInf")
    parties = _inside(detail, "RltdPties")
    who = "Cdtr" if cents < 0 else "Dbtr"
    reference = _said(detail, "Refs", "EndToEndId")
    narrative = narrative_of(
        *(_said(one) for one in _all(remittance, "Ustrd")),
        *(_said(one) for name in ("Ref", "Nb", "AddtlRmtInf") for one in _all(remittance, name)),
        reference,
        _said(parties, who, "Nm") or _said(parties, who, "Pty", "Nm"),
        _said(detail, "AddtlTxInf"),
        about,
    )
    return narrative, reference


def _statement(element: Element, entries: Entries, number: int) -> Statement:
    account = _inside(element, "Acct")
    named = account_number(_said(account, "Id", "IBAN") or _said(account, "Id", "Othr", "Id"))
    refuse_currency(entries.path, _said(account, "Ccy"), named)
    opening, closing = _balances(element, entries.path, named)
    first, last = _period(element, entries)
    return statement_from(
        entries,
        NAME,
        number,
        named,
        opening,
        closing,
        entries.breaks(opening, closing),
        period=(first, last),
        sequence=_said(element, "ElctrncSeqNb") or _said(element, "LglSeqNb") or None,
    )


def _balances(element: Element, path: Path, account: str) -> tuple[int | None, int | None]:
    """What it opens and closes on; of pages those between have interim balances instead."""
    known: dict[str, list[int]] = {}
    for one in _children(element, "Bal"):
        amount = _inside(one, "Amt")
        refuse_currency(path, "" if amount is None else amount.get("Ccy", ""), account)
        kind = _said(one, "Tp", "CdOrPrtry", "Cd")
        cents = _signed(_said(one, "Amt"), _said(one, "CdtDbtInd"))
        if kind in ("OPBD", "PRCD", "CLBD", "ITBD") and cents is None:
            said = shown(f"{kind} {_said(one, 'Amt')} {_said(one, 'CdtDbtInd')}")
            raise refused(path, f"not a balance: {said}", ASK_AGAIN, sheet=f"account {shown(account)}")
        known.setdefault(kind, []).append(cents or 0)
    opening = next((known[kind][0] for kind in ("OPBD", "PRCD") if kind in known), None)
    closing = known["CLBD"][-1] if "CLBD" in known else None
    interim = known.get("ITBD", [])
    if opening is None and interim and (closing is not None or len(interim) > 1):
        opening = interim.pop(0)
    if closing is None and interim and opening is not None:
        closing = interim[-1]
    return opening, closing


def _period(element: Element, entries: Entries) -> tuple[date | None, date | None]:
    """The first and last day it covers. An end at midnight ends the day before, unless a line is on that day."""
    began, ended = _said(element, "FrToDt", "FrDtTm"), _said(element, "FrToDt", "ToDtTm")
    first, last = day_of(began), day_of(ended)
    midnight = re.search(r"T00:00:00(?:\.0+)?(?:\+02:00)?$", ended) is not None
    if midnight and first is not None and last is not None and first < last and last not in entries.day:
        last -= timedelta(days=1)
    return first, last


def _date_in(element: Element, name: str) -> str:
    return _said(element, name, "Dt") or _said(element, name, "DtTm")


@lru_cache(maxsize=4096)
def day_of(text: str) -> date | None:
    """`2020-03-02`, with a zone or not, is that day; `2020-03-02T23:30:00Z` what it then is here. None for no day."""
    try:
        if len(text) < 11 or "T" not in text:
            return date.fromisoformat(text[:10]) if not text[10:] or _ZONE.fullmatch(text[10:]) else None
        # The day's end, which the format may write so and Python does not read.
        ends = text[10:].startswith("T24:00:00")
        moment = datetime.fromisoformat(text.replace("T24:", "T00:") if ends else text)
        return local_day(moment + timedelta(days=int(ends)))
    except (ValueError, OverflowError):
        return None
