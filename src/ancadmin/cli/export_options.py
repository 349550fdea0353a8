"""The options papers share: of which branches, in which form and style, into which file."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.days import parse_day
from ancadmin.domain.papers import Form

DAY = "YYYY-MM-DD"
BranchOption = Annotated[str | None, typer.Option("--branch", metavar="CODE", help="One branch, one file")]
RegionOption = Annotated[str | None, typer.Option("--region", metavar="CODE", help="A file for each of its branches")]
ProvinceOption = Annotated[
    str | None, typer.Option("--province", metavar="CODE", help="A file for each of its branches")
]
AllOption = Annotated[bool, typer.Option("--all", help="A file for every branch there is")]
AsOption = Annotated[Form | None, typer.Option("--as", help="PDF, or a workbook; else what -o FILE says")]
FormsOption = Annotated[
    list[Form] | None,
    typer.Option("--as", help="PDF, or a workbook; else what -o FILE says. Give it twice for both"),
]
LargeOption = Annotated[bool, typer.Option("--large", help="Large print")]
DistrictsOption = Annotated[
    bool, typer.Option("--by-voting-district", help="Grouped by voting district, with subtotals")
]
ScanOption = Annotated[bool, typer.Option("--scan", help="A bar code of each ID number, for a scanner at the door")]
MaskOption = Annotated[bool, typer.Option("--mask-ids", help="ID numbers masked, as on screens")]
PaperOption = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="The paper's file; with many branches, their folder"),
]
OnOption = Annotated[date | None, typer.Option("--on", metavar=DAY, parser=parse_day, help="The day; else today")]
