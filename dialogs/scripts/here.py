"""Being there for a visit by video: whoever is to see the person is told that they wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.script import End, do
from dialogs.text import joined, say
from dialogs.times import at_centre
from dialogs.visit_notices import link_in_words
from domain.appointments import AppointmentId
from domain.video import HereTold, NoVideoVisit, SayHere, TooEarly


async def here(desk: Desk, args: Mapping[str, str]) -> End:
    """Say that one is there."""
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
            return End(text=say("I know of no video visit of yours to come. At the centre, please tell the reception."))
        case never:
            assert_never(never)
