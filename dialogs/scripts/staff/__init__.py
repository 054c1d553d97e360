"""The scripts of those who work at the centres. `STAFF_SCRIPTS` names them all."""

from __future__ import annotations

from dialogs.scripts.staff.closing import close, ill, open_again
from dialogs.scripts.staff.closures import call, closures
from dialogs.scripts.staff.fridge import fridge
from dialogs.scripts.staff.home import staff
from dialogs.scripts.staff.hours import capacity, hours
from dialogs.scripts.staff.join import call_me, invite, join, leave_staff, team
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
    "close": close,
    "ill": ill,
    "open": open_again,
    "closures": closures,
    "call": call,
    "capacity": capacity,
    "hours": hours,
    "fridge": fridge,
}
