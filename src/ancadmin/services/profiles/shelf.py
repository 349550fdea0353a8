"""A shelf of profiles: TOML that officers keep by name, taken back by an undo as all they write."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import profile as profile_table
from ancadmin.errors import InputRefused, NotAllowed, UsageError
from ancadmin.readers.profiles import is_file, text_of
from ancadmin.services.session import Session

Read = TypeVar("Read")
"""A profile once its TOML is read."""


@dataclass(frozen=True)
class ProfileSaved:
    """A profile saved in a batch. `became`: new, changed, or unchanged where it says what it said before.

    `parts`: how many of what its shelf calls parts it has.
    """

    batch: int
    name: str
    became: str
    parts: dict[str, int]
    headings: int

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON shows it."""
        about = {"batch": self.batch, "name": self.name, "became": self.became}
        return {**about, **self.parts, "headings": self.headings}


@dataclass(frozen=True)
class Shelf(Generic[Read]):
    """Profiles of one kind. `kind` is what the table calls them, `noun` the command group they are under.

    `parse(text, name, file)` reads a profile's TOML; it raises InputRefused. `parts_of` are its entries, which people
    call `parts`, and `headings_of` the headings it is of. `require(session)` raises NotAllowed for those who may not
    say how such files are read. `shipped()`: the TOML of those this version brings, by name; `taken`: further names
    that mean something else.
    """

    kind: str
    noun: str
    parts: str
    parse: Callable[[str, str, str], Read]
    parts_of: Callable[[Read], Sequence[object]]
    headings_of: Callable[[Read], list[str]]
    require: Callable[[Session], None]
    shipped: Callable[[], Mapping[str, str]] = dict
    taken: frozenset[str] = frozenset()

    def save(self, session: Session, name: str, path: Path) -> ProfileSaved:
        """Saves the profile in a TOML file under a name, in the place of the one that had it.

        Raises InputRefused for a file that is none, UsageError for a name that is none or taken, NotAllowed.
        """
        self._refuse_name(name)
        content = text_of(path)
        read = self.parse(content, name, str(path))
        headings = self.headings_of(read)
        self.require(session)
        with session.batch(f"{self.noun} save") as batch:
            batch.read(path)
            former = batch.connection.scalar(select(profile_table.c.content).where(*self._standing(name)))
            became = "new" if former is None else "unchanged" if former == content else "changed"
            if became != "unchanged":
                self._reverse(batch, name)
                row = {"name": name, "content": content, "headings": json.dumps(headings, ensure_ascii=False)}
                batch.connection.execute(insert(profile_table).values(kind=self.kind, batch=batch.number, **row))
            batch.counts.update(profile=name, became=became)
            return ProfileSaved(batch.number, name, became, {self.parts: len(self.parts_of(read))}, len(headings))

    def remove(self, session: Session, name: str) -> int:
        """Forgets a profile; the batch's number. Raises InputRefused where there is none of that name, NotAllowed."""
        self.require(session)
        with session.batch(f"{self.noun} remove") as batch:
            if not self._reverse(batch, name):
                raise self._brought(name) if name in self.shipped() else self.unknown(name)
            batch.counts.update(profile=name)
            return batch.number

    def rows(self, session: Session) -> list[dict[str, Any]]:
        """Rows `name, PARTS, headings[], shipped, batch, operator, saved_at`, by name; then those this version brings,
        which no batch or operator made.
        """
        with session.reading(f"{self.noun} list") as connection:
            rows = connection.execute(
                select(profile_table, batch_table.c.operator, batch_table.c.started_at)
                .join(batch_table, batch_table.c.number == profile_table.c.batch)
                .where(*self._standing())
                .order_by(profile_table.c.name)
            ).all()
        saved = [
            {
                **self._about(row.name, row.content),
                "shipped": False,
                "batch": row.batch,
                "operator": row.operator,
                "saved_at": row.started_at,
            }
            for row in rows
        ]
        nobodys = {"shipped": True, "batch": None, "operator": None, "saved_at": None}
        return saved + [{**self._about(name, text), **nobodys} for name, text in sorted(self.shipped().items())]

    def text(self, session: Session, name: str) -> str:
        """The TOML of a profile, as it was saved or is shipped. Raises InputRefused where there is none."""
        with session.reading(f"{self.noun} show", profile=name) as connection:
            return self._content(connection, name)

    def named(self, connection: Connection, name: str) -> Read:
        """The profile saved or shipped under a name. Raises InputRefused where there is none."""
        return self.parse(self._content(connection, name), name, "")

    def saved(self, connection: Connection) -> tuple[Read, ...]:
        """All profiles, in the order they were saved."""
        rows = connection.execute(
            select(profile_table.c.name, profile_table.c.content).where(*self._standing()).order_by(profile_table.c.id)
        ).all()
        return tuple(self.parse(row.content, row.name, "") for row in rows)

    def unknown(self, name: str) -> InputRefused:
        """The refusal of a name that no profile has."""
        return InputRefused("no such profile", f"See: ancadmin {self.noun} list", value=name)

    def _content(self, connection: Connection, name: str) -> str:
        content = connection.scalar(select(profile_table.c.content).where(*self._standing(name)))
        content = self.shipped().get(name) if content is None else content
        if content is None:
            raise self.unknown(name)
        return str(content)

    def _about(self, name: str, content: str) -> dict[str, Any]:
        read = self.parse(content, name, "")
        return {"name": name, self.parts: len(self.parts_of(read)), "headings": self.headings_of(read)}

    def _brought(self, name: str) -> NotAllowed:
        return NotAllowed(f"the profile {name} comes with this version", "Save your own; it is tried before.")

    def _refuse_name(self, name: str) -> None:
        if not name.strip() or name != name.strip() or is_file(name) or any(mark in name for mark in "\n\r\t"):
            raise UsageError(
                "a profile's name is a word or a few", f"Name it for the {self.kind}: ekurhuleni-2024", value=name
            )
        if name in self.taken or name in self.shipped():
            raise UsageError("this version has a profile or format of that name", "Give it another.", value=name)

    def _standing(self, *names: str) -> list[Any]:
        named = [profile_table.c.name == name for name in names]
        return [profile_table.c.kind == self.kind, *named, profile_table.c.reversed_by.is_(None)]

    def _reverse(self, batch: Batch, name: str) -> int:
        return batch.connection.execute(
            update(profile_table).where(*self._standing(name)).values(reversed_by=batch.number)
        ).rowcount
