"""Messages to somebody's conversation beside it, unasked: words, and what can be begun under them while they stand.

They go where the person was heard last and may be written to freely: nobody who has stopped our messages gets any, and
who is silent on WhatsApp for a day gets them by SMS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.messages import Outgoing, dump_outgoing
from bot.turns import Turns
from dialogs import sentences
from dialogs.prompt import Choice, Line, Prompt, Visit
from dialogs.script import Offer
from dialogs.scripts import SCRIPTS
from dialogs.state import Begins, State
from dialogs.text import Writable, render
from domain.appointments import AppointmentId
from domain.patients import Channel, ContactId
from domain.store import conversations, outbox
from domain.store.conversations import Opened, Reached
from domain.store.database import Connection
from domain.store.outbox import Priority, Queued
from domain.telephone import is_number

#: WhatsApp takes free words for 24 hours after somebody wrote; some minutes are for the way.
WINDOW = timedelta(hours=24) - timedelta(minutes=10)
_NAMES = frozenset(SCRIPTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked:
    """What is said: *text*, what can be begun under it, and what goes along; *of* an appointment in a version.

    Until *until* it is of use.
    """

    text: Writable
    offers: Sequence[Offer] = ()
    extras: Sequence[Outgoing] = ()
    of: tuple[AppointmentId, int] | None = None
    until: datetime | None = None
    priority: Priority = field(default=Priority.REPLY)


async def say(
    connection: Connection,
    turns: Turns,
    opened: Opened,
    make: Callable[[str], Unasked],
    now: datetime,
) -> ContactId | None:
    """Queue what *make* makes for a channel to a person, whose conversation is locked; None where no way is left."""
    state = State.from_json(opened.state, _NAMES) if opened.state else State(language=turns.language)
    to = await _way(connection, opened, turns, now) if state.withheld is None else None
    if to is None:
        return None
    said = make(to.channel)
    first = _message(said, state, now)
    if isinstance(first, Prompt):
        await conversations.keep_state(connection, opened, state.to_json())
    await outbox.queue(
        connection,
        contact_id=to.contact,
        channel=to.channel,
        messages=[
            Queued(
                payload=dump_outgoing(one),
                menu=one.menu if isinstance(one, Prompt) else None,
                of=said.of,
                until=said.until,
            )
            for one in turns.channels[to.channel].shape([first, *(_captioned(one, state) for one in said.extras)])
        ],
        now=now,
        priority=said.priority,
    )
    return to.contact


def _captioned(one: Outgoing, state: State) -> Outgoing:
    return replace(one, caption=render(sentences.CALENDAR, state.language)) if isinstance(one, Visit) else one


def _message(said: Unasked, state: State, now: datetime) -> Prompt | Line:
    text = render(said.text, state.language)
    if not said.offers:
        return Line(text=text)
    choices = [Choice(render(one.label, state.language), render(one.detail or "", state.language))
               for one in said.offers]  # fmt: skip
    begins = [
        Begins(label=choice.label, script=one.goto.script, args=one.goto.args)
        for choice, one in zip(choices, said.offers, strict=True)
    ]
    notice = state.add_notice(text, begins, at=now)
    return Prompt(text=text, menu=notice.menu, choices=tuple(choices), language=state.language)


async def _way(connection: Connection, opened: Opened, turns: Turns, now: datetime) -> Reached | None:
    reached = await conversations.reached(connection, opened.id)
    if any(one.stop_reason == "person" for one in reached):
        return None
    reached.sort(key=lambda one: (one.contact != opened.last_contact, one.contact != opened.contact, one.contact))
    for one in reached:
        if one.stop_reason is None and one.channel in turns.channels and _is_open(one, opened, now):
            return one
    for one in reached:
        if one.channel == Channel.WHATSAPP and is_number(one.address) and Channel.SMS in turns.channels:
            return await conversations.reached_at(
                connection,
                secret=turns.database.index_secret,
                channel=Channel.SMS,
                address=one.address,
                conversation_id=opened.id,
                now=now,
            )
    return None


def _is_open(one: Reached, opened: Opened, now: datetime) -> bool:
    if one.channel != Channel.WHATSAPP:
        return True
    return opened.last_contact in (None, one.contact) and now < opened.heard_at + WINDOW
