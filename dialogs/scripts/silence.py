"""Why somebody has heard nothing: what was sent and how it fared, and what comes next, as it is."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.desk import Desk
from dialogs.script import End, do
from dialogs.text import Joined, Text, Writable, joined, say
from dialogs.times import at_centre
from domain.commands import Explain, Explained, Fate, Sent, VisitNews

_SHOWN = 3  # messages about one visit


async def silence(_desk: Desk, _args: Mapping[str, str]) -> End:
    """Tell the true state."""
    news = await do("explained", Explain())
    parts: list[Writable] = [_of_visit(visit) for visit in news.visits]
    if not parts:
        parts.append(say("You have no bookings to come, so there is nothing to remind you of."))
    return End(text=joined(_stopped(news), *parts, say("If something is missing, write: talk to a person.")))


def _stopped(news: Explained) -> Text | None:
    if news.stopped_at is None:
        return None
    if news.stopped_by == "person":
        return say("You have stopped our messages, so I write nothing unasked. To get them again, write START.")
    return say("Our messages to another number or app of yours are refused there, so they may not reach you.")


def _of_visit(visit: VisitNews) -> Joined:
    claim = visit.claim
    head = say("{time}, {centre}:", time=at_centre(claim.starts_at, claim.centre), centre=claim.centre.name)
    return joined(head, *(_told(one, visit) for one in visit.told[:_SHOWN]), _next(visit), between="\n")


def _next(visit: VisitNews) -> Text:
    if visit.claim.is_quiet:
        return say("You wanted no reminders of it.")
    if visit.next_at is not None:
        return say("I will write to you about it on {time}.", time=at_centre(visit.next_at, visit.claim.centre))
    return say("No further reminder is planned.")


def _told(sent: Sent, visit: VisitNews) -> Text:
    time = at_centre(sent.at, visit.claim.centre)
    match sent.fate:
        case Fate.WAITING:
            return say("A reminder is on its way to you since {time}.", time=time)
        case Fate.READ:
            return say("I wrote to you on {time}, and it was read.", time=time)
        case Fate.DELIVERED:
            return say("I wrote to you on {time}, and it arrived on your phone.", time=time)
        case Fate.FAILED:
            return say("I tried to write to you on {time}, and it could not be delivered.", time=time)
        case Fate.DROPPED:
            return say("A reminder of {time} was not sent, because something had changed.", time=time)
        case _:
            return say("I wrote to you on {time}; whether it arrived is not known.", time=time)
