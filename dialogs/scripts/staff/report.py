"""The last week or month of a centre in figures, with the same as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs import reporting
from dialogs.desk import Desk
from dialogs.script import End, Goto, Offer, do
from dialogs.scripts.staff.common import NOT_ALLOWED, workplace
from dialogs.text import say
from domain.staff.commands import NotAllowed
from domain.staff.report_commands import Report, ShowReport
from domain.staff.reports import Period
from domain.staff.rights import Right

_OTHER = {
    Period.WEEKLY: (Period.MONTHLY, say("Last month")),
    Period.MONTHLY: (Period.WEEKLY, say("Last week")),
}


async def report(desk: Desk, args: Mapping[str, str]) -> End:
    """Show it."""
    place = await workplace(args, Right.REPORTS)
    if isinstance(place, End):
        return place
    period = Period(args.get("period", Period.WEEKLY))
    match await do("report", ShowReport(centre=place.id, period=period)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case Report() as found:
            other, label = _OTHER[period]
            goto = Goto(script="report", args=(("centre", str(place.id)), ("period", other.value)))
            return End(
                text=reporting.told(found),
                offers=(Offer(label=label, goto=goto),),
                extras=(reporting.sheet_of(found, desk.now),),
            )
        case never:
            assert_never(never)
