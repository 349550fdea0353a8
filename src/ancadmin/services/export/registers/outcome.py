"""What issuing did, and how it is told."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ancadmin.domain.attendance import Style
from ancadmin.domain.country_summary import Reconciliation
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.services.export.contents import ForMeeting, Left

MANIFEST_COLUMNS = ["serial", "branch", "members", "quorum", "content_hash", "hash", "file"]


@dataclass(frozen=True)
class Issued:
    """A file of a register as it stands in the store and on disk. `new` is False where the register had been issued
    before; `file` is None in a dry run. `file_hash` is of the file as it was issued, `hash` of the one on disk, which
    is another under a password.
    """

    serial: str
    branch: str
    members: int
    quorum: int
    content_hash: str
    form: Form
    file_hash: str
    batch: int
    new: bool
    supersedes: str | None = None
    differs: str | None = None
    file: Path | None = None
    hash: str | None = None


@dataclass
class Outcome:
    """What issuing did: the branches asked for, the files in order, and who left since the cut-off day. Of many
    registers also how they reconcile, and the files that say all this (None in a dry run). `minimum` is the policy's,
    of members in good standing, on that day.
    """

    asked: ForMeeting
    forms: tuple[Form, ...]
    style: Style
    minimum: int
    branches: list[BranchPlace] = field(default_factory=list)
    issued: list[Issued] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    reconciliation: Reconciliation | None = None
    manifest: Path | None = None
    summary: Path | None = None

    @property
    def registers(self) -> dict[str, Issued]:
        """Each register once, by serial."""
        return {one.serial: one for one in self.issued}

    @property
    def members(self) -> int:
        """Members in good standing on all the registers together."""
        return sum(one.members for one in self.registers.values())

    @property
    def new(self) -> int:
        """How many registers were issued now."""
        return sum(one.new for one in self.registers.values())

    @property
    def reconciled(self) -> bool:
        """Whether the registers add up to the members in good standing on record; one register alone has no sum."""
        return self.reconciliation is None or self.reconciliation.holds

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it: one register's own fields, or totals and a row for each file."""
        about = {**said_of(self.asked), "style": self.style.name}
        left = {"since_cut_off": [asdict(one) for one in self.left]}
        if self.reconciliation is None and len(self.issued) == 1:
            return {**_row(self.issued[0]), **about, **left}
        totals = {
            "forms": [form.value for form in self.forms],
            "registers": len(self.registers),
            "new": self.new,
            "members": self.members,
            **_reconciled(self.reconciliation),
            "manifest": None if self.manifest is None else str(self.manifest),
            "summary": None if self.summary is None else str(self.summary),
        }
        return {**about, **totals, "papers": [_row(one) for one in self.issued], **left}

    def manifest_rows(self, folder: Path) -> list[dict[str, Any]]:
        """A row for each file under the folder, with MANIFEST_COLUMNS."""
        return [
            {**asdict(one), "file": one.file.relative_to(folder).as_posix()}
            for one in self.issued
            if one.file is not None
        ]


def said_of(asked: ForMeeting) -> dict[str, str]:
    """What was asked for, as JSON and the access trail name it."""
    return {
        "meeting": asked.meeting.value,
        "meeting_date": asked.meeting_date.isoformat(),
        "cut_off": asked.cut_off.isoformat(),
    }


def _reconciled(reconciliation: Reconciliation | None) -> dict[str, Any]:
    if reconciliation is None:
        return {}
    return {
        "reconciled": reconciliation.holds,
        "good_standing": reconciliation.good_standing,
        "differing": [asdict(one) for one in reconciliation.differing],
    }


def _row(one: Issued) -> dict[str, Any]:
    return {**asdict(one), "form": one.form.value, "file": None if one.file is None else str(one.file)}
