"""What is answered where a visit falls out: one of the places held is taken, or something else is wished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.displacing import KEEP, NONE, NONE_OF_THESE, OTHER, OTHER_TIMES, choose, elsewhere
from dialogs.questions import Option, Question
from dialogs.script import Again, End, Goto, ask, do, fingerprint
from dialogs.scripts.manage import CHANGED
from dialogs.scripts.told import moved, title_of, to_take_along
from dialogs.text import joined, say
from dialogs.times import at_centre
from domain.appointments import AppointmentId, SlotId, Status
from domain.commands import Claim, Moved, NotOpen, OpenTask, SlotGone
from domain.displaced_commands import Alternatives, FindAlternatives, NotDisplaced, TakeAlternative

CALL, CANCEL = "call", "cancel"
_GONE = say("I am sorry, that time cannot be had any more. Your booking stands; please choose another one.")


async def displaced(desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Take an answer about a visit that falls out; *answer* is a slot, or what is wished instead."""
    visit = AppointmentId(int(args["visit"]))
    match await do("held", FindAlternatives(visit)):
        case NotDisplaced(claim):
            return _settled(claim)
        case Alternatives() as found:
            given = args.get("answer")
            answer = await ask(_which(found), given if _is_there(given, found) else None)
            if answer not in (OTHER, NONE, KEEP):
                return await _take(desk, found.claim, SlotId(int(answer)))
            return await _else(found, answer)
        case never:
            assert_never(never)


def _settled(claim: Claim | None) -> End:
    """Lead to a visit as it stands, of which nothing is to be chosen, or not any more."""
    if claim is None:
        return End(text=CHANGED)
    if claim.status == Status.CANCELLED:
        time = at_centre(claim.starts_at, claim.centre)
        return End(text=say("The visit on {time} is cancelled. To book anew, write: book.", time=time))
    return End(then=Goto(script="manage", args=(("visit", str(claim.id)),)))


def _is_there(answer: str | None, found: Alternatives) -> bool:
    return answer in (OTHER, NONE, *(str(one.slot) for one in found.places))


def _which(found: Alternatives) -> Question[str]:
    time = at_centre(found.claim.starts_at, found.claim.centre)
    return Question(
        key="place",
        text=joined(
            say("Your visit on {time} at {centre} cannot take place.", time=time, centre=found.claim.centre.name),
            choose(found.claim, found.places, found.until),
            between=" ",
        ),
        type=str,
        options=(
            *(
                Option(
                    label=at_centre(one.starts_at, one.centre), value=str(one.slot), detail=elsewhere(found.claim, one)
                )
                for one in found.places
            ),
            Option(label=OTHER_TIMES, value=OTHER),
            Option(label=NONE_OF_THESE, value=NONE),
            Option(label=say("Keep it for now"), value=KEEP),
        ),
        given=fingerprint([one.slot for one in found.places]),
        is_private=True,
    )


async def _take(desk: Desk, claim: Claim, slot: SlotId) -> Again | End:
    match await do("taken", TakeAlternative(appointment=claim.id, slot=slot)):
        case Moved(new):
            return End(text=moved(new, title_of(desk, new)), extras=to_take_along((new,)))
        case SlotGone():
            return Again(("held", "place", "taken"), _GONE)
        case NotOpen():
            return End(text=CHANGED)
        case never:
            assert_never(never)


async def _else(found: Alternatives, answer: str) -> End:
    """Lead on from none of the places held."""
    claim = found.claim
    wish = await ask(_instead(found), answer if answer in (OTHER, KEEP) else None)
    match wish:
        case "other":
            return End(then=Goto(script="manage", args=(("visit", str(claim.id)), ("wish", "move"))))
        case "cancel":
            return End(then=Goto(script="manage", args=(("visit", str(claim.id)), ("wish", "cancel"))))
        case "call":
            await do("asked", OpenTask(kind="displaced-call", note=f"Please telephone about {claim.reference}."))
            text = say("Thank you. Somebody of the team will get in touch with you. Until then all stays as it is.")
            return End(text=text)
        case _:
            until = at_centre(found.until, claim.centre)
            return End(text=say("All right, it stays as it is. The other times are held until {until}.", until=until))


def _instead(found: Alternatives) -> Question[str]:
    return Question(
        key="instead",
        text=say("What shall I do instead?"),
        type=str,
        options=(
            Option(label=OTHER_TIMES, value=OTHER),
            Option(label=say("Please ring me"), value=CALL),
            Option(label=say("No longer needed"), value=CANCEL),
            Option(label=say("Decide later"), value=KEEP),
        ),
        given=str(found.claim.id),
        is_private=True,
    )
