"""What a cost-comparison sheet on paper says, apart from how it looks. Writers take this and nothing else."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from ancadmin.domain.costs import Fault, Option, Sheet, SheetState, faults, recommended
from ancadmin.domain.dates import add_months
from ancadmin.domain.money import rands

ZONE = ZoneInfo("Africa/Johannesburg")


@dataclass(frozen=True)
class Decided:
    """A decision on a sheet. `option` is the position of the option approved, or recommended when it was submitted;
    `operator` is the account, `name` and `role` are the person's; `decided_at` is ISO text in UTC.
    """

    kind: SheetState
    option: int | None
    why: str
    operator: str
    name: str
    role: str
    own_work: bool
    decided_at: str
    batch: int

    @property
    def moment(self) -> str:
        """Date and time in Johannesburg: `2026-11-22 08:48`."""
        return f"{_local(self.decided_at):%Y-%m-%d %H:%M}"

    @property
    def when(self) -> str:
        """The moment, and the batch it is on record with: `2026-11-22 08:48, batch 12`."""
        return f"{self.moment}, batch {self.batch}"

    @property
    def who(self) -> str:
        """The person and what they were: `Thandi Nkosi, provincial officer`."""
        return f"{self.name}, {self.role.replace('_', ' ')}"


@dataclass(frozen=True)
class CostPaper:
    """A sheet with its number, its region and what was decided. `opened_on` is an ISO day, `opened_by` a name."""

    number: int
    sheet: Sheet
    region_name: str
    province: str
    opened_on: str
    opened_by: str
    decisions: tuple[Decided, ...]

    @property
    def state(self) -> SheetState:
        """What the last decision made of it."""
        return self.decisions[-1].kind if self.decisions else SheetState.DRAFT

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What keeps it from being complete."""
        return faults(self.sheet)

    @property
    def recommended(self) -> Option | None:
        """The cheapest complete option."""
        return recommended(self.sheet.options)

    @property
    def approved(self) -> Option | None:
        """The option approved, if any was."""
        found = [decided.option for decided in self.decisions if decided.kind is SheetState.APPROVED]
        return self.option_at(found[-1]) if found else None

    @property
    def day(self) -> date:
        """The document's date: of the last decision, else the day it was opened."""
        return _local(self.decisions[-1].decided_at).date() if self.decisions else date.fromisoformat(self.opened_on)

    def keep_until(self, months: int) -> date:
        """The first day on which it is not kept any more, `months` after its date."""
        return add_months(self.day, months)

    def option_at(self, position: int | None) -> Option | None:
        """The option with that position, if it stands on the sheet."""
        return next((option for option in self.sheet.options if option.position == position), None)

    def content_hash(self) -> str:
        """SHA-256 over everything the paper says, in one canonical form: the same for every file that says the same."""
        said = {"kind": "cost comparison", **asdict(self)}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str, sort_keys=True).encode()).hexdigest()


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZONE)


def option_words(option: Option) -> str:
    """An option as papers and people name it: `A: New print head`."""
    return f"{option.letter}: {option.name}"


def recommendation_words(paper: CostPaper, amount: Callable[[int], str] = rands) -> str:
    """The recommendation as a sentence; `amount` writes cents for people."""
    best = paper.recommended
    if best is None:
        return "None yet: no option is complete."
    words = f"{option_words(best)}, at {amount(best.total_cents)} the cheapest complete option."
    return words if not paper.faults else f"{words} The sheet itself is not complete."


def decision_words(paper: CostPaper, decided: Decided, amount: Callable[[int], str] = rands) -> str:
    """What was decided, as a sentence; who, when and why stand beside it."""
    option = paper.option_at(decided.option)
    if decided.kind is SheetState.SUBMITTED or option is None:
        return "Submitted for approval"
    best = paper.recommended
    if best is None or best.position == option.position:
        return f"Approved {option_words(option)}, as recommended"
    more = option.total_cents - best.total_cents
    return f"Approved {option_words(option)}, {amount(more)} dearer than the recommendation"


def unbroken_rands(cents: int) -> str:
    """An amount that is never broken over two lines of a paper."""
    return rands(cents).replace(" ", "\u00a0")


OWN_WORK = "Own work: approved by the sole operator."
SOLE_OPERATOR = "Kept under a sole operator: one person may approve their own work."
