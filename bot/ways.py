"""How somebody is written to unasked: as they wrote last, else in another way that was not tried yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.turns import Turns
from domain.patients import Channel, ContactId
from domain.store import conversations
from domain.store.conversations import Opened, Reached
from domain.store.database import Connection
from domain.telephone import is_number
from domain.words import LANGUAGES

#: WhatsApp takes free words for 24 hours after somebody wrote; some minutes are for the way.
WINDOW = timedelta(hours=24) - timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How somebody is written to; *free_until* is until when in words of our own."""

    to: Reached
    free_until: datetime | None = None


async def way_to(
    connection: Connection, opened: Opened, tried: Sequence[tuple[ContactId, str]], turns: Turns, now: datetime
) -> Way | None:
    """Return how to write to the person of a conversation; *tried* are contacts that took nothing, each with why.

    Who said STOP anywhere is written to nowhere.
    """
    reached = await conversations.reached(connection, opened.id)
    if any(one.stop_reason == "person" for one in reached):
        return None
    gone = {contact for contact, _ in tried}
    reached.sort(key=lambda one: (one.contact != opened.last_contact, one.contact != opened.contact, one.contact))
    for one in reached:
        if one.contact not in gone and one.stop_reason is None and one.channel in turns.channels:
            return Way(to=one, free_until=_free_until(one, opened))
    return await _by_sms(connection, reached, gone, turns, now)


def language_of(opened: Opened, turns: Turns) -> str:
    """Return the language that the person of a conversation is written to in."""
    known = str((opened.state or {}).get("language", turns.language))
    return known if known in LANGUAGES else "en"


def _free_until(to: Reached, opened: Opened) -> datetime | None:
    if to.channel != Channel.WHATSAPP:
        return None
    wrote_here = opened.last_contact in (None, to.contact)
    return opened.heard_at + WINDOW if wrote_here else datetime.min.replace(tzinfo=opened.heard_at.tzinfo)


async def _by_sms(
    connection: Connection, reached: list[Reached], gone: set[ContactId], turns: Turns, now: datetime
) -> Way | None:
    """Write by SMS to a number that is known from WhatsApp, where the person can answer as the same one."""
    if Channel.SMS not in turns.channels:
        return None
    for one in reached:
        if one.channel == Channel.WHATSAPP and is_number(one.address):
            to = await conversations.reached_at(
                connection,
                secret=turns.database.index_secret,
                channel=Channel.SMS,
                address=one.address,
                conversation_id=one.conversation,
                now=now,
            )
            if to.contact not in gone and to.stop_reason is None:
                return Way(to=to)
    return None
