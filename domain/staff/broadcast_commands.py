"""What members of staff may ask of the domain to write to many patients at once.

A broadcast goes to an *audience* of a centre, once to each person, whatever number of channels they have. In FHIR's
words it is a CommunicationRequest to a Group.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, NewType

from domain.centres import CentreId
from domain.patients import Channel
from domain.staff.commands import AtCentre, NotAllowed, StaffCommand
from domain.staff.rights import Right

BroadcastId = NewType("BroadcastId", int)


class Whom(StrEnum):
    """Who is written to; the value stands in the database."""

    VISIT = "visit"  # those with a visit at the centre on certain days
    DUE = "due"  # those who wait for the day from which they may come, and those whose next dose is not booked
    BEEN = "been"  # all who have been at the centre


class Why(StrEnum):
    """Why somebody is left out; the value stands in the database."""

    STOPPED = "stopped"  # they said STOP, on whichever of their channels
    NO_CONSENT = "no-consent"
    BLOCKED = "blocked"  # no channel of theirs takes our messages
    WINDOW = "window"  # on WhatsApp, which takes no free words from us a day after they wrote
    OFF = "off"  # their channel is not switched on
    FAILED = "failed"  # the message could not be made


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who at a *centre* is written to; each filter that is there must hold.

    *first* and *last* are days by the centre's wall clock, both included, for `Whom.VISIT`. *following* has pairs of
    courses, for `Whom.DUE`: who was served for the first and has nothing booked for the second. *programme*, *group*
    (a priority group) and *language* limit all of them.
    """

    whom: Whom
    first: date | None = None
    last: date | None = None
    programme: str | None = None
    group: str | None = None
    language: str | None = None
    following: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How many people are written to on a channel, in a language (None: they told none)."""

    channel: Channel
    language: str | None
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many people are left out, and why."""

    why: Why
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a broadcast would be now.

    *segments* is how many text messages are charged in all, *cost* what they cost in words, where a price is known.
    """

    ways: tuple[Way, ...]
    left_out: tuple[LeftOut, ...]
    segments: int = 0
    cost: str | None = None

    @property
    def people(self) -> int:
        """How many people are written to."""
        return sum(way.people for way in self.ways)


Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewBroadcast(AtCentre[Preview | NotAllowed]):
    """Who would get a broadcast, and what would it cost with *texts*, whole ones by language?"""

    centre: CentreId
    audience: Audience
    texts: Texts = ()
    right: ClassVar = Right.BROADCAST
    results: ClassVar = (Preview, NotAllowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The broadcast is queued to *people*; *from_when* it goes out, later than now where hours are quiet."""

    id: BroadcastId
    people: int
    from_when: datetime | None = None


@dataclass(frozen=True, slots=True)
class NobodyToTell:
    """There is nobody any more who can be written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginBroadcast(AtCentre[Begun | NobodyToTell | NotAllowed]):
    """Write *texts*, whole ones by language, to an audience; who spoke no language gets the first of them."""

    centre: CentreId
    audience: Audience
    texts: Texts
    right: ClassVar = Right.BROADCAST
    results: ClassVar = (Begun, NobodyToTell, NotAllowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a broadcast is: its people as they stand; *is_over*: nobody else will be written to."""

    id: BroadcastId
    centre: str
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    left_out: int = 0
    not_sent: int = 0
    is_over: bool = False

    @property
    def people(self) -> int:
        """How many people it was meant for."""
        return self.sent + self.waiting + self.failed + self.left_out + self.not_sent


@dataclass(frozen=True, slots=True)
class Stopped:
    """No more of it goes out, from this moment; *before*: it was over already."""

    progress: Progress
    before: bool = False


@dataclass(frozen=True, slots=True)
class NoBroadcast:
    """There is no such broadcast, or none under way."""


@dataclass(frozen=True, slots=True)
class StopBroadcast(StaffCommand[Stopped | NoBroadcast | NotAllowed]):
    """Drop what has not gone out of a broadcast, of the last one with None."""

    broadcast: BroadcastId | None = None
    right: ClassVar = Right.BROADCAST
    results: ClassVar = (Stopped, NoBroadcast, NotAllowed)


@dataclass(frozen=True, slots=True)
class ShowBroadcast(StaffCommand[Progress | NoBroadcast | NotAllowed]):
    """How far is a broadcast, the last one with None?"""

    broadcast: BroadcastId | None = None
    right: ClassVar = Right.BROADCAST
    results: ClassVar = (Progress, NoBroadcast, NotAllowed)
