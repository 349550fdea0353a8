"""Makes the sample: places, registers and statements of any size, the same again from the same seed.

Synthetic throughout: names, numbers and payments are drawn, none is taken from anyone.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ancadmin.services.demo.plan import SMALL, Plan, make_plan, write_places

SEED = 1994


@dataclass(frozen=True)
class Sample:
    """The files of a sample, in the order they are imported; `account` names what a statement itself does not."""

    plan: Plan
    places: Path
    registers: tuple[Path, ...]
    statements: tuple[tuple[Path, str | None], ...]


def generate(folder: Path, members: int = SMALL, seed: int = SEED, *, truth: bool = False) -> Sample:
    """Writes the sample of `members` people into `folder`, which must be there.

    Below 50 000 members: three registers and three statements. From there on one of each, written in pieces, so
    that 14 million need no more memory than 100 000. `truth` (small samples only) adds what becomes of every row
    and every line: `truth-registers.csv` and `truth-deposits.csv`.
    """
    plan = make_plan(members, seed)
    places = folder / "places.csv"
    write_places(plan, places)
    if plan.national:
        return _national(plan, folder, places)
    from ancadmin.services.demo.registers import write_first, write_third
    from ancadmin.services.demo.statements import MAIN_ACCOUNT, SECOND_ACCOUNT, write_statements
    from ancadmin.services.demo.workbook import write_second

    registers = [write(plan, folder) for write in (write_first, write_second, write_third)]
    lines = write_statements(plan, folder)
    if truth:
        _write(folder / "truth-registers.csv", [row for register in registers for row in register.truth])
        _write(folder / "truth-deposits.csv", lines)
    statements = (
        (folder / "statement-1-fnb-history.csv", None),
        (folder / "statement-2-fnb-enterprise.csv", SECOND_ACCOUNT),
        (folder / "statement-3-other.csv", MAIN_ACCOUNT),
    )
    return Sample(plan, places, tuple(register.path for register in registers), statements)


def _national(plan: Plan, folder: Path, places: Path) -> Sample:
    from ancadmin.services.demo.national import write_national
    from ancadmin.services.demo.statements import accounts, write_history

    register, statement = folder / "register-national.csv", folder / "statement-national.csv"
    write_national(plan, register)
    for _ in write_history(accounts(plan)[0], statement):
        pass
    return Sample(plan, places, (register,), ((statement, None),))


def _write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out: csv.DictWriter[str] | None = None
        for row in rows:
            if out is None:
                out = csv.DictWriter(file, list(row), lineterminator="\n")
                out.writeheader()
            out.writerow(row)
