"""Reports shown."""

from __future__ import annotations

from collections.abc import Mapping

from domain.context import Context
from domain.staff import report_commands as commands
from domain.staff.handling import Handler
from domain.staff.members import Member


async def _report(command: commands.ShowReport, _member: Member, context: Context) -> commands.Report:
    return await context.store.reports.report(command.centre, command.period)


HANDLES: Mapping[type, Handler] = {commands.ShowReport: _report}
