"""What a person did, whatever the channel: wrote, tapped, shared a place or a number, sent what cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.centres import Position


class Kind(StrEnum):
    """In what manner it was said."""

    TEXT = "text"
    TAP = "tap"
    PIN = "pin"
    CONTACT = "contact"
    BEGIN = "begin"  # opened the chat, perhaps by a link with a payload
    STOP = "stop"
    RESUME = "resume"  # wants to be written to again
    UNREADABLE = "unreadable"  # voice, picture, sticker
    EDITED = "edited"
    BLOCKED = "blocked"  # shut us out
    DESK = "desk"  # nobody said it: the desk begins something by itself
    MIGRATED = "migrated"  # the chat of a group has another address now, which the text is


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing said. *menu* and *option* are the numbers that a button carried, option from 0."""

    kind: Kind = Kind.TEXT
    text: str = ""
    menu: int | None = None
    option: int | None = None
    position: Position | None = None
