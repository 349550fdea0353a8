"""Every paper with the awkward cases: nobody, one, three thousand; long names, all our letters, names like formulas."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from tests.domain.test_health import health
from tests.writers.cost_sheets import BEST, CLAIM, DEARER, SHEET, SUBMITTED
from tests.writers.made_up import PLACE, branch_list, people, register, seal
from tests.writers.test_country_summary import summary
from tests.writers.test_quality_papers import paper as quality
from tests.writers.test_quality_papers import trend
from tests.writers.test_report_papers import paper as report

from ancadmin.domain.attendance import AttendanceRegister, Attendee, Seal, Style, Superseded, difference
from ancadmin.domain.branch_list import BranchList, ListedMember
from ancadmin.domain.cards import Card, CardKind, CardSheet
from ancadmin.domain.cost_paper import CostPaper
from ancadmin.domain.dues_paper import Line, NotCounted, Opening, Payment, StatementOfDues
from ancadmin.domain.health_paper import paper_of
from ancadmin.domain.papers import BranchPlace, Form, sorted_by_name
from ancadmin.domain.reports import ReportPaper
from ancadmin.domain.standing import Status
from ancadmin.services.export.attendance.showing import Person, Turnout
from ancadmin.services.export.drawing import Sheet, draw_cost_comparison, draw_dues, draw_list, draw_register
from ancadmin.writers.pdf import cards, country_summary, reminder_letters
from ancadmin.writers.pdf import quality as pdf_quality
from ancadmin.writers.pdf import report as pdf_report
from ancadmin.writers.xlsx import cost_template
from ancadmin.writers.xlsx import quality as xlsx_quality
from ancadmin.writers.xlsx import report as xlsx_report

Case = Callable[[Form], bytes]

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewiss"  # sixty letters and one
LONG_WORDS = "Thandolwethu Nompumelelo Gugulethu-Sibongile Ntombizodwa Maria"
AWKWARD = (
    (LONG, LONG_WORDS),
    ("Ḓagada-Ṱhavhana", "Ṋeluvhalani Ḽivhuwani Ṅwamusi Ṱshifhiwa"),
    ("Mošidi-Kgašane", "Tshêpô Kêitumêtse Šêlô"),
    ('=HYPERLINK("http://example.org","Zuma")', "@SUM(A1:A9)"),
    ("+27821234567", "-1+1"),
    ("O'Neil", ""),
)
FAR = replace(PLACE, name="Ṱhohoyanḓou Ward 20 Muledane Makwarela Extension Block J West", region="=1+1 & Vhembe")


def awkward() -> tuple[Attendee, ...]:
    """People with AWKWARD names."""
    return sorted_by_name(
        replace(one, surname=surname, first_names=first_names)
        for one, (surname, first_names) in zip(people(len(AWKWARD)), AWKWARD, strict=True)
    )


def _register(attendees: tuple[Attendee, ...], place: BranchPlace = PLACE, **style: bool) -> Case:
    def drawn(form: Form) -> bytes:
        made = replace(register(*attendees), place=place)
        return draw_register(Sheet(made, seal(made), form, Style(**style)))

    return drawn


def _superseding(form: Form) -> bytes:
    before = people(6)
    now = sorted_by_name([*awkward(), *(replace(one, cell="+27830000000") for one in before[1:4])])
    made = register(*now)
    return draw_register(Sheet(made, superseding_seal(made, before), form, Style()))


def superseding_seal(made: AttendanceRegister, before: tuple[Attendee, ...]) -> Seal:
    """The seal of a register that supersedes one of the people `before`."""
    earlier = Superseded(
        "AR-GP-EKU-001-2026-6", date(2026, 4, 17), date(2026, 4, 10), len(before), difference(before, made.attendees)
    )
    return replace(seal(made), supersedes=earlier)


def _list(made: BranchList) -> Case:
    return lambda form: draw_list(made, form)


def _awkward_list() -> BranchList:
    members = tuple(
        ListedMember(
            one.id_number,
            one.surname,
            one.first_names,
            list(Status)[at % 4],
            date(2025, 12, 31) - timedelta(days=at),
            123_456_789 if at == 0 else 2000,
            date(2026, 12, 31),
            98_765_432_100 if at == 0 else 0,
        )
        for at, one in enumerate(awkward())
    )
    return BranchList(FAR, date(2026, 4, 15), 100, members)


def _card(surname: str, first_names: str, place: BranchPlace = PLACE) -> Card:
    return Card(1_399_999, CardKind.FULL, surname, first_names, "800101****087", place, "2026-09-30", "2026-04-15")


def _cards(count: int) -> CardSheet:
    names = [*AWKWARD, *((one.surname, one.first_names) for one in people(count))][:count]
    made = [replace(_card(*name, place=FAR), number=at) for at, name in enumerate(names, 1)]
    half = [replace(one, kind=CardKind.PROVISIONAL) if at % 2 else one for at, one in enumerate(made)]
    return CardSheet(FAR, date(2026, 4, 15), tuple(half))


def _dues(periods: int, surname: str, first_names: str) -> StatementOfDues:
    lines = tuple(
        Line(
            f"{2000 + at}-02-01", f"{2001 + at}-02-01", 2000, 2000 if at % 5 else 1500, f"{2000 + at}-01-15",
            (Payment(at + 1, f"{2000 + at}-01-15", 2000 if at % 5 else 1500, "…009087"),),
        )
        for at in range(periods)
    )  # fmt: skip
    return StatementOfDues(
        place=FAR,
        id_number="8001015009087",
        surname=surname,
        first_names=first_names,
        status=Status.GOOD_STANDING if periods else Status.GRACE,
        day=date(2026, 4, 15),
        opening=Opening("1999-01-10", 2000, True, None),
        lines=lines,
        not_counted=(NotCounted("2025-03-01", 500, "less than the fee of that day: it covers nothing"),),
        paid_until=f"{2000 + periods}-02-01" if periods else None,
        arrears_cents=0,
    )


def _cost(paper: CostPaper) -> Case:
    return lambda form: draw_cost_comparison(paper, form, sole_operator=True)


def _paper(sheet: object = SHEET, *decisions: object) -> CostPaper:
    return CostPaper(7, sheet, "Greater Johannesburg", "Gauteng", "2026-05-01", "Sipho Ṱhavhana", decisions)  # type: ignore[arg-type]


_AWKWARD_SHEET = replace(
    SHEET,
    subject=LONG,
    name="=1+1",
    concern=f"{LONG_WORDS} {LONG_WORDS} {LONG}",
    options=(replace(BEST, title=LONG), replace(DEARER, title="@SUM(A1)"), replace(CLAIM, title="Ṱhavhana Šêlô")),
)


def _report(made: Callable[[], ReportPaper]) -> Case:
    return lambda form: (pdf_report if form is Form.PDF else xlsx_report).rendered(made())


def _turnout(there: tuple[Attendee, ...]) -> ReportPaper:
    """Two of three were there, one of them told twice; a stranger, and a line nobody can read."""
    made = replace(register(*there), place=FAR)
    people_there = [
        Person(one.id_number, one.surname, one.first_names, number, "2026-05-02 09:12:33", 1 + number % 2)
        for number, one in enumerate(there, 1)
        if number % 3
    ]
    strangers = [Person("8001015009087", LONG, LONG_WORDS, what="good standing, GP-EKU-002")] if there else []
    unreadable = ((17, "8001015009 08"),) if there else ()
    return Turnout("AR-GP-EKU-001-2026-7", made, None, None, tuple(people_there), tuple(strangers), unreadable).paper()


def _letter(surname: str, first_names: str) -> reminder_letters.Letter:
    return reminder_letters.Letter(
        f"{first_names} {surname}\n12 Smit Street\nBraamfontein\n2001",
        "Your dues",
        f"Dear {first_names} {surname}, your dues of R20.00 fall due on 2026-05-01. Please pay with your ID number.",
        "8001015009087",
        "2026-04-30",
        "8001015009087",
    )


# By paper, and by case: what draws it. PDF alone where there is no workbook of it.
BOTH: dict[str, dict[str, Case]] = {
    "attendance-register": {
        "nobody": _register(()),
        "one": _register(people(1)),
        "awkward": _register(awkward(), FAR),
        "3000": _register(people(3000)),
        "large": _register(awkward(), large=True),
        "by-voting-district": _register(people(20), by_voting_district=True),
        "scan": _register(awkward(), scan=True),
        "mask-ids": _register(awkward(), mask_ids=True),
        "every-style": _register(awkward(), FAR, large=True, by_voting_district=True, scan=True, mask_ids=True),
        "superseding": _superseding,
    },
    "branch-list": {
        "nobody": _list(branch_list(0)),
        "one": _list(branch_list(1)),
        "awkward": _list(_awkward_list()),
        "3000": _list(branch_list(3000)),
    },
    "statement-of-dues": {
        "nothing": lambda form: draw_dues(_dues(0, "Dlamini", ""), form),
        "awkward": lambda form: draw_dues(_dues(26, *AWKWARD[0]), form),
        "formula": lambda form: draw_dues(_dues(1, *AWKWARD[3]), form),
    },
    "branch-health": {
        "nobody": _report(lambda: paper_of(health(0))),
        "usual": _report(lambda: paper_of(health())),
        "awkward": _report(lambda: paper_of(health(place=FAR))),
    },
    "attendance": {
        "nobody": _report(lambda: _turnout(())),
        "awkward": _report(lambda: _turnout(awkward())),
    },
    "report": {
        "usual": _report(lambda: report(12)),
        "nothing": _report(lambda: report(0)),
    },
    "quality": {
        "usual": lambda form: (pdf_quality if form is Form.PDF else xlsx_quality).quality_rendered(quality(12)),
        "trend": lambda form: (pdf_quality if form is Form.PDF else xlsx_quality).trend_rendered(trend(4)),
    },
    "cost-comparison": {
        "empty": _cost(_paper(replace(SHEET, options=()))),
        "usual": _cost(_paper(SHEET, SUBMITTED)),
        "awkward": _cost(_paper(_AWKWARD_SHEET)),
    },
}
PDF_ALONE: dict[str, dict[str, Case]] = {
    "country-summary": {
        "one": lambda _form: country_summary.rendered(summary(1)),
        "usual": lambda _form: country_summary.rendered(summary(60, superseding=3, differing=2)),
    },
    "reminder-letters": {
        "awkward": lambda _form: reminder_letters.rendered(FAR, [_letter(*one) for one in AWKWARD[:4]], "2026-04-15"),
    },
    "card": {
        "long": lambda _form: cards.card_rendered(_card(*AWKWARD[0], place=FAR)),
        "venda": lambda _form: cards.card_rendered(_card(*AWKWARD[1])),
        "tswana": lambda _form: cards.card_rendered(_card(*AWKWARD[2])),
    },
    "cards": {
        "one": lambda _form: cards.sheet_rendered(_cards(1)),
        "twelve": lambda _form: cards.sheet_rendered(_cards(12)),
    },
}
XLSX_ALONE: dict[str, dict[str, Case]] = {
    "cost-template": {
        "empty": lambda _form: cost_template.empty(_paper(replace(SHEET, subject="", options=())), ["GP01 Jozi"]),
        "awkward": lambda _form: cost_template.rendered(_paper(_AWKWARD_SHEET), 4),
    },
}
