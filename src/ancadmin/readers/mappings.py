"""Which heading is which field, written down by an officer as TOML instead of recognised (docs/rules.md, section 3).

A mapping has an entry a sheet: `[[sheet]]` with `[sheet.fields]` (field = heading, or the column's number from 1) and,
where the cells leave it open, `[sheet.date_orders]`. `headings` are all the sheet had when the mapping was made.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from ancadmin.errors import InputRefused, Place
from ancadmin.readers.cells import DateOrder
from ancadmin.readers.heading_rows import joined_headings, register_headings
from ancadmin.readers.headings import DATE_FIELDS, FIELDS, NOT_A_FIELD, plain_words, wordings_of
from ancadmin.readers.tables import ROWS_LOOKED_AT, Headings
from ancadmin.readers.text import Record

DATE_ORDERS = {
    "day-month-year": DateOrder(day_first=1),
    "month-day-year": DateOrder(month_first=1),
    "year-month-day": DateOrder(year_first=1),
}


@dataclass(frozen=True)
class SheetMapping:
    """`fields`: field → heading, or the number of a column without one. `sheet` is the name it was made from, ""
    for any.
    """

    fields: dict[str, str | int]
    headings: tuple[str, ...]
    sheet: str = ""
    date_orders: dict[str, DateOrder] = field(default_factory=dict)

    def places(self, columns: Sequence[str]) -> dict[str, int] | None:
        """Field → column index (from 0) in a sheet with these headings; None where one of them is not there."""
        at: dict[str, int] = {}
        for index, heading in enumerate(columns):
            at.setdefault(_key(heading), index)
        found = {
            name: wanted - 1 if isinstance(wanted, int) else at.get(_key(wanted), -1)
            for name, wanted in self.fields.items()
        }
        return found if all(0 <= index < len(columns) for index in found.values()) else None

    def missing(self, columns: Sequence[str]) -> list[str]:
        """The headings it names that a sheet does not have."""
        there = set(map(_key, columns))
        named = [wanted for wanted in self.fields.values() if isinstance(wanted, str)]
        return [heading for heading in named if _key(heading) not in there]

    def is_of(self, columns: Sequence[str]) -> bool:
        """Was it made for such sheets: are all its headings there, and none besides that means a further field?"""
        there, known = set(map(_key, columns)), set(map(_key, self.headings))
        if not known <= there or self.places(columns) is None:
            return False
        besides = [wordings_of(heading, exactly=True) for heading in columns if _key(heading) not in known]
        return all(not words or NOT_A_FIELD in words or words.keys() & self.fields.keys() for words in besides)


@dataclass(frozen=True)
class Profile:
    """A mapping saved under a name."""

    name: str
    sheets: tuple[SheetMapping, ...]


@dataclass(frozen=True)
class Profiles:
    """How sheets are to be read: all by the profile `chosen`, or each by one of those `saved` that is of it, if any.

    `saved` stand in the order they were saved; of several that fit, the one with most headings counts, then the latest.
    """

    chosen: Profile | None = None
    saved: tuple[Profile, ...] = ()

    def find_headings(self, top: Sequence[Record]) -> Headings | None:
        """The headings a profile knows, wherever they stand among the first rows; else those that are recognised."""
        for index in range(min(len(top), ROWS_LOOKED_AT)) if self.chosen or self.saved else ():
            for headings in ((index, list(top[index][1])), joined_headings(top, index)):
                if self.of(headings[1]) is not None:
                    return headings
        return register_headings(top)

    def of(self, columns: Sequence[str], sheet: str = "") -> tuple[str, SheetMapping] | None:
        """The name of the profile for a sheet with these headings, and its entry; None where none fits."""
        if self.chosen is not None:
            fitting = [one for one in self.chosen.sheets if one.places(columns) is not None]
            best = max(fitting, key=lambda one: (one.sheet == sheet, len(one.fields)), default=None)
            return None if best is None else (self.chosen.name, best)
        made = [
            (one.sheet == sheet, len(one.headings), order, profile.name, one)
            for order, profile in enumerate(self.saved)
            for one in profile.sheets
            if one.is_of(columns)
        ]
        return max(made, key=lambda each: each[:3])[3:] if made else None


def parse_mapping(text: str, name: str, file: str = "") -> Profile:
    """Reads the TOML of a mapping, to be known as `name`. Raises InputRefused, saying which entry of it is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"not valid TOML: {error}", "Mend that line.", place=Place(file)) from error
    sheets = data.get("sheet")
    if not isinstance(sheets, list) or not sheets or not all(isinstance(one, dict) for one in sheets):
        raise InputRefused("a mapping has an entry `[[sheet]]` for each kind of sheet", _BEGIN, place=Place(file))
    return Profile(name, tuple(_sheet(one, file) for one in sheets))


_BEGIN = "Begin with what `ancadmin register profile suggest FILE` prints."


def _sheet(entry: dict[str, Any], file: str) -> SheetMapping:
    sheet = str(entry.get("name", ""))
    place = Place(file, sheet)
    fields = entry.get("fields")
    if not isinstance(fields, dict) or "id_number" not in fields:
        remedy = 'Write id_number = "HEADING" under [sheet.fields].'
        raise InputRefused("no column of ID numbers is named", remedy, place=place)
    for name, wanted in fields.items():
        if name not in FIELDS:
            raise InputRefused("no such field", f"A field is one of: {', '.join(FIELDS)}.", place=place, value=name)
        if not (isinstance(wanted, str) and wanted.strip()) and not (type(wanted) is int and wanted > 0):
            remedy = "Write the heading in quotes, or the number of a column without one, from 1."
            raise InputRefused(f"`{name}` names no column", remedy, place=place, value=str(wanted))
    taken: dict[str | int, str] = {}
    for name, wanted in fields.items():
        other = taken.setdefault(_key(wanted) if isinstance(wanted, str) else wanted, name)
        if other != name:
            what = f"`{name}` and `{other}` name the same column"
            raise InputRefused(what, "A column is one field: take one of them out.", place=place, value=str(wanted))
    headings = entry.get("headings", [])
    if not isinstance(headings, list) or not all(isinstance(heading, str) for heading in headings):
        raise InputRefused("`headings` is a list of texts", _BEGIN, place=place)
    named = [wanted for wanted in fields.values() if isinstance(wanted, str)]
    if not named:
        what = "every column goes by its number, so the row of headings cannot be told"
        raise InputRefused(what, "Name one column at least by its heading.", place=place)
    for heading in named if headings else ():
        if _key(heading) not in set(map(_key, headings)):
            remedy = "Write it as it stands in `headings`, or mend that list."
            raise InputRefused("no such heading among `headings`", remedy, place=place, value=heading)
    orders = dict(_date_orders(entry.get("date_orders", {}), place))
    return SheetMapping(fields, tuple(headings or named), sheet, orders)


def _date_orders(orders: Any, place: Place) -> Iterator[tuple[str, DateOrder]]:
    for name, order in orders.items() if isinstance(orders, dict) else [("date_orders", "")]:
        if name not in DATE_FIELDS or order not in DATE_ORDERS:
            remedy = f"Under [sheet.date_orders], for {', '.join(DATE_FIELDS)}, write one of: {', '.join(DATE_ORDERS)}."
            raise InputRefused(f"`{name}` has no such order of dates", remedy, place=place, value=str(order))
        yield name, DATE_ORDERS[order]


def headings_of(profile: Profile) -> list[str]:
    """All headings a profile knows, each once."""
    return list(dict.fromkeys(chain.from_iterable(one.headings for one in profile.sheets)))


def _key(heading: str) -> str:
    """Headings are the same when their words are; those without a word (`#`) when they are written the same."""
    return "".join(plain_words(heading)) or heading.strip()
