"""Mappings of registers saved by name, and recognised again by the headings they are of."""

from pathlib import Path

from sqlalchemy import Connection

from ancadmin.domain.roles import DECIDES
from ancadmin.errors import NotAllowed
from ancadmin.readers.mappings import Profile, Profiles, headings_of, parse_mapping
from ancadmin.readers.profiles import text_of
from ancadmin.services.profiles.shelf import Shelf
from ancadmin.services.session import Session


def _require_officer(session: Session) -> None:
    if not any(role in DECIDES for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not say how registers are read", "Ask a membership officer to do it.")


REGISTER_PROFILES = Shelf(
    kind="register",
    noun="register profile",
    parts="sheets",
    parse=parse_mapping,
    parts_of=lambda mapping: mapping.sheets,
    headings_of=headings_of,
    require=_require_officer,
)


def profiles_on_record(connection: Connection, name: str | None = None) -> Profiles:
    """How sheets are read: all by the profile `name`, or each by the saved one that is of it.

    Raises InputRefused where there is none of that name.
    """
    return (
        Profiles(saved=REGISTER_PROFILES.saved(connection))
        if name is None
        else Profiles(REGISTER_PROFILES.named(connection, name))
    )


def mapping_in(path: Path) -> Profile:
    """The mapping in a TOML file, known by the file's name. Raises InputRefused."""
    return parse_mapping(text_of(path), path.name, str(path))
