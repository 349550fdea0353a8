"""What a dry run shows beside the counts: rows that would be held back, fields that would change, shifted columns.

Only a dry run looks this closely. What it keeps is a few rows a code and a field, and counts by file.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ancadmin.readers.registers import RegisterSheet
from ancadmin.services.register.codes import PROBLEMS, problem_bit
from ancadmin.services.register.importing.groups import PAYMENT, QUARANTINED, SINGLE, Positions, Resolved
from ancadmin.services.register.quarantine.remedies import REMEDIES

EXAMPLES = 3
_COMPARED = (*SINGLE, *PAYMENT, "entry")
_BRANCH = ("branch", "branch_name", "ward")
# The cells a problem is about; those of an ID number are the rest.
_CELLS = {
    "surname_missing": ("surname", "full_name"),
    "id_shared": ("surname", "full_name"),
    "branch_missing": _BRANCH,
    "branch_unknown": _BRANCH,
}


@dataclass
class Preview:
    """Looks at rows before they are written. `shifted_percent` is policy.

    A file of which more than that share of rows about members on record would change one field may have a column where
    another should be.
    """

    shifted_percent: int
    _sheets: dict[int, RegisterSheet] = field(default_factory=dict)
    _samples: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _examples: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    _matched: Counter[str] = field(default_factory=Counter)
    _changed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def reads(self, source: int, sheet: RegisterSheet) -> None:
        """Rows with this number of a source come from this sheet."""
        self._sheets[source] = sheet

    def held_back(self, rows: pa.Table) -> None:
        """Rows that are nobody's."""
        self._sample(rows, rows.column("problems").to_numpy())

    def decided(self, rows: pa.Table, record: pa.Table, resolved: Resolved, members: Positions) -> None:
        """A bucket's rows and what would become of them; `members`: whom on record each is about, 0 for nobody."""
        self._sample(rows, np.where(resolved.outcome == QUARANTINED, resolved.problems, 0))
        files = self._files(rows)
        # Each member once: a row that stands there twice says nothing more.
        self._matched.update(file for file, _ in _each_once(files, members, members > 0))
        other_surname = (members > 0) & (resolved.problems & problem_bit("id_shared") != 0)
        self._changed.update((file, "surname") for file, _ in _each_once(files, members, other_surname))
        for name in _COMPARED:
            groups = np.flatnonzero(resolved.differs[name] & (resolved.on_record >= 0))
            places = resolved.last[name][groups]
            self._changed.update((file, name) for file in files[places].tolist())
            few = groups[: EXAMPLES - len(self._examples[name])]
            for group, place in zip(few.tolist(), places[: len(few)].tolist(), strict=True):
                old = _value(record, name, int(resolved.on_record[group]))
                new = _value(rows, name, place)
                self._examples[name].append({"member": rows.column("id_number")[place].as_py(), "old": old, "new": new})

    def result(self, changed: Mapping[str, int]) -> dict[str, Any]:
        """`samples[]`, at most 3 a code; `diff`, for each field `changed` counts; `warnings[]`."""
        order = {code: place for place, code in enumerate(PROBLEMS)}
        return {
            "samples": [one for code in sorted(self._samples, key=order.__getitem__) for one in self._samples[code]],
            "diff": {
                name: {"changes": count, "examples": self._examples.get(name, [])} for name, count in changed.items()
            },
            "warnings": [
                self._warning(file, name, count)
                for (file, name), count in sorted(self._changed.items())
                if count * 100 > self.shifted_percent * self._matched[file]
            ],
        }

    def _warning(self, file: str, name: str, count: int) -> str:
        named = self._matched[file]
        return (
            f"{file} says other {name.replace('_', ' ')} of {count} of the {named} members on record it names "
            f"({count * 100 // named} %, more than {self.shifted_percent} %): is a column shifted?"
        )

    def _files(self, rows: pa.Table) -> npt.NDArray[Any]:
        """The file of each row."""
        sources, at = np.unique(rows.column("source").to_numpy(), return_inverse=True)
        return np.array([self._sheets[source].sheet.file for source in sources.tolist()], dtype=object)[at]

    def _sample(self, rows: pa.Table, problems: npt.NDArray[np.int32]) -> None:
        for code in PROBLEMS:
            wanted = EXAMPLES - len(self._samples.get(code, ()))
            if wanted > 0:
                for place in np.flatnonzero(problems & problem_bit(code))[:wanted].tolist():
                    self._samples[code].append(self._one(rows, place, code))

    def _one(self, rows: pa.Table, place: int, code: str) -> dict[str, Any]:
        sheet = self._sheets[rows.column("source")[place].as_py()]
        cells = rows.column("raw")[place].as_py().split("\x1f")
        at = [sheet.fields[name] for name in _CELLS.get(code, ("id_number",)) if name in sheet.fields]
        return {
            "code": code,
            "file": sheet.sheet.file,
            "sheet": sheet.sheet.sheet,
            "row": rows.column("row")[place].as_py(),
            "value": " ".join(cells[index].strip() for index in at if index < len(cells)).strip(),
            "remedy": REMEDIES[code],
        }


def _each_once(files: npt.NDArray[Any], members: Positions, which: npt.NDArray[np.bool_]) -> set[tuple[str, int]]:
    return set(zip(files[which].tolist(), members[which].tolist(), strict=True))


def _value(table: pa.Table, name: str, place: int) -> str:
    value = table.column(name)[place].as_py()
    if name == "entry" and value is not None:
        return f"{value} {table.column('entry_on')[place].as_py()}"
    if name == "last_payment_cents" and value is not None:
        return f"{value // 100}.{value % 100:02}"
    return "" if value is None else str(value)
