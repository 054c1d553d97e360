"""Tells people of their visits when it is time: in the wall time of the centre, by the channel they used last, once.

A reminder leaves its row and enters the outbox in one transaction, in which nothing else of its person goes on; what
cannot be sent comes back here for another way. When no way is left, staff get a task with the reason.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.channels.twilio_codes import explained
from bot.log import problem
from bot.messages import dump_outgoing
from bot.turns import Turns
from bot.ways import Way, language_of, way_to
from dialogs import reminding
from dialogs.desk import Desk
from dialogs.prompt import Choice, Prompt, Template
from dialogs.reminding import AS_TOLD
from dialogs.text import Writable, render
from domain.appointments import Status
from domain.attendance import attend
from domain.context import claim_of
from domain.patients import Channel
from domain.policies import MISSED, REMINDER, Policy
from domain.privacy import tells_in_any_language
from domain.programmes import Programme
from domain.store import conversations, outbox, reminders
from domain.store.conversations import Opened
from domain.store.database import Connection
from domain.store.outbox import Priority, Queued
from domain.store.people import SqlPeople
from domain.store.reminders import Due, Taken
from domain.store.stamp import Stamp
from domain.store.work import Work
from domain.telephone import is_number

log = structlog.get_logger()

_AT_ONCE = 50
_LEASE = timedelta(seconds=30)  # so long a worker may take over so many; another one goes on after it
_WORTH = timedelta(days=7)  # how long after a visit it is worth while to say that it was missed


async def remind_due(turns: Turns, now: datetime) -> int:
    """Queue the reminders that are due, and return how many."""
    told = 0
    while True:
        async with turns.database.begin() as connection:
            found = await reminders.lease(connection, now=now, until=now + _LEASE, limit=_AT_ONCE)
        desk = await turns.catalogue.desk(now) if found else None
        for one in found:
            told += await _guarded(one, desk, turns, now) if desk is not None else 0
        if len(found) < _AT_ONCE:
            return told


async def _guarded(due: Due, desk: Desk, turns: Turns, now: datetime) -> bool:
    """Tell one; who cannot be told for whatever reason is in nobody's way."""
    try:
        async with turns.database.begin() as connection:
            return await _tell(connection, due, desk, turns, now)
    except Exception as failure:  # noqa: BLE001  the job's edge
        log.error("reminder failed", reminder=due.id, problem=problem(failure))
        async with turns.database.begin() as connection:
            await reminders.put_off(connection, due.id, now + timedelta(minutes=1))
        return False


async def _tell(connection: Connection, due: Due, desk: Desk, turns: Turns, now: datetime) -> bool:
    opened = await conversations.open_by_contact(connection, due.contact)
    taken = await reminders.take(connection, due.id)
    if taken is None:
        return False
    programme = desk.programme(taken.of.slot.programme)
    policy = programme.policy if programme else Policy()
    if (why := _no_more(taken, now)) is not None:
        await reminders.drop(connection, due.id, why)
        return False
    if taken.kind == MISSED and taken.of.status == Status.BOOKED:
        return await _missed(connection, taken, now)
    from_when = policy.not_before(now, taken.of.slot.centre.zone)
    if from_when > now:
        await reminders.put_off(connection, due.id, from_when)
        return False
    way = await way_to(connection, opened, taken.tried, turns, now)
    if way is None:
        await _give_up(connection, opened, taken, now)
        return False
    several = await conversations.looks_after_several(connection, opened.contact)
    prompt = _prompt(taken, programme, policy, way, language_of(opened, turns), by_name=several)
    await _queue(connection, prompt, taken, way, turns, now, until=_useless_from(taken, policy, now))
    return True


async def _queue(
    connection: Connection, prompt: Prompt, taken: Taken, way: Way, turns: Turns, now: datetime, *, until: datetime
) -> None:
    """Have it sent, and note that it is told, in the same transaction."""
    await outbox.queue(
        connection,
        contact_id=way.to.contact,
        channel=way.to.channel,
        messages=[
            Queued(
                payload=dump_outgoing(one),
                menu=one.menu if isinstance(one, Prompt) else None,
                of=(taken.of.id, taken.of.version),
                until=until,
            )
            for one in turns.channels[way.to.channel].shape([prompt])
        ],
        now=now,
        priority=Priority.REMINDER,
    )
    await reminders.told(connection, taken.id, way.to.contact, now)
    await conversations.reminded(connection, way.to.conversation, now)


async def _missed(connection: Connection, taken: Taken, now: datetime) -> bool:
    """Count a visit as missed that nobody arrived for; its person is told in the next round."""
    await reminders.drop(connection, taken.id, "missed")
    await attend(Work(connection, Stamp(now=now, actor="reminders")), taken.of, Status.NOSHOW, now)
    return True


def _no_more(taken: Taken, now: datetime) -> str | None:
    """Return why nobody is to be told any more."""
    if not taken.is_current:
        return "superseded"
    if taken.kind == MISSED:
        if taken.of.status == Status.BOOKED:
            return None
        is_worth = taken.of.status == Status.NOSHOW and now < taken.of.slot.ends_at + _WORTH
        return None if is_worth and not taken.of.quiet else "too late"
    if taken.of.status != Status.BOOKED or taken.of.quiet:
        return "superseded"
    return "too late" if now >= taken.of.slot.starts_at else None


def _useless_from(taken: Taken, policy: Policy, now: datetime) -> datetime:
    """Return when it is too late to send: at the visit, or once quiet hours begin, after which it is looked at anew."""
    quiet = policy.quiet_from(now, taken.of.slot.centre.zone)
    return quiet if taken.kind == MISSED else min(quiet, taken.of.slot.starts_at)


async def _give_up(connection: Connection, opened: Opened, taken: Taken, now: datetime) -> None:
    """Tell nobody, and staff that nobody is told, unless the person wants it so."""
    reached = await conversations.reached(connection, opened.id)
    wants_none = any(one.stop_reason == "person" for one in reached)
    await reminders.drop(connection, taken.id, "stopped" if wants_none else "unreachable")
    if wants_none:
        return
    people = SqlPeople(connection, Stamp(now=now, actor="reminders"))
    reasons = "; ".join(explained(error) for _, error in taken.tried if error) or "blocked or off"
    cure = "Please telephone." if any(is_number(one.address) for one in reached) else "There is no number to ring."
    note = f"Not reminded of {taken.of.reference}: no channel took the message ({reasons}). {cure}"
    await people.open_task("not-reminded", opened.contact, f"appointment:{taken.of.id}", note)
    log.info("nobody reminded", reminder=taken.id, appointment=taken.of.id)


def _prompt(
    taken: Taken, programme: Programme | None, policy: Policy, way: Way, language: str, *, by_name: bool
) -> Prompt:
    claim = claim_of(taken.of)
    note = _note(taken.kind, programme, policy, way.to.channel)
    text = reminding.missed(claim, note) if taken.kind == MISSED else reminding.reminded(claim, note, by_name=by_name)
    return Prompt(
        text=render(text, language),
        menu=reminders.menu_of(taken.id),
        choices=tuple(Choice(render(label, language)) for label in reminding.offered(taken.kind).values()),
        language=language,
        template=_template(taken, note, language),
        free_until=way.free_until,
    )


def _note(kind: str, programme: Programme | None, policy: Policy, channel: Channel) -> Writable | None:
    if kind == MISSED:
        return policy.missed.text if policy.missed.text.pairs else None
    own = policy.rule(kind).words(channel)
    if own.pairs or programme is None:
        return own if own.pairs else None
    if not programme.bring.pairs:
        return None
    return AS_TOLD if tells_in_any_language(programme.bring, programme.title) else programme.bring


def _template(taken: Taken, note: Writable | None, language: str) -> Template:
    claim = claim_of(taken.of)
    values = reminding.values(taken.kind, claim, note)
    name = MISSED if taken.kind == MISSED else REMINDER
    return Template(name=name, values=tuple(" ".join(render(one, language).split()) for one in values))
