"""The scripts of those who work at the centres. `STAFF_SCRIPTS` names them all."""

from __future__ import annotations

from dialogs.scripts.staff.broadcast import broadcast, broadcasts, stop_broadcast
from dialogs.scripts.staff.home import staff
from dialogs.scripts.staff.join import call_me, invite, join, leave_staff, team
from dialogs.scripts.staff.report import report
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
    "broadcast": broadcast,
    "broadcasts": broadcasts,
    "stop-broadcast": stop_broadcast,
    "report": report,
}
