"""The command lines of the demo: the main job, from registers to papers."""

import shlex
from typing import TYPE_CHECKING

from ancadmin.services.demo.folder import INCOMING, PAPERS

if TYPE_CHECKING:
    from ancadmin.services.demo.generate import Sample

# Up to this many members there are papers for every branch; above, for the branches of one region.
_ALL_BRANCHES = 20_000
_MEETING = "2025-07-12"

# As they are typed; {region} is the first region's code.
_COST_SHEET = """
costs new --region {region} --subject "Card printer, regional office" --address "12 Market Street, Germiston" \
 --concern "Cards come out with a white line across the photo" --cause "The print head is scratched" \
 --correction "Fit a new print head"
costs line 1 --option repair --kind part --part-number PH-300 --description "Print head 300 dpi" --quantity 1 \
 --unit "R4 250.00" --handling 12.5
costs line 1 --option repair --kind labour --description "Fitting and alignment" --hours 2.5 --rate R480.00
costs line 1 --option repair --kind core --description "Old print head, returned" --quantity 1 --unit R600.00
costs line 1 --option replace --kind part --part-number CP-55 --description "Card printer CP-55" --quantity 1 \
 --unit "R18 900.00"
costs line 1 --option replace --kind labour --description "Installing the driver at two desks" --hours 1 --rate R480.00
costs line 1 --option contract_out --kind other --description "2 000 cards printed and posted" --quantity 2000 \
 --unit R9.80
costs submit 1
costs approve 1 --why "The cheapest way to have cards again before the branch meetings of July"
export cost-comparison 1 --as pdf -o papers/cost-comparison-1.pdf
export cost-comparison 1 --as xlsx -o papers/cost-comparison-1.xlsx
"""


def tour(sample: "Sample") -> list[list[str]]:
    """Every command line of the demo, as words; paths are those seen from the demo's folder."""
    from ancadmin.services.demo.example import example_member
    from ancadmin.services.demo.plan import LAST_DAY

    day = LAST_DAY.isoformat()
    id_number, branch = example_member(sample.plan)
    registers = [f"{INCOMING}/{path.name}" for path in sample.registers]
    return [
        ["init", "--sole-operator"],
        ["db", "places", "import", f"{INCOMING}/{sample.places.name}"],
        ["register", "import", "--reading-date", day, *registers],
        ["register", "quarantine"],
        *(
            ["deposits", "import", f"{INCOMING}/{path.name}", *(["--account", account] if account else [])]
            for path, account in sample.statements
        ),
        ["deposits", "match"],
        ["deposits", "list", "--state", "bulk"],
        ["deposits", "balance"],
        ["sweep", "--on", day],
        ["member", "explain", id_number, "--on", day],
        *_papers(sample, branch.region.code, day),
        *_of_branch(branch.code, day),
        *map(shlex.split, _COST_SHEET.format(region=sample.plan.branches[0].region.code).strip().splitlines()),
        ["audit", "verify"],
    ]


def _papers(sample: "Sample", region: str, day: str) -> list[list[str]]:
    whose = ["--all"] if sample.plan.members <= _ALL_BRANCHES else ["--region", region]
    register = ["export", "attendance-register", *whose, "--cut-off", day, "--meeting-date", _MEETING]
    lists = ["export", "branch-list", *whose, "--on", day]
    return [
        *([*lists, "--as", form, "-o", f"{PAPERS}/branch-lists-{form}"] for form in ("pdf", "xlsx")),
        [*register, "--as", "pdf", "--as", "xlsx", "-o", f"{PAPERS}/attendance-registers"],
    ]


def _of_branch(branch: str, day: str) -> list[list[str]]:
    """What a branch is handed besides."""
    health = ["export", "branch-health", "--branch", branch, "--on", day]
    return [
        *([*health, "-o", f"{PAPERS}/branch-health-{branch}.{form}"] for form in ("pdf", "xlsx")),
        ["export", "card", "--branch", branch, "--on", day, "-o", f"{PAPERS}/cards-{branch}.pdf"],
    ]
