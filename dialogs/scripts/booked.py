"""What follows once something is booked or asked for; and another time taken in place of one that could not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from dialogs.desk import Desk
from dialogs.script import End, Goto, do
from dialogs.scripts.told import already_booked, booked, requested, to_take_along
from dialogs.text import say
from domain.appointments import AppointmentId, SlotId
from domain.commands import (
    AlreadyBooked,
    Booked,
    BookSlots,
    Claim,
    DoseSlot,
    FindVisit,
    NoSuchVisit,
    OpenTask,
    Requested,
    SlotGone,
    VisitFound,
    WhoIsThis,
)
from domain.eligibility import groups_of
from domain.programmes import Programme

_TAKEN = say("I am sorry, that place has just been taken.")
_GONE = say("That can no longer be booked here. To look for another time, write: book.")


async def confirmed(desk: Desk, programme: Programme, claims: Sequence[Claim]) -> End:
    """Say that it is booked; who comes by video and has no link gets it from the clinic."""
    if programme.policy.video and desk.video(claims[0].id) is None:
        note = ", ".join(f"send the link for the video of {claim.reference}" for claim in claims)
        await do("video-link", OpenTask(kind="video-link", note=note))
    return End(
        text=booked(programme, claims, desk.channel, desk.video),
        extras=to_take_along(claims, video=programme.policy.video),
    )


async def instead(desk: Desk, args: Mapping[str, str]) -> End:
    """Take the time that was offered in place of one that could not be confirmed, for the same person."""
    match await do("visit", FindVisit(appointment=AppointmentId(int(args["visit"])))):
        case NoSuchVisit():
            return End(text=_GONE)
        case VisitFound(claim, _):
            programme = desk.programme(claim.programme)
        case never:
            assert_never(never)
    return End(text=_GONE) if programme is None else await _taken(desk, programme, claim, SlotId(int(args["slot"])))


async def _taken(desk: Desk, programme: Programme, claim: Claim, slot: SlotId) -> End:
    """Take a place for the person of *claim*, on the terms that are known of them."""
    caller = await do("caller", WhoIsThis())
    person = caller.person(claim.patient)
    groups = groups_of(programme.criteria, dict(person.facts) if person else {})
    wanted = (DoseSlot(claim.dose, slot),)
    match await do(
        "book",
        BookSlots(patient=claim.patient, programme=programme.key, wanted=wanted, terms=programme.terms(groups)),
    ):
        case SlotGone():
            return End(text=_TAKEN, then=Goto(script="book", args=(("programme", programme.key),)))
        case AlreadyBooked(other):
            return End(text=already_booked(programme, other))
        case Requested(claims, until):
            return End(text=requested(programme, claims, until))
        case Booked(claims):
            return await confirmed(desk, programme, claims)
        case never:
            assert_never(never)
