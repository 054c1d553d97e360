"""Hand-overs as staff meet them: somebody wants a person; take it, see what was said, hand it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.script import End, Goto, Offer, do
from dialogs.scripts.staff.common import NOT_ALLOWED
from dialogs.text import Joined, Text, Writable, joined, say
from domain.staff.commands import NotAllowed
from domain.staff.handover_commands import (
    Call,
    CallHeld,
    CallOver,
    Calls,
    CallTaken,
    HandBack,
    HandedBack,
    HandoverId,
    HoldsAnother,
    HoldsNone,
    SeeCall,
    ShowCalls,
    ShowTranscript,
    Sort,
    Spoken,
    TakeCall,
    Transcript,
    Why,
)

SOMEBODY = say("Somebody without a name here")
_OVER = say("That is over: the desk goes on with them.")
_NOT_ALL = 300  # characters of one thing said
_SORTS: Mapping[Sort, Text] = {
    Sort.PLACE: say("(a place)"),
    Sort.NUMBER: say("(a number, which is not shown)"),
    Sort.OTHER: say("(no text)"),
}


def called(name: str) -> Writable:
    """Return what a patient is called, whose name may not be known."""
    return name or SOMEBODY


async def handover_call(_desk: Desk, args: Mapping[str, str]) -> End:
    """Tell that somebody waits, with a way to take it; nothing where it is over by now."""
    match await do("call", SeeCall(_meant(args))):
        case CallOver() | NotAllowed():
            return End()
        case Call() as call:
            return End(text=_told(call), offers=(_take(call), _show(call)))
        case never:
            assert_never(never)


def _told(call: Call) -> Joined:
    name = called(call.name)
    if call.calls > 1:
        why = say("{name} still waits for a person, and nobody has taken it yet.", name=name)
    elif call.why == Why.STUCK:
        why = say("{name} needs a person: I do not understand what they write.", name=name)
    else:
        why = say("{name} wants a person.", name=name)
    return joined(call.centre.name if call.centre is not None else None, why, between=": ")


async def handover_take(_desk: Desk, args: Mapping[str, str]) -> End:
    """Talk with somebody from now on; without one that is meant, with who waits longest."""
    if "handover" in args:
        return await _taken(_meant(args))
    match await do("calls", ShowCalls()):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case Calls(()):
            return End(text=say("Nobody waits for a person just now."))
        case Calls(waiting):
            return await _taken(waiting[0].id)
        case never:
            assert_never(never)


async def _taken(handover: HandoverId) -> End:
    match await do("taken", TakeCall(handover)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case CallOver():
            return End(text=_OVER)
        case CallHeld(call):
            by = call.owner_name or say("A colleague")
            return End(text=say("{colleague} talks with {name} already.", colleague=by, name=called(call.name)))
        case HoldsAnother(call):
            text = say("You still talk with {name}. Hand that back first.", name=called(call.name))
            return End(text=text, offers=(HAND_BACK,))
        case CallTaken(call):
            return End(text=_begun(call), offers=(HAND_BACK, _show(call)))
        case never:
            assert_never(never)


def _begun(call: Call) -> Text:
    return say(
        "You talk with {name} now. What you write goes to them with your name, and their answers come here."
        " When you are done, write: hand back.",
        name=called(call.name),
    )


async def handover_show(_desk: Desk, args: Mapping[str, str]) -> End:
    """Show what was said, oldest first."""
    match await do("transcript", ShowTranscript(_meant(args))):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case CallOver():
            return End(text=_OVER)
        case Transcript(call, ()):
            return End(text=say("{name} has written nothing yet.", name=called(call.name)))
        case Transcript(call, said):
            lines = joined(*(_line(one, call) for one in said), between="\n")
            offer = HAND_BACK if call.owner is not None else _take(call)
            return End(text=lines, offers=(offer,))
        case never:
            assert_never(never)


def _line(one: Spoken, call: Call) -> Joined:
    who = say("Desk") if one.to_patient else called(call.name)
    words: Writable = one.text if one.sort == Sort.WORDS else _SORTS[one.sort]
    if isinstance(words, str) and len(words) > _NOT_ALL:
        words = words[:_NOT_ALL].rstrip() + "..."
    return joined(who, words, between=": ")


async def hand_back(_desk: Desk, _args: Mapping[str, str]) -> End:
    """Let the desk go on with whom one talks with."""
    match await do("back", HandBack()):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case HoldsNone():
            return End(text=say("You talk with nobody just now."))
        case HandedBack(call):
            return End(text=say("Thank you. The desk goes on with {name}.", name=called(call.name)))
        case never:
            assert_never(never)


HAND_BACK = Offer(label=say("Hand back"), goto=Goto(script="hand-back"))


def _take(call: Call) -> Offer:
    return Offer(label=say("Take it"), goto=Goto(script="handover-take", args=_args(call)))


def _show(call: Call) -> Offer:
    return Offer(label=say("Show what was said"), goto=Goto(script="handover-show", args=_args(call)))


def _args(call: Call) -> tuple[tuple[str, str], ...]:
    return (("handover", str(call.id)),)


def _meant(args: Mapping[str, str]) -> HandoverId:
    return HandoverId(int(args["handover"]))
