"""An issued register as the text it is kept as: what it said and the seal it was issued under, for good."""

import json
from datetime import date
from typing import Any

from ancadmin.domain.attendance import (
    AttendanceRegister,
    Attendee,
    Difference,
    Meeting,
    Seal,
    Superseded,
)
from ancadmin.domain.papers import BranchPlace


def as_kept(register: AttendanceRegister, seal: Seal) -> str:
    """The text to keep. `from_kept` of it gives equal values back."""
    said = {"register": register, "seal": seal}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=_plain)


def from_kept(text: str) -> tuple[AttendanceRegister, Seal]:
    """What `as_kept` was given."""
    said = json.loads(text)
    return _register(said["register"]), _seal(said["seal"])


def _plain(value: object) -> object:
    """A day as ISO text, whatever else as its fields: a tenth of the time `dataclasses.asdict` takes to copy them."""
    return value.isoformat() if isinstance(value, date) else vars(value)


def _register(said: dict[str, Any]) -> AttendanceRegister:
    return AttendanceRegister(
        place=BranchPlace(**said["place"]),
        meeting=Meeting(said["meeting"]),
        meeting_date=date.fromisoformat(said["meeting_date"]),
        cut_off=date.fromisoformat(said["cut_off"]),
        attendees=_people(said["attendees"]),
    )


def _seal(said: dict[str, Any]) -> Seal:
    before = said["supersedes"]
    return Seal(
        **{
            **said,
            "issued_on": date.fromisoformat(said["issued_on"]),
            "supersedes": None if before is None else _superseded(before),
        }
    )


def _superseded(said: dict[str, Any]) -> Superseded:
    differs = said["difference"]
    return Superseded(
        **{
            **said,
            "issued_on": date.fromisoformat(said["issued_on"]),
            "cut_off": date.fromisoformat(said["cut_off"]),
            "header": tuple(said.get("header", ())),
            "difference": None if differs is None else Difference(**{k: _people(v) for k, v in differs.items()}),
        }
    )


def _people(said: list[dict[str, Any]]) -> tuple[Attendee, ...]:
    return tuple(Attendee(**one) for one in said)
