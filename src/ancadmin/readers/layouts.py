"""How the result file of a death check is laid out: which heading is what, what each result means, which dates mean
that none is known. Written as TOML, shipped for HANIS and IEC (`death_layouts/`) or an organisation's own.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ancadmin.errors import InputRefused, Place
from ancadmin.readers.cells import DateOrder
from ancadmin.readers.headings import plain_words
from ancadmin.readers.mappings import DATE_ORDERS
from ancadmin.readers.profiles import is_file, text_of

COLUMNS = ("id_number", "result", "died_on", "died_on_else", "surname", "first_names", "full_name")
_PARTS = ("columns", "results", "dates")


class Result(StrEnum):
    """What the office that was asked says of a person."""

    DEAD = "dead"
    ALIVE = "alive"
    UNKNOWN = "unknown"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Layout:
    """`columns`: the headings each may have; `results`: what a cell's words mean; `not_known`: texts that stand for no
    date. `order` is None where the column itself is asked.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    results: Mapping[str, Result]
    order: DateOrder | None
    not_known: frozenset[str]

    def places(self, headings: Sequence[str]) -> dict[str, int]:
        """Where the columns stand (from 0) under some headings; those that are not there are left out."""
        at: dict[str, int] = {}
        for place, heading in enumerate(headings):
            at.setdefault(_key(heading), place)
        offers = ((name, at.get(_key(heading))) for name, said in self.columns.items() for heading in said)
        found: dict[str, int] = {}
        for name, offered in offers:
            if offered is not None:
                found.setdefault(name, offered)
        return found

    def fits(self, places: Mapping[str, int]) -> bool:
        """Whether a row can be read: whose it is, and whether the person died, or when."""
        return "id_number" in places and bool({"result", "died_on"} & places.keys())

    def is_of(self, places: Mapping[str, int]) -> bool:
        """Whether headings alone tell that a file is laid out so: all that decides is there."""
        return {"id_number", "died_on", *(("result",) if "result" in self.columns else ())} <= places.keys()

    def meaning(self, cell: str) -> Result | None:
        """What a cell of the result column means; None for words the layout does not know."""
        return self.results.get(said(cell))


def said(cell: str) -> str:
    """A cell as a layout compares it: without capitals, single blanks."""
    return " ".join(cell.split()).casefold()


def bare_date(text: str) -> str:
    """A date as a layout compares it: its digits, without the time of day."""
    day = text.strip().split(" ")[0].split("T")[0]
    return "".join(char for char in day if char.isalnum())


@cache
def shipped() -> dict[str, Layout]:
    """The layouts that come with the program, by name."""
    return {name: parse_layout(layout_text(name), name) for name in shipped_names()}


def shipped_names() -> list[str]:
    """Their names."""
    folder = files("ancadmin.readers").joinpath("death_layouts")
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))


def layout_text(name: str) -> str:
    """A shipped layout as it is written. Raises InputRefused for a name there is none of."""
    if name not in shipped_names():
        raise InputRefused("no such layout", f"It is one of {', '.join(shipped_names())}, or a TOML file.", value=name)
    return files("ancadmin.readers").joinpath("death_layouts", f"{name}.toml").read_text(encoding="utf-8")


def layout_of(said: str) -> Layout:
    """The layout that was named, or that of a TOML file. Raises InputRefused."""
    if is_file(said):
        path = Path(said)
        return parse_layout(text_of(path), path.stem, path.name)
    return parse_layout(layout_text(said), said)


def parse_layout(text: str, name: str, file: str = "") -> Layout:
    """Reads the TOML of a layout. Raises InputRefused, saying which entry of it is wrong."""
    place = Place(file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"not valid TOML: {error}", "Mend that line.", place=place) from error
    for part in data:
        if part not in _PARTS or not isinstance(data[part], dict):
            raise InputRefused("no such part of a layout", f"It has [{'], ['.join(_PARTS)}].", place=place, value=part)
    columns = _texts(data.get("columns", {}), COLUMNS, place)
    if "id_number" not in columns or not {"died_on", "result"} & columns.keys():
        remedy = "Under [columns] write id_number, and died_on or result or both, each with its headings."
        raise InputRefused("it does not say where ID numbers and deaths stand", remedy, place=place)
    meanings = _texts(data.get("results", {}), tuple(Result), place)
    if "result" in columns and "dead" not in meanings:
        raise InputRefused("no result means dead", 'Under [results] write dead = ["…"].', place=place)
    results: dict[str, Result] = {}
    for meaning, words in meanings.items():
        for word in words:
            if results.setdefault(said_key := said(word), Result(meaning)) is not Result(meaning):
                remedy = "A result means one thing: take it out of one of the two."
                raise InputRefused(f"{results[said_key]} and {meaning} both", remedy, place=place, value=word)
    dates = data.get("dates", {})
    order = dates.pop("order", None)
    if order is not None and order not in DATE_ORDERS:
        remedy = f"It is one of: {', '.join(DATE_ORDERS)}."
        raise InputRefused("no such order of dates", remedy, place=place, value=str(order))
    not_known = _texts(dates, ("not_known",), place).get("not_known", ())
    return Layout(name, columns, results, DATE_ORDERS.get(order), frozenset(map(bare_date, not_known)))


def _texts(table: Mapping[str, Any], names: Sequence[str], place: Place) -> dict[str, tuple[str, ...]]:
    """Entries of texts, or of one text. Raises InputRefused."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        texts = [value] if isinstance(value, str) else value
        if name not in names:
            raise InputRefused(
                "no such entry of a layout", f"It is one of: {', '.join(names)}.", place=place, value=name
            )
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            raise InputRefused(f"`{name}` is no list of texts", 'Write it as ["…", "…"].', place=place)
        found[str(name)] = tuple(texts)
    return found


def _key(heading: str) -> str:
    return "".join(plain_words(heading)) or heading.strip()
