"""Digests as their readers ask for them: whether they want any, and when those of a centre come."""

from __future__ import annotations

from collections.abc import Mapping

from domain.centres import CentreId
from domain.context import Context
from domain.staff import digest_commands as commands
from domain.staff.commands import NotAllowed
from domain.staff.digest_plan import EVERY_DAY, Plan, time_in
from domain.staff.handling import Handler
from domain.staff.members import Member
from domain.staff.rights import Right


async def _show(command: commands.ShowDigest, member: Member, context: Context) -> commands.DigestPlanned:
    return await _planned(command.centre, member, context)


async def _plan(
    command: commands.PlanDigest, member: Member, context: Context
) -> commands.DigestPlanned | commands.NoPlan:
    """Change what is told, and leave the rest of the plan as it was."""
    before = await context.store.digests.plan(command.centre)
    at = before.at if command.at is None else time_in(command.at)
    if at is None or not set(command.weekdays or ()) <= set(EVERY_DAY):
        return commands.NoPlan()
    weekdays = before.weekdays if command.weekdays is None else tuple(sorted(set(command.weekdays)))
    await context.store.digests.keep(command.centre, Plan(at, weekdays))
    return await _planned(command.centre, member, context)


async def _planned(centre: CentreId, member: Member, context: Context) -> commands.DigestPlanned:
    plan = await context.store.digests.plan(centre)
    return commands.DigestPlanned(
        at=f"{plan.at:%H:%M}",
        weekdays=plan.weekdays,
        is_wanted=await context.store.digests.is_wanted(member.id),
        may_plan=member.may(Right.DIGEST, centre),
    )


async def _want(command: commands.WantDigest, member: Member, context: Context) -> commands.DigestWanted | NotAllowed:
    """Keep whether somebody wants digests in their own chat."""
    if member.is_in_group:
        return NotAllowed()
    await context.store.digests.want(member.id, wanted=command.is_wanted)
    return commands.DigestWanted(command.is_wanted)


HANDLES: Mapping[type, Handler] = {
    commands.ShowDigest: _show,
    commands.PlanDigest: _plan,
    commands.WantDigest: _want,
}
