"""Commands of staff carried out. The right is asked for here, before anything else, and nowhere else.

A command at a centre takes the right at that centre, one with a visit that at the visit's centre, any other takes it
somewhere; what it shows is then limited to the centres where the right is. Each subject has a file with `HANDLES`, by
command what carries it out once it is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.centres import CentreId
from domain.commands import Command
from domain.context import Context
from domain.staff import (
    broadcasts,
    closing,
    closures,
    commands,
    day,
    digests,
    handovers,
    joining,
    losing,
    presence,
    reporting,
    requests,
    serving,
    shifts,
    stocking,
    tasks,
    visits,
    walk_ins,
)
from domain.staff.commands import AtCentre, NotAllowed, NoVisit, OfVisit, StaffCommand
from domain.staff.handling import Handler
from domain.staff.handover_commands import CallOver, CallPerson, OfCall, SeeCall
from domain.staff.members import Member

HANDLES: Mapping[type, Handler] = {
    **joining.HANDLES,
    **broadcasts.HANDLES,
    **day.HANDLES,
    **digests.HANDLES,
    **handovers.HANDLES,
    **reporting.HANDLES,
    **serving.HANDLES,
    **stocking.HANDLES,
    **tasks.HANDLES,
    **visits.HANDLES,
    **walk_ins.HANDLES,
    **requests.HANDLES,
    **presence.HANDLES,
    **shifts.HANDLES,
    **closing.HANDLES,
    **closures.HANDLES,
    **losing.HANDLES,
}


async def handle_staff(command: Command[object], context: Context) -> object:
    """Carry out a command of staff, or one by which somebody becomes a member or ceases to be one."""
    member = context.member
    match command:
        case commands.JoinStaff():
            return await joining.join(command, context)
        case commands.FindWorkplaces(needed):
            return await joining.workplaces(needed, member, context)
        case commands.NameMe():
            return await joining.name_me(command, member, context)
        case commands.LeaveStaff():
            return await joining.leave(member, context)
        case CallPerson():
            return await handovers.call_person(command, context)
        case SeeCall():
            return await handovers.see(command, member, context)
        case StaffCommand() if type(command) in HANDLES:
            refused = await _refused(command, member, context)
            if refused is not None or member is None:
                return refused
            return await HANDLES[type(command)](command, member, context)
        case _:
            raise TypeError(f"no handler for {type(command).__name__}")


async def _refused(
    command: StaffCommand[object], member: Member | None, context: Context
) -> NotAllowed | NoVisit | CallOver | None:
    """Return why a command is not carried out; None where it may be."""
    if member is None or not member.may_somewhere(command.right):
        return NotAllowed()
    match command:
        case AtCentre():
            may = member.may(command.right, command.centre) and await _exists(command.centre, context)
            return None if may else NotAllowed()
        case OfVisit():
            found = await context.store.staff_visits.visit(command.appointment)
            if found is None:
                return NoVisit()
            return None if member.may(command.right, found.centre.id) else NotAllowed()
        case OfCall():
            is_there, centre = await handovers.centre_of(command.handover, context)
            if not is_there:
                return CallOver()
            return None if centre is None or member.may(command.right, centre) else NotAllowed()
        case _:
            return None


async def _exists(centre: CentreId, context: Context) -> bool:
    """Say whether there is such a centre: whoever has a right at all of them has it at none that is made up."""
    return bool(await context.store.staffing.workplaces([centre]))
