"""The scripts of those who work at the centres. `STAFF_SCRIPTS` names them all."""

from __future__ import annotations

from dialogs.scripts.staff.day import calls, confirm, day, doses, tasks
from dialogs.scripts.staff.digest import digest
from dialogs.scripts.staff.home import staff
from dialogs.scripts.staff.join import call_me, invite, join, leave_staff, team
from dialogs.scripts.staff.serve import serve, unserve
from dialogs.scripts.staff.stock import stock, stock_move
from dialogs.scripts.staff.visits import find, mark, visits
from dialogs.scripts.staff.walk_in import walk_in
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
    "day": day,
    "day-calls": calls,
    "day-doses": doses,
    "day-tasks": tasks,
    "confirm": confirm,
    "digest": digest,
    "serve": serve,
    "unserve": unserve,
    "stock": stock,
    "stock-move": stock_move,
    "walk-in": walk_in,
}
