"""Places held in stead of a visit that falls out: near what somebody had, first at the same centre, then at others.

Each is a hold with a dose of its own where doses are counted, within the days that other doses of the course leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.appointments import Appointment, AppointmentId, Slot, SlotId
from domain.booking import is_offered, takes_place
from domain.centres import CentreId
from domain.context import Context
from domain.displacements import HELD, DisplacedId, course_of_hold
from domain.doses import Doses
from domain.eligibility import groups_of
from domain.ports import Store
from domain.priority import Terms
from domain.programmes import Programme
from domain.stock import NoDose

#: So far from the old time others are looked for; at other centres too if there are not enough at this one.
NEAR, FAR = timedelta(days=14), timedelta(days=90)
_CENTRES = 6  # others that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody needs in stead of a visit: on what *terms*, on days in [*first*, *last*), after *not_before*."""

    visit: Appointment
    terms: Terms
    not_before: datetime
    first: date | None = None
    last: date | None = None

    def span(self, within: timedelta) -> tuple[datetime, datetime]:
        """Return from when until when a place may start, at most *within* from the old time."""
        zone, at = self.visit.slot.centre.zone, self.visit.slot.starts_at
        start, until = max(self.not_before, at - within), max(self.not_before, at) + within
        if self.first is not None:
            start = max(start, datetime.combine(self.first, time(0), zone))
        if self.last is not None:
            until = min(until, datetime.combine(self.last, time(0), zone))
        return start, until

    def fits(self, slot: Slot) -> bool:
        """Say whether a place is on a day that suits the other doses."""
        return (self.first is None or self.first <= slot.day) and (self.last is None or slot.day < self.last)


async def terms_of(visit: Appointment, programme: Programme, store: Store) -> Terms:
    """Return on what terms the person of a visit may have another place."""
    facts = await store.alternatives.facts(visit.patient)
    return programme.terms(groups_of(programme.criteria, facts))


async def wanted_for(visit: Appointment, programme: Programme, store: Store, *, not_before: datetime) -> Wanted:
    """Return what the person of a visit needs in its stead."""
    dose = visit.course.rpartition(":")[2]
    others = await store.alternatives.course_days(visit.patient, programme.key, but=visit.course)
    first, last = programme.window(dose, others)
    terms = await terms_of(visit, programme, store)
    return Wanted(visit=visit, terms=terms, not_before=not_before, first=first, last=last)


async def hold(wanted: Wanted, of: DisplacedId, until: datetime, context: Context) -> list[AppointmentId]:
    """Hold up to three places until *until*; return the holds, the nearest first."""
    candidates = await _candidates(wanted, context)
    slots = await context.store.appointments.lock_slots(sorted(candidates)) if candidates else {}
    doses = Doses(store=context.store, patient=wanted.visit.patient, terms=wanted.terms, now=context.now)
    doses = await doses.of_course(wanted.visit.slot.programme, but=[wanted.visit.course])
    if slots and doses.terms.products:  # of all centres at once, so that nobody who locks them in order is waited for
        await context.store.stock.locked({slot.centre.id for slot in slots.values()}, doses.terms.products)
    holds: list[AppointmentId] = []
    for one in candidates:
        if len(holds) < HELD and await _may_have(slots.get(one), wanted, context):
            promises = await doses.promised([slots[one]], [])
            if not isinstance(promises, NoDose):
                number = len(holds) + 1
                holds.append(
                    await context.store.appointments.add_hold(
                        wanted.visit.patient,
                        course_of_hold(of, number),
                        one,
                        expires_at=until,
                        key=f"offer:{of}:{number}",
                        promise=promises[0],
                    )
                )
    return holds


async def _may_have(slot: Slot | None, wanted: Wanted, context: Context) -> bool:
    if slot is None or not is_offered(slot, wanted.visit.slot.programme, context.now) or not wanted.fits(slot):
        return False
    left = {slot.id: slot.places_left(has_priority=wanted.terms.has_priority)}
    return await takes_place(slot.id, left, wanted.visit.patient, context)


async def _candidates(wanted: Wanted, context: Context) -> Sequence[SlotId]:
    """Return places to be tried in this order, more than are needed: some may be without a dose."""
    here = wanted.visit.slot.centre
    found = await _near(wanted, here.id, NEAR, context)
    if len(found) < HELD or wanted.terms.products:
        for centre in await _others(wanted, context):
            found += await _near(wanted, centre, NEAR, context)
    if len(found) < HELD:
        found += await _near(wanted, here.id, FAR, context)
    return list(dict.fromkeys(found))


async def _near(wanted: Wanted, centre: CentreId, within: timedelta, context: Context) -> list[SlotId]:
    visit, (start, until) = wanted.visit, wanted.span(within)
    if start >= until:
        return []
    found = await context.store.alternatives.near(
        centre,
        visit.slot.programme,
        visit.slot.starts_at,
        start,
        until,
        has_priority=wanted.terms.has_priority,
    )
    return [one for one in found if one != visit.slot.id]


async def _others(wanted: Wanted, context: Context) -> list[CentreId]:
    """Return the nearest other centres with a place."""
    visit, (start, until) = wanted.visit, wanted.span(NEAR)
    if start >= until:
        return []
    found = await context.store.centres.centres_near(
        visit.slot.programme,
        visit.slot.centre.position,
        start=start,
        until=until,
        limit=_CENTRES,
        offset=0,
        now=context.now,
        terms=wanted.terms,
    )
    return [centre.id for centre, _ in found if centre.id != visit.slot.centre.id]
