"""Bank statements in (docs/rules.md, section 4.1): checked, read, and only what is new kept, in one batch."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, select

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import insert_rows
from ancadmin.db.schema import deposit_sighting, statement
from ancadmin.domain.dates import iso_texts
from ancadmin.domain.money import rands
from ancadmin.errors import InputRefused, Place
from ancadmin.readers.incoming import STATEMENTS, incoming
from ancadmin.readers.refusals import NoTable
from ancadmin.readers.statements.read import read_statements
from ancadmin.readers.statements.statement import Lines, Statement
from ancadmin.services.batch.inputs import noted
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.deposits.profiles.saved import STATEMENT_PROFILES, profile_named
from ancadmin.services.deposits.statements.lines import fingerprints_of, identified, insert_lines
from ancadmin.services.deposits.statements.overlap import Span, keys_of, sort_out
from ancadmin.services.session import Session

DEFAULT_ACCOUNT = "main"
"""The account of a statement that names none, where none is given."""


@dataclass(frozen=True)
class Imported:
    """What an import did: lines = new + already_there + not_a_deposit + rejected.

    `not_a_deposit` counts debits and charges that are new, `rejected` the lines that cannot be read and were left out
    with `--force`; `cents` is the sum of the new deposits. `accounts` are those the lines went to, `forced` the
    statements taken in though they do not add up, `unnamed` those kept under DEFAULT_ACCOUNT for want of a name.
    `notes` are what was left out or read in another way than usual, code → how often: see `Statement.notes`;
    `left_out` the files of folders and archives that are no statements; `profiles` the sheets read by a profile that
    officers wrote: file, sheet, profile.
    """

    batch: int
    statements: int
    lines: int
    new: int
    already_there: int
    not_a_deposit: int
    rejected: int
    cents: int
    accounts: list[str]
    forced: list[str]
    notes: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    profiles: list[dict[str, str]] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON shows it: `accounts` tells there what `unnamed` tells people."""
        return {name: value for name, value in asdict(self).items() if name != "unnamed"}


def import_statements(
    session: Session,
    paths: Sequence[Path],
    *,
    bank: str | None = None,
    profile: str | None = None,
    account: str | None = None,
    force: bool = False,
) -> Imported:
    """Takes in statements, all of them or, where one cannot be taken, none.

    `paths` may be folders and archives too. `bank` names the format, or `profile` the saved profile or the
    TOML file that describes it; without either, a table that one saved profile is of is read by that. `account` names
    the account; `force` takes a statement that does not add up, and leaves out lines
    that cannot be read. Raises InputRefused naming the file, the row and what is wrong there; NotAllowed.
    """
    require_officer(session, "import bank statements")
    files, left_out = incoming(paths, STATEMENTS)
    with session.batch("deposits import") as batch:
        own = None if profile is None else profile_named(batch.connection, profile)
        saved = () if bank or own else STATEMENT_PROFILES.saved(batch.connection)
        work = _Import(session, batch, {one.name for one in (own, *saved) if one}, force=force)
        contents = {path: noted(batch, path) for path in dict.fromkeys(file.path for file in files)}
        for file in files:
            with file.opened() as path:
                try:
                    with session.progress.step(f"Reading {file.name}"):
                        statements = read_statements(path, batch.today, bank, own, saved)
                except NoTable:
                    if not file.beside_others:
                        raise
                    left_out.append(file.name)
                    continue
                _refuse_one_name_for_several(file.name, statements, account)
                for one in statements:
                    work.take(replace(one, file=file.name), path, contents[file.path], account or one.account)
        result = work.result(left_out)
        batch.counts.update({name: value for name, value in result.as_dict().items() if name != "batch"})
    return result


class _Import:
    """One import's work, statement by statement."""

    def __init__(self, session: Session, batch: Batch, profiles: Collection[str], *, force: bool) -> None:
        self._session = session
        self._batch = batch
        self._profiles = profiles
        self._by_profile: list[dict[str, str]] = []
        self._force = force
        self._counts = dict.fromkeys(
            ("statements", "lines", "new", "already_there", "not_a_deposit", "rejected", "cents"), 0
        )
        self._accounts: dict[str, None] = {}
        self._forced: list[str] = []
        self._notes: Counter[str] = Counter()
        self._unnamed: list[str] = []

    def take(self, one: Statement, path: Path, sha256: str, named: str | None) -> None:
        """Takes in one statement. Raises InputRefused unless it can be read and adds up, or it is forced."""
        self._check(one, path)
        by_profile = {"file": one.file, "sheet": one.sheet, "profile": one.bank}
        if one.bank in self._profiles and by_profile not in self._by_profile:
            self._by_profile.append(by_profile)
        account = named or DEFAULT_ACCOUNT
        if not named:
            self._unnamed.append(f"{one.file} {one.sheet}".strip())
        self._accounts[account] = None
        self._counts["statements"] += 1
        self._counts["lines"] += len(one.lines) + one.unreadable
        self._counts["rejected"] += one.unreadable
        self._notes.update(one.notes)
        if not len(one.lines):
            self._without_lines(one, sha256, account)
            return
        lines = _in_order(one.lines)
        days = iso_texts(lines.value_date[[0, -1]])
        span = Span(account, str(days[0]), str(days[1]), one.opening_cents, one.closing_cents)
        about = _about(one, sha256, account, span)
        by_bank = identified(lines)
        fingerprints = fingerprints_of(lines, by_bank)
        keys = keys_of(lines.value_date, fingerprints)
        found = sort_out(self._batch.connection, span, lines.value_date, lines.cents, keys, by_bank)
        new = np.flatnonzero(found.new)
        self._counts["already_there"] += len(lines) - len(new)
        if not len(new) and self._known(about):
            return
        number = self._record(about)
        insert_rows(
            self._batch.connection,
            deposit_sighting,
            ("statement", "deposit"),
            ((number, seen) for seen in found.id[~found.new].tolist()),
        )
        taken = lines if len(new) == len(lines) else lines.take(new)
        deposits = taken.cents > 0
        with self._session.progress.step(f"Writing {one.file}", len(new)) as step:
            insert_lines(self._batch, step, number, account, taken, fingerprints[new], found.occurrence[new], deposits)
        self._counts["new"] += int(deposits.sum())
        self._counts["not_a_deposit"] += int((~deposits).sum())
        self._counts["cents"] += int(taken.cents[deposits].sum())

    def result(self, left_out: list[str]) -> Imported:
        """What the import did, beside files that are no statements."""
        return Imported(
            batch=self._batch.number,
            **self._counts,
            accounts=list(self._accounts),
            forced=self._forced,
            notes=dict(sorted(self._notes.items())),
            left_out=left_out,
            profiles=self._by_profile,
            unnamed=self._unnamed,
        )

    def _check(self, one: Statement, path: Path) -> None:
        if one.unreadable and not self._force:
            first = one.problems[0]
            more = f"; {one.unreadable - 1} more lines too" if one.unreadable > 1 else ""
            raise InputRefused(
                f"{_WHAT[first.code]}{more}",
                f"{first.remedy} With --force such lines are left out.",
                place=_place(path, one, first.row, first.column),
                value=first.value or "blank",
            )
        if one.breaks is None:
            return
        if not self._force:
            raise InputRefused(
                f"the statement stops adding up here: the balance should be {rands(one.breaks.expected)} "
                f"and is {rands(one.breaks.found)}",
                "Export it again; lines may be missing, or an amount was changed. With --force it is taken as it is.",
                place=_place(path, one, one.breaks.row),
            )
        self._forced.append(f"{one.file} {one.sheet}".strip())

    def _without_lines(self, one: Statement, sha256: str, account: str) -> None:
        """Keeps a statement in which nothing happened, where it says of which days or balances: it fills a gap."""
        about = _about(one, sha256, account)
        says = (one.opening_cents, one.closing_cents, one.period_from, one.period_to)
        if any(value is not None for value in says) and not self._known(about):
            self._record(about)

    def _known(self, about: dict[str, Any]) -> bool:
        """Is this very statement of this very file on record?"""
        same = [
            statement.c[name].is_not_distinct_from(value)
            for name, value in about.items()
            if name not in ("file", "bank")
        ]
        found = self._batch.connection.scalar(
            select(statement.c.id).where(*same, statement.c.reversed_by.is_(None)).limit(1)
        )
        return found is not None

    def _record(self, about: dict[str, Any]) -> int:
        made = self._batch.connection.execute(
            insert(statement).values(batch=self._batch.number, **about).returning(statement.c.id)
        )
        return int(made.scalar_one())


def _refuse_one_name_for_several(name: str, statements: list[Statement], account: str | None) -> None:
    """Raises InputRefused where `account` would put the lines of several accounts into one."""
    named = sorted({one.account for one in statements if one.account})
    if account is not None and len(named) > 1:
        raise InputRefused(
            f"the file has statements of several accounts ({', '.join(named)}), and --account would make them one",
            "Leave --account out, or ask for a file for each account.",
            place=Place(name),
        )


def _about(one: Statement, sha256: str, account: str, span: Span | None = None) -> dict[str, Any]:
    """What is kept of a statement beside its lines, by column."""
    return {
        "file": one.file,
        "sha256": sha256,
        "bank": one.bank,
        "account": account,
        "first_day": span and span.first_day,
        "last_day": span and span.last_day,
        "opening_cents": one.opening_cents,
        "closing_cents": one.closing_cents,
        "lines": len(one.lines),
        "period_from": one.period_from and one.period_from.isoformat(),
        "period_to": one.period_to and one.period_to.isoformat(),
        "sequence": one.sequence,
    }


def _place(path: Path, one: Statement, row: int | None, column: str = "") -> Place:
    """A row of the file, or an entry of the message."""
    if one.unit == "row" or row is None:
        return Place(str(path), one.sheet, row, column)
    return Place(str(path), f"{one.sheet} {one.unit} {row}".strip(), None, column)


def _in_order(lines: Lines) -> Lines:
    """The lines in order of their value dates; as they stand where they are, for a copy of millions takes room."""
    if (np.diff(lines.value_date).astype(np.int64) >= 0).all():
        return lines
    return lines.take(np.argsort(lines.value_date, kind="stable"))


_WHAT = {
    "value_date": "not a day",
    "amount": "not an amount",
    "balance": "not an amount",
    "cells": "more cells than headings",
    "correction": "an entry that corrects an earlier one",
}
