"""What a bank's tables look like, written down as TOML: which column is which, and which rows are lines.

A profile is a list of `[[layout]]`, one for each kind of file the bank gives out (docs/how-to/bank-statements.md). The
shipped ones are in `banks/`, one's own is a file with the same keys.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

from ancadmin.errors import InputRefused, Place
from ancadmin.readers.cells import DateOrder
from ancadmin.readers.headings import plain_words
from ancadmin.readers.mappings import DATE_ORDERS
from ancadmin.readers.profiles import text_of

MONEY = ("amount", "cents", "debit", "credit")
ROLES = ("date", *MONEY, "balance", "description", "reference", "fee", "account")
SIGNS = ("written", "reversed", "unmarked-is-debit")

Column = str | int
"""The heading over a column, or its number from 1."""


@dataclass(frozen=True)
class Marked:
    """Rows in which the cell of `column` begins with one of some texts; `balance` is the column of the balance they
    say, None for the one of the lines.
    """

    column: Column
    begins: tuple[str, ...]
    balance: Column | None = None


@dataclass(frozen=True)
class Layout:
    """One kind of table. `columns`: role → the columns whose texts are put together for it.

    `headings` are those it is known by, none for a table without any; `optional` ones may be missing. `above` are texts
    that stand over the lines. `record`: only such rows are lines. `balance_rows` say a balance and move nothing.
    `skip`: rows in which a cell begins like that are no lines; `pending`: nor are these yet, but they come again as
    lines. `account_label`, `opening_label` and `closing_label`
    stand over the lines, in the row of what they name. `fee_taken`: the fee in a line's row left the account with it;
    else the balances say whether.
    """

    columns: dict[str, tuple[Column, ...]]
    headings: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    record: Marked | None = None
    balance_rows: tuple[Marked, ...] = ()
    skip: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    account_label: str = ""
    opening_label: str = ""
    closing_label: str = ""
    date_order: DateOrder | None = None
    sign: str = "written"
    skip_without_amount: bool = False
    fee_taken: bool = False
    only_when_named: bool = False

    @property
    def known_by_itself(self) -> bool:
        """Can a file be told to be of it, without being said to be?"""
        return not self.only_when_named and bool(self.headings or self.above or self.record)

    @property
    def said(self) -> str:
        """What a file of it has in it, for people."""
        if self.headings:
            return f"the headings `{', '.join(self.headings)}`"
        marks = [f"`{text}`" for text in (*self.above, *(self.record.begins if self.record else ()))]
        return f"no headings, but {' and '.join(marks)}" if marks else "columns by their numbers"


@dataclass(frozen=True)
class Profile:
    """The layouts of one bank, the closest first. `name` is what the bank is called on the command line."""

    name: str
    layouts: tuple[Layout, ...]

    @property
    def headings(self) -> list[str]:
        """All headings its layouts are known by, each once."""
        return list(dict.fromkeys(chain.from_iterable(layout.headings for layout in self.layouts)))


def shipped_profile(name: str) -> Profile:
    """One of the profiles this version brings."""
    return parse_profile(shipped_text(name), name)


def profile_in(path: Path) -> Profile:
    """The profile in a file, known by the file's name. Raises InputRefused."""
    return parse_profile(text_of(path), path.stem, str(path))


def shipped_text(name: str) -> str:
    """The TOML of a shipped profile."""
    return files("ancadmin.readers.statements").joinpath(f"banks/{name}.toml").read_text(encoding="utf-8")


def key_of(text: str) -> str:
    """Texts are the same when their words are; those without a word when they are written the same."""
    return "".join(plain_words(text)) or text.strip()


def parse_profile(text: str, name: str, file: str = "") -> Profile:
    """Reads the TOML of a profile, to be known as `name`. Raises InputRefused: the key, its value and the remedy."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"not valid TOML: {error}", "Mend that line.", place=Place(file)) from error
    entries = data.pop("layout", None)
    if not isinstance(entries, list) or not entries or not all(isinstance(one, dict) for one in entries) or data:
        wrong = next(iter(data), "")
        raise InputRefused(
            "a profile is a list of `[[layout]]` and nothing else", _BEGIN, place=Place(file), value=wrong
        )
    return Profile(name, tuple(_Entry(entry, file, at).layout() for at, entry in enumerate(entries, 1)))


_BEGIN = "Begin with what `ancadmin deposits profile suggest FILE` prints."
_KEYS = (
    "columns",
    "headings",
    "optional",
    "above",
    "record",
    "balance_row",
    "skip",
    "pending",
    "account_label",
    "opening_label",
    "closing_label",
    "date_order",
    "sign",
    "without_amount",
    "fee_taken",
    "only_when_named",
)


class _Entry:
    """One `[[layout]]` on its way from TOML, each key checked."""

    def __init__(self, entry: dict[str, Any], file: str, at: int) -> None:
        self._entry = entry
        self._place = Place(file, f"layout {at}")
        for key in entry:
            if key not in _KEYS:
                raise self._wrong("no such key", f"A layout has: {', '.join(_KEYS)}.", key)

    def layout(self) -> Layout:
        columns = self._columns()
        headings, optional = self._texts("headings"), self._texts("optional")
        named = [one for group in columns.values() for one in group if isinstance(one, str)]
        if named and not headings:
            raise self._wrong(
                "columns are named, but the layout has no `headings`",
                'Write headings = ["…"], the row they stand in; or give columns by their numbers, from 1.',
                named[0],
            )
        for heading in named:
            if key_of(heading) not in set(map(key_of, (*headings, *optional))):
                remedy = "Write it as it stands there, or add it; under `optional` where it may be missing."
                raise self._wrong("no such heading among `headings`", remedy, heading)
        order = self._one_of("date_order", ("", *DATE_ORDERS))
        without = self._one_of("without_amount", ("refuse", "skip"))
        return Layout(
            columns=columns,
            headings=headings,
            optional=optional,
            above=self._texts("above"),
            record=next(iter(self._marked("record", [self._entry.get("record")])), None),
            balance_rows=tuple(self._marked("balance_row", self._entry.get("balance_row", []))),
            skip=self._texts("skip"),
            pending=self._texts("pending"),
            account_label=self._text("account_label"),
            opening_label=self._text("opening_label"),
            closing_label=self._text("closing_label"),
            date_order=DATE_ORDERS.get(order),
            sign=self._one_of("sign", SIGNS),
            skip_without_amount=without == "skip",
            fee_taken=self._flag("fee_taken"),
            only_when_named=self._flag("only_when_named"),
        )

    def _columns(self) -> dict[str, tuple[Column, ...]]:
        table = self._entry.get("columns")
        if not isinstance(table, dict):
            raise self._wrong("`[layout.columns]` is missing", 'Write, under it: date = "HEADING" and so on.', "")
        columns: dict[str, tuple[Column, ...]] = {}
        for role, wanted in table.items():
            if role not in ROLES:
                raise self._wrong("no such column", f"Under [layout.columns] there may be: {', '.join(ROLES)}.", role)
            group = wanted if isinstance(wanted, list) and role in ("description", "reference") else [wanted]
            columns[role] = tuple(self._column(role, one) for one in group)
        if "date" not in columns:
            raise self._wrong("no column of dates is named", 'Write date = "HEADING" under [layout.columns].', "")
        if columns.keys().isdisjoint(MONEY):
            what = "no column of amounts is named"
            raise self._wrong(what, 'Write amount = "HEADING" under [layout.columns], or debit and credit.', "")
        if columns.keys().isdisjoint({"description", "reference"}):
            what = "nothing says what a line is for"
            raise self._wrong(what, 'Write description = "HEADING" under [layout.columns].', "")
        return columns

    def _column(self, key: str, wanted: Any) -> Column:
        if (isinstance(wanted, str) and wanted.strip()) or (type(wanted) is int and wanted > 0):
            column: Column = wanted
            return column
        raise self._wrong(f"`{key}` names no column", "Write the heading in quotes, or its number from 1.", str(wanted))

    def _marked(self, key: str, entries: Any) -> Iterable[Marked]:
        for entry in entries if isinstance(entries, list) else [entries]:
            if entry is None:
                continue
            begins = entry.get("begins") if isinstance(entry, dict) else None
            if not isinstance(begins, list) or not begins or not all(isinstance(one, str) and one for one in begins):
                remedy = f'Write {key} = {{ column = 1, begins = ["TEXT"] }}.'
                raise self._wrong(f"`{key}` says no rows", remedy, str(entry))
            balance = entry.get("balance")
            for heading in (entry.get("column"), balance):
                if isinstance(heading, str) and key_of(heading) not in set(map(key_of, self._texts("headings"))):
                    raise self._wrong("no such heading among `headings`", "Write it as it stands there.", heading)
            yield Marked(
                self._column(f"{key}.column", entry.get("column")),
                tuple(begins),
                None if balance is None else self._column(f"{key}.balance", balance),
            )

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self._entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self._wrong(f"`{key}` is a list of texts", f'Write {key} = ["…", "…"].', str(value))
        return tuple(value)

    def _text(self, key: str) -> str:
        value = self._entry.get(key, "")
        if not isinstance(value, str):
            raise self._wrong(f"`{key}` is a text", f'Write {key} = "…".', str(value))
        return value

    def _one_of(self, key: str, values: tuple[str, ...]) -> str:
        value = self._entry.get(key, values[0])
        if value not in values:
            remedy = f"Write one of: {', '.join(one for one in values if one)}."
            raise self._wrong(f"`{key}` has no such value", remedy, str(value))
        return str(value)

    def _flag(self, key: str) -> bool:
        value = self._entry.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(f"`{key}` is true or false", f"Write {key} = true, or take it out.", str(value))
        return value

    def _wrong(self, what: str, remedy: str, value: str) -> InputRefused:
        return InputRefused(what, remedy, place=self._place, value=value)
