"""What is wrong in a policy file, and a table of it that notes it: all of it is said at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

# A thousand years; and what still can be added up for everyone.
_MOST = {"months": 12_000, "days": 365_000}
_MOST_OF_ALL = 10**12


@dataclass(frozen=True)
class Fault:
    """An entry that is wrong: its key with the tables it stands in, `changes.2.bulk.word_fees` for one of the second
    `[[changes]]`; what belongs there; the value that is there, or `missing`.
    """

    key: str
    what: str
    remedy: str
    value: str = ""


class Table:
    """Entries of the file that are read one by one. What is wrong goes to `faults`, and reading goes on."""

    def __init__(self, entries: object, name: str, faults: list[Fault]) -> None:
        self.entries: Mapping[str, Any] = entries if isinstance(entries, dict) else {}
        self.name = name
        self.faults = faults
        if not isinstance(entries, dict):
            self.wrong("", "must be a table", f"Write its entries under a line [{name}].", entries)

    def table(self, key: str, instead: Mapping[str, Any] = MappingProxyType({})) -> "Table":
        """The table under `key`, or another where there is none."""
        return Table(self.entries.get(key, dict(instead)), self.path(key), self.faults)

    def path(self, key: str) -> str:
        """The key with the tables it stands in."""
        return ".".join(part for part in (self.name, key) if part)

    def wrong(self, key: str, what: str, remedy: str, value: object = None) -> None:
        """Notes that the entry is not what belongs there."""
        self.faults.append(Fault(self.path(key), what, remedy, "missing" if value is None else str(value)))

    def count(self, key: str, least: int = 0) -> int:
        """A whole number of at least `least`, with which days and sums can be reckoned."""
        value = self.entries.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            most = _MOST.get(key.rpartition("_")[2], _MOST_OF_ALL)
            if value <= most:
                return value
            self.wrong(key, f"must be {most} or less", f"Write `{key} = {most}`, if it has no end.", value)
            return least
        what = f"must be a whole number, {least or 'zero'} or more"
        self.wrong(key, what, f"Write a line such as `{key} = 12`.", value)
        return least

    def choice(self, key: str) -> bool:
        """True or false."""
        value = self.entries.get(key)
        if isinstance(value, bool):
            return value
        self.wrong(key, "must be true or false", f"Write `{key} = true` or `{key} = false`.", value)
        return False

    def unknown(self, known: Sequence[str]) -> list[str]:
        """The keys nothing reads."""
        return [key for key in self.entries if key not in known]
