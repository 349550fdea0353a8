"""Profiles: mappings of columns saved by name, and recognised again by the headings they are of."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import register_profile
from ancadmin.domain.roles import DECIDES
from ancadmin.errors import InputRefused, NotAllowed, UsageError
from ancadmin.readers.mappings import Profile, Profiles, headings_of, parse_mapping
from ancadmin.readers.refusals import not_readable, refused
from ancadmin.services.batch.kept import Kept
from ancadmin.services.session import Session


@dataclass(frozen=True)
class ProfileSaved:
    """A profile saved in a batch. `became`: new, changed, or unchanged where it says what it said before."""

    batch: int
    name: str
    became: str
    sheets: int
    headings: int

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON shows it."""
        return asdict(self)


def save_profile(session: Session, name: str, path: Path) -> ProfileSaved:
    """Saves the mapping in a TOML file under a name, in the place of the one that had it.

    Raises InputRefused for a file that is no mapping, UsageError for a name that is none, NotAllowed.
    """
    if not name.strip() or name != name.strip() or any(character in name for character in "/\\\n\r\t"):
        raise UsageError("a profile's name is a word or a few", "Name it for the register: ekurhuleni-2024", value=name)
    content = text_of(path)
    profile = parse_mapping(content, name, str(path))
    headings = headings_of(profile)
    _refuse_others(session)
    with session.batch("register profile save") as batch:
        batch.read(path)
        former = batch.connection.execute(
            select(register_profile.c.id, register_profile.c.content).where(*_standing(name))
        ).first()
        became = "new" if former is None else "unchanged" if former.content == content else "changed"
        if became != "unchanged":
            _reverse(batch, register_profile.c.name == name)
            row = {"name": name, "content": content, "headings": json.dumps(headings, ensure_ascii=False)}
            batch.connection.execute(insert(register_profile).values(batch=batch.number, **row))
        batch.counts.update(profile=name, became=became)
        return ProfileSaved(batch.number, name, became, len(profile.sheets), len(headings))


def remove_profile(session: Session, name: str) -> int:
    """Forgets a profile; the batch's number. Raises InputRefused where there is none of that name, NotAllowed."""
    _refuse_others(session)
    with session.batch("register profile remove") as batch:
        if not _reverse(batch, register_profile.c.name == name):
            raise _unknown(name)
        batch.counts.update(profile=name)
        return batch.number


def list_profiles(session: Session) -> list[dict[str, Any]]:
    """Rows `name, sheets, headings[], batch, operator, saved_at`, by name."""
    with session.reading("register profile list") as connection:
        rows = connection.execute(
            select(register_profile, batch_table.c.operator, batch_table.c.started_at)
            .join(batch_table, batch_table.c.number == register_profile.c.batch)
            .where(register_profile.c.reversed_by.is_(None))
            .order_by(register_profile.c.name)
        ).all()
    return [
        {
            "name": row.name,
            "sheets": len(parse_mapping(row.content, row.name).sheets),
            "headings": json.loads(row.headings),
            "batch": row.batch,
            "operator": row.operator,
            "saved_at": row.started_at,
        }
        for row in rows
    ]


def profile_text(session: Session, name: str) -> str:
    """The TOML of a profile, as it was saved. Raises InputRefused where there is none of that name."""
    with session.reading("register profile show", profile=name) as connection:
        content = connection.scalar(select(register_profile.c.content).where(*_standing(name)))
    if content is None:
        raise _unknown(name)
    return str(content)


def profiles_on_record(connection: Connection, name: str | None = None) -> Profiles:
    """How sheets are read: all by the profile `name`, or each by the saved one that is of it.

    Raises InputRefused where there is none of that name.
    """
    rows = connection.execute(
        select(register_profile.c.name, register_profile.c.content)
        .where(register_profile.c.reversed_by.is_(None))
        .order_by(register_profile.c.id)
    ).all()
    saved = tuple(parse_mapping(row.content, row.name) for row in rows)
    if name is None:
        return Profiles(saved=saved)
    chosen = next((profile for profile in saved if profile.name == name), None)
    if chosen is None:
        raise _unknown(name)
    return Profiles(chosen)


def mapping_in(path: Path) -> Profile:
    """The mapping in a TOML file, known by the file's name. Raises InputRefused."""
    return parse_mapping(text_of(path), path.name, str(path))


def text_of(path: Path) -> str:
    """The text of a mapping's file. Raises InputRefused."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise not_readable(path, error) from error
    except UnicodeDecodeError as error:
        raise refused(path, "not UTF-8", "Save it as UTF-8; a mapping is a TOML file.") from error


def undo(batch: Batch, number: int) -> list[Kept]:
    """Takes back what batch `number` did to profiles: one it saved goes, one it replaced or removed stands again.

    A profile that was saved or removed again since stays as it is.
    """
    connection = batch.connection
    touched = (register_profile.c.batch == number) | (register_profile.c.reversed_by == number)
    kept: list[Kept] = []
    taken_back = 0
    for name in connection.scalars(select(register_profile.c.name).where(touched).distinct()).all():
        rows = connection.execute(
            select(register_profile).where(register_profile.c.name == name).order_by(register_profile.c.id)
        ).all()
        made = next((row for row in rows if row.batch == number), None)
        replaced = next((row for row in rows if row.reversed_by == number), None)
        standing = next((row for row in rows if row.reversed_by is None), None)
        if standing is not made:
            kept.append(Kept(f"profile {name}", "it was saved or removed again since"))
            continue
        taken_back += _reverse(batch, register_profile.c.name == name)
        if replaced is not None:
            connection.execute(
                update(register_profile).where(register_profile.c.id == replaced.id).values(reversed_by=None)
            )
            taken_back += 1
    if taken_back:
        batch.counts["profiles_taken_back"] = taken_back
    return kept


def _standing(name: str) -> tuple[Any, Any]:
    return register_profile.c.name == name, register_profile.c.reversed_by.is_(None)


def _reverse(batch: Batch, which: Any) -> int:
    return batch.connection.execute(
        update(register_profile).where(which, register_profile.c.reversed_by.is_(None)).values(reversed_by=batch.number)
    ).rowcount


def _refuse_others(session: Session) -> None:
    if not any(role in DECIDES for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not say how registers are read", "Ask a membership officer to do it.")


def _unknown(name: str) -> InputRefused:
    return InputRefused("no such profile", "See: ancadmin register profile list", value=name)
