"""What is told of appointments: when and where, what to bring, and why something cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from dialogs.desk import Desk
from dialogs.prompt import MapPin, Visit
from dialogs.reminding import seen_by
from dialogs.text import Day, Joined, Text, Writable, joined, say
from dialogs.times import at_centre
from dialogs.visit_notices import link_in_words
from domain.appointments import Status
from domain.centres import Centre
from domain.commands import Claim
from domain.eligibility import Ineligible
from domain.programmes import Programme

BY_VIDEO = say("By video: you come by a link.")
_STEPS: dict[bool | None, Text] = {True: say("Step-free access."), False: say("No step-free access.")}


def address(centre: Centre) -> Joined:
    """Return name and address, as one writes them on a letter, and how one gets in where that is known."""
    town = " ".join(part for part in (centre.postcode, centre.town) if part)
    access = joined(_STEPS.get(centre.step_free), centre.access_notes or None, between=" ")
    where = joined(centre.name, centre.address or None, town, between=", ")
    return joined(where, access, between="\n")


def dose_lines(claims: Sequence[Claim]) -> list[Writable]:
    """Return the time of each visit, numbered where there are several."""
    if len(claims) == 1:
        return [at_centre(claims[0].starts_at, claims[0].centre)]
    return [
        say("Visit {number}: {time}", number=number, time=at_centre(claim.starts_at, claim.centre))
        for number, claim in enumerate(claims, start=1)
    ]


def with_whom(claims: Sequence[Claim]) -> list[Writable]:
    """Return whom one is to see, each once, by name."""
    return list(dict.fromkeys(line for claim in claims for line in seen_by(claim)))


def requested(programme: Programme, claims: Sequence[Claim], until: datetime) -> Joined:
    """Say that the visit is asked for and not booked yet, and until when there will be an answer."""
    names = [claim.practitioner.name for claim in claims if claim.practitioner]
    by = at_centre(until, claims[0].centre)
    if names:
        asked = say("{practitioner} is asked. You hear here by {time}.", practitioner=names[0], time=by)
    else:
        asked = say("The clinic is asked. You hear here by {time}.", time=by)
    return joined(
        asked,
        joined(*map(referred, claims), programme.title, claims[0].patient_name, claims[0].centre.name, between="\n"),
        say("Until then the place is kept for you. If you do not need it any more, write: my bookings."),
    )


def booked(programme: Programme, claims: Sequence[Claim], channel: str, video: Callable[[int], str | None]) -> Joined:
    """Confirm a booking, with what the programme has to say there on *channel*, and the link of a visit by *video*."""
    own = programme.policy.confirmation.words(channel)
    place: list[Writable] = [address(claims[0].centre)]
    if programme.policy.video:
        place = [link_in_words(video(claim.id)) for claim in claims]
    return joined(
        say("Booked."),
        joined(
            *map(referred, claims),
            programme.title,
            *with_whom(claims),
            claims[0].patient_name,
            *place,
            between="\n",
        ),
        programme.bring if programme.bring.pairs else None,
        own if own.pairs else None,
        say("To move or cancel it, write: my bookings."),
    )


def moved(claim: Claim, title: Writable) -> Joined:
    """Confirm a move."""
    return joined(say("Moved."), summary(claim, title))


def summary(claim: Claim, title: Writable) -> Joined:
    """Return all that matters of a booking."""
    return joined(referred(claim), title, *with_whom([claim]), claim.patient_name, address(claim.centre), between="\n")


def referred(claim: Claim) -> Text:
    """Return the reference of a booking and when it is."""
    time = at_centre(claim.starts_at, claim.centre)
    return say("Reference {reference}: {time}", reference=claim.reference, time=time)


def to_take_along(claims: Sequence[Claim], *, video: bool = False) -> tuple[MapPin | Visit, ...]:
    """Return the way there, unless it is by *video*, and the calendar entries."""
    if video:
        return tuple(map(visit_of, claims))
    centre = claims[0].centre
    pin = MapPin(position=centre.position, title=centre.name, address=f"{centre.address}, {centre.town}".strip(", "))
    return (pin, *map(visit_of, claims))


def title_of(desk: Desk, claim: Claim) -> Writable:
    """Return what an appointment is for, by its key where that is not offered any more."""
    programme = desk.programme(claim.programme)
    return programme.title if programme else claim.programme


def visit_of(claim: Claim) -> Visit:
    """Return the calendar entry of an appointment as it stands: it names the place, and not what it is for."""
    centre = claim.centre
    town = " ".join(part for part in (centre.postcode, centre.town) if part)
    return Visit(
        reference=claim.reference,
        sequence=claim.version,
        starts_at=claim.starts_at,
        ends_at=claim.ends_at,
        title=centre.name,
        place=", ".join(part for part in (centre.name, centre.address, town) if part),
        appointment=claim.id,
        tz=centre.tz,
        is_moved=claim.moves > 0,
        is_cancelled=claim.status in (Status.CANCELLED, Status.ENTERED_IN_ERROR),
    )


def already_booked(programme: Programme, claim: Claim) -> Text:
    """Say that the person has this already, or has asked for it."""
    if claim.answer_by is not None:
        return say(
            "{name} has asked for {programme} already: {time}, {centre}. You hear here by {until}.",
            name=claim.patient_name,
            programme=programme.title,
            time=at_centre(claim.starts_at, claim.centre),
            centre=claim.centre.name,
            until=at_centre(claim.answer_by, claim.centre),
        )
    return say(
        "{name} has a booking for {programme} already: {time}, {centre}. Reference {reference}."
        " To move or cancel it, write: my bookings.",
        name=claim.patient_name,
        programme=programme.title,
        time=at_centre(claim.starts_at, claim.centre),
        centre=claim.centre.name,
        reference=claim.reference,
    )


def sorry(verdict: Ineligible) -> Joined:
    """Say why not, and from when on where time cures it."""
    later = (
        say("From {day} on it is possible: write to me again then.", day=Day(verdict.until)) if verdict.until else None
    )
    return joined(verdict.because, later)
