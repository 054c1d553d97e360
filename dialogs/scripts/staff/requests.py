"""Requests shown and answered, and being there for a visit by video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import End, Goto, Offer, ask, do, fingerprint
from dialogs.scripts.staff.common import NOT_ALLOWED, at_place
from dialogs.text import Joined, joined, say
from dialogs.visit_notices import CONFIRM, DECLINE
from domain.appointments import AppointmentId
from domain.staff.commands import NotAllowed, NoVisit, StaffVisit, VisitsFound
from domain.staff.presence import NobodyNow, PresentTold, SayPresent, SeveralPresent
from domain.staff.request_commands import Answered, AnswerRequest, NotRequested, ShowRequests

_NONE = say("Nobody waits for your answer.")


async def requests(_desk: Desk, _args: Mapping[str, str]) -> End:
    """Show who waits for an answer."""
    match await do("requests", ShowRequests()):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case VisitsFound(()):
            return End(text=_NONE)
        case VisitsFound(visits, has_more):
            more = say("There are more; answer these first.") if has_more else None
            return End(
                text=joined(say("These wait for an answer:"), joined(*map(_line, visits), between="\n"), more),
                offers=tuple(_offer(visit) for visit in visits),
            )
        case never:
            assert_never(never)


def _offer(visit: StaffVisit) -> Offer:
    return Offer(
        label=visit.patient_name or visit.reference,
        detail=at_place(visit.starts_at, visit.centre),
        goto=Goto(script="request", args=(("visit", str(visit.id)),)),
    )


def _line(visit: StaffVisit) -> Joined:
    time = at_place(visit.starts_at, visit.centre)
    return joined(time, visit.patient_name, visit.practitioner or None, visit.centre.name, between=", ")


async def request(_desk: Desk, args: Mapping[str, str]) -> End:
    """Confirm or decline one."""
    wish = await ask(_wish(), args.get("as"))
    accept = wish == "confirm"
    match await do("answered", AnswerRequest(appointment=AppointmentId(int(args["visit"])), accept=accept)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoVisit():
            return End(text=_NONE)
        case NotRequested(visit):
            over = say("That waits for no answer any more: it was answered, withdrawn, or the time is over.")
            return End(text=joined(_line(visit), over, between="\n"))
        case Answered(visit, True):
            return End(text=joined(_line(visit), say("Confirmed, and they are told."), between="\n"))
        case Answered(visit, _):
            sorry = say("Declined. They are told kindly, with other times.")
            return End(text=joined(_line(visit), sorry, between="\n"))
        case never:
            assert_never(never)


def _wish() -> Question[str]:
    return Question(
        key="as",
        text=say("Confirm this visit?"),
        type=str,
        options=(Option(label=CONFIRM, value="confirm"), Option(label=DECLINE, value="decline")),
    )


async def present(desk: Desk, args: Mapping[str, str]) -> End:
    """Be there for whom one is to see by video; of several it is asked for whom."""
    named = AppointmentId(int(args["visit"])) if "visit" in args else None
    found = await do("present", SayPresent(named))
    if isinstance(found, SeveralPresent):
        who = await ask(_who(found.visits))
        found = await do("present-for", SayPresent(AppointmentId(who)))
    match found:
        case PresentTold(visit):
            told = say("{name} is told that you wait.", name=visit.patient_name)
            return End(text=joined(told, desk.video(visit.id), between="\n"))
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NobodyNow() | SeveralPresent():
            return End(text=say("Nobody is to be seen by video now, or within 15 minutes."))
        case never:
            assert_never(never)


def _who(visits: Sequence[StaffVisit]) -> Question[int]:
    return Question(
        key="who",
        text=say("Whom shall I tell?"),
        type=int,
        options=tuple(
            Option(
                label=visit.patient_name or visit.reference,
                detail=at_place(visit.starts_at, visit.centre),
                value=int(visit.id),
            )
            for visit in visits
        ),
        given=fingerprint([visit.id for visit in visits]),
        is_private=True,
    )
