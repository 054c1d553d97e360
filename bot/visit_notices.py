"""Tells staff and people what is planned beside reminders: that a visit is asked for, what became of it, who waits.

Each is told once, in a transaction in which nothing else goes on in the conversations that it goes to. These are locked
first, those of several staff in the order of their contacts, and then the notice, as a turn does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.turns import Turns
from bot.unasked import Unasked, say
from dialogs import visit_notices as words
from dialogs.desk import Desk
from dialogs.scripts.told import booked, referred, to_take_along
from domain.appointments import Appointment, AppointmentId, Status
from domain.booking import slot_found
from domain.centres import CentreId
from domain.commands import Claim, SlotFound
from domain.context import claim_of
from domain.policies import VIDEO, VIDEO_THERE
from domain.requests import ASKED, CONFIRMED, DECLINED, UNANSWERED
from domain.store import conversations, reminders, staff_requests
from domain.store.conversations import Opened
from domain.store.database import Connection
from domain.store.outbox import Priority
from domain.store.reminders import Due, Taken
from domain.store.staff_requests import Reachable
from domain.store.stamp import Stamp
from domain.store.work import Work
from domain.video import PATIENT_HERE, PRACTITIONER_HERE

TO_STAFF = frozenset((ASKED, VIDEO_THERE, PATIENT_HERE))
TO_PEOPLE = frozenset((CONFIRMED, DECLINED, UNANSWERED, VIDEO, PRACTITIONER_HERE))
OTHER_TIMES = 3
_LOOK, _AROUND = 200, timedelta(days=14)
_BOOKED = (Status.BOOKED, Status.ARRIVED)
#: How a visit must stand for a notice of a kind to be of use.
_STATES: Mapping[str, tuple[Status, ...]] = {
    ASKED: (Status.PENDING,),
    CONFIRMED: _BOOKED,
    DECLINED: (Status.CANCELLED,),
    UNANSWERED: (Status.CANCELLED,),
    VIDEO: _BOOKED,
    VIDEO_THERE: _BOOKED,
    PATIENT_HERE: _BOOKED,
    PRACTITIONER_HERE: _BOOKED,
}


async def tell(connection: Connection, due: Due, desk: Desk, turns: Turns, now: datetime) -> bool:
    """Tell one that is due; say whether anybody was told."""
    if due.kind in TO_STAFF:
        return await _tell_staff(connection, due, desk, turns, now)
    opened = await conversations.open_by_contact(connection, due.contact)
    taken = await _taken(connection, due, now)
    if taken is None:
        return False
    told = await say(connection, turns, opened, await _to_person(connection, taken, desk, now), now)
    if told is None:
        await _nobody(connection, taken, now)
        return False
    await reminders.told(connection, taken.id, told, now)
    return True


async def _taken(connection: Connection, due: Due, now: datetime) -> Taken | None:
    """Lock a notice that is still true; close one that is not."""
    taken = await reminders.take(connection, due.id)
    if taken is None:
        return None
    is_over = taken.kind not in (CONFIRMED, DECLINED, UNANSWERED) and now >= taken.of.slot.ends_at
    if not taken.is_current or taken.of.status not in _STATES[taken.kind] or is_over:
        await reminders.drop(connection, taken.id, "too late" if is_over else "superseded")
        return None
    return taken


async def _nobody(connection: Connection, taken: Taken, now: datetime) -> None:
    """Close what nobody can be told; staff get a task."""
    await reminders.drop(connection, taken.id, "unreachable")
    people = Work(connection, Stamp(now=now, actor="notices")).people
    note = f"Nobody could be told of {taken.of.reference} ({taken.kind})."
    await people.open_task("not-told", None, f"appointment:{taken.of.id}", note)


# ---- to the person


async def _to_person(connection: Connection, taken: Taken, desk: Desk, now: datetime) -> Callable[[str], Unasked]:
    claim = claim_of(taken.of)
    of, link = (taken.of.id, taken.of.version), desk.video(taken.of.id)
    match taken.kind:
        case kind if kind in (DECLINED, UNANSWERED):
            others = await _near(connection, taken.of, desk, now)
            text = words.declined(claim, others, in_time=taken.kind == DECLINED)
            return lambda _channel: Unasked(text=text, offers=words.instead(claim, others), of=of)
        case kind if kind == CONFIRMED:
            await _miss_link(connection, taken.of, desk, now)
            return lambda channel: _confirmed(claim, desk, channel, of)
        case kind if kind == VIDEO:
            text = words.soon_by_video(claim, link)
        case _:
            text = words.waits(claim.practitioner.name, link) if claim.practitioner else words.somebody_waits(link)
    return lambda _channel: Unasked(
        text=text, offers=(words.here(claim.id),), of=of, until=claim.ends_at, priority=Priority.REMINDER
    )


def _confirmed(claim: Claim, desk: Desk, channel: str, of: tuple[AppointmentId, int]) -> Unasked:
    programme = desk.programme(claim.programme)
    if programme is None:
        return Unasked(text=referred(claim), of=of)
    extras = to_take_along((claim,), video=programme.policy.video)
    return Unasked(text=booked(programme, (claim,), channel, desk.video), extras=extras, of=of)


async def _miss_link(connection: Connection, of: Appointment, desk: Desk, now: datetime) -> None:
    """Have staff send the link of a visit by video, where there is no server for it."""
    if desk.policy(of.slot.programme).video and desk.video(of.id) is None:
        people = Work(connection, Stamp(now=now, actor="notices")).people
        await people.open_task("video-link", None, f"appointment:{of.id}", f"send the link for {of.reference}")


async def _near(connection: Connection, of: Appointment, desk: Desk, now: datetime) -> list[SlotFound]:
    """Return the free places that are nearest in time, at the same centre."""
    programme = desk.programme(of.slot.programme)
    if programme is None:
        return []
    work = Work(connection, Stamp(now=now, actor="notices"))
    start = max(now + programme.lead, of.slot.starts_at - _AROUND)
    found = await work.appointments.free_slots(
        of.slot.centre.id, programme.key, start, of.slot.starts_at + _AROUND, _LOOK, terms=programme.terms()
    )
    by_time = {slot.starts_at: slot for slot in reversed(found) if slot.id != of.slot.id}
    nearest = sorted(by_time.values(), key=lambda slot: (abs(slot.starts_at - of.slot.starts_at), slot.starts_at))
    return [slot_found(slot) for slot in sorted(nearest[:OTHER_TIMES], key=lambda slot: slot.starts_at)]


# ---- to staff


async def _tell_staff(connection: Connection, due: Due, desk: Desk, turns: Turns, now: datetime) -> bool:
    work = Work(connection, Stamp(now=now, actor="notices"))
    visit = await work.staff_visits.visit(due.appointment)
    if visit is None:
        return False
    ways = await _ways(connection, due, visit.centre.id)
    chats = {one.contact: await conversations.open_by_contact(connection, one.contact) for one in _in_order(ways)}
    taken = await _taken(connection, due, now)
    if taken is None:
        return False
    claim = claim_of(taken.of)
    said = _to_staff(taken, claim, desk)
    for some in ways:
        told = [one for one in some if await _tell_one(connection, turns, chats[one.contact], one, said, claim, now)]
        if told:
            await reminders.told(connection, taken.id, told[0].contact, now)
            return True
    await _nobody(connection, taken, now)
    return False


async def _ways(connection: Connection, due: Due, centre: CentreId) -> list[list[Reachable]]:
    """Return whom to tell, each list where nobody of the one before can be: who sees them, the team, who manages."""
    own = await staff_requests.practitioner_of(connection, due.appointment)
    teams = await staff_requests.teams_of(connection, centre)
    managers = await staff_requests.managers_of(connection, centre) if due.kind == ASKED else []
    return [[own], teams, managers] if own is not None else [managers, teams]


def _in_order(ways: Sequence[Sequence[Reachable]]) -> list[Reachable]:
    return sorted((one for some in ways for one in some), key=lambda one: one.contact)


async def _tell_one(
    connection: Connection,
    turns: Turns,
    opened: Opened,
    to: Reachable,
    said: Unasked,
    claim: Claim,
    now: datetime,
) -> bool:
    """Tell one; who never wrote to us in a chat of their own is none whom we may write to there."""
    if to.staff is not None and opened.state is None:
        return False
    if await say(connection, turns, opened, lambda _channel: said, now) is None:
        return False
    actor = f"staff:{to.staff}" if to.staff is not None else f"team:{to.contact}"
    await Work(connection, Stamp(now=now, actor=actor)).staff_visits.looked_at([claim.id], "notice")
    return True


def _to_staff(taken: Taken, claim: Claim, desk: Desk) -> Unasked:
    """Return what staff are told: not tied to the appointment, which would give them the rights of its person."""
    link = desk.video(claim.id)
    match taken.kind:
        case kind if kind == ASKED:
            programme = desk.programme(claim.programme)
            title = programme.title if programme else claim.programme
            until = taken.of.expires_at or claim.starts_at
            return Unasked(text=words.asked(claim, title, until), offers=words.answering(claim.id), until=until)
        case kind if kind == VIDEO_THERE:
            return Unasked(text=words.soon_there(claim, link), offers=(words.present(claim.id),), until=claim.ends_at)
        case _:
            text = words.waits(claim.patient_name, link)
            return Unasked(text=text, offers=(words.present(claim.id),), until=claim.ends_at)
