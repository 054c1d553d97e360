"""What is said while a person talks with a patient through the desk, to the one and to the other."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.sentences import PERSON_ASKED
from dialogs.text import CalendarDay, Clock, Text, Writable, joined, say
from domain.staff.handover_commands import Called

#: How members of staff are called whose name is not known, and patients.
COLLEAGUE = say("A colleague")
PATIENT = say("Somebody without a name here")

# ---- to the patient

BACK = say("I am the automatic desk again, and we go on where we were.")
LATE = say(
    "I am sorry that nobody could answer you yet. Your words are kept, and a colleague answers you here as soon as"
    " somebody is free. You can go on with me meanwhile."
)
ASKED_ANOTHER = say("I cannot reach my colleague any more, and have asked another one. Your words are kept.")
_CLOSED = say("Nobody is at the desk just now. Your words are kept, and a colleague answers you here.")


def person_asked(called: Called, now: datetime) -> Writable:
    """Say that a person is asked, and where nobody is there now, when somebody will be."""
    if not called.is_closed:
        return PERSON_ASKED
    if called.reads_at is None:
        return _CLOSED
    local = called.reads_at.astimezone(ZoneInfo(called.tz))
    if local.date() == now.astimezone(local.tzinfo).date():
        when = say(
            "Nobody is at the desk just now. We read this today from {time}, and answer you here.", time=Clock(local)
        )
    else:
        when = say(
            "Nobody is at the desk just now. We read this on {day} from {time}, and answer you here.",
            day=CalendarDay(local.date()),
            time=Clock(local),
        )
    return joined(when, say("Your answers are kept; you can go on meanwhile."), between=" ")


def person_here(name: str) -> Text:
    """Say that somebody talks with them from now on."""
    return say("{name} is here for you now. What you write goes to them.", name=name or COLLEAGUE)


def only_text_here(name: str) -> Text:
    """Say that what was sent did not go through."""
    return say(
        "Only words go through to {name}, not voice, pictures, places or files. Please write it.",
        name=name or COLLEAGUE,
    )


def spoken(name: Writable, words: str) -> Text:
    """Return what somebody said, as the other one reads it."""
    return say("{name}: {words}", name=name, words=words)


# ---- to the member of staff


def only_text_there(name: str) -> Text:
    """Say that the patient sent what does not go through."""
    return say(
        "{name} sent something that is not text. Only words go through; I have told them so.", name=name or PATIENT
    )


ONLY_TEXT = say("Only words go through, not voice, pictures, places or files. Please write it.")


def gone(name: str) -> Text:
    """Say that the patient wants no more messages."""
    return say("{name} wants no more messages from us. Your talk with them is over.", name=name or PATIENT)


def unreachable(name: str) -> Text:
    """Say that the patient cannot be written to now."""
    return say(
        "That did not go out: {name} cannot be written to just now. It will be possible again when they write.",
        name=name or PATIENT,
    )


def others(name: str, colleague: str) -> Text:
    """Say that it is another one's talk."""
    return say("{colleague} talks with {name} already.", colleague=colleague or COLLEAGUE, name=name or PATIENT)


def over(name: str) -> Text:
    """Say that the talk was over before the words came."""
    return say("That did not go out: your talk with {name} is over.", name=name or PATIENT)
