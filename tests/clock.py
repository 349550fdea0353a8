"""A clock to turn: commands run as if on another day, so that what is known of one may be asked for later."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest

from ancadmin.services import session as sessions


@dataclass
class Clock:
    """The moment every session sees, in UTC."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(sessions.ZONE).date()

    def turn(self, days: int, at: time = time(12)) -> date:
        """Goes on by some days, to a time of day in Johannesburg."""
        day = self.today + timedelta(days=days)
        self.now = datetime.combine(day, at, sessions.ZONE).astimezone(UTC)
        return day


def turned_by_hand(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock for all sessions, which stands until it is turned; from today, for the store was made today."""
    clock = Clock(datetime.now(UTC))
    monkeypatch.setattr(sessions, "utc_now", lambda: clock.now)
    monkeypatch.setattr(sessions, "Session", partial(sessions.Session, clock=lambda: clock.now))
    return clock
