"""Profiles of bank statements saved by name, and recognised again by the headings they are of."""

from pathlib import Path

from sqlalchemy import Connection

from ancadmin.readers.profiles import is_file
from ancadmin.readers.statements.layouts import Profile, parse_profile, profile_in, shipped_text
from ancadmin.readers.statements.read import MESSAGES
from ancadmin.readers.statements.sheets import BUILT_IN, SHIPPED
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.profiles.shelf import Shelf
from ancadmin.services.session import Session


def _require_officer(session: Session) -> None:
    require_officer(session, "say how bank statements are read")


def _shipped() -> dict[str, str]:
    return {name: shipped_text(name) for name in SHIPPED}


STATEMENT_PROFILES = Shelf(
    kind="statement",
    noun="deposits profile",
    parts="layouts",
    parse=parse_profile,
    parts_of=lambda profile: profile.layouts,
    headings_of=lambda profile: profile.headings,
    require=_require_officer,
    shipped=_shipped,
    taken=frozenset({*(one.NAME for one in MESSAGES), *(one.NAME for one in BUILT_IN)}),
)


def profile_named(connection: Connection, said: str) -> Profile:
    """The profile saved or shipped under a name, or the one in a file, known by its name. Raises InputRefused."""
    return profile_in(Path(said)) if is_file(said) else STATEMENT_PROFILES.named(connection, said)
