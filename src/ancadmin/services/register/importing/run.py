"""Legacy registers in (docs/rules.md, sections 2 and 3): read, repaired, every row accounted for, in one batch."""

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import Integer, cast, select, union

from ancadmin import __version__
from ancadmin.db.batches import Batch
from ancadmin.db.bulk import indexes_rebuilt
from ancadmin.db.schema import change, decision, member, register_row, standing
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import NotAllowed
from ancadmin.readers.hidden import hidden_in
from ancadmin.readers.incoming import incoming
from ancadmin.readers.mappings import Profiles
from ancadmin.readers.refusals import NoTable
from ancadmin.readers.registers import Register, read_register
from ancadmin.services.batch.inputs import noted
from ancadmin.services.progress import Step
from ancadmin.services.register.codes import NOBODYS
from ancadmin.services.register.importing.branches import Branches
from ancadmin.services.register.importing.cleaning import SCHEMA, Cleaner, Terms
from ancadmin.services.register.importing.corrected import corrected
from ancadmin.services.register.importing.entries import asked_anew
from ancadmin.services.register.importing.expected import Expected, expected_branches
from ancadmin.services.register.importing.groups import resolve
from ancadmin.services.register.importing.known import taken_before
from ancadmin.services.register.importing.merged import with_merged
from ancadmin.services.register.importing.moved import numbered_now, where_transferred
from ancadmin.services.register.importing.preview import Preview
from ancadmin.services.register.importing.record import Record
from ancadmin.services.register.importing.result import ImportResult
from ancadmin.services.register.importing.spool import Spool, spool
from ancadmin.services.register.importing.titles import said, titled
from ancadmin.services.register.importing.writing import Writer
from ancadmin.services.register.profiles.saved import profiles_on_record
from ancadmin.services.register.reach import refuse_out_of_reach
from ancadmin.services.session import Session
from ancadmin.services.standing.settle import settle

# Rows cleaned at a time: enough for whole columns to pay, few enough to stay small.
CHUNK_ROWS = 50_000


def import_registers(
    session: Session,
    paths: Sequence[Path],
    profile: str | None = None,
    *,
    create_branches: bool = False,
    reading_date: date | None = None,
    expected: Collection[str] = (),
) -> ImportResult:
    """Takes in registers, folders and archives of them, all of them or, where one cannot be read, none.

    `profile` is the saved mapping all are read by; without it each sheet is by the one that is of it, if any.
    `reading_date` is the day ages are read at where no joining date gives an answer; today if None. `expected`: the
    branches whose rows the files are to hold, any if empty. Raises InputRefused for a file that is no register, does
    not fit the profile or holds rows of other branches, NotAllowed for those who do not decide about members.
    """
    if not any(role in DECIDES for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not import registers", "Ask a membership officer to do it.")
    files, left_out = incoming(paths)
    filling = _nobody_is_on_record(session)
    with session.batch("register import", filling=filling) as batch, spool(SCHEMA) as kept, ExitStack() as unpacked:
        terms = Terms(session.policy, batch.today, reading_date or batch.today, create_branches)
        profiles = profiles_on_record(batch.connection, profile)
        branches = expected_branches(batch.connection, expected, may_be_new=create_branches)
        read = [unpacked.enter_context(file.opened()) for file in files]
        contents = [noted(batch, path, file.name) for file, path in zip(files, read, strict=True)]
        known = taken_before(batch, left_out, reading_date=terms.reading_date, create_branches=create_branches)
        # What was taken in before under the same terms has nothing new to say, unless more is asked than the counts.
        if known and not branches and known.get("profile") == profile and not (batch.dry_run and known["problems"]):
            result = ImportResult(batch=batch.number, **known)
        else:
            work = _Import(session, batch, terms, kept, profiles, branches)
            for file, path, sha256 in zip(files, read, contents, strict=True):
                try:
                    work.read(path, file.name, sha256)
                except NoTable:
                    if not file.may_be_a_letter:
                        raise
                    left_out.append(file.name)
            work.write()
            refuse_out_of_reach(session, batch)
            result = replace(work.result(), profile=profile, left_out=left_out)
        batch.counts.update(result.counts())
        batch.counts["program"] = __version__
    return result


def _nobody_is_on_record(session: Session) -> bool:
    with session.store.connect() as connection:
        return connection.scalar(select(member.c.id).limit(1)) is None


class _Import:
    """One import: first every file is read into the spool, then the spool is written, bucket by bucket."""

    def __init__(
        self,
        session: Session,
        batch: Batch,
        terms: Terms,
        kept: Spool,
        profiles: Profiles,
        expected: Collection[str],
    ) -> None:
        self._session = session
        self._batch = batch
        self._terms = terms
        self._spool = kept
        self._record = Record(batch.connection)
        self._branches = Branches(batch)
        self._writer = Writer(batch, self._record.held(batch.number), self._record.settled())
        self._profiles = profiles
        self._expected = expected
        self._preview = Preview(batch.policy.shifted_percent) if batch.dry_run else None
        self._blank = 0
        self._set_aside: list[str] = []
        self._by_profile: list[dict[str, str]] = []
        self._unsure: list[dict[str, Any]] = []
        self._titled: list[dict[str, Any]] = []
        self._hidden: list[dict[str, Any]] = []

    def read(self, path: Path, name: str, sha256: str) -> None:
        """Cleans a file's rows; those that are nobody's are held back at once, the others kept for `write`."""
        register = read_register(path, self._profiles, name)
        self._leave_out(name, register)
        self._hidden += [{"file": name, **asdict(one)} for one in hidden_in(path)]
        expected = Expected(self._expected) if self._expected else None
        for read in register.sheets:
            sheet, carried = titled(read, self._branches)
            self._titled += said(name, sheet, carried)
            self._blank += max(sheet.sheet.header_row - 1, 0)
            source = self._writer.rows.source(sheet, sha256)
            self._record.reads(source, sha256)
            cleaner = Cleaner(sheet, source, self._terms, self._branches)
            self._writer.rows.reading(source, sheet, cleaner.orders)
            if self._preview is not None:
                self._preview.reads(source, sheet)
            if sheet.profile:
                self._by_profile.append({"file": name, "sheet": sheet.sheet.sheet, "profile": sheet.profile})
            self._unsure += [{"file": name, "sheet": sheet.sheet.sheet, **one} for one in sheet.unsure()]
            with self._session.progress.step(f"Reading {name}") as step:
                for chunk in sheet.chunks(CHUNK_ROWS):
                    rows, blank = cleaner.clean(chunk)
                    self._blank += blank
                    if expected is not None:
                        expected.look(sheet, rows)
                    self._sort_out(rows)
                    step.advance(len(chunk.rows))
        if expected is not None:
            expected.require()

    def write(self) -> None:
        """Decides about the kept rows and writes them, then what follows from them."""
        connection = self._batch.connection
        # Where most are on record already, few rows are new, and what is known is looked up by these indexes.
        many = self._spool.rows > 4 * self._record.members
        with (
            self._session.progress.step("Writing members", self._spool.rows) as step,
            indexes_rebuilt(connection, member, when=many),
            indexes_rebuilt(connection, register_row, when=many and not self._record.members),
        ):
            for bucket in self._spool.buckets():
                self._write(bucket, step)
        self._writer.finish()
        self._writer.rows.resolve(corrected(self._batch, self._writer.rows.held_again))
        with indexes_rebuilt(connection, standing, when=many):
            self._settle()

    def result(self) -> ImportResult:
        """What the import did."""
        counts = self._writer.counts
        return ImportResult(
            batch=self._batch.number,
            reading_date=self._terms.reading_date.isoformat(),
            read=counts.outcomes.total() + self._blank,
            accepted=counts.outcomes["accepted"],
            updated=counts.outcomes["updated"],
            unchanged=counts.outcomes["unchanged"],
            quarantined=counts.outcomes["quarantined"],
            blank=self._blank,
            notes=_largest_first(counts.notes),
            problems=_largest_first(counts.problems),
            repairs=_largest_first(counts.repairs),
            changed=_largest_first(counts.changed),
            branches_made=self._branches.made,
            held_before=counts.outcomes["quarantined"] - counts.held_now,
            set_aside=self._set_aside,
            profiles=self._by_profile,
            unsure=self._unsure,
            titled=self._titled,
            hidden=self._hidden,
            **(self._preview.result(_largest_first(counts.changed)) if self._preview is not None else {}),
        )

    def _leave_out(self, name: str, register: Register) -> None:
        for sheet in register.set_aside:
            self._set_aside.append(f"{name} {sheet.sheet}".strip())
            self._blank += sheet.header_row + sum(len(chunk.rows) for chunk in sheet.chunks())

    def _sort_out(self, rows: pa.Table) -> None:
        rows = numbered_now(rows, self._record.numbers_now)
        nobodys = (rows.column("problems").to_numpy() & NOBODYS) != 0
        if not nobodys.any():
            self._spool.add(rows)
            return
        self._spool.add(rows.filter(pa.array(~nobodys)))
        held = rows.filter(pa.array(nobodys))
        if self._preview is not None:
            self._preview.held_back(held)
        self._writer.hold_back(held)

    def _write(self, bucket: pa.Table, step: Step) -> None:
        numbers = bucket.column("number").to_numpy()
        different, at = np.unique(numbers, return_inverse=True)
        members = self._record.ids(different)[at]
        bucket = with_merged(asked_anew(bucket, members, self._record), members, self._record, self._batch.policy)
        seen, stored = self._record.seen(members, bucket)
        record = self._record.found(np.unique(numbers[~seen]))
        bucket = where_transferred(bucket, record, members, seen, self._record.left(members[~seen]))
        resolved = resolve(bucket, record, seen)
        if self._preview is not None:
            self._preview.decided(bucket, record, resolved, members)
        self._writer.take(bucket, record, resolved, members, stored)
        step.advance(len(numbers))

    def _settle(self) -> None:
        number = self._batch.number
        with self._session.progress.step("Settling"):
            settle(self._batch, select(member.c.id).where(member.c.batch == number))
            touched = union(
                select(cast(change.c.key, Integer)).where(change.c.batch == number, change.c.table_name == "member"),
                select(decision.c.member).where(decision.c.batch == number),
            )
            settle(self._batch, select(member.c.id).where(member.c.id.in_(touched), member.c.batch != number))


def _largest_first(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
