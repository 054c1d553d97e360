"""Tasks: which there are, oldest first, and that somebody takes one, has done it, or gives it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import End, Goto, Offer, ask, do, fingerprint
from dialogs.scripts.staff.common import NOT_ALLOWED
from dialogs.scripts.staff.task_lines import SOMEBODY, line_of
from dialogs.text import Clock, Joined, Text, Writable, joined, say
from domain.staff.commands import NotAllowed
from domain.staff.members import StaffId
from domain.staff.task_commands import (
    ClaimTask,
    CloseTask,
    GiveTaskBack,
    ShowTasks,
    StaffTask,
    TaskClaimed,
    TaskClosed,
    TaskGivenBack,
    TaskHeld,
    TaskId,
    TaskOver,
    TasksFound,
)

_NONE = say("There is nothing to do just now.")
_OVER = say("That is done already.")
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


async def tasks(desk: Desk, args: Mapping[str, str]) -> End:
    """Show what is to be done, with a way to take each."""
    page = int(args.get("page", "0"))
    match await do("tasks", ShowTasks(page)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case TasksFound(()):
            return End(text=_NONE)
        case TasksFound(found, has_more):
            offers = [offer for task in found for offer in _offers(task, desk)]
            if has_more:
                offers.append(
                    Offer(label=say("Later tasks"), goto=Goto(script="tasks", args=(("page", str(page + 1)),)))
                )
            lines = joined(*(_line(task, desk) for task in found), between="\n")
            return End(text=joined(say("To do, oldest first:"), lines, between="\n"), offers=tuple(offers))
        case never:
            assert_never(never)


async def task(desk: Desk, args: Mapping[str, str]) -> End:
    """Take a task, record that it is done, or give it back."""
    wanted = TaskId(int(args["task"]))
    match args["wish"]:
        case "take":
            return _told(await do("claimed", ClaimTask(wanted)), desk)
        case "free":
            return _told(await do("free", GiveTaskBack(wanted)), desk)
        case _:
            return _told(await do("closed", CloseTask(wanted)), desk)


async def task_done(desk: Desk, _args: Mapping[str, str]) -> End:
    """Record that one's own task is done; of several it is asked which."""
    match await do("mine", ShowTasks(mine=True)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case TasksFound(()):
            return End(text=say("You have no task just now. To see what there is, write: tasks."))
        case TasksFound(mine):
            wanted = await ask(_which(mine), int(mine[0].id) if len(mine) == 1 else None)
            return _told(await do("closed", CloseTask(TaskId(wanted))), desk)
        case never:
            assert_never(never)


Outcome = TaskClaimed | TaskClosed | TaskGivenBack | TaskHeld | TaskOver | NotAllowed


def _told(outcome: Outcome, desk: Desk) -> End:
    match outcome:
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case TaskOver():
            return End(text=_OVER)
        case TaskHeld(standing):
            return End(text=joined(line_of(standing), _holder(standing), between="\n"))
        case TaskClaimed(claimed):
            text = say("It is yours until {time}.", time=_clock(claimed.lease_until or desk.now, claimed))
            return End(text=joined(line_of(claimed), text, between="\n"), offers=(_done(claimed), _free(claimed)))
        case TaskClosed(closed):
            return End(text=joined(line_of(closed), say("Done, thank you."), between="\n"))
        case TaskGivenBack(free):
            return End(text=joined(line_of(free), say("Others can take it now."), between="\n"))
        case never:
            assert_never(never)


def _which(mine: Sequence[StaffTask]) -> Question[int]:
    return Question(
        key="which",
        text=say("Which of them is done?"),
        type=int,
        options=tuple(
            Option(label=one.patient_name or one.product or SOMEBODY, value=int(one.id), detail=line_of(one))
            for one in mine
        ),
        given=fingerprint([one.id for one in mine]),
        is_private=True,
    )


def _line(one: StaffTask, desk: Desk) -> Joined:
    place = one.centre.name if one.centre is not None else None
    age = _age(desk.now - one.opened_at)
    holder = None if one.owner is None else _mine(one) if _is_mine(one, desk) else _holder(one)
    return joined(
        "-", line_of(one), joined("(", joined(place, age, holder, between=", "), ")", between=""), between=" "
    )


def _age(age: timedelta) -> Writable:
    if age >= _DAY:
        return say("{count} d old", count=age // _DAY)
    if age >= _HOUR:
        return say("{count} h old", count=age // _HOUR)
    return say("new")


def _is_mine(one: StaffTask, desk: Desk) -> bool:
    return one.owner == (desk.staff.id if desk.staff else StaffId(0))


def _mine(one: StaffTask) -> Text:
    return say("yours until {time}", time=_clock(one.lease_until, one))


def _holder(one: StaffTask) -> Text:
    name = one.owner_name or say("A colleague")
    return say("{name} has it until {time}", name=name, time=_clock(one.lease_until, one))


def _clock(moment: datetime | None, one: StaffTask) -> Clock:
    zone = ZoneInfo(one.centre.tz) if one.centre is not None else ZoneInfo("UTC")
    return Clock((moment or one.opened_at).astimezone(zone))


def _offers(one: StaffTask, desk: Desk) -> Iterator[Offer]:
    """Offer to take what nobody has, and to close one's own."""
    name = one.patient_name or one.product or line_of(one)
    if one.handover is not None:
        handover = (("handover", str(one.handover)),)
        yield Offer(label=say("Talk to {name}", name=name), goto=Goto(script="handover-take", args=handover))
    elif one.owner is None:
        yield Offer(label=say("I take it: {name}", name=name), goto=_wish("take", one))
    elif _is_mine(one, desk):
        yield Offer(label=say("Done: {name}", name=name), goto=_wish("done", one))


def _done(one: StaffTask) -> Offer:
    return Offer(label=say("Done"), goto=_wish("done", one))


def _free(one: StaffTask) -> Offer:
    return Offer(label=say("Give back"), goto=_wish("free", one))


def _wish(wish: str, one: StaffTask) -> Goto:
    return Goto(script="task", args=(("task", str(one.id)), ("wish", wish)))
