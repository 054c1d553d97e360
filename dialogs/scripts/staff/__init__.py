"""The scripts of those who work at the centres. `STAFF_SCRIPTS` names them all."""

from __future__ import annotations

from dialogs.scripts.staff.broadcast import broadcast, broadcasts, stop_broadcast
from dialogs.scripts.staff.closing import close, ill, open_again
from dialogs.scripts.staff.closures import call, closures
from dialogs.scripts.staff.day import calls, confirm, day, doses
from dialogs.scripts.staff.digest import digest
from dialogs.scripts.staff.fridge import fridge
from dialogs.scripts.staff.handovers import hand_back, handover_call, handover_show, handover_take
from dialogs.scripts.staff.home import staff
from dialogs.scripts.staff.hours import capacity, hours
from dialogs.scripts.staff.join import call_me, invite, join, leave_staff, team
from dialogs.scripts.staff.report import report
from dialogs.scripts.staff.requests import present, request, requests
from dialogs.scripts.staff.serve import serve, unserve
from dialogs.scripts.staff.shifts import day_off, my_shifts
from dialogs.scripts.staff.stock import stock, stock_move
from dialogs.scripts.staff.tasks import task, task_done, tasks
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
    "confirm": confirm,
    "digest": digest,
    "serve": serve,
    "unserve": unserve,
    "stock": stock,
    "stock-move": stock_move,
    "walk-in": walk_in,
    "tasks": tasks,
    "task": task,
    "task-done": task_done,
    "handover-call": handover_call,
    "handover-take": handover_take,
    "handover-show": handover_show,
    "hand-back": hand_back,
    "broadcast": broadcast,
    "broadcasts": broadcasts,
    "stop-broadcast": stop_broadcast,
    "report": report,
    "requests": requests,
    "request": request,
    "present": present,
    "my-shifts": my_shifts,
    "day-off": day_off,
    "close": close,
    "ill": ill,
    "open": open_again,
    "closures": closures,
    "call": call,
    "capacity": capacity,
    "hours": hours,
    "fridge": fridge,
}
