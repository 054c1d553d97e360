"""What fell out, and how it stands with each visit: who answered, who is silent, whom to telephone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.displacing import counts, what_fell_out
from dialogs.questions import Option, Question
from dialogs.script import Again, End, Goto, Offer, ask, do, fingerprint
from dialogs.scripts.staff.common import NOT_ALLOWED, at_place, workplace
from dialogs.text import Joined, Text, Writable, joined, say
from dialogs.times import at_centre
from domain.appointments import AppointmentId, SlotId
from domain.commands import Moved, NotOpen, SlotGone
from domain.displacements import Cause, DisplacementId, State
from domain.staff.closure_commands import (
    CallSheet,
    CancelByHand,
    Closure,
    Closures,
    ClosureShown,
    DisplacedVisit,
    FindCallSheet,
    FindClosures,
    MoveByHand,
    NoClosure,
    NoteCall,
    Noted,
    NotWaiting,
    ShowClosure,
)
from domain.staff.commands import NotAllowed, NoVisit, Workplace
from domain.staff.rights import Right

_GONE = say("That visit waits for no answer any more.")
_CAUSES: Mapping[Cause, Text] = {
    Cause.CLOSED: say("closed"),
    Cause.ILL: say("closed, somebody is ill"),
}
_STATES: Mapping[State, Text] = {
    State.WAITING: say("is being asked"),
    State.OFFERED: say("no answer yet"),
    State.WITHDRAWING: say("stays as booked"),
    State.WITHDRAWN: say("stays as booked"),
    State.MOVED: say("moved"),
    State.CANCELLED: say("cancelled"),
    State.LAPSED: say("did not answer in time"),
}


async def closures(_desk: Desk, args: Mapping[str, str]) -> End:
    """Show what fell out lately, or one of them with its visits."""
    place = await workplace(args, Right.SEE_DAY)
    if isinstance(place, End):
        return place
    if "closure" in args:
        return await _one(place, DisplacementId(int(args["closure"])), int(args.get("page", "0")))
    match await do("closures", FindClosures(place.id)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case Closures(()):
            return End(text=say("{centre}: nothing fell out lately.", centre=place.name))
        case Closures(found):
            lines = [joined(_title(one), counts(one), between="\n") for one in found]
            offers = (Offer(label=what_fell_out(one), goto=_shown(one, 0)) for one in found if one.visits)
            return End(text=joined(place.name, *lines), offers=tuple(offers))
        case never:
            assert_never(never)


def _shown(one: Closure, page: int) -> Goto:
    args = (("centre", str(one.centre.id)), ("closure", str(one.id)), ("page", str(page)))
    return Goto(script="closures", args=args)


def _title(one: Closure) -> Joined:
    return joined(what_fell_out(one), _CAUSES.get(one.cause), between=", ")


async def _one(place: Workplace, wanted: DisplacementId, page: int) -> End:
    match await do("closure", ShowClosure(place.id, wanted, page)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoClosure():
            return End(text=say("I do not know that closure."))
        case ClosureShown(closure, visits, has_more):
            offers = [Offer(label=_to_ring(one), goto=_calling(one)) for one in visits if _needs_call(one)]
            if has_more:
                offers.append(Offer(label=say("Show more"), goto=_shown(closure, page + 1)))
            head = joined(_title(closure), counts(closure), between="\n")
            return End(text=joined(head, joined(*map(_line, visits), between="\n")), offers=tuple(offers))
        case never:
            assert_never(never)


def _needs_call(one: DisplacedVisit) -> bool:
    return one.state == State.OFFERED


def _to_ring(one: DisplacedVisit) -> Text:
    return say("Ring {name}", name=one.visit.patient_name)


def _calling(one: DisplacedVisit) -> Goto:
    return Goto(script="call", args=(("visit", str(one.visit.id)),))


def _line(one: DisplacedVisit) -> Joined:
    visit = one.visit
    time = at_place(visit.starts_at, visit.centre)
    notes: list[Writable] = [_STATES[one.state]]
    if one.is_unreached:
        notes.append(say("no message got through"))
    if one.is_telephoned:
        notes.append(say("was telephoned"))
    return joined(joined(time, visit.patient_name, visit.reference, between=" "), *notes, between=", ")


async def call(_desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Show what one needs to telephone somebody, and take down what they said."""
    visit = AppointmentId(int(args["visit"]))
    match await do("sheet", FindCallSheet(visit)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoVisit() | NotWaiting():
            return End(text=_GONE)
        case CallSheet() as sheet:
            answer = await ask(_said(sheet))
            return await _taken_down(visit, answer)
        case never:
            assert_never(never)


MOVE, CANCEL, CALLED, LEAVE = "move:", "cancel", "called", "leave"


def _said(sheet: CallSheet) -> Question[str]:
    found = sheet.displaced
    until = at_place(found.until, found.visit.centre) if found.until is not None else None
    return Question(
        key="said",
        text=joined(
            joined(
                _line(found),
                say("Answer by {until}.", until=until) if until is not None else None,
                say("Telephone: {number}", number=sheet.number) if sheet.number else None,
                between="\n",
            ),
            say("What did they say?"),
        ),
        type=str,
        options=(
            *(
                Option(label=at_centre(one.starts_at, one.centre), value=f"{MOVE}{one.slot}", detail=one.centre.name)
                for one in sheet.places
            ),
            Option(label=say("Not coming any more"), value=CANCEL),
            Option(label=say("Rung, no decision"), value=CALLED),
            Option(label=say("Nothing yet"), value=LEAVE),
        ),
        given=fingerprint([one.slot for one in sheet.places]),
        is_private=True,
    )


async def _taken_down(visit: AppointmentId, answer: str) -> Again | End:
    if answer.startswith(MOVE):
        return await _moved(visit, SlotId(int(answer.removeprefix(MOVE))))
    if answer == LEAVE:
        return End(text=say("All right, it stays as it is."))
    note = CancelByHand(visit) if answer == CANCEL else NoteCall(visit)
    match await do("noted", note):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoVisit() | NotOpen():
            return End(text=_GONE)
        case Noted():
            return End(text=say("Cancelled.") if answer == CANCEL else say("Noted."))
        case never:
            assert_never(never)


async def _moved(visit: AppointmentId, slot: SlotId) -> Again | End:
    match await do("moved", MoveByHand(visit, slot)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoVisit() | NotOpen():
            return End(text=_GONE)
        case SlotGone():
            gone = say("That place cannot be had any more.")
            return Again(("sheet", "said", "moved"), gone)
        case Moved(claim):
            time = at_centre(claim.starts_at, claim.centre)
            return End(
                text=say(
                    "Moved: {name} comes on {time}, {centre}. Reference {reference}.",
                    name=claim.patient_name,
                    time=time,
                    centre=claim.centre.name,
                    reference=claim.reference,
                )
            )
        case never:
            assert_never(never)
