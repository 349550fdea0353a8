"""People and papers for the writers' tests, made up in a fixed order."""

from datetime import date, timedelta

from ancadmin.domain.attendance import AttendanceRegister, Attendee, Meeting, Seal
from ancadmin.domain.branch_list import BranchList, ListedMember
from ancadmin.domain.papers import BranchPlace, sorted_by_name
from ancadmin.domain.standing import Status

PLACE = BranchPlace(
    "GP-EKU-001", "Tembisa Ward 1", "GP-EKU", "Ekurhuleni", "GP", "Gauteng", ward="79700001", ward_year=2021
)
SURNAMES = (
    "Nḓou", "Ṱhavhana", "Muḽaudzi", "Ṋeluvhalani", "Mošidi", "Coetzée", "van der Merwe", "Dlamini", "O'Neil",
    "Nkosi-Zulu", "Böhmer", "Mokoena", "Ṅwamba", "Naidoo",
)  # fmt: skip
FIRST_NAMES = ("Tshifhiwa", "Thandiwe Nomvula", "Johannes Petrus", "Zoë", "Sipho", "Lerato Grace Nthabiseng", "")


def people(count: int) -> tuple[Attendee, ...]:
    """`count` people, in the order of papers."""
    return sorted_by_name(
        Attendee(
            id_number=f"{8001015000000 + index}",
            surname=SURNAMES[index % len(SURNAMES)],
            first_names=FIRST_NAMES[index % len(FIRST_NAMES)],
            voting_district=None if index % 11 == 0 else f"3284{index % 7:04d}",
            cell=None if index % 5 == 0 else f"+2782{index:07d}",
        )
        for index in range(count)
    )


def register(*attendees: Attendee) -> AttendanceRegister:
    """A register of these people, or of nobody."""
    return AttendanceRegister(PLACE, Meeting.BBGM, date(2026, 5, 2), date(2026, 4, 15), tuple(attendees))


def seal(of: AttendanceRegister, *, sole_operator: bool = True) -> Seal:
    """A seal with a serial like those issued."""
    return Seal("AR-GP-EKU-001-2026-7", of.content_hash(), "9f" * 32, sole_operator, date(2026, 4, 20))


def branch_list(count: int) -> BranchList:
    """A list of `count` members of every status."""
    statuses = list(Status)
    members = [
        ListedMember(
            one.id_number,
            one.surname,
            one.first_names,
            statuses[index % len(statuses)],
            None if index % 6 == 0 else date(2025, 1, 31) + timedelta(days=index % 300),
            None if index % 6 == 0 else 2000,
            None if index % 6 == 0 else date(2026, 1, 31) + timedelta(days=index % 300),
            2000 * (index % 4),
        )
        for index, one in enumerate(people(count))
    ]
    return BranchList(PLACE, date(2026, 4, 15), 100, tuple(members))
