"""A file that is to hold the rows of some branches only: rows of others mean that it is the wrong file."""

import re
from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, select

from ancadmin.db.schema import branch
from ancadmin.errors import InputRefused, Place
from ancadmin.readers.registers import RegisterSheet
from ancadmin.services.register.codes import problem_bit

_NAMED = 3
_LONG = re.compile(r"(\d{6})\d{3,}")


def expected_branches(connection: Connection, codes: Collection[str], *, may_be_new: bool) -> set[str]:
    """The codes, each once. Raises InputRefused for one that is not on record, unless `may_be_new`."""
    wanted = {code.strip() for code in codes}
    known = set(connection.scalars(select(branch.c.code).where(branch.c.code.in_(wanted)))) if wanted else wanted
    if not may_be_new and wanted - known:
        raise InputRefused("no such branch", "See: ancadmin db places list", value=min(wanted - known))
    return wanted


class Expected:
    """Looks at a file's rows as they are read. A row that names no branch is not one of another branch."""

    def __init__(self, codes: Collection[str]) -> None:
        self._codes = sorted(codes)
        self._found = 0
        self._first: list[tuple[Place, str]] = []

    def look(self, sheet: RegisterSheet, rows: pa.Table) -> None:
        """Notes the rows, as the cleaner gives them, that are of other branches."""
        ours = pc.is_in(rows.column("branch"), value_set=pa.array(self._codes, pa.string())).to_numpy()
        nowhere = rows.column("problems").to_numpy() & problem_bit("branch_missing") != 0
        others = np.flatnonzero(~ours & ~nowhere)
        self._found += len(others)
        for place in others[: _NAMED - len(self._first)].tolist():
            row = rows.column("row")[place].as_py()
            self._first.append((Place(sheet.sheet.file, sheet.sheet.sheet, row), _written(sheet, rows, place)))

    def require(self) -> None:
        """Raises InputRefused where rows of other branches were found, naming the first."""
        if not self._first:
            return
        (place, first), *further = self._first
        also = "".join(f"; {' '.join(filter(None, (at.sheet, f'row {at.row}')))}: {code}" for at, code in further)
        noun = "a row" if self._found == 1 else f"one of {self._found} rows"
        raise InputRefused(
            f"{noun} of other branches than {', '.join(self._codes)}",
            "Take these rows out, give --expect-branch for their branches too, or leave it away.",
            place=place,
            value=f"{first}{also}",
        )


def _written(sheet: RegisterSheet, rows: pa.Table, place: int) -> str:
    """The branch of a row: its code, or what is written where it has none."""
    code: str | None = rows.column("branch")[place].as_py()
    cells = rows.column("raw")[place].as_py().split("\x1f")
    named = [cells[sheet.fields[name]].strip() for name in ("branch", "branch_name", "ward") if name in sheet.fields]
    # In a shifted column it may be an ID number, and this is shown on screens.
    return code or _LONG.sub(r"\1****", next(filter(None, named), ""))
