"""What an attendance register says (docs/rules.md, section 6). Writers take this and nothing else."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum

from ancadmin.domain.papers import BranchPlace, hash_of


class Meeting(StrEnum):
    """The kinds of branch meeting a register is made for."""

    BGM = "BGM"
    BBGM = "BBGM"
    BAGM = "BAGM"

    @property
    def words(self) -> str:
        """The kind spelled out."""
        return {"BGM": "Branch General", "BBGM": "Branch Biennial General", "BAGM": "Branch Annual General"}[
            self.value
        ] + " Meeting"


def quorum_of(members: int) -> int:
    """More than half of those in good standing: ⌊n/2⌋ + 1 (docs/rules.md, section 6)."""
    return members // 2 + 1


@dataclass(frozen=True)
class Attendee:
    """A row of an attendance register; the voting district and the cell number may be missing."""

    id_number: str
    surname: str
    first_names: str
    voting_district: str | None = None
    cell: str | None = None


@dataclass(frozen=True)
class AttendanceRegister:
    """What an attendance register says: who was in good standing at the end of the day `cut_off`, in order."""

    place: BranchPlace
    meeting: Meeting
    meeting_date: date
    cut_off: date
    attendees: tuple[Attendee, ...]

    @property
    def quorum(self) -> int:
        """How many have to be present."""
        return quorum_of(len(self.attendees))

    def content_hash(self) -> str:
        """SHA-256 over header and rows in one canonical form: the same for every file that says the same."""
        said = {
            "kind": "attendance register",
            "place": astuple(self.place),
            "meeting": self.meeting,
            "meeting_date": self.meeting_date.isoformat(),
            "cut_off": self.cut_off.isoformat(),
            "members": len(self.attendees),
            "quorum": self.quorum,
            "rows": [
                (one.id_number, one.surname, one.first_names, one.voting_district, one.cell) for one in self.attendees
            ],
        }
        return hash_of(said)


@dataclass(frozen=True)
class Style:
    """How a register is laid out for the room; what it says is the same in every style.

    `large` print; voting districts grouped, with subtotals; a bar code of each ID number for a scanner; ID numbers
    masked as on screens.
    """

    large: bool = False
    by_voting_district: bool = False
    scan: bool = False
    mask_ids: bool = False

    @property
    def name(self) -> str:
        """`by-voting-district large`: what is not as usual, in one order; empty for the usual style."""
        return " ".join(sorted(name.replace("_", "-") for name, chosen in vars(self).items() if chosen))


USUAL = Style()


@dataclass(frozen=True)
class Difference:
    """What a later register says otherwise than an earlier one of the same meeting: who came on, who went off, and of
    whom something else is said now, each in the order of papers.
    """

    added: tuple[Attendee, ...] = ()
    removed: tuple[Attendee, ...] = ()
    changed: tuple[Attendee, ...] = ()

    @property
    def words(self) -> str:
        """`2 added, 1 removed, 1 changed`; `the same people` where nobody differs."""
        parts = ((len(people), name) for name, people in vars(self).items())
        return ", ".join(f"{count} {name}" for count, name in parts if count) or "the same people"


def difference(before: Sequence[Attendee], after: Sequence[Attendee]) -> Difference:
    """What differs between the people of two registers, told by ID number."""
    old, new = ({one.id_number: one for one in people} for people in (before, after))
    return Difference(
        added=tuple(one for one in after if one.id_number not in old),
        removed=tuple(one for one in before if one.id_number not in new),
        changed=tuple(one for one in after if old.get(one.id_number, one) != one),
    )


def header_difference(before: BranchPlace, after: BranchPlace) -> tuple[str, ...]:
    """What two headers say otherwise of one branch: `branch name`, `ward`, `region`, `province`."""
    said = {
        "branch name": ("name",),
        "ward": ("ward", "ward_year"),
        "region": ("region_code", "region"),
        "province": ("province_code", "province"),
    }
    return tuple(
        what for what, fields in said.items() if any(getattr(before, one) != getattr(after, one) for one in fields)
    )


@dataclass(frozen=True)
class Superseded:
    """The register that stood for the same meeting before. `difference` is None where what it said was not kept;
    `header` names what its header said otherwise of the branch.
    """

    serial: str
    issued_on: date
    cut_off: date
    members: int
    difference: Difference | None
    header: tuple[str, ...] = ()

    @property
    def differs(self) -> str | None:
        """`1 added; another ward`; None where what it said was not kept."""
        if self.difference is None:
            return None
        return self.difference.words + (f"; another {', '.join(self.header)}" if self.header else "")

    @property
    def words(self) -> str:
        """What the new register says of it, in a sentence."""
        differs = "" if self.differs is None else f": {self.differs}"
        return f"Supersedes {self.serial} (cut-off {self.cut_off}, {self.members} in good standing){differs}."


@dataclass(frozen=True)
class Seal:
    """What an issued paper carries besides its content. `trail_head` is the hash of the last link of the write chain
    when what it says was read; `sole_operator` says that one person may approve their own work.
    """

    serial: str
    content_hash: str
    trail_head: str
    sole_operator: bool
    issued_on: date
    supersedes: Superseded | None = None

    @property
    def code(self) -> str:
        """The text of the QR code: serial and content hash, in the capitals that make it small."""
        return f"{self.serial} {self.content_hash}".upper()
