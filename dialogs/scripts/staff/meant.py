"""The visit that is meant: by its id where a notice names it, else by reference or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from dialogs.desk import Desk
from dialogs.script import End, ask, do
from dialogs.scripts.staff.common import NOT_ALLOWED
from dialogs.scripts.staff.visits import NOTHING_FOUND, which_visit
from domain.appointments import AppointmentId, Status
from domain.staff.commands import FindVisits, NotAllowed, StaffVisit


async def visit_meant(desk: Desk, args: Mapping[str, str], likely: Sequence[Status]) -> AppointmentId | End:
    """Return which visit it is; of several the only one of today in one of the *likely* states, else it is asked."""
    if "visit" in args:
        return AppointmentId(int(args["visit"]))
    found = await do("found", FindVisits(args["text"]))
    if isinstance(found, NotAllowed):
        return End(text=NOT_ALLOWED)
    if not found.visits:
        return End(text=NOTHING_FOUND)
    fitting = [one for one in found.visits if one.status in likely and _is_today(desk, one)]
    sure = found.visits if len(found.visits) == 1 else fitting
    known = sure[0].id if len(sure) == 1 else None
    return AppointmentId(await ask(which_visit(desk, found.visits), known))


def _is_today(desk: Desk, visit: StaffVisit) -> bool:
    zone = ZoneInfo(visit.centre.tz)
    return visit.starts_at.astimezone(zone).date() == desk.now.astimezone(zone).date()
