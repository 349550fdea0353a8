"""Rungs 6 and 8: members by what deposits may call them by, in one pass over all of them.

An index on the reference, the cell number or the surname of 1.4 million members would cost every import of a register
more than it saves here, and could not tell how references and names are spelt.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from ancadmin.db.bulk import insert_rows, plain_rows
from ancadmin.db.schema import alias, member
from ancadmin.domain.names import surname_key
from ancadmin.domain.references import reference_key
from ancadmin.domain.suggestions import CELL, LEARNT, NAME, REFERENCE, Found
from ancadmin.services.deposits.matching.wanted import DEPOSITOR, Wanted
from ancadmin.services.deposits.matching.working import CANDIDATE, LEGACY_REFERENCE, PHONE
from ancadmin.services.deposits.matching.working import NAME as NAMED

_AT_A_TIME = 20_000
_EVERYBODY = "SELECT id, merged_into, cell, old_reference, branch, surname, first_names FROM member"
_OF_CELL = Found(CELL, "the member's cell number is in the text")
_OF_NAME = Found(NAME, "the only one of that name in the branch")
_OF_WORDS = Found(LEARNT, "an officer has accepted these words for the member before")
_OF_ALIAS = Found(LEARNT, "an officer has accepted this reference for the member before")
_Candidate = tuple[int, int, int, float, str, str]


def any_learnt(connection: Connection) -> bool:
    """Has any officer said what a reference means?"""
    return connection.scalar(select(alias.c.id).where(alias.c.reversed_by.is_(None)).limit(1)) is not None


def find_known(connection: Connection, wanted: Wanted) -> None:
    """Adds the candidates of all deposits taken in."""
    rows: set[_Candidate] = set()
    referred: dict[str, set[int]] = {}
    if wanted.of_members:
        rows.update(_on_record(connection, wanted, referred))
    if wanted.aliases:
        rows.update(_learnt(connection, wanted, referred))
    insert_rows(connection, CANDIDATE, ("deposit", "rung", "member", "weight", "words", "led"), sorted(rows))


def _learnt(connection: Connection, wanted: Wanted, referred: dict[str, set[int]]) -> Iterator[_Candidate]:
    """What officers said, where no reference on record (its key, with whose it is) says that another is meant."""
    of_deposit: dict[int, set[int]] = {}
    for key, whose in referred.items():
        for deposit in wanted.references[key]:
            of_deposit.setdefault(deposit, set()).update(whose)
    query = (
        select(alias.c.kind, alias.c.key, func.coalesce(member.c.merged_into, member.c.id))
        .join(member, member.c.id == alias.c.member)
        .where(alias.c.reversed_by.is_(None))
    )
    for kind, key, who in connection.execute(query.execution_options(yield_per=_AT_A_TIME)):
        found = _OF_WORDS if kind == DEPOSITOR else _OF_ALIAS
        for deposit in wanted.aliases.get((kind, key), ()):
            on_record = of_deposit.get(deposit) if kind == DEPOSITOR else referred.get(key)
            if on_record is None or who in on_record:
                yield deposit, LEGACY_REFERENCE, who, found.weight, found.words, key


def _on_record(connection: Connection, wanted: Wanted, referred: dict[str, set[int]]) -> Iterator[_Candidate]:
    """What is on record of members; `referred` gets the references found, with whose they are."""
    cells, references, names = wanted.cells, wanted.references, wanted.names
    keys: dict[str, str] = {}
    named: dict[int, set[int]] = {}
    for who, into, cell, reference, branch, surname, first_names in plain_rows(connection, _EVERYBODY):
        if cell in cells:
            for deposit in cells[cell]:
                yield deposit, PHONE, into or who, _OF_CELL.weight, _OF_CELL.words, ""
        if reference and (key := spelt_alike(reference)) in references:
            referred.setdefault(key, set()).add(into or who)
            words = f"the old reference {reference} is in the text"
            for deposit in references[key]:
                yield deposit, LEGACY_REFERENCE, into or who, REFERENCE, words, key
        if names and into is None:
            key = keys.get(surname) or keys.setdefault(surname, surname_key(surname))
            if (branch, key) in names:
                for deposit in wanted.named(branch, key, first_names):
                    named.setdefault(deposit, set()).add(who)
    for deposit, people in named.items():
        if len(people) == 1:
            yield deposit, NAMED, people.pop(), _OF_NAME.weight, _OF_NAME.words, ""


def spelt_alike(reference: str) -> str:
    """`reference_key`, most of whose answers are the reference itself."""
    return (
        reference if reference.isascii() and reference.isalnum() and reference.isupper() else reference_key(reference)
    )
