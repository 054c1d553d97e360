"""How somebody can be written to just now in words of our own: in the chat that is meant, else by SMS, else not.

WhatsApp takes such words for a day after somebody wrote there; its people are then told on SMS, where that is on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.patients import Channel, ContactId
from domain.store import conversations
from domain.store.conversations import Glance, Reached
from domain.store.database import Connection
from domain.telephone import is_number

#: WhatsApp takes free words for 24 hours after somebody wrote; some minutes are for the way.
WINDOW = timedelta(hours=24) - timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A contact that takes words now, and the language they are to be in, if it is known."""

    to: Reached
    language: str | None


async def way_to(
    connection: Connection,
    contact_id: ContactId,
    *,
    on: Collection[Channel],
    secret: bytes,
    now: datetime,
    is_chat: bool = False,
) -> Way | None:
    """Return how to write to the person of a contact; None where there is no way.

    They are written to where they were heard last, or with *is_chat* in that very chat if that can be. Who said STOP
    anywhere is written to nowhere.
    """
    seen = await conversations.glance(connection, contact_id)
    reached = await conversations.reached(connection, seen.conversation)
    if any(one.stop_reason == "person" for one in reached) or not seen.has_spoken:
        return None
    first = (contact_id, seen.last_contact) if is_chat else (seen.last_contact, contact_id)
    reached.sort(key=lambda one: (one.contact != first[0], one.contact != first[1], one.contact))
    usable = [one for one in reached if one.stop_reason is None and one.channel in on]
    for one in usable:
        if one.channel != Channel.WHATSAPP or _is_free(one, seen, now):
            return Way(to=one, language=seen.language)
    for one in usable if Channel.SMS in on else ():
        if is_number(one.address):
            to = await conversations.reached_at(
                connection,
                secret=secret,
                channel=Channel.SMS,
                address=one.address,
                conversation_id=seen.conversation,
                now=now,
            )
            if to.stop_reason is None and to.conversation == seen.conversation:
                return Way(to=to, language=seen.language)
    return None


def _is_free(one: Reached, seen: Glance, now: datetime) -> bool:
    return seen.last_contact in (None, one.contact) and now < seen.heard_at + WINDOW
