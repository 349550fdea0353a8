"""A bank for the tests: writes a ledger as OFX 1 and 2, MT940 and camt.053 do, in any of the ways they allow."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from html import escape
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Africa/Johannesburg")
CAMT_VERSIONS = ("02", "03", "04", "05", "06", "07", "08")


@dataclass(frozen=True)
class Line:
    day: date
    cents: int
    narrative: str
    identifier: str


@dataclass(frozen=True)
class Ledger:
    """What the bank knows: an account, what was there before, and what happened; and by how much it is wrong."""

    account: str
    opening: int
    lines: list[Line]
    wrong: int = 0

    @property
    def closing(self):
        return self.opening + sum(line.cents for line in self.lines) + self.wrong

    @property
    def period(self):
        days = [line.day for line in self.lines] or [date(2020, 1, 1)]
        return min(days), max(days)


def decimals(chance: Random, cents: int, point: str = ".", most: int = 2) -> str:
    """Cents in rands: with two decimals, more, or no more than needed."""
    whole, rest = divmod(abs(cents), 100)
    form = chance.choice(["two", "short", "long"])
    digits = f"{rest:02d}"
    if form == "short":
        digits = digits.rstrip("0")
    elif form == "long":
        digits = digits.ljust(most, "0")
    return f"{whole}{point}{digits}" if digits else str(whole)


def ofx_day(chance: Random, day: date) -> str:
    """A day, or a moment on it here as it is somewhere else."""
    form = chance.choice(["day", "midnight", "here", "greenwich", "silent", "new york"])
    if form == "day":
        return f"{day:%Y%m%d}"
    if form == "midnight":
        return f"{day:%Y%m%d}000000"
    moment = datetime(day.year, day.month, day.day, chance.randrange(24), chance.randrange(1, 60), 7, tzinfo=HERE)
    if form == "here":
        return f"{moment:%Y%m%d%H%M%S}[+2:SAST]"
    if form == "new york":
        return f"{moment.astimezone(timezone(timedelta(hours=-5))):%Y%m%d%H%M%S}.123[-5:EST]"
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}{'.000[0:GMT]' if form == 'greenwich' else ''}"


def ofx(chance: Random, ledgers: list[Ledger], version: int) -> bytes:
    """OFX 1 (SGML) or 2 (XML), one account after the other."""
    closed = version == 2 or chance.random() < 0.3
    between = chance.choice(["", "\n", "\r\n", "\n  "])

    def leaf(tag: str, text: str) -> str:
        return f"<{tag}>{escape(text, quote=False)}" + (f"</{tag}>" if closed else "") + between

    def around(tag: str, *inner: str) -> str:
        return f"<{tag}>{between}{''.join(inner)}</{tag}>{between}"

    def entry(line: Line) -> str:
        sign = "-" if line.cents < 0 else chance.choice(["", "+"])
        return around(
            "STMTTRN",
            leaf("TRNTYPE", "CREDIT" if line.cents > 0 else "DEBIT"),
            leaf("DTPOSTED", ofx_day(chance, line.day)),
            leaf("TRNAMT", sign + decimals(chance, line.cents, chance.choice(".,"), 4)),
            leaf("FITID", line.identifier),
            leaf("NAME", line.narrative[:32]) if chance.random() < 0.3 else "",
            leaf("MEMO", line.narrative),
        )

    statements = [
        around(
            "STMTTRNRS",
            leaf("TRNUID", "0"),
            around(
                "STMTRS",
                leaf("CURDEF", "ZAR"),
                around("BANKACCTFROM", leaf("BANKID", "250655"), leaf("ACCTID", one.account)),
                around(
                    "BANKTRANLIST",
                    leaf("DTSTART", f"{one.period[0]:%Y%m%d}"),
                    leaf("DTEND", f"{one.period[1]:%Y%m%d}"),
                    *map(entry, one.lines),
                ),
                around(
                    "LEDGERBAL",
                    leaf("BALAMT", ("-" if one.closing < 0 else "") + decimals(chance, one.closing)),
                    leaf("DTASOF", f"{one.period[1]:%Y%m%d}"),
                ),
                around(
                    "BALLIST",
                    around(
                        "BAL",
                        leaf("NAME", "Opening Balance"),
                        leaf("VALUE", ("-" if one.opening < 0 else "") + decimals(chance, one.opening)),
                    ),
                ),
            ),
        )
        for one in ledgers
    ]
    body = around("OFX", around("BANKMSGSRSV1", *statements))
    if version == 2:
        head = '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211"?>'
        return (head + body).encode()
    encoding, charset = chance.choice([("utf-8", "NONE"), ("cp1252", "1252")])
    head = f"OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\nCHARSET:{charset}\r\n\r\n"
    return (head + body).encode(encoding)


def _pieces(text: str, width: int) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


def mt940(chance: Random, ledgers: list[Ledger], pages: bool = True) -> bytes:
    """MT940: every statement in pages of some entries, descriptions plain or structured."""
    end = chance.choice(["\n", "\r\n"])

    def balance(tag: str, cents: int, day: date) -> str:
        return f":{tag}:{'D' if cents < 0 else 'C'}{day:%y%m%d}ZAR{_comma(cents)}"

    def entry(line: Line) -> list[str]:
        out = line.cents < 0
        booked = line.day + timedelta(days=chance.randrange(-3, 4))
        mark = chance.choice(["D", "RC"] if out else ["C", "RD"])
        head = (
            f":61:{line.day:%y%m%d}{chance.choice(['', f'{booked:%m%d}'])}{mark}{chance.choice(['', 'R'])}"
            f"{_comma(line.cents)}{chance.choice(['NTRF', 'NMSC', 'FTRF'])}NONREF{chance.choice(['', '//4711'])}"
        )
        if chance.random() < 0.5:
            parts = [f"?{20 + n}{piece}" for n, piece in enumerate(_pieces(line.narrative, 27))]
            said = "166" + "".join(chance.sample(["?109310", "?30250655", "?3162012345678"], 2)) + "".join(parts)
        else:
            said = line.narrative
        first, *more = _pieces(said, 65) or [""]
        return [head, f":86:{first}", *more]

    messages = []
    for number, one in enumerate(ledgers, start=1):
        cuts = [0, len(one.lines)]
        if pages:
            cuts = sorted({*cuts, *(chance.randrange(len(one.lines) + 1) for _ in range(chance.randrange(3)))})
        spans = list(pairwise(cuts)) or [(0, 0)]
        cents = one.opening
        for page, (start, stop) in enumerate(spans, start=1):
            lines = one.lines[start:stop]
            last = stop == len(one.lines)
            ends = cents + sum(line.cents for line in lines) + (one.wrong if last else 0)
            messages.append(
                [
                    f":20:S{number}",
                    f":25:{one.account}",
                    f":28C:{number}/{page}",
                    balance("60F" if start == 0 else "60M", cents, one.period[0]),
                    *(text for line in lines for text in entry(line)),
                    balance("62F" if last else "62M", ends, one.period[1]),
                    balance("64", ends + 100, one.period[1]),
                ]
            )
            cents = ends
    if chance.random() < 0.5:
        return end.join("{1:F01X}{2:O940X}{4:" + end + end.join(one) + end + "-}" for one in messages).encode()
    return end.join(end.join([*one, "-"]) for one in messages).encode("cp1252")


def _comma(cents: int) -> str:
    whole, rest = divmod(abs(cents), 100)
    return f"{whole},{f'{rest:02d}'.rstrip('0') if rest % 10 == 0 else f'{rest:02d}'}"


def camt_day(chance: Random, day: date) -> str:
    """A day, or a moment on it here as it is somewhere else."""
    form = chance.choice(["day", "day", "zone", "here", "silent", "greenwich"])
    if form in ("day", "zone"):
        return f"<Dt>{day.isoformat()}{'+02:00' if form == 'zone' else ''}</Dt>"
    moment = datetime(day.year, day.month, day.day, chance.randrange(24), chance.randrange(60), 7, tzinfo=HERE)
    if form == "here":
        return f"<DtTm>{moment.isoformat()}</DtTm>"
    if form == "silent":
        return f"<DtTm>{moment.replace(tzinfo=None).isoformat()}</DtTm>"
    return f"<DtTm>{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}.5Z</DtTm>"


def camt053(chance: Random, ledgers: list[Ledger], version: str) -> bytes:
    """camt.053 of a version; neighbours of one day at times as a batch with details."""
    late = version >= "04"
    prefix = chance.choice(["", "ns2:", "Doc:"])

    def tag(name: str, *inner: str, **attributes: str) -> str:
        said = "".join(f' {key}="{value}"' for key, value in attributes.items())
        return f"<{prefix}{name}{said}>{''.join(inner)}</{prefix}{name}>"

    def leaf(name: str, text: str, **attributes: str) -> str:
        return tag(name, escape(text), **attributes)

    def money(cents: int, name: str = "Amt") -> str:
        return leaf(name, decimals(chance, cents, most=5), Ccy="ZAR")

    def sign(cents: int) -> str:
        return leaf("CdtDbtInd", "DBIT" if cents < 0 else "CRDT")

    def dated(name: str, day: date) -> str:
        said = camt_day(chance, day)
        return tag(name, said.replace("</", f"</{prefix}").replace("<D", f"<{prefix}D"))

    def status(code: str) -> str:
        return (
            tag("Sts", leaf("Cd", code)) if version == "08" or (late and chance.random() < 0.3) else leaf("Sts", code)
        )

    def detail(line: Line, alone: bool) -> str:
        amounts = []
        if not alone or chance.random() < 0.3:
            own = [money(line.cents), sign(line.cents)] if late else []
            amounts = own or [tag("AmtDtls", tag("TxAmt", money(line.cents)))]
        reference = leaf("AcctSvcrRef", line.identifier) if not alone else ""
        said = leaf("Ustrd", line.narrative) if line.narrative else leaf("AddtlRmtInf", "")
        remittance = tag("RmtInf", said if line.narrative else tag("Strd", said))
        return tag("TxDtls", tag("Refs", reference, leaf("EndToEndId", "NOTPROVIDED")), *amounts, remittance)

    def entry(batch: list[Line]) -> str:
        cents = sum(line.cents for line in batch)
        alone = len(batch) == 1
        booked = batch[0].day - timedelta(days=chance.randrange(3))
        days = [dated("BookgDt", booked), dated("ValDt", batch[0].day)]
        return tag(
            "Ntry",
            money(cents),
            sign(cents),
            leaf("RvslInd", chance.choice(["true", "false"])) if chance.random() < 0.2 else "",
            status("BOOK"),
            *(days if chance.random() < 0.8 else [dated("BookgDt", batch[0].day)]),
            leaf("AcctSvcrRef", batch[0].identifier if alone else "BATCH"),
            tag("NtryDtls", *(detail(line, alone) for line in batch)),
        )

    def pending() -> str:
        days = [dated("BookgDt", date(2020, 1, 1))]
        return tag("Ntry", money(100), sign(100), status(chance.choice(["PDNG", "INFO"])), *days)

    def balance(kind: str, cents: int, day: date) -> str:
        code = tag("Tp", tag("CdOrPrtry", leaf("Cd", kind)))
        return tag("Bal", code, money(cents), sign(cents), tag("Dt", leaf("Dt", day.isoformat())))

    def statement(one: Ledger, number: int) -> str:
        batches: list[list[Line]] = []
        for line in one.lines:
            last = batches[-1] if batches else []
            mixed = [*last, line]
            alike = len({other.cents > 0 for other in mixed}) == 1 and line.cents
            if last and last[0].day == line.day and alike and chance.random() < 0.4:
                last.append(line)
            else:
                batches.append([line])
        entries = [text for batch in batches for text in (entry(batch), pending() if chance.random() < 0.1 else "")]
        period = tag(
            "FrToDt", leaf("FrDtTm", f"{one.period[0]}T00:00:00"), leaf("ToDtTm", f"{one.period[1]}T23:59:59+02:00")
        )
        account = tag("Acct", tag("Id", tag("Othr", leaf("Id", one.account))), leaf("Ccy", "ZAR"))
        opening = balance(chance.choice(["OPBD", "PRCD"]), one.opening, one.period[0])
        balances = [opening, balance("CLAV", 1, one.period[1]), balance("CLBD", one.closing, one.period[1])]
        return tag("Stmt", leaf("Id", "S"), leaf("ElctrncSeqNb", str(number)), period, account, *balances, *entries)

    name = f'xmlns{":" + prefix[:-1] if prefix else ""}="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"'
    body = tag("BkToCstmrStmt", *(statement(one, number) for number, one in enumerate(ledgers, start=1)))
    text = f"<{prefix}Document {name}>{body}</{prefix}Document>"
    encoding = chance.choice(["UTF-8", "UTF-16", "ISO-8859-1"])
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
