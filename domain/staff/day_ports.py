"""What the handlers about a centre's day need of a store."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from domain.centres import CentreId
from domain.staff.day_commands import Call, DaySummary, DosesFound


class StaffDay(Protocol):
    """A centre's day in numbers, and what is behind them."""

    async def summary(self, centre: CentreId, day: date) -> DaySummary:
        """Return a day in numbers, by as many statements however many visits it has; LookupError without a centre."""

    async def calls(self, centre: CentreId, day: date, now: datetime) -> list[Call]:
        """Return who of those still to come did not answer, or could not be reminded, by time."""

    async def doses(self, centre: CentreId, today: date) -> DosesFound:
        """Return doses and lots, and who has to be moved since there are too few."""
