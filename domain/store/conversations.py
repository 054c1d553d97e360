"""Conversations and the contacts that lead to them: found, locked and saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType

from sqlalchemy import bindparam, delete, exists, func, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.patients import Channel, ContactId
from domain.store import consents
from domain.store.people import is_of
from domain.store.prepared import Prepared
from domain.store.sealing import blind_index
from domain.store.statements import insert_new
from domain.store.tables import contact, conversation, outbox, patient, staff, staff_group
from domain.store.types import Id, opened, unopened

ConversationId = NewType("ConversationId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A conversation, locked; *state* is None while nothing was said.

    *stop_reason* is why nothing may be sent, *stopped_at* since when. *last_contact* is from where the person was heard
    last, *reminded_at* when they were last written to unasked about a visit, *proven_at* when the contact was shown
    to be theirs. *email* is where copies go, unless the person has stopped our messages in any of their chats.
    *works_here*: the person is of the staff, or it is the chat of a team of theirs.
    """

    id: ConversationId
    contact: ContactId
    channel: Channel
    address: str
    turn: int
    state: dict[str, Any] | None
    heard_at: datetime
    stop_reason: str | None
    stopped_at: datetime | None
    email: str | None = None
    last_contact: ContactId | None = None
    reminded_at: datetime | None = None
    proven_at: datetime | None = None
    works_here: bool = False


_with_email, _stopped = contact.alias("with_email"), contact.alias("stopped")
_EMAIL = (
    select(unopened(_with_email.c.email))
    .where(
        _with_email.c.conversation_id == contact.c.conversation_id,
        _with_email.c.email.is_not(None),
        ~exists().where(
            _stopped.c.conversation_id == contact.c.conversation_id,
            _stopped.c.stop_reason == literal_column("'person'"),
        ),
    )
    .order_by(_with_email.c.id)
    .limit(1)
    .correlate(contact)
    .scalar_subquery()
)
_colleague = contact.alias("colleague")
_WORKS_HERE = or_(
    exists()
    .where(
        _colleague.c.conversation_id == contact.c.conversation_id,
        staff.c.contact_id == _colleague.c.id,
        staff.c.left_at.is_(None),
    )
    .correlate(contact),
    exists().where(staff_group.c.contact_id == contact.c.id).correlate(contact),
)
_OPEN = select(
    contact.c.id.label("contact_id"),
    contact.c.channel,
    contact.c.address,
    contact.c.stop_reason,
    contact.c.stopped_at,
    contact.c.proven_at,
    conversation.c.id,
    conversation.c.turn,
    conversation.c.state,
    conversation.c.heard_at,
    conversation.c.contact_id.label("last_contact"),
    conversation.c.reminded_at,
    _EMAIL.label("email"),
    _WORKS_HERE.label("works_here"),
).join_from(contact, conversation, contact.c.conversation_id == conversation.c.id)
_BY_ADDRESS = Prepared(
    _OPEN.where(
        contact.c.channel == bindparam("channel"), contact.c.address_index == bindparam("address_index")
    ).with_for_update(of=conversation)
)
_BY_CONTACT = Prepared(_OPEN.where(contact.c.id == bindparam("contact")).with_for_update(of=conversation))
_CONTACT = Prepared(
    select(contact.c.id).where(
        contact.c.channel == bindparam("channel"), contact.c.address_index == bindparam("address_index")
    )
)
_LINE_BY_CONTACT = Prepared(  # that of `Database.begin_in_line`
    select(func.pg_advisory_xact_lock(func.hashtextextended(contact.c.address_index, 0))).where(
        contact.c.id == bindparam("contact")
    )
)
_NEW = Prepared(insert(conversation).returning(conversation.c.id), keys=("state", "heard_at"))
_SAVE = Prepared(
    update(conversation)
    .where(conversation.c.id == bindparam("wanted"))
    .values(
        turn=bindparam("turn"),
        state=bindparam("state"),
        heard_at=bindparam("heard_at"),
        nudge_at=bindparam("nudge_at"),
        contact_id=bindparam("from_contact"),
    )
)

_KEEP_STATE = Prepared(
    update(conversation).where(conversation.c.id == bindparam("wanted")).values(state=bindparam("state"))
)


def line_of(secret: bytes, channel: Channel, address: str) -> str:
    """Return the line in which turns of *address* stand, each for its whole unit of work."""
    return blind_index(secret, channel, address)


async def open_by_address(
    connection: AsyncConnection, *, secret: bytes, channel: Channel, address: str, now: datetime
) -> Opened:
    """Lock the conversation that *address* leads to, begun here if it is the first time they write.

    A turn has stood in line for it.
    """
    index = blind_index(secret, channel, address)
    wanted = {"channel": channel, "address_index": index}
    row = await _BY_ADDRESS.first(connection, wanted)
    if row is None:
        await _begin(connection, channel=channel, address=address, index=index, now=now)
        row = await _BY_ADDRESS.one(connection, wanted)
    return _opened(row)


async def contact_at(
    connection: AsyncConnection, *, secret: bytes, channel: Channel, address: str, now: datetime
) -> ContactId:
    """Return whom *address* belongs to, known from here on if it is the first time; nobody's turn is waited for."""
    index = blind_index(secret, channel, address)
    wanted = {"channel": channel, "address_index": index}
    found = await _CONTACT.value(connection, wanted)
    if found is None:
        await _begin(connection, channel=channel, address=address, index=index, now=now)
        found = await _CONTACT.value(connection, wanted)
    return ContactId(found)


async def open_by_contact(connection: AsyncConnection, contact_id: ContactId) -> Opened:
    """Lock the conversation of a known contact, after all turns of theirs that came before."""
    if connection.dialect.name == "postgresql":
        await _LINE_BY_CONTACT.run(connection, {"contact": contact_id})
    return _opened(await _BY_CONTACT.one(connection, {"contact": contact_id}))


async def _begin(connection: AsyncConnection, *, channel: Channel, address: str, index: str, now: datetime) -> None:
    new = await _NEW.value(connection, {"state": {}, "heard_at": now})
    values = {
        "channel": channel,
        "address": address,
        "address_index": index,
        "conversation_id": new,
        "created_at": now,
    }
    added = await insert_new(connection, contact, values, unique=("channel", "address_index"))
    if added is None:  # the same person's other message was first
        await connection.execute(delete(conversation).where(conversation.c.id == new))


async def save(
    connection: AsyncConnection,
    conversation_id: ConversationId,
    *,
    turn: int,
    state: dict[str, Any],
    heard_at: datetime,
    nudge_at: datetime | None,
    last_contact: ContactId | None = None,
) -> None:
    """Write what a turn left behind."""
    values = {"turn": turn, "state": state, "heard_at": heard_at, "nudge_at": nudge_at, "from_contact": last_contact}
    await _SAVE.run(connection, {"wanted": conversation_id, **values})


async def keep_state(connection: AsyncConnection, conversation_id: ConversationId, state: dict[str, Any]) -> None:
    """Write what was said unasked into a conversation, which goes on as it was."""
    await _KEEP_STATE.run(connection, {"wanted": conversation_id, "state": state})


async def stop(connection: AsyncConnection, contact_id: ContactId, *, at: datetime, reason: str) -> None:
    """Record that a contact gets no more messages since *at*, and why; what a person said is not replaced."""
    stopped = update(contact).where(contact.c.id == contact_id).values(stopped_at=at, stop_reason=reason)
    if reason != "person":
        stopped = stopped.where(func.coalesce(contact.c.stop_reason, "") != "person")
    if (await connection.execute(stopped)).rowcount:
        await consents.keep(connection, contact_id, "stopped", reason, at)


async def take_up(connection: AsyncConnection, contact_id: ContactId, *, at: datetime, how: str) -> None:
    """Record that a contact gets messages again since *at*, and *how* they said so."""
    await connection.execute(
        update(contact).where(contact.c.id == contact_id).values(stopped_at=None, stop_reason=None)
    )
    await consents.keep(connection, contact_id, "started", how, at)


async def move(connection: AsyncConnection, opened: Opened, *, address: str, secret: bytes) -> None:
    """Give the chat of a team another address; what is queued and what it is for goes along."""
    index = blind_index(secret, opened.channel, address)
    there = await _CONTACT.value(connection, {"channel": opened.channel, "address_index": index})
    if there is None:
        moved = update(contact).where(contact.c.id == opened.contact)
        await connection.execute(moved.values(address=address, address_index=index))
        return
    known = select(staff_group.c.centre_id).where(staff_group.c.contact_id == there)
    mine = staff_group.c.contact_id == opened.contact
    await connection.execute(
        update(staff_group).where(mine, staff_group.c.centre_id.not_in(known)).values(contact_id=there)
    )
    await connection.execute(delete(staff_group).where(mine))
    waiting = outbox.c.contact_id == opened.contact, outbox.c.state == literal_column("'queued'")
    await connection.execute(update(outbox).where(*waiting).values(contact_id=there))


async def due_for_nudge(connection: AsyncConnection, now: datetime, limit: int) -> list[tuple[ContactId, int]]:
    """Return (contact, turn) of conversations that have been silent in the middle of something until *now*.

    The contact is the one that the person wrote from last.
    """
    due = (
        select(contact.c.id, conversation.c.turn)
        .join_from(conversation, contact, contact.c.conversation_id == conversation.c.id)
        .where(
            conversation.c.nudge_at <= now,
            or_(conversation.c.contact_id.is_(None), contact.c.id == conversation.c.contact_id),
        )
        .order_by(conversation.c.nudge_at)
        .limit(limit)
    )
    return [(ContactId(row.id), row.turn) for row in await connection.execute(due)]


async def leave_alone(connection: AsyncConnection, contact_id: ContactId, turn: int) -> None:
    """Remind somebody no more of what was open after *turn*."""
    own = select(contact.c.conversation_id).where(contact.c.id == contact_id).scalar_subquery()
    await connection.execute(
        update(conversation).where(conversation.c.id == own, conversation.c.turn == turn).values(nudge_at=None)
    )


async def stored_state(connection: AsyncConnection, conversation_id: int) -> dict[str, Any] | None:
    """Return what is stored of a conversation, to play it again; None when there is no such conversation."""
    found = select(conversation.c.state).where(conversation.c.id == conversation_id)
    return (await connection.execute(found)).scalar_one_or_none()


def _opened(row: Any) -> Opened:
    return Opened(
        id=ConversationId(row.id),
        contact=ContactId(row.contact_id),
        channel=Channel(row.channel),
        address=row.address,
        turn=row.turn,
        state=row.state or None,
        heard_at=row.heard_at,
        stop_reason=row.stop_reason,
        stopped_at=row.stopped_at,
        email=opened(row.email, contact.c.email),
        last_contact=ContactId(row.last_contact) if row.last_contact is not None else None,
        reminded_at=row.reminded_at,
        proven_at=row.proven_at,
        works_here=bool(row.works_here),
    )


# ---- the contacts of one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A contact by which somebody can be written to, unless *stop_reason* says why not."""

    contact: ContactId
    conversation: ConversationId
    channel: Channel
    address: str
    stop_reason: str | None


_REACHED = select(contact.c.id, contact.c.conversation_id, contact.c.channel, contact.c.address, contact.c.stop_reason)
_OF_PERSON = Prepared(_REACHED.where(contact.c.conversation_id == bindparam("conversation")).order_by(contact.c.id))
_ONE = Prepared(_REACHED.where(contact.c.id == bindparam("contact")))
_SEVERAL = Prepared(select(func.count()).select_from(patient).where(is_of(bindparam("contact", type_=Id))))
_REMINDED = Prepared(
    update(conversation).where(conversation.c.id == bindparam("wanted")).values(reminded_at=bindparam("at"))
)


async def reached(connection: AsyncConnection, conversation_id: ConversationId) -> list[Reached]:
    """Return the contacts that lead to a conversation: all are one person's."""
    return list(map(_reached, await _OF_PERSON.all(connection, {"conversation": conversation_id})))


async def reached_at(
    connection: AsyncConnection,
    *,
    secret: bytes,
    channel: Channel,
    address: str,
    conversation_id: ConversationId,
    now: datetime,
) -> Reached:
    """Return the contact at *address*: where it was not known yet, another one of the person in a conversation."""
    index = blind_index(secret, channel, address)
    values = {
        "channel": channel,
        "address": address,
        "address_index": index,
        "conversation_id": conversation_id,
        "created_at": now,
    }
    wanted = {"channel": channel, "address_index": index}
    if await _CONTACT.value(connection, wanted) is None:
        await insert_new(connection, contact, values, unique=("channel", "address_index"))
    return _reached(await _ONE.one(connection, {"contact": await _CONTACT.value(connection, wanted)}))


async def looks_after_several(connection: AsyncConnection, contact_id: ContactId) -> bool:
    """Say whether there are several people whom one writes to by this contact."""
    found: int = await _SEVERAL.value(connection, {"contact": contact_id})
    return found > 1


async def reminded(connection: AsyncConnection, conversation_id: ConversationId, at: datetime) -> None:
    """Record that somebody is written to unasked, so that their next words may be about that."""
    await _REMINDED.run(connection, {"wanted": conversation_id, "at": at})


def _reached(row: Any) -> Reached:
    return Reached(
        contact=ContactId(row.id),
        conversation=ConversationId(row.conversation_id),
        channel=Channel(row.channel),
        address=row.address,
        stop_reason=row.stop_reason,
    )
