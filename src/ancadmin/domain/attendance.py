"""What an attendance register says (docs/rules.md, section 6). Writers take this and nothing else."""

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
class Seal:
    """What an issued paper carries besides its content. `trail_head` is the hash of the last link of the write chain
    before the paper; `sole_operator` says that one person may approve their own work.
    """

    serial: str
    content_hash: str
    trail_head: str
    sole_operator: bool
    issued_on: date

    @property
    def code(self) -> str:
        """The text of the QR code: serial and content hash, in the capitals that make it small."""
        return f"{self.serial} {self.content_hash}".upper()
