"""One's own bookings: seen, moved, cancelled. The old place is kept until the new one is sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.questions import Narrow, Option, Question
from dialogs.script import Again, End, ask, do, fingerprint
from dialogs.scripts import questions
from dialogs.scripts.questions import at_centre
from dialogs.scripts.told import moved, summary, to_take_along
from dialogs.text import Writable, joined, say
from domain.commands import (
    CancelAppointment,
    Cancelled,
    Claim,
    MoveAppointment,
    Moved,
    MyAppointments,
    NotOpen,
    SlotFound,
    SlotGone,
)
from domain.queries import CentreOffer

NO_BOOKINGS = say("You have no bookings to come. To make one, write: book.")
CHANGED = say("That booking has changed meanwhile. Write: my bookings.")
LEFT = say("All right, it stays as it is.")


async def manage(desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Show the bookings and do what is wished with one of them."""
    mine = await do("mine", MyAppointments())
    if not mine.claims:
        return End(text=NO_BOOKINGS)
    only = mine.claims[0].reference if len(mine.claims) == 1 else None
    reference = await ask(_which(desk, mine.claims), only)
    claim = next(one for one in mine.claims if one.reference == reference)
    match await ask(_wish(desk, claim), args.get("wish")):
        case "cancel":
            return await _cancel(desk, claim)
        case "move":
            return await _move(desk, claim)
        case _:
            return End(text=LEFT)


def _title(desk: Desk, claim: Claim) -> Writable:
    programme = desk.programme(claim.programme)
    return programme.title if programme else claim.programme


def _which(desk: Desk, claims: tuple[Claim, ...]) -> Question[str]:
    return Question(
        key="which",
        text=say("Which booking?"),
        type=str,
        options=tuple(
            Option(
                label=at_centre(claim.starts_at, claim.centre),
                value=claim.reference,
                detail=joined(claim.patient_name, _title(desk, claim), claim.reference, between=", "),
            )
            for claim in claims
        ),
        given=fingerprint([claim.reference for claim in claims]),
    )


def _wish(desk: Desk, claim: Claim) -> Question[str]:
    return Question(
        key="wish",
        text=joined(summary(claim, _title(desk, claim)), say("What would you like to do with it?")),
        type=str,
        options=(
            Option(label=say("Move it"), value="move"),
            Option(label=say("Cancel it"), value="cancel"),
            Option(label=say("Leave it as it is"), value="leave"),
        ),
        given=claim.reference,
        is_private=True,
    )


async def _cancel(desk: Desk, claim: Claim) -> Again | End:
    sure = Question(
        key="sure",
        text=joined(
            summary(claim, _title(desk, claim)), say("Shall I cancel this booking? The place goes to somebody else.")
        ),
        type=bool,
        options=(
            Option(label=say("Yes, cancel it"), value=True),
            Option(label=say("No, keep it"), value=False),
        ),
        given=claim.reference,
        is_private=True,
    )
    if not await ask(sure):
        return End(text=LEFT)
    match await do("cancel", CancelAppointment(appointment=claim.id)):
        case NotOpen():
            return End(text=CHANGED)
        case Cancelled(cancelled):
            text = say(
                "Cancelled: {time}, {centre}. Reference {reference}. To book anew, write: book.",
                time=at_centre(cancelled.starts_at, cancelled.centre),
                centre=cancelled.centre.name,
                reference=cancelled.reference,
            )
            return End(text=text)
        case never:
            assert_never(never)


async def _move(desk: Desk, claim: Claim) -> Again | End:
    programme = desk.programme(claim.programme)
    if programme is None:
        return End(text=say("This cannot be booked any more, so it cannot be moved. You can cancel it."))
    here = CentreOffer(centre=claim.centre, distance_m=None)
    centre = (await ask(questions.which_centre(claim.programme, claim.centre.position), here)).centre
    text = say(
        "You have {time}; that place stays yours until a new one is sure. When would suit you better at {centre}?",
        time=at_centre(claim.starts_at, claim.centre),
        centre=centre.name,
    )
    slot = await ask(questions.slot_at(centre, programme, text=text))
    if not await ask(_sure_of(claim, slot)):
        return End(text=LEFT)
    match await do("move", MoveAppointment(appointment=claim.id, version=claim.version, slot=slot.slot)):
        case NotOpen():
            return End(text=CHANGED)
        case SlotGone(_, starts_at):
            taken = say("I am sorry, that place has just been taken; you still have your own. These are near it:")
            return Again(("slot", "sure-of", "move"), taken, Narrow(near=starts_at) if starts_at else None)
        case Moved(new):
            return End(text=moved(new, programme.title), extras=to_take_along((new,)))
        case never:
            assert_never(never)


def _sure_of(claim: Claim, slot: SlotFound) -> Question[bool]:
    return Question(
        key="sure-of",
        text=say(
            "Shall I move it from {old} to {new}, {centre}?",
            old=at_centre(claim.starts_at, claim.centre),
            new=at_centre(slot.starts_at, slot.centre),
            centre=slot.centre.name,
        ),
        type=bool,
        options=(
            Option(label=say("Yes, move it"), value=True),
            Option(label=say("Another time"), reopens=("slot",)),
            Option(label=say("No, keep it"), value=False),
        ),
        given=f"{claim.reference},{slot.slot}",
        is_private=True,
    )
