"""Which branch a row means: by its code, by a name only one branch has, or by its ward; made when asked for."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import branch, province, region
from ancadmin.domain.names import surname_key
from ancadmin.domain.places import PROVINCES, is_taken_code, province_code

UNPLACED = "UNPLACED"
# What stands for a branch that is not known.
_NO_PLACE = {"n/a", "na", "n.a.", "-", "unknown", "onbekend", "none", "nil", "?"}


@dataclass(frozen=True)
class Written:
    """What a row says of its branch; "" where it says nothing."""

    code: str
    name: str
    ward: str
    region: str
    province: str

    @classmethod
    def of(cls, parts: Iterable[str], *, branch_named: bool) -> "Written":
        """From trimmed cells in the order of the fields. Where a column names the branch, the ward is not asked."""
        code, name, ward, region, province = ("" if part.lower() in _NO_PLACE else part for part in parts)
        return cls(code, name, "" if branch_named else ward, region, province)

    @property
    def blank(self) -> bool:
        """Whether the row names no branch at all."""
        return not (self.code or self.name or self.ward)


class KnownBranches:
    """The branches and regions on record, found as rows write them."""

    def __init__(self, connection: Connection) -> None:
        branches = connection.execute(select(branch.c.code, branch.c.name, branch.c.ward)).all()
        regions = connection.execute(select(region.c.code, region.c.name)).all()
        self._codes = _only((_plain(row.code), row.code) for row in branches)
        self._names = _only((surname_key(row.name), row.code) for row in branches)
        self._all_names = {surname_key(row.name) for row in branches}
        self._wards = _only((row.ward, row.code) for row in branches if row.ward)
        self._regions = {_plain(row.code): row.code for row in regions}
        self._region_names = _only((surname_key(row.name), row.code) for row in regions)

    def find(self, row: Written) -> str | None:
        """The code of the branch a row means; None where there is no such branch, or more than one.

        A code that is not on record is no reason to try the name beside it.
        """
        if row.code:
            return self._codes.get(_plain(row.code)) or self.of_name(row.code)
        if row.name:
            return self.of_name(row.name) or self._codes.get(_plain(row.name))
        return self.of_code(row.ward)

    def of_code(self, code: str) -> str | None:
        """The branch with a code, or the only one on a ward."""
        return self._codes.get(_plain(code)) or self._wards.get(code)

    def of_name(self, name: str) -> str | None:
        """The only branch with a name."""
        return self._names.get(surname_key(name))

    def shares_name(self, name: str) -> bool:
        """Whether more than one branch has a name."""
        key = surname_key(name)
        return key in self._all_names and key not in self._names

    def can_make(self, row: Written) -> bool:
        """Whether the row names a branch nobody knows: not one of several with one name, nor another kind of place."""
        code = row.code or row.name or row.ward
        taken = is_taken_code(code) or _plain(code) in self._regions or code == UNPLACED
        return not (row.blank or taken or surname_key(code) in self._all_names)

    def find_region(self, name: str) -> str | None:
        """The code of the region of that code or name; None where there is none, or more than one."""
        return self._regions.get(_plain(name)) or self._region_names.get(surname_key(name))


class Branches(KnownBranches):
    """The branches on record, as an import finds and makes them."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch.connection)
        self._batch = batch
        self._provinces = set(batch.connection.scalars(select(province.c.code)))
        self.made = 0

    def make(self, row: Written) -> str | None:
        """A new branch of the name or code the row gives, in the region it gives or in `UNPLACED`; None where it cannot
        be made.
        """
        code = row.code or row.name or row.ward
        if not self.can_make(row):
            return None
        values = {
            "code": code,
            "name": row.name or code,
            "region": self._region(row),
            "ward": row.ward or None,
            "batch": self._batch.number,
        }
        self._batch.connection.execute(insert(branch).values(values))
        self._codes[_plain(code)] = code
        self.made += 1
        return code

    def _region(self, row: Written) -> str:
        name = row.region
        if not name or is_taken_code(name) or _plain(name) in self._codes:
            name = UNPLACED
        found = self.find_region(name)
        if found is None:
            found = name
            place = UNPLACED if name == UNPLACED else self._province(row.province)
            self._batch.connection.execute(
                insert(region).values(code=name, name=name, province=self._made(place), batch=self._batch.number)
            )
            self._regions[_plain(name)] = name
        return found

    def _province(self, text: str) -> str:
        return province_code(text) or UNPLACED

    def _made(self, code: str) -> str:
        """A province's code, once its row is there."""
        if code not in self._provinces:
            self._batch.connection.execute(
                insert(province).values(code=code, name=PROVINCES.get(code, code), batch=self._batch.number)
            )
            self._provinces.add(code)
        return code


def _plain(code: str) -> str:
    """A code as it is compared: capitals, blanks and the decimals of a spreadsheet do not count."""
    bare = "".join(code.split()).casefold()
    whole, point, decimals = bare.partition(".")
    return whole if point and whole.isdigit() and not decimals.strip("0") else bare


def _only(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The code for each key that only one code has."""
    codes: dict[str, set[str]] = {}
    for key, code in pairs:
        codes.setdefault(key, set()).add(code)
    return {key: next(iter(found)) for key, found in codes.items() if key and len(found) == 1}
