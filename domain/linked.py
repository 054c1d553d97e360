"""What is known of codes, and of the two sides of a link, as the store tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from domain.centres import CentreId
from domain.patients import Channel, ContactId, PatientId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCode:
    """A code that can be used: typed at *contact*, where it was sent to *other*; typed elsewhere, where to nobody."""

    id: int
    contact: ContactId
    other: ContactId | None
    digest: str
    misses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A contact as somebody who writes to it must know it; *heard_at* is None where it was not heard last."""

    contact: ContactId
    channel: Channel
    address: str
    conversation: int
    is_stopped: bool
    heard_at: datetime | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How often was guessed wrongly from a contact, and until when it may not guess."""

    misses: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person on record, with the courses they have a claim on that is open."""

    id: PatientId
    name: str
    birth: date
    facts: dict[str, str]
    last_centre: CentreId | None
    open_courses: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A conversation that is to be one with another, locked: its contacts, its people, who of them is *me*."""

    conversation: int
    contacts: tuple[ContactId, ...]
    known_since: datetime
    people: tuple[Known, ...]
    me: PatientId | None
    state: dict[str, Any] = field(default_factory=dict)
    heard: dict[str, str] = field(default_factory=dict)
    reminded_at: datetime | None = None

    @property
    def has_bookings(self) -> bool:
        return any(person.open_courses for person in self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Two conversations are one: *keeps_mine* says whether that in which it was asked for goes on.

    *other* is the state of the other one, *heard* when each contact was heard.
    """

    keeps_mine: bool
    other: dict[str, Any]
    heard: dict[str, str]
