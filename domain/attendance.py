"""Who came: appointments arrived, fulfilled or missed, as staff say or, where a programme has it so, as time passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.appointments import Appointment, Status
from domain.policies import MISSED
from domain.ports import Store

#: From which states each can come: what was marked wrongly can be marked again.
_AFTER = {
    Status.ARRIVED: (Status.BOOKED, Status.NOSHOW),
    Status.FULFILLED: (Status.BOOKED, Status.ARRIVED, Status.NOSHOW),
    Status.NOSHOW: (Status.BOOKED, Status.ARRIVED),
}


@dataclass(frozen=True, slots=True)
class Attended:
    """It is on record; *again*: it was before."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class NotThen:
    """It cannot be so: the visit is still to come, or it is cancelled or over in another way."""


async def attend(store: Store, found: Appointment, status: Status, now: datetime) -> Attended | NotThen:
    """Record that the person of an appointment, which is locked, arrived, was served, or did not come.

    Nobody is reminded of it any more; who missed it is told so once, kindly.
    """
    if found.status == status:
        return Attended(again=True)
    if found.status not in _AFTER[status] or _is_too_early(found, status, now):
        return NotThen()
    await store.appointments.change(found.id, status=status)
    await store.reminders.silence(found.id)
    if status == Status.NOSHOW:
        missed = await store.appointments.by_id(found.id)
        await store.reminders.plan(missed, [(MISSED, now)])
    return Attended()


def _is_too_early(found: Appointment, status: Status, now: datetime) -> bool:
    if status == Status.NOSHOW:
        return now < found.slot.starts_at
    return found.slot.centre.local(now).date() < found.slot.day
