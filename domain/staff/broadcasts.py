"""Broadcasts begun, looked at and stopped; `bot.broadcasts` sends them."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from domain.context import Context
from domain.patients import Channel
from domain.staff import broadcast_commands as commands
from domain.staff.broadcast_commands import Begun, BroadcastId, NobodyToTell, NoBroadcast, Preview, Progress, Stopped
from domain.staff.commands import NotAllowed
from domain.staff.handling import Handler
from domain.staff.members import Member
from domain.staff.reaching import open_from


async def _preview(command: commands.PreviewBroadcast, _member: Member, context: Context) -> Preview:
    found = await _reached(command, context)
    texts, postage = dict(command.texts), context.postage
    if not texts:
        return found
    by_text = [way for way in found.ways if way.channel == Channel.SMS]
    segments = sum(way.people * postage.segments(texts[way.language or postage.language]) for way in by_text)
    cost = postage.price.of(segments) if postage.price is not None else None
    return Preview(ways=found.ways, left_out=found.left_out, segments=segments, cost=cost)


async def _reached(command: commands.PreviewBroadcast | commands.BeginBroadcast, context: Context) -> Preview:
    on = context.origin.on if context.origin else frozenset[Channel]()
    return await context.store.broadcasts.reached(command.centre, command.audience, on, context.postage.language)


async def _begin(command: commands.BeginBroadcast, member: Member, context: Context) -> Begun | NobodyToTell:
    found = await _reached(command, context)
    if not found.people:
        return NobodyToTell()
    store = context.store.broadcasts
    begun = await store.begin(
        command.centre,
        command.audience,
        command.texts,
        of=member.id,
        contact=context.contact,
        language=context.postage.language,
    )
    tz, programmes = await store.hours(command.centre)
    from_when = open_from(context.now, ZoneInfo(tz), [context.policy(one) for one in programmes])
    return Begun(id=begun, people=found.people, from_when=from_when if from_when > context.now else None)


async def _meant(
    command: commands.StopBroadcast | commands.ShowBroadcast, member: Member, context: Context
) -> Progress | NoBroadcast | NotAllowed:
    store, centres = context.store.broadcasts, member.centres(command.right)
    wanted: BroadcastId | None = command.broadcast
    if wanted is None:
        wanted = await store.last(centres)
    found = await store.progress(wanted) if wanted is not None else None
    if found is None:
        return NoBroadcast()
    centre, progress = found
    return progress if member.may(command.right, centre) else NotAllowed()


async def _stop(
    command: commands.StopBroadcast, member: Member, context: Context
) -> Stopped | NoBroadcast | NotAllowed:
    found = await _meant(command, member, context)
    if not isinstance(found, Progress):
        return found
    was_going = await context.store.broadcasts.stop(found.id, context.contact)
    stopped = await context.store.broadcasts.progress(found.id)
    return Stopped(stopped[1] if stopped else found, before=not was_going)


HANDLES: Mapping[type, Handler] = {
    commands.PreviewBroadcast: _preview,
    commands.BeginBroadcast: _begin,
    commands.StopBroadcast: _stop,
    commands.ShowBroadcast: _meant,
}
