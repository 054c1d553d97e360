"""Notices said unasked: a message with what can be begun under it, put into somebody's conversation and the outbox.

The conversation is locked, and goes on as it was: a question that is open stays open, and its buttons work. A number
means the notice as long as nothing was shown since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages import dump_outgoing
from bot.turns import Turns
from bot.ways import Way, language_of
from dialogs.prompt import Choice, Line, Prompt, Template
from dialogs.script import Offer
from dialogs.scripts import SCRIPTS
from dialogs.state import Begins, State
from dialogs.text import Writable, render
from domain.appointments import Appointment
from domain.store import conversations, outbox
from domain.store.conversations import Opened
from domain.store.database import Connection
from domain.store.outbox import Priority, Queued

_NAMES = frozenset(SCRIPTS)


async def say_notice(
    connection: Connection,
    opened: Opened,
    way: Way,
    text: Writable,
    offers: Sequence[Offer],
    *,
    turns: Turns,
    now: datetime,
    of: Appointment | None = None,
    until: datetime | None = None,
    template: Template | None = None,
) -> None:
    """Say *text* with *offers* under it, or without any, by *way* to the person of a conversation.

    It is not sent once the appointment *of* which it is has moved on, nor from *until* on. *template* is what WhatsApp
    takes when it takes no free words.
    """
    language = language_of(opened, turns)
    said = render(text, language)
    message: Prompt | Line = Line(text=said)
    if offers:
        state = State.from_json(opened.state, _NAMES) if opened.state else State(language=language)
        choices = tuple(Choice(render(one.label, language), render(one.detail or "", language)) for one in offers)
        begins = [
            Begins(label=choice.label, script=one.goto.script, args=one.goto.args)
            for choice, one in zip(choices, offers, strict=True)
        ]
        notice = state.add_notice(said, begins, contact=way.to.contact)
        await conversations.keep_state(connection, opened, state.to_json())
        message = Prompt(
            text=said,
            menu=notice.menu,
            choices=choices,
            language=language,
            template=template,
            free_until=way.free_until,
        )
    await outbox.queue(
        connection,
        contact_id=way.to.contact,
        channel=way.to.channel,
        messages=[
            Queued(
                payload=dump_outgoing(one),
                menu=one.menu if isinstance(one, Prompt) else None,
                of=(of.id, of.version) if of is not None else None,
                until=until,
            )
            for one in turns.channels[way.to.channel].shape([message])
        ],
        now=now,
        priority=Priority.REMINDER,
    )
