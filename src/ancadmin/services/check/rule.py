"""A consistency rule of the store: its name, what it says, and how what offends it is found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select

from ancadmin.services.session import Session

MOST = 1000
"""No rule names more than this many offending rows: a store that is that wrong is wrong as a whole."""


@dataclass(frozen=True)
class Subject:
    """What is checked: one consistent picture of the store, on `connection`. `note` is told what offends no rule and
    whoever checks the store has to know all the same, a sentence each.
    """

    session: Session
    connection: Connection
    note: Callable[[str], object]


@dataclass(frozen=True)
class Rule:
    """`sentence` says what holds in a clean store; `find` yields what does not, a sentence each, by row ids."""

    name: str
    sentence: str
    find: Callable[[Subject], Iterator[str]]


def offending(name: str, sentence: str, query: Callable[[], Select[Any]], words: str) -> Rule:
    """A rule of one query: each of its rows offends, and is said by filling its columns into `words`."""

    def find(subject: Subject) -> Iterator[str]:
        for row in subject.connection.execute(query().limit(MOST)).mappings():
            yield words.format(**row)

    return Rule(name, sentence, find)
