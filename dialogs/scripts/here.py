"""Arriving: the patient says "I am here", or scans what is meant for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.script import End, do
from dialogs.scripts.told import referred, summary, title_of
from dialogs.text import joined, say
from dialogs.times import at_centre
from dialogs.visit_notices import link_in_words
from domain.appointments import AppointmentId
from domain.centres import CentreId
from domain.commands import MyAppointments
from domain.presence_commands import Arrived, NotYet, NoVisitNow, SayArrived
from domain.video import HereTold, NoVideoVisit, SayHere, TooEarly


async def here(desk: Desk, args: Mapping[str, str]) -> End:
    """Let the team know that somebody is here, or show who scans a reference their own visit."""
    if "reference" in args:
        return await _scanned(desk, args["reference"])
    if "centre" not in args and (video := await _by_video(desk, args)) is not None:
        return video
    centre = CentreId(int(args["centre"])) if "centre" in args else None
    match await do("arrived", SayArrived(centre)):
        case Arrived(claims, again):
            told = say("Thank you. The team knows that you are here; please take a seat until you are called.")
            note = say("I had noted it already.") if again else None
            people = say("Noted as here:")
            return End(
                text=joined(
                    joined(note, told, between=" "),
                    joined(
                        people, *(joined(one.patient_name, referred(one), between=", ") for one in claims), between="\n"
                    ),
                )
            )
        case NotYet(claim):
            early = say("From an hour before until its end you can tell the team here that you have come.")
            return End(text=joined(say("Your next visit is not now:"), summary(claim, title_of(desk, claim)), early))
        case NoVisitNow():
            return End(text=say("I find no visit of yours to come. Please speak to the team at the desk."))
        case never:
            assert_never(never)


async def _by_video(desk: Desk, args: Mapping[str, str]) -> End | None:
    """Tell whoever holds a visit by video that its person waits; None where there is no such visit."""
    named = AppointmentId(int(args["visit"])) if "visit" in args else None
    match await do("here", SayHere(named)):
        case HereTold(claim):
            if claim.practitioner is not None:
                told = say("Thank you. {practitioner} is told that you wait.", practitioner=claim.practitioner.name)
            else:
                told = say("Thank you. The clinic is told that you wait.")
            return End(text=joined(told, link_in_words(desk.video(claim.id)), between="\n"))
        case TooEarly(claim):
            time = at_centre(claim.starts_at, claim.centre)
            return End(text=say("Your video visit is on {time}. From 15 minutes before you can say so.", time=time))
        case NoVideoVisit():
            return None
        case never:
            assert_never(never)


async def _scanned(desk: Desk, reference: str) -> End:
    mine = await do("mine", MyAppointments())
    claim = next((one for one in mine.claims if one.reference == reference), None)
    if claim is None:
        return End(text=say("That code is for the team at the desk. Please show it there."))
    shown = say("This is your visit. Please show its code at the desk when you come, or write: I am here.")
    return End(text=joined(shown, summary(claim, title_of(desk, claim))))
