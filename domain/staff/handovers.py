"""Hand-overs carried out: somebody wants a person, a member of staff takes it, sees what was said, hands it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain import desk_hours
from domain.centres import CentreId
from domain.context import Context
from domain.staff import handover_commands as commands
from domain.staff.commands import NotAllowed
from domain.staff.handling import Handler
from domain.staff.handover_commands import TRANSCRIPT, Call, CallOver, HandoverId, Stage
from domain.staff.members import Member
from domain.staff.rights import Right, Role

#: What of the two is on the list of tasks, until somebody has talked with the person.
TASKS: Mapping[commands.Why, str] = {commands.Why.ASKED: "person", commands.Why.STUCK: "stuck"}


def called(members: Sequence[Member], centre: CentreId | None, calls: int) -> list[Member]:
    """Return whom to tell in round number *calls*, from 0: those of the centre, its managers, its administrators.

    Where nobody is meant by that, those who would be told next are.
    """
    able = [one for one in members if one.may(Right.HAND_OVER, centre) or (centre is None and _may(one))]
    rounds = (_there(able, centre), _are(able, Role.MANAGER), _are(able, Role.ADMINISTRATOR), able)
    return next((found for found in rounds[calls:] if found), [])


def _there(able: Sequence[Member], centre: CentreId | None) -> list[Member]:
    """Return those who work at *centre* itself; those who manage anything where no centre is meant."""
    if centre is None:
        managing = (Role.MANAGER, Role.ADMINISTRATOR)
        return [one for one in able if any(post.role in managing for post in one.posts)]
    return [one for one in able if any(post.centre == centre for post in one.posts)]


def _are(able: Sequence[Member], role: Role) -> list[Member]:
    return [one for one in able if any(post.role == role for post in one.posts)]


def _may(member: Member) -> bool:
    return member.may_somewhere(Right.HAND_OVER)


async def call_person(
    command: commands.CallPerson, context: Context
) -> commands.Called | commands.Talking | commands.NobodyInChat:
    """Let staff be told, when somebody is there; what is to be done stands on their list in any case."""
    store, contact = context.store, context.contact
    known = await store.handovers.of_person(contact)
    if known is not None and known.stage == Stage.TAKEN:
        return commands.Talking(known.owner_name)
    if known is not None:
        centre = known.centre.id if known.centre is not None else None
    else:
        centre = await store.handovers.concerned(contact, command.centre)
    await store.people.open_task(TASKS[command.why], contact, f"contact:{contact}", centre=centre)
    if not await store.handovers.is_anybody_in_chat():
        return commands.NobodyInChat()
    hours = await store.handovers.desk_hours(centre)
    opens_at = desk_hours.opens_at(hours, context.now)
    if known is None:
        await store.handovers.open(contact, centre, command.why, opens_at or context.now, name=command.name)
    if opens_at == context.now or not hours:
        return commands.Called()
    return commands.Called(is_closed=True, reads_at=opens_at, tz=hours[0].zone.key)


async def see(command: commands.SeeCall, member: Member | None, context: Context) -> Call | CallOver | NotAllowed:
    """Return what is to be told of somebody who waits; nobody looks at anything by being told."""
    call = await context.store.handovers.call(command.handover)
    if call is None or call.stage != Stage.WAITING:
        return CallOver()
    centre = call.centre.id if call.centre is not None else None
    if member is not None:
        is_theirs = member.may(Right.HAND_OVER, centre) or (centre is None and _may(member))
    else:
        is_theirs = await context.store.handovers.is_of_team(context.contact, centre)
    return call if is_theirs else NotAllowed()


async def _calls(command: commands.ShowCalls, member: Member, context: Context) -> commands.Calls:
    found = await context.store.handovers.waiting(member.centres(command.right))
    for call in found:
        await context.store.handovers.looked_at(call.contact, "called")
    return commands.Calls(tuple(found))


async def _take(
    command: commands.TakeCall, member: Member, context: Context
) -> commands.CallTaken | commands.CallHeld | commands.HoldsAnother | CallOver:
    held = await context.store.handovers.held_by(member.id)
    if held is not None:
        return commands.CallHeld(held) if held.id == command.handover else commands.HoldsAnother(held)
    is_first = await context.store.handovers.take(command.handover, member.id, context.contact)
    call = await context.store.handovers.call(command.handover)
    if call is None or call.stage == Stage.DONE:
        return CallOver()
    if not is_first:
        return commands.CallHeld(call)
    return commands.CallTaken(call)


async def _show(command: commands.ShowTranscript, _member: Member, context: Context) -> commands.Transcript | CallOver:
    call = await context.store.handovers.call(command.handover)
    if call is None or call.stage == Stage.DONE:
        return CallOver()
    await context.store.handovers.looked_at(call.contact, "transcript")
    return commands.Transcript(call, tuple(await context.store.handovers.transcript(call.contact, TRANSCRIPT)))


async def _hand_back(
    _command: commands.HandBack, member: Member, context: Context
) -> commands.HandedBack | commands.HoldsNone:
    held = await context.store.handovers.held_by(member.id)
    if held is None or not await context.store.handovers.hand_back(held.id):
        return commands.HoldsNone()
    return commands.HandedBack(held)


async def centre_of(handover: HandoverId, context: Context) -> tuple[bool, CentreId | None]:
    """Return whether there is such a hand-over, and the centre that it concerns."""
    call = await context.store.handovers.call(handover)
    return call is not None, call.centre.id if call is not None and call.centre is not None else None


HANDLES: Mapping[type, Handler] = {
    commands.ShowCalls: _calls,
    commands.TakeCall: _take,
    commands.ShowTranscript: _show,
    commands.HandBack: _hand_back,
}
