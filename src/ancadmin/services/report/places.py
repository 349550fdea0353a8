"""The places a report has a line for, and which of them each branch counts for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.domain.roles import Role
from ancadmin.services.export.scope import Scope, in_words, places
from ancadmin.services.session import Session


class Level(StrEnum):
    """What a report has a line for."""

    BRANCH = "branch"
    REGION = "region"
    PROVINCE = "province"

    @classmethod
    def below(cls, scope: Scope) -> "Level":
        """The level below the place asked about."""
        if scope.everything:
            return cls.PROVINCE
        return cls.REGION if scope.province is not None else cls.BRANCH


@dataclass(frozen=True)
class Lines:
    """The lines of a report, in order of code; `of_branch` says by a branch's code which line it counts for, `words`
    names the place asked about.
    """

    level: Level
    words: str
    place: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    of_branch: dict[str, int]

    def about(self, number: int) -> dict[str, Any]:
        """What JSON says a line is about; the line after the last is the total."""
        if number == len(self.codes):
            return {"kind": "total", "code": self.place, "name": self.words}
        return {"kind": self.level.value, "code": self.codes[number], "name": self.names[number]}


def paper_made(form: Form | None, file: str | None) -> dict[str, str]:
    """What the trail of accesses says of the paper made of a report, if one is: its form, and the file where named."""
    made = {"form": form.value if form else None, "file": file if form else None}
    return {name: value for name, value in made.items() if value is not None}


def lines_of(session: Session, connection: Connection, scope: Scope, level: Level) -> Lines:
    """The lines for the branches of a place. Raises as `scope.places`."""
    there = places(session, connection, scope, Role, "see what its members owe")
    named = {_code(level, place): _name(level, place) for place in there}
    codes = sorted(named)
    number = {code: at for at, code in enumerate(codes)}
    return Lines(
        level=level,
        words=in_words(scope, there),
        place=scope.place,
        codes=tuple(codes),
        names=tuple(named[code] for code in codes),
        of_branch={place.code: number[_code(level, place)] for place in there},
    )


def _code(level: Level, place: BranchPlace) -> str:
    return {Level.BRANCH: place.code, Level.REGION: place.region_code, Level.PROVINCE: place.province_code}[level]


def _name(level: Level, place: BranchPlace) -> str:
    return {Level.BRANCH: place.name, Level.REGION: place.region, Level.PROVINCE: place.province}[level]


def most(values: Sequence[int], count: int) -> list[int]:
    """The positions of the `count` highest values above zero, the highest first; of equal ones the first."""
    order = sorted(range(len(values)), key=lambda at: (-values[at], at))
    return [at for at in order if values[at] > 0][:count]
