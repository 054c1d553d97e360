"""Visits that fall out, worked off one after another as time passes: offered others, withdrawn, lapsed, settled.

Each is a unit of work of its own, leased, the earliest visit first, in which nothing else of its person goes on: what
is held, what is said, and that it is said are committed together, so that a worker that dies loses and repeats nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.channels.twilio_codes import explained
from bot.log import problem
from bot.notices import say_notice
from bot.turns import Turns
from bot.ways import way_to
from dialogs import displacing
from dialogs.desk import Desk
from dialogs.script import Offer
from dialogs.text import Writable
from domain.alternatives import hold, wanted_for
from domain.appointments import Appointment, Status
from domain.context import Context, claim_of
from domain.displaced import cancel, let_go, places_held
from domain.displacements import Cause, Displaced, State, deadline_of
from domain.patients import ContactId
from domain.store import conversations
from domain.store import displacing as rows
from domain.store.conversations import Opened
from domain.store.database import Connection
from domain.store.displacing import Due, Over
from domain.store.people import SqlPeople
from domain.store.stamp import Stamp
from domain.store.work import Work

log = structlog.get_logger()

_AT_ONCE = 20
_LEASE = timedelta(seconds=60)  # so long a worker may take over so many; another one goes on after it
_SOON = timedelta(hours=2)  # from here on before a visit people are written to in the night, too
_ACTOR = "displacements"


@dataclass(frozen=True, slots=True)
class _Unit:
    """One unit of work: the visit, which is locked with its conversation, and what it takes to go on."""

    connection: Connection
    opened: Opened
    found: Displaced
    visit: Appointment
    desk: Desk
    turns: Turns
    context: Context

    @property
    def now(self) -> datetime:
        return self.desk.now


async def work_off(turns: Turns, now: datetime) -> int:
    """Do what is to be done about visits that fell out, and return about how many."""
    done = 0
    while True:
        async with turns.database.begin() as connection:
            found = await rows.lease(connection, now=now, until=now + _LEASE, limit=_AT_ONCE)
        desk = await turns.catalogue.desk(now) if found else None
        for one in found:
            done += await _guarded(one, desk, turns) if desk is not None else 0
        if len(found) < _AT_ONCE:
            break
    return done + await _tell_staff(turns, now)


async def _guarded(due: Due, desk: Desk, turns: Turns) -> bool:
    """Do what is due about one; whatever is wrong with it is in nobody's way, and is tried again later."""
    try:
        async with turns.database.begin() as connection:
            return await _work_off(connection, due, desk, turns)
    except Exception as failure:  # noqa: BLE001  the job's edge: its lease runs out, then again
        log.error("displacement failed", displaced=due.id, problem=problem(failure))
        return False


async def _work_off(connection: Connection, due: Due, desk: Desk, turns: Turns) -> bool:
    opened = await conversations.open_by_contact(connection, due.contact)
    stamp = Stamp(now=desk.now, actor=_ACTOR, contact=due.contact, channel=opened.channel)
    work = Work(connection, stamp)
    found = await work.displacements.locked(due.id)
    visit = await work.appointments.by_id(found.appointment)
    context = Context(
        store=work,
        contact=due.contact,
        now=desk.now,
        key=f"displaced{due.id}",
        policy=desk.policy,
        programme=desk.programme,
    )
    step = _step_for(found, visit, desk.now)
    if step is None:
        return False
    await step(_Unit(connection, opened, found, visit, desk, turns, context))
    return True


_Step = Callable[[_Unit], Awaitable[None]]


def _step_for(found: Displaced, visit: Appointment, now: datetime) -> _Step | None:
    """Return what is to be done; None where somebody else has done it."""
    if found.state not in (State.WAITING, State.OFFERED, State.WITHDRAWING):
        return None
    if visit.status != Status.BOOKED or visit.slot.id != found.slot:
        return _settle
    if found.state == State.WITHDRAWING:
        return _withdraw
    if found.deadline_at is not None and found.deadline_at <= now:
        return _lapse
    return _offer if found.state == State.WAITING else None


async def _settle(unit: _Unit) -> None:
    """Close one that was moved or cancelled otherwise, and let go of what was held for it."""
    store, found, visit = unit.context.store, unit.found, unit.visit
    await store.displacements.lock_for([one.id for one in found.holds], [])
    await let_go(found, unit.context)
    is_moved = visit.status not in (Status.CANCELLED, Status.ENTERED_IN_ERROR)
    await store.displacements.end(found.id, State.MOVED if is_moved else State.CANCELLED)


# ---- offering


async def _offer(unit: _Unit) -> None:
    """Hold others, and say so; where that was said in vain, say it in another way."""
    store, found, visit, now = unit.context.store, unit.found, unit.visit, unit.now
    later = unit.desk.policy(visit.slot.programme).not_before(now, visit.slot.centre.zone)
    if later > now and visit.slot.starts_at - later > _SOON:
        await store.displacements.put_off(found.id, later)
        return
    if found.deadline_at is None:
        found = await _held(unit)
    sent = await rows.tried(unit.connection, visit)
    way = await way_to(unit.connection, unit.opened, sent, unit.turns, now)
    if way is not None:
        claim, until = claim_of(visit), found.deadline_at or visit.slot.starts_at
        places = places_held(found)
        several = await conversations.looks_after_several(unit.connection, unit.opened.contact)
        await say_notice(
            unit.connection,
            unit.opened,
            way,
            displacing.offered(claim, places, until, by_name=several),
            displacing.offers(claim, places),
            turns=unit.turns,
            now=now,
            of=visit,
            until=until,
        )
    await store.displacements.told(found.id, way.to.contact if way is not None else None)
    if way is None:
        reasons = "; ".join(explained(error) for _, error in sent if error) or "stopped, blocked or off"
        await _open_task(unit, f"Not told that {visit.reference} falls out ({reasons}). Please telephone.")
    elif not found.holds:
        await _open_task(unit, f"{visit.reference} falls out, and no other place was found. Please telephone.")


async def _held(unit: _Unit) -> Displaced:
    """Hold others for a visit, where there are any."""
    store, found, visit = unit.context.store, unit.found, unit.visit
    deadline = deadline_of(visit.slot.starts_at, unit.now)
    programme = unit.desk.programme(visit.slot.programme)
    holds = []
    if programme is not None:
        not_before = max(deadline, unit.now + programme.lead)
        wanted = await wanted_for(visit, programme, store, not_before=not_before)
        holds = await hold(wanted, found.id, deadline, unit.context)
    await store.displacements.offered(found.id, holds, deadline)
    return await store.displacements.locked(found.id)


# ---- ending


async def _lapse(unit: _Unit) -> None:
    """Cancel a visit that nobody answered for: its person is told so, and staff are to ring.

    One whose dose was gone and is there again by now stands.
    """
    product = unit.visit.promise.product if unit.visit.promise is not None else ""
    if unit.found.cause == Cause.LOSS and not await unit.context.store.losses.is_short(unit.visit.id, product):
        await _withdraw(unit)
        return
    claim = await cancel(unit.found, unit.visit, State.LAPSED, unit.context)
    await _say(unit, displacing.lapsed(claim), [displacing.BOOK_ANEW])
    await _open_task(
        unit, f"{claim.reference} fell out, and nobody answered in time; it is cancelled. Please telephone."
    )


async def _withdraw(unit: _Unit) -> None:
    """Let a visit stand that can take place after all: say so to who was told otherwise, and remind of it again."""
    store, found, visit = unit.context.store, unit.found, unit.visit
    await store.displacements.lock_for([one.id for one in found.holds], [])
    await let_go(found, unit.context)
    await store.displacements.end(found.id, State.WITHDRAWN)
    if not visit.slot.is_open:
        return  # closed once more since: another one says what there is to say
    await store.displacements.remind_again(visit.id, visit.version)
    if found.offered_at is not None:
        await _say(unit, displacing.withdrawn(claim_of(visit)), [])


async def _say(unit: _Unit, text: Writable, offers: list[Offer]) -> None:
    way = await way_to(unit.connection, unit.opened, [], unit.turns, unit.now)
    if way is not None:
        await say_notice(unit.connection, unit.opened, way, text, offers, turns=unit.turns, now=unit.now)


async def _open_task(unit: _Unit, note: str) -> None:
    people = SqlPeople(unit.connection, Stamp(now=unit.now, actor=_ACTOR))
    subject = f"appointment:{unit.visit.id}"
    await people.open_task("displaced", unit.opened.contact, subject, note)
    await rows.of_centre(unit.connection, "displaced", subject, unit.visit.slot.centre.id)


# ---- staff


async def _tell_staff(turns: Turns, now: datetime) -> int:
    """Say to who closed how it went, once all visits are settled."""
    async with turns.database.begin() as connection:
        over = await rows.over(connection, _AT_ONCE)
    for one in over:
        try:
            async with turns.database.begin() as connection:
                await _tell_one(connection, one, turns, now)
        except Exception as failure:  # noqa: BLE001  the job's edge
            log.error("outcome not told", displacement=one.id, problem=problem(failure))
    return len(over)


async def _tell_one(connection: Connection, one: Over, turns: Turns, now: datetime) -> None:
    opened = await conversations.open_by_contact(connection, ContactId(one.contact))
    if not await rows.close(connection, one.id, now):
        return
    closure = await Work(connection, Stamp(now=now, actor=_ACTOR)).displacements.closure(one.id)
    way = await way_to(connection, opened, [], turns, now)
    if closure is None or way is None:
        return
    text, offer = displacing.settled(closure)
    await say_notice(connection, opened, way, text, [offer], turns=turns, now=now)
