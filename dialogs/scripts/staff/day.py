"""A centre's day: in numbers first, then whom to ring, what work waits, which doses there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import assert_never
from zoneinfo import ZoneInfo

from dialogs import staff_day
from dialogs.desk import Desk
from dialogs.readers.staff_days import day_in
from dialogs.script import End, Goto, Offer, do
from dialogs.scripts.staff.common import NOT_ALLOWED, at_place, workplace
from dialogs.text import CalendarDay, Clock, Joined, joined, say
from domain.appointments import AppointmentId
from domain.staff.commands import CannotMark, Marked, NotAllowed, NoVisit, Workplace
from domain.staff.day_commands import (
    Call,
    Calls,
    ConfirmVisit,
    DaySummary,
    DosesFound,
    ShowCalls,
    ShowDay,
    ShowDoses,
)
from domain.staff.rights import Right

_WHICH_DAY = say("I cannot tell which day you mean. Write, for example: today, tomorrow, day 3 March.")
_TO_FIND = 5


async def day(desk: Desk, args: Mapping[str, str]) -> End:
    """Show a day in numbers."""
    place = await workplace(args, Right.SEE_DAY)
    if isinstance(place, End):
        return place
    wanted = day_in(args.get("day", "today"), desk.now.astimezone(ZoneInfo(place.tz)))
    if wanted is None:
        return End(text=_WHICH_DAY)
    match await do("day", ShowDay(place.id, wanted)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case DaySummary() as found:
            return End(text=staff_day.written(found), offers=staff_day.offered(found, desk.now))
        case never:
            assert_never(never)


async def calls(desk: Desk, args: Mapping[str, str]) -> End:
    """Show whom to telephone, with a way to record that they will come."""
    place = await workplace(args, Right.SEE_DAY)
    if isinstance(place, End):
        return place
    wanted = _iso(args, place, desk)
    page = int(args.get("page", "0"))
    match await do("calls", ShowCalls(place.id, wanted, page)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case Calls(()):
            return End(text=say("{centre}: there is nobody to ring.", centre=place.name))
        case Calls(found, has_more):
            return End(
                text=joined(_title(place, wanted), *map(_call, found), between="\n"),
                offers=(*_comes(found), *_more(has_more, place, wanted, page)),
            )
        case never:
            assert_never(never)


async def confirm(_desk: Desk, args: Mapping[str, str]) -> End:
    """Record that somebody said that they will come."""
    match await do("confirmed", ConfirmVisit(AppointmentId(int(args["visit"])))):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoVisit():
            return End(text=say("There is no such visit any more."))
        case CannotMark(visit):
            return End(text=say("That visit of {name} is not booked any more, or is over.", name=visit.patient_name))
        case Marked(visit, again):
            note = say("It was on record already.") if again else None
            time = at_place(visit.starts_at, visit.centre)
            done = say("Confirmed: {name} comes, {time}.", name=visit.patient_name, time=time)
            return End(text=joined(note, done, between=" "))
        case never:
            assert_never(never)


async def doses(desk: Desk, args: Mapping[str, str]) -> End:
    """Show doses and lots, and who has to be moved where there are too few."""
    place = await workplace(args, Right.SEE_DAY)
    if isinstance(place, End):
        return place
    match await do("doses", ShowDoses(place.id)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case DosesFound((), (), ()):
            return End(text=say("{centre}: no doses are on record.", centre=place.name))
        case DosesFound(products, lots, to_move):
            today = place.today(desk.now)
            moved = say("Proposed to be moved: {references}", references=", ".join(to_move)) if to_move else None
            lines = [*map(staff_day.doses_line, products), *(staff_day.lot_left(one, today) for one in lots)]
            return End(
                text=joined(_title(place, today), *lines, moved, between="\n"),
                offers=tuple(_finds(to_move[:_TO_FIND])),
            )
        case never:
            assert_never(never)


def _iso(args: Mapping[str, str], place: Workplace, desk: Desk) -> date:
    """Return the day that a notice names; else today."""
    return date.fromisoformat(args["day"]) if "day" in args else place.today(desk.now)


def _title(place: Workplace, wanted: date) -> Joined:
    return joined(place.name, CalendarDay(wanted), between=", ")


def _call(one: Call) -> Joined:
    clock = Clock(one.visit.starts_at.astimezone(ZoneInfo(one.visit.centre.tz)))
    state = say("no answer") if one.reminded else say("not reminded")
    who = joined(one.visit.patient_name, one.number, one.visit.reference, between=" ")
    return joined(clock, joined(who, state, between=", "), between=" ")


def _comes(found: Sequence[Call]) -> Iterator[Offer]:
    for one in found:
        goto = Goto(script="confirm", args=(("visit", str(one.visit.id)),))
        yield Offer(label=say("{name} comes", name=one.visit.patient_name), goto=goto)


def _more(has_more: bool, place: Workplace, wanted: date, page: int) -> Iterator[Offer]:
    if has_more:
        args = (("centre", str(place.id)), ("day", wanted.isoformat()), ("page", str(page + 1)))
        yield Offer(label=say("More to ring"), goto=Goto(script="day-calls", args=args))


def _finds(references: Sequence[str]) -> Iterator[Offer]:
    for one in references:
        yield Offer(label=say("Find {visit}", visit=one), goto=Goto(script="find", args=(("text", one),)))
