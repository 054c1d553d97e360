"""What is said of a visit unasked beside reminders: that it is asked for, what became of that, and who waits by video.

To the person nothing names what the visit is for: others may see the phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.reminding import seen_by
from dialogs.script import Goto, Offer
from dialogs.text import Clock, Joined, Text, Writable, joined, say
from dialogs.times import at_centre
from domain.commands import Claim, SlotFound

CONFIRM = say("Confirm")
DECLINE = say("Decline")
I_AM_HERE = say("I am here")


def answering(appointment: int) -> tuple[Offer, ...]:
    """Offer to confirm or decline a request."""
    return tuple(
        Offer(label=label, goto=Goto(script="request", args=(("visit", str(appointment)), ("as", wish))))
        for label, wish in ((CONFIRM, "confirm"), (DECLINE, "decline"))
    )


def asked(claim: Claim, title: Writable, until: datetime) -> Joined:
    """Ask whoever is to see the person."""
    time = at_centre(claim.starts_at, claim.centre)
    return joined(
        say("{name} asks for a visit: {time}.", name=claim.patient_name, time=time),
        joined(title, *seen_by(claim), claim.centre.name, between=", "),
        say("Please answer by {until}; then the place goes to others.", until=at_centre(until, claim.centre)),
        between="\n",
    )


def declined(claim: Claim, others: Sequence[SlotFound], *, in_time: bool) -> Joined:
    """Tell the person kindly that it cannot be, and what can."""
    time, centre = at_centre(claim.starts_at, claim.centre), claim.centre.name
    if in_time:
        sorry = say("I am sorry, your visit on {time}, {centre}, cannot be confirmed.", time=time, centre=centre)
    else:
        sorry = say(
            "I am sorry, nobody could confirm your visit on {time}, {centre}, in time.", time=time, centre=centre
        )
    more = say("These times near it are free:") if others else say("To look for another time, write: book.")
    return joined(sorry, more, between=" ")


def instead(claim: Claim, others: Sequence[SlotFound]) -> tuple[Offer, ...]:
    """Offer other times."""
    visit = ("visit", str(claim.id))
    return tuple(
        Offer(
            label=at_centre(one.starts_at, one.centre),
            detail=one.practitioner.name if one.practitioner else None,
            goto=Goto(script="instead", args=(visit, ("slot", str(one.slot)))),
        )
        for one in others
    )


def soon_by_video(claim: Claim, link: str | None) -> Joined:
    """Tell the person that their visit by video begins soon, and where."""
    clock = Clock(claim.starts_at.astimezone(ZoneInfo(claim.centre.tz)))
    return joined(
        say("Your video visit begins at {time}.", time=clock),
        *seen_by(claim),
        link or say("The link comes from the clinic."),
        between="\n",
    )


def soon_there(claim: Claim, link: str | None) -> Joined:
    """Tell whoever is to see the person the same."""
    clock = Clock(claim.starts_at.astimezone(ZoneInfo(claim.centre.tz)))
    return joined(say("{time}: {name}, by video.", time=clock, name=claim.patient_name), link, between="\n")


def waits(name: str, link: str | None) -> Joined:
    """Tell one side that the other one waits."""
    return joined(say("{name} is waiting for you by video.", name=name), link, between="\n")


def somebody_waits(link: str | None) -> Joined:
    """Tell the person that they are waited for, by somebody without a name."""
    return joined(say("You are waited for by video."), link, between="\n")


def here(appointment: int) -> Offer:
    """Offer the person to be there."""
    return Offer(label=I_AM_HERE, goto=Goto(script="here", args=(("visit", str(appointment)),)))


def present(appointment: int) -> Offer:
    """Offer whoever is to see them to be there."""
    return Offer(label=I_AM_HERE, goto=Goto(script="present", args=(("visit", str(appointment)),)))


def link_in_words(link: str | None) -> Text:
    """Say where a visit by video is."""
    if link is None:
        return say("The link to the video comes from the clinic before the visit.")
    return say("Your link for the video: {link}", link=link)
