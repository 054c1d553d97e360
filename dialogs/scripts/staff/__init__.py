"""The scripts of those who work at the centres. `STAFF_SCRIPTS` names them all."""

from __future__ import annotations

from dialogs.scripts.staff.home import staff
from dialogs.scripts.staff.join import call_me, invite, join, leave_staff, team
from dialogs.scripts.staff.requests import present, request, requests
from dialogs.scripts.staff.shifts import day_off, my_shifts
from dialogs.scripts.staff.visits import find, mark, visits
from dialogs.stage import Maker

STAFF_SCRIPTS: dict[str, Maker] = {
    "staff": staff,
    "join": join,
    "invite": invite,
    "team": team,
    "call-me": call_me,
    "leave-staff": leave_staff,
    "find": find,
    "mark": mark,
    "visits": visits,
    "requests": requests,
    "request": request,
    "present": present,
    "my-shifts": my_shifts,
    "day-off": day_off,
}
