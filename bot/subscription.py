"""Words by which people stop and take up messages; on SMS some of them are the carrier's, whatever we think."""

from __future__ import annotations

from dialogs.readers.fold import fold
from dialogs.said import Kind, Said
from domain.patients import Channel

#: The carrier itself acts on these when they stand alone, in any case: "stop." is none of them.
_CARRIER_STOPS = frozenset(["stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "cancel"])
_CARRIER_STARTS = frozenset(("start", "unstop"))
#: And we act on these.
_STOPS = frozenset(
    [
        "stop",
        "stopall",
        "unsubscribe",
        "optout",
        "arret",
        "arreter",
        "desabonner",
        "desinscrire",
        "alto",
        "baja",
        "parar",
        "detener",
    ]
)


def as_subscription(text: str, channel: Channel) -> Said | None:
    """Return *text* as a wish to stop or take up messages; None when it is something else."""
    word = fold(text.strip().removeprefix("/"))
    if word in _STOPS or (channel == Channel.SMS and _exact(text) in _CARRIER_STOPS):
        return Said(kind=Kind.STOP, text=text)
    if word in _CARRIER_STARTS:
        return Said(kind=Kind.RESUME, text=text)
    return None


def carrier_answers(said: Said, channel: Channel) -> bool:
    """Say whether the carrier has confirmed a stop: it reads only its own words, to the letter, and says if it did."""
    return channel == Channel.SMS and (not said.text or _exact(said.text) in _CARRIER_STOPS)


def means_a_visit(said: Said, channel: Channel) -> bool:
    """Say whether somebody who stopped may have wanted to cancel a visit: the carrier has made that word its own."""
    return channel == Channel.SMS and _exact(said.text) == "cancel"


def is_start(said: Said, channel: Channel) -> bool:
    """Say whether somebody who stopped wants messages again; on SMS the carrier takes YES for it too.

    Opening the chat by a link says START on Telegram; elsewhere the link writes other words.
    """
    if said.kind == Kind.RESUME or (said.kind == Kind.BEGIN and channel == Channel.TELEGRAM):
        return True
    return channel == Channel.SMS and said.kind == Kind.TEXT and _exact(said.text) == "yes"


def _exact(text: str) -> str:
    return text.strip().casefold()
