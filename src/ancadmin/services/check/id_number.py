"""Reading one ID number for a person; needs no store."""

from datetime import date
from typing import Any

from ancadmin.domain.id_numbers import read_id_number
from ancadmin.policy import load_policy
from ancadmin.services.session import ZONE, utc_now
from ancadmin.settings import Settings


def check_id_number(settings: Settings, number: str, on: date | None = None) -> dict[str, Any]:
    """What `number` is read as on the day `on` (today in Johannesburg if None), with the fields of docs/reference.

    `births` are the birth dates of both centuries where neither gives a possible age. Raises ConfigurationError.
    """
    day = on or utc_now().astimezone(ZONE).date()
    reading = read_id_number(number, day, load_policy(settings.policy))
    return {
        "as_written": reading.as_written,
        "id_number": reading.id_number,
        "problem": reading.problem,
        "repairs": list(reading.repairs),
        "born": reading.born.isoformat() if reading.born else None,
        "births": [born.isoformat() for born in reading.births],
        "gender": reading.gender,
        "citizenship": reading.citizenship,
    }
