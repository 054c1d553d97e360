"""What is said, unasked, to somebody whose visit falls out, and to the staff who closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.reminding import first_name
from dialogs.script import Goto, Offer
from dialogs.staff_closing import span_said
from dialogs.text import CalendarDay, Joined, Text, Writable, joined, many, say
from dialogs.times import at_centre
from domain.commands import Claim, SlotFound
from domain.displacements import Cause
from domain.staff.closure_commands import Closure

OTHER, NONE, KEEP = "other", "none", "keep"
OTHER_TIMES = say("Other times")
NONE_OF_THESE = say("None of these")


def offered(claim: Claim, places: Sequence[SlotFound], until: datetime, *, by_name: bool) -> Joined:
    """Say that a visit falls out, and what is held in its stead."""
    time, centre = at_centre(claim.starts_at, claim.centre), claim.centre.name
    if by_name:
        fell_out = say(
            "I am sorry: {centre} cannot see {name} on {time}.", centre=centre, name=first_name(claim), time=time
        )
    else:
        fell_out = say("I am sorry: {centre} cannot see you on {time}.", centre=centre, time=time)
    return joined(fell_out, choose(claim, places, until), between=" ")


def choose(claim: Claim, places: Sequence[SlotFound], until: datetime) -> Joined:
    """Say until when what is held, and what happens then."""
    end = at_centre(until, claim.centre)
    if not places:
        held = say("I found no free time near it that I could hold for you.")
    else:
        held = many("{count} other time is held for you.", "{count} other times are held for you.", len(places))
    then = say(
        "Please choose by {until}. Until you do, your booking stands; without an answer it is cancelled then."
        " Reference {reference}.",
        until=end,
        reference=claim.reference,
    )
    return joined(held, then, between=" ")


def offers(claim: Claim, places: Sequence[SlotFound]) -> tuple[Offer, ...]:
    """Return what can be chosen."""
    return (
        *(
            Offer(
                label=at_centre(one.starts_at, one.centre),
                detail=elsewhere(claim, one),
                goto=answering(claim, str(one.slot)),
            )
            for one in places
        ),
        Offer(label=OTHER_TIMES, goto=answering(claim, OTHER)),
        Offer(label=NONE_OF_THESE, goto=answering(claim, NONE)),
    )


def elsewhere(claim: Claim, place: SlotFound) -> str | None:
    """Return where a place is, if it is not where the visit was to be."""
    return place.centre.name if place.centre.id != claim.centre.id else None


def answering(claim: Claim, answer: str) -> Goto:
    """Return what takes an answer: the slot that was chosen, or what was wished instead."""
    return Goto(script="displaced", args=(("visit", str(claim.id)), ("answer", answer)))


def lapsed(claim: Claim) -> Text:
    """Say that a visit is cancelled for want of an answer."""
    return say(
        "I have not heard from you, so your booking on {time} at {centre} is cancelled. I am sorry for the trouble."
        " You are welcome to book anew, and somebody of the team will try to ring you.",
        time=at_centre(claim.starts_at, claim.centre),
        centre=claim.centre.name,
    )


BOOK_ANEW = Offer(label=say("Find another time"), goto=Goto(script="book"))


def withdrawn(claim: Claim) -> Text:
    """Say that a visit can take place after all."""
    return say(
        "Good news: {centre} can see you on {time} after all. Your booking stands as it was, and you need not choose"
        " another time. Reference {reference}.",
        centre=claim.centre.name,
        time=at_centre(claim.starts_at, claim.centre),
        reference=claim.reference,
    )


def settled(closure: Closure) -> tuple[Joined, Offer]:
    """Say to who closed that every visit is settled."""
    said = say("{centre}, {span}: every visit is settled.", centre=closure.centre.name, span=what_fell_out(closure))
    args = (("centre", str(closure.centre.id)), ("closure", str(closure.id)))
    offer = Offer(label=say("Who is affected"), goto=Goto(script="closures", args=args))
    return joined(said, counts(closure), between="\n"), offer


def what_fell_out(closure: Closure) -> Writable:
    """Say in short what fell out: a span, or doses on a day."""
    if closure.cause != Cause.LOSS:
        return span_said(closure)
    day = CalendarDay(closure.start.astimezone(ZoneInfo(closure.centre.tz)).date())
    return say("{day}, {product} lost", day=day, product=closure.product or "")


def counts(closure: Closure) -> Joined:
    """Say how it stands with the visits of a closure."""
    parts = (
        (closure.moved, say("moved: {count}", count=closure.moved)),
        (closure.cancelled, say("cancelled: {count}", count=closure.cancelled)),
        (closure.silent, say("no answer yet: {count}", count=closure.silent)),
        (closure.lapsed, say("did not answer in time: {count}", count=closure.lapsed)),
        (closure.withdrawn, say("stay as booked: {count}", count=closure.withdrawn)),
    )
    of = many("{count} visit", "{count} visits", closure.visits)
    return joined(of, *(text for number, text in parts if number), between=", ")
