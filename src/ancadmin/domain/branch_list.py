"""What a branch list says (docs/rules.md, section 6). Writers take this and nothing else."""

from dataclasses import astuple, dataclass
from datetime import date, timedelta

from ancadmin.domain.papers import BranchPlace, hash_of
from ancadmin.domain.standing import Status


@dataclass(frozen=True)
class ListedMember:
    """A row of a branch list. `last_payment_*` are None where not captured, `paid_until` where nothing is covered."""

    id_number: str
    surname: str
    first_names: str
    status: Status
    last_payment_on: date | None
    last_payment_cents: int | None
    paid_until: date | None
    arrears_cents: int

    @property
    def paid_up_to(self) -> date | None:
        """The last covered day: the day before `paid_until`."""
        return None if self.paid_until is None else self.paid_until - timedelta(days=1)


@dataclass(frozen=True)
class BranchList:
    """What a branch list says: everyone listed at the end of `day`, in order; `minimum` is policy."""

    place: BranchPlace
    day: date
    minimum: int
    members: tuple[ListedMember, ...]

    def groups(self) -> list[tuple[Status, list[ListedMember]]]:
        """Members by status, in the order of docs/rules.md, section 5; statuses nobody has are left out."""
        by_status: dict[Status, list[ListedMember]] = {status: [] for status in Status}
        for one in self.members:
            by_status[one.status].append(one)
        return [(status, members) for status, members in by_status.items() if members]

    @property
    def in_good_standing(self) -> int:
        """How many are in good standing."""
        return sum(one.status is Status.GOOD_STANDING for one in self.members)

    @property
    def reaches_minimum(self) -> bool:
        """Whether the branch is in good standing: docs/rules.md, section 1."""
        return self.in_good_standing >= self.minimum

    @property
    def arrears_cents(self) -> int:
        """What is owed by all."""
        return sum(one.arrears_cents for one in self.members)

    def content_hash(self) -> str:
        """SHA-256 over header and rows in one canonical form."""
        said = {
            "kind": "branch list",
            "place": astuple(self.place),
            "day": self.day.isoformat(),
            "minimum": self.minimum,
            "rows": [
                (
                    one.id_number,
                    one.surname,
                    one.first_names,
                    one.status,
                    one.last_payment_on and one.last_payment_on.isoformat(),
                    one.last_payment_cents,
                    one.paid_until and one.paid_until.isoformat(),
                    one.arrears_cents,
                )
                for one in self.members
            ],
        }
        return hash_of(said)
