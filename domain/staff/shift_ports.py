"""What the handlers of shifts need of a store."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from domain.practitioners import PractitionerId
from domain.staff.members import StaffId
from domain.staff.shift_commands import Shift


class PractitionerShifts(Protocol):
    """Shifts of practitioners."""

    async def practitioner(self, member: StaffId) -> PractitionerId | None:
        """Return which practitioner a member of staff is, locked."""

    async def of(self, practitioner: PractitionerId, start: datetime, until: datetime) -> list[Shift]:
        """Return their shifts that begin in [*start*, *until*), or end after *start*, by time."""

    async def take_off(self, practitioner: PractitionerId, day: date) -> tuple[int, int]:
        """Offer nothing more of theirs on a day; return how many people have places then, and how many slots went.

        Where there are any people nothing is changed. What has begun by now is left as it is.
        """
