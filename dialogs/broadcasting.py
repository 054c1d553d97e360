"""What is said in and of broadcasts: the whole message as people read it, and how far it is."""

from __future__ import annotations

from dialogs.text import Joined, Text, Writable, joined, many, render, say
from domain.staff.broadcast_commands import Progress
from domain.words import LANGUAGES


def whole(text: str, centre: str, language: str) -> str:
    """Return a broadcast as it is read in *language*: who writes it, and how to hear no more, stand below it."""
    below = say("{centre}. To get no more messages, write STOP.", centre=centre)
    return render(joined(text, below), language)


def whole_texts(written: dict[str, str], mine: str, centre: str) -> tuple[tuple[str, str], ...]:
    """Return whole messages by language, first in *mine*; where none was written it is as in mine."""
    order = sorted(LANGUAGES, key=lambda language: language != mine)
    return tuple((one, whole(written.get(one) or written[mine], centre, one)) for one in order)


def people(count: int) -> Text:
    """Say how many people."""
    return many("{count} person", "{count} people", count)


def counts(progress: Progress) -> Joined:
    """Say how many have it, and what became of the others."""
    parts: list[Writable] = [say("sent: {count}", count=progress.sent)]
    rest = (
        (progress.waiting, say("still to go: {count}", count=progress.waiting)),
        (progress.failed, say("not delivered: {count}", count=progress.failed)),
        (progress.left_out, say("left out: {count}", count=progress.left_out)),
        (progress.not_sent, say("held back: {count}", count=progress.not_sent)),
    )
    return joined(*parts, *(text for count, text in rest if count), between=", ")


def ended(progress: Progress) -> Text:
    """Say that a broadcast is over."""
    return say(
        "Your message to patients of {centre} is done. Of {people}: {counts}.",
        centre=progress.centre,
        people=people(progress.people),
        counts=counts(progress),
    )


def paused(progress: Progress) -> Text:
    """Say that a broadcast waits until the quiet hours are over."""
    return say(
        "It is late: your message to patients of {centre} goes on in the morning. Of {people}: {counts}. "
        "To end it, write: stop the broadcast.",
        centre=progress.centre,
        people=people(progress.people),
        counts=counts(progress),
    )


def so_far(progress: Progress) -> Text:
    """Say how far a broadcast is."""
    return say(
        "Message to patients of {centre}. Of {people}: {counts}.",
        centre=progress.centre,
        people=people(progress.people),
        counts=counts(progress),
    )
