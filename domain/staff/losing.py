"""Doses lost by staff: always recorded; whose promised dose is gone with them is offered other places."""

from __future__ import annotations

from collections.abc import Mapping

from domain.context import Context
from domain.displacements import Cause
from domain.staff import losing_commands as commands
from domain.staff.handling import Handler
from domain.staff.members import Member


async def _find(command: commands.FindLots, _member: Member, context: Context) -> commands.Lots:
    return commands.Lots(tuple(await context.store.losses.lots(command.centre)))


async def _lose(command: commands.LoseLots, _member: Member, context: Context) -> commands.Lost:
    """Record the loss; offers are made afterwards, one visit after another."""
    doses, short = await context.store.losses.lose(command.centre, command.lots)
    new = None
    for product, visits in short:
        if visits:
            new = await context.store.displacements.add(
                command.centre, Cause.LOSS, context.now, context.now, visits, told=context.contact, product=product
            )
    return commands.Lost(doses, sum(len(visits) for _, visits in short), new)


HANDLES: Mapping[type, Handler] = {commands.FindLots: _find, commands.LoseLots: _lose}
