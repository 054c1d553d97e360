"""Visits found and marked: who comes next, who is here, who did not come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never
from zoneinfo import ZoneInfo

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import End, Goto, Offer, ask, do, fingerprint
from dialogs.scripts.staff.common import NOT_ALLOWED, at_place, workplace
from dialogs.text import Clock, Joined, Text, Writable, joined, say
from domain.appointments import AppointmentId, Status
from domain.staff.commands import (
    CannotMark,
    FindVisits,
    Marked,
    MarkVisit,
    NotAllowed,
    NoVisit,
    StaffVisit,
    VisitsFound,
    VisitsOfDay,
)
from domain.staff.rights import Right

NOTHING_FOUND = say("I find no visit with that reference or name at your centres.")
STATES: Mapping[Status, Text] = {
    Status.PENDING: say("held"),
    Status.BOOKED: say("booked"),
    Status.ARRIVED: say("arrived"),
    Status.FULFILLED: say("done"),
    Status.NOSHOW: say("missed"),
    Status.CANCELLED: say("cancelled"),
}
_DONE: Mapping[Status, Text] = {
    Status.ARRIVED: say("{name} has arrived."),
    Status.NOSHOW: say("{name} is marked as missed, and is told so kindly, with a way to book anew."),
}


async def find(desk: Desk, args: Mapping[str, str]) -> End:
    """Show the visits with a reference, or of people with a name."""
    match await do("found", FindVisits(args["text"])):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case VisitsFound(()):
            return End(text=NOTHING_FOUND)
        case VisitsFound(visits, has_more):
            more = say("There are more; please write more of the name.") if has_more else None
            return End(
                text=joined(*(_whole(desk, visit) for visit in visits), more),
                offers=tuple(_offers(desk, visits)),
            )
        case never:
            assert_never(never)


async def mark(desk: Desk, args: Mapping[str, str]) -> End:
    """Mark the visit that is meant: by its id where a notice names it, else by reference or name."""
    if "visit" in args:
        return await _marked(int(args["visit"]), Status(args["as"]))
    match await do("found", FindVisits(args["text"])):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case VisitsFound(()):
            return End(text=NOTHING_FOUND)
        case VisitsFound(visits):
            wanted = await ask(which_visit(desk, visits), visits[0].id if len(visits) == 1 else None)
            return await _marked(wanted, Status(args["as"]))
        case never:
            assert_never(never)


async def _marked(visit: int, status: Status) -> End:
    match await do("marked", MarkVisit(appointment=AppointmentId(visit), status=status)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoVisit():
            return End(text=NOTHING_FOUND)
        case CannotMark(found):
            refused = say("That cannot be: the visit is still to come, or over in another way.")
            return End(text=joined(short(found), refused))
        case Marked(found, again):
            note = say("It was on record already.") if again else None
            done = Text(_DONE[status].template, (("name", found.patient_name),))
            return End(text=joined(joined(note, done, between=" "), short(found), between="\n"))
        case never:
            assert_never(never)


async def visits(desk: Desk, args: Mapping[str, str]) -> End:
    """Show who comes next today, with a way to mark each."""
    place = await workplace(args, Right.SEE_DAY)
    if isinstance(place, End):
        return place
    page = int(args.get("page", "0"))
    today = desk.now.astimezone(ZoneInfo(place.tz)).date()
    match await do("visits", VisitsOfDay(place.id, today, still_to_come=True, page=page)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case VisitsFound(()):
            return End(text=say("{centre}: nobody else comes today.", centre=place.name))
        case VisitsFound(found, has_more):
            lines = [_line(visit) for visit in found]
            offers = list(_arrivals(desk, found))
            if has_more:
                args = {"centre": str(place.id), "page": str(page + 1)}
                offers.append(Offer(label=say("Who comes later"), goto=Goto(script="visits", args=tuple(args.items()))))
            return End(
                text=joined(say("{centre}, next:", centre=place.name), joined(*lines, between="\n")),
                offers=tuple(offers),
            )
        case never:
            assert_never(never)


def which_visit(desk: Desk, found: Sequence[StaffVisit]) -> Question[int]:
    return Question(
        key="which",
        text=say("Which visit?"),
        type=int,
        options=tuple(
            Option(
                label=at_place(visit.starts_at, visit.centre),
                value=visit.id,
                detail=joined(visit.patient_name, _title(desk, visit), visit.reference, between=", "),
            )
            for visit in found
        ),
        given=fingerprint([visit.id for visit in found]),
        is_private=True,
    )


def marking(visit: StaffVisit, status: Status) -> Goto:
    """Return what marks *visit* so."""
    return Goto(script="mark", args=(("visit", str(visit.id)), ("as", status.value)))


def serving(visit: StaffVisit) -> Goto:
    """Return what records *visit* as served."""
    return Goto(script="serve", args=(("visit", str(visit.id)),))


def may_serve(desk: Desk, visit: StaffVisit) -> bool:
    """Say whether who writes may record a visit as served."""
    return desk.staff is not None and desk.staff.may(Right.SERVE, visit.centre.id)


def _offers(desk: Desk, found: Sequence[StaffVisit]) -> Iterator[Offer]:
    """Offer what can be marked of one visit, and of each of several what comes next."""
    if len(found) > 1:
        yield from _arrivals(desk, found)
    elif found[0].status in (Status.BOOKED, Status.ARRIVED):
        if found[0].status == Status.BOOKED:
            yield Offer(label=say("Arrived"), goto=marking(found[0], Status.ARRIVED))
        if may_serve(desk, found[0]):
            yield Offer(label=say("Served"), goto=serving(found[0]))
        yield Offer(label=say("Did not come"), goto=marking(found[0], Status.NOSHOW))


def _arrivals(desk: Desk, found: Sequence[StaffVisit]) -> Iterator[Offer]:
    for visit in found:
        if visit.status == Status.ARRIVED and may_serve(desk, visit):
            yield Offer(label=say("{name} is served", name=visit.patient_name), goto=serving(visit))
        if visit.status == Status.BOOKED:
            yield Offer(label=say("{name} is here", name=visit.patient_name), goto=marking(visit, Status.ARRIVED))


def _whole(desk: Desk, visit: StaffVisit) -> Joined:
    return joined(
        short(visit),
        joined(_title(desk, visit), visit.practitioner or None, visit.centre.name, STATES[visit.status], between=", "),
        between="\n",
    )


def short(visit: StaffVisit) -> Text:
    return say(
        "Reference {reference}: {name}, {time}",
        reference=visit.reference,
        name=visit.patient_name,
        time=at_place(visit.starts_at, visit.centre),
    )


def _line(visit: StaffVisit) -> Joined:
    clock = Clock(visit.starts_at.astimezone(ZoneInfo(visit.centre.tz)))
    state: Writable = STATES[visit.status]
    if visit.status == Status.BOOKED and visit.is_accepted:
        state = say("confirmed")
    return joined(clock, visit.patient_name, visit.reference, state, between=" ")


def _title(desk: Desk, visit: StaffVisit) -> Writable:
    programme = desk.programme(visit.programme)
    return programme.title if programme else visit.programme
