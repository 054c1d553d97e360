"""What stands in e-mails: when and where, by which reference, and nothing of what it is for or for whom."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dialogs.prompt import Visit
from dialogs.text import DayAndTime, Text, Writable, joined, say

#: Subject and text.
Written = tuple[Writable, Writable]


def code(digits: str, clinic: Writable, minutes: int) -> Written:
    """Return the words that bring a code to somebody who may not have asked for it."""
    text = joined(
        say(
            "Somebody, most likely you, wants to get e-mails from {clinic} at this address. If so, please write this"
            " code in the chat within {minutes} minutes: {code}",
            clinic=clinic,
            minutes=minutes,
            code=digits,
        ),
        say("If it was not you, please do nothing: nothing else will be sent to you."),
    )
    return say("Your code"), text


def copy(visit: Visit) -> Written:
    """Return the words that go with a calendar file."""
    time = DayAndTime(visit.starts_at.astimezone(ZoneInfo(visit.tz)))
    subject, first, file = _of(visit, time)
    facts = joined(first, visit.place, say("Reference {reference}.", reference=visit.reference), between="\n")
    return subject, joined(facts, file, _FOOT)


_FOOT = say("You get this since you asked for it in the chat. To end it, write there: no e-mail.")
_PUTS_IN = say("The attached file puts it into your calendar.")


def _of(visit: Visit, time: DayAndTime) -> tuple[Text, Text, Text]:
    if visit.is_cancelled:
        return (
            say("Cancelled: your appointment on {time}", time=time),
            say("Your appointment on {time} is cancelled.", time=time),
            say("The attached file takes it out of your calendar."),
        )
    if visit.is_moved:
        return (
            say("Moved: your appointment on {time}", time=time),
            say("Your appointment has been moved to {time}.", time=time),
            _PUTS_IN,
        )
    return (
        say("Your appointment on {time}", time=time),
        say("Your appointment is on {time}.", time=time),
        _PUTS_IN,
    )
