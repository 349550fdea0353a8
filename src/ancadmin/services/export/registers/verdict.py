"""What `export verify` says of a paper, and the register that stands for the same meeting now."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from ancadmin.db.schema import paper, paper_file
from ancadmin.domain.attendance import difference
from ancadmin.services.export.registers.kept import KIND, said_by


class Verdict(StrEnum):
    """What a file or a code is: as issued; as issued, but a later register of the same meeting stands; as issued, and
    withdrawn since; of an issued paper, but changed; nothing this store knows.
    """

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verified:
    """The verdict and a sentence that gives the reason. `file` and `file_hash` are of what was shown, `code` what was
    typed; the fields after them are the issued paper's, None where there is none. `superseded_by` is the register that
    stands by now, `superseded_differs` what it says otherwise. Of an altered file: how many places of its text differ
    (None where its text cannot be read or compared), the first of them, and the first byte that differs.
    """

    verdict: Verdict
    why: str
    file: str | None = None
    file_hash: str | None = None
    code: str | None = None
    serial: str | None = None
    branch: str | None = None
    meeting: str | None = None
    meeting_date: str | None = None
    cut_off: str | None = None
    members: int | None = None
    quorum: int | None = None
    content_hash: str | None = None
    form: str | None = None
    style: str | None = None
    issued_hash: str | None = None
    batch: int | None = None
    withdrawn_in: int | None = None
    superseded_by: str | None = None
    superseded_differs: str | None = None
    protected: bool = False
    differing: int | None = None
    first_differing_byte: int | None = None
    differences: tuple[dict[str, str | None], ...] = ()


_COLUMNS = [column for column in paper.columns if column.name != "said"]
_SAME = ("serial", "branch", "meeting", "meeting_date", "cut_off", "members", "quorum", "content_hash", "batch")


def papers() -> Select[Any]:
    """Issued papers, without what they say."""
    return select(*_COLUMNS)


def given_out() -> Select[Any]:
    """Issued papers with each file they were given out as, the first file first."""
    query = select(*_COLUMNS, paper_file.c.form, paper_file.c.style, paper_file.c.file_hash)
    return query.join(paper_file, paper_file.c.serial == paper.c.serial).order_by(paper_file.c.id)


def as_issued(connection: Connection, row: RowMapping, **shown: Any) -> Verified:
    """The verdict on something that is as the paper of `row` was issued: genuine, superseded or withdrawn."""
    if row["reversed_by"] is not None:
        why = f"as issued, and withdrawn since in batch {row['reversed_by']}"
        return verified(Verdict.WITHDRAWN, why, row, **shown)
    later = _standing(connection, row)
    if later == row["serial"]:
        return verified(Verdict.GENUINE, "as issued, and it stands", row, **shown)
    differs = _differs(connection, row["serial"], later)
    why = f"as issued, but {later} stands for this meeting by now" + (f": {differs}" if differs else "")
    return verified(Verdict.SUPERSEDED, why, row, superseded_by=later, superseded_differs=differs, **shown)


def changed(connection: Connection, row: RowMapping, why: str, **shown: Any) -> Verified:
    """The verdict on something that names the paper of `row` and is not as issued."""
    later = None if row["reversed_by"] is not None else _standing(connection, row)
    if later != row["serial"]:
        shown["superseded_by"] = later
    return verified(Verdict.ALTERED, why, row, **shown)


def as_others_see(found: Verified) -> Verified:
    """Of something changed what somebody learns whose places do not reach the branch: not what was issued, nor how near
    to it a made-up file or code has come, for who asks often enough would learn it all from that.
    """
    return replace(found, why="names a register issued here, and is not as issued", content_hash=None)


def verified(verdict: Verdict, why: str, row: RowMapping, **more: Any) -> Verified:
    """A verdict with what the paper's header says."""
    return Verified(verdict, why, **{name: row[name] for name in _SAME}, withdrawn_in=row["reversed_by"], **more)


def _standing(connection: Connection, row: RowMapping) -> str:
    """The last register of the meeting that was not withdrawn."""
    query = select(paper.c.serial).where(
        paper.c.kind == KIND,
        paper.c.reversed_by.is_(None),
        *(paper.c[name] == row[name] for name in ("branch", "meeting", "meeting_date")),
    )
    last = connection.scalar(query.order_by(paper.c.batch.desc(), paper.c.serial.desc()).limit(1))
    return str(last)


def _differs(connection: Connection, serial: str, later: str) -> str | None:
    """`1 added, 2 removed`; None where what one of them said was not kept."""
    before, now = said_by(connection, serial), said_by(connection, later)
    if before is None or now is None:
        return None
    return difference(before[0].attendees, now[0].attendees).words
