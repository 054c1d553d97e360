"""A practitioner's own shifts: shown, and a day taken off where nobody would lose a place.

People who have places must be moved first. Whoever builds that begins it where `MustMoveFirst` is returned: once nobody
is left on the day, the same command takes it off.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from domain.context import Context
from domain.staff.handling import Handler
from domain.staff.members import Member
from domain.staff.shift_commands import DayOff, MustMoveFirst, NoPractitioner, Shifts, ShowShifts, TakeDayOff

AHEAD = timedelta(days=14)


async def _show(_command: ShowShifts, member: Member, context: Context) -> Shifts | NoPractitioner:
    own = await context.store.shifts.practitioner(member.id)
    if own is None:
        return NoPractitioner()
    return Shifts(tuple(await context.store.shifts.of(own, context.now, context.now + AHEAD)))


async def _day_off(command: TakeDayOff, member: Member, context: Context) -> DayOff | MustMoveFirst | NoPractitioner:
    own = await context.store.shifts.practitioner(member.id)
    if own is None:
        return NoPractitioner()
    people, slots = await context.store.shifts.take_off(own, command.day)
    return MustMoveFirst(command.day, people) if people else DayOff(command.day, slots)


HANDLES: Mapping[type, Handler] = {ShowShifts: _show, TakeDayOff: _day_off}
