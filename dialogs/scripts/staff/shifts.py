"""One's own shifts: shown, and a day taken off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import assert_never
from zoneinfo import ZoneInfo

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.readers.when import read_when
from dialogs.script import End, Goto, Offer, ask, do, fingerprint
from dialogs.scripts.staff.common import NOT_ALLOWED
from dialogs.text import CalendarDay, Clock, Joined, Text, joined, many, say
from domain.commands import OpenTask
from domain.staff.commands import NotAllowed
from domain.staff.shift_commands import DayOff, MustMoveFirst, NoPractitioner, Shift, Shifts, ShowShifts, TakeDayOff
from domain.words import LANGUAGES

TODAY = "today"
_NOT_LISTED = say("You are on no list of practitioners here. The administrator can change that.")
_NONE = say("You have no shifts in the next two weeks.")


async def my_shifts(_desk: Desk, _args: Mapping[str, str]) -> End:
    """Show them."""
    shifts = await _shifts()
    if isinstance(shifts, End):
        return shifts
    return End(
        text=joined(say("Your next shifts:"), joined(*map(_line, shifts), between="\n")),
        offers=(Offer(label=say("A day off"), goto=Goto(script="day-off")),),
    )


async def day_off(desk: Desk, args: Mapping[str, str]) -> End:
    """Take a day off, once that is sure; where people have places then, they must be moved first."""
    shifts = await _shifts()
    if isinstance(shifts, End):
        return shifts
    days = tuple(dict.fromkeys(shift.day for shift in shifts))
    day = await ask(_which(days), _meant(desk, args.get("day", ""), shifts))
    if not await ask(_sure(day)):
        return End(text=say("All right, it stays as it is."))
    match await do("day-off", TakeDayOff(day)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoPractitioner():
            return End(text=_NOT_LISTED)
        case DayOff(off, _):
            return End(text=say("{day} is off. Nothing more is offered then.", day=CalendarDay(off)))
        case MustMoveFirst(on, people):
            await do("task", OpenTask(kind="day-off", note=f"{people} people must be moved from {on}"))
            return End(text=joined(_people(people), say("{day} is not off yet.", day=CalendarDay(on)), between=" "))
        case never:
            assert_never(never)


def _people(count: int) -> Text:
    return many(
        "{count} person has a place then and must be moved first; a colleague is told.",
        "{count} people have places then and must be moved first; a colleague is told.",
        count,
    )


async def _shifts() -> tuple[Shift, ...] | End:
    match await do("shifts", ShowShifts()):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoPractitioner():
            return End(text=_NOT_LISTED)
        case Shifts(()):
            return End(text=_NONE)
        case Shifts(shifts):
            return shifts
        case never:
            assert_never(never)


def _line(shift: Shift) -> Joined:
    zone = ZoneInfo(shift.centre.tz)
    start, until = Clock(shift.starts_at.astimezone(zone)), Clock(shift.ends_at.astimezone(zone))
    count = many("{count} person", "{count} people", shift.people)
    return joined(CalendarDay(shift.day), joined(start, until, between="-"), shift.centre.name, count, between=", ")


def _meant(desk: Desk, said: str, shifts: Sequence[Shift]) -> date | None:
    """Return the first day with a shift that is meant, by the clock of the centre, in whatever language it is said."""
    for shift in shifts:
        zone = ZoneInfo(shift.centre.tz)
        now = desk.now.astimezone(zone)
        if said == TODAY:
            return shift.day if shift.day == now.date() else None
        noon = datetime.combine(shift.day, time(12), zone)
        whens = (read_when(said, language=language, now=now) for language in LANGUAGES)
        if any(when is not None and when.allows(noon) for when in whens):
            return shift.day
    return None


def _which(days: tuple[date, ...]) -> Question[date]:
    return Question(
        key="off",
        text=say("Which day shall be off?"),
        type=date,
        options=tuple(Option(label=CalendarDay(day), value=day) for day in days[:9]),
        given=fingerprint(days),
    )


def _sure(day: date) -> Question[bool]:
    return Question(
        key="sure",
        text=say("Shall {day} be off, at all centres?", day=CalendarDay(day)),
        type=bool,
        options=(Option(label=say("Yes, off"), value=True), Option(label=say("No"), value=False)),
        given=day.isoformat(),
    )
