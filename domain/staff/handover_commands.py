"""A person, please: what patients and staff ask about hand-overs.

A hand-over waits until a member of staff takes it. From then on the two write to each other through the desk, which is
silent towards the patient meanwhile, until it is handed back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NewType

from domain.centres import CentreId
from domain.commands import Command
from domain.patients import ContactId
from domain.staff.commands import NotAllowed, R, StaffCommand, Workplace
from domain.staff.members import StaffId
from domain.staff.rights import Right

HandoverId = NewType("HandoverId", int)

#: So many messages of a person are shown to who takes a hand-over, or looks at it.
TRANSCRIPT = 20


class Why(StrEnum):
    """Why somebody is to talk with a patient; the value stands in the database."""

    ASKED = "asked"
    STUCK = "stuck"  # the desk could not read what they wrote, several times


class Stage(StrEnum):
    """How far a hand-over has come; the value stands in the database."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Somebody who wants, or needs, a person: *name* is short, as staff see it, and empty where none is on record.

    *calls* counts the rounds in which staff were told. *owner* talks with them, in *chat*.
    """

    id: HandoverId
    contact: ContactId
    name: str
    why: Why
    stage: Stage
    opened_at: datetime
    calls: int = 0
    centre: Workplace | None = None
    owner: StaffId | None = None
    owner_name: str = ""
    chat: ContactId | None = None
    spoken_at: datetime | None = None


class OfCall(StaffCommand[R]):
    """Something with a *handover*: the right is needed at its centre."""

    __slots__ = ()
    handover: HandoverId


# ---- of patients


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Staff are told, at once or at *reads_at*, when somebody is there again; by the wall clock of *tz*.

    *is_closed*: nobody is there now; without *reads_at* it is not known until when.
    """

    is_closed: bool = False
    reads_at: datetime | None = None
    tz: str = "UTC"


@dataclass(frozen=True, slots=True)
class Talking:
    """Somebody is talking with them already."""

    name: str


@dataclass(frozen=True, slots=True)
class NobodyInChat:
    """No member of staff can be written to: it is on the list of tasks, and nothing else can be done from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPerson(Command[Called | Talking | NobodyInChat]):
    """Let a member of staff talk with who writes; *centre* and *name* are those of a booking under way."""

    why: Why = Why.ASKED
    centre: CentreId | None = None
    name: str = ""
    results: ClassVar = (NobodyInChat, Called, Talking)


# ---- of staff


@dataclass(frozen=True, slots=True)
class CallOver:
    """It is handed back, or was never there."""


@dataclass(frozen=True, slots=True)
class SeeCall(Command[Call | CallOver | NotAllowed]):
    """What is to be told of a hand-over in a chat of staff? A team's chat may see those of its centres."""

    handover: HandoverId
    results: ClassVar = (Call, CallOver, NotAllowed)


@dataclass(frozen=True, slots=True)
class Calls:
    """Who waits, the longest first."""

    waiting: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class ShowCalls(StaffCommand[Calls | NotAllowed]):
    """Who waits for a person at one's centres?"""

    right: ClassVar = Right.HAND_OVER
    results: ClassVar = (Calls, NotAllowed)


@dataclass(frozen=True, slots=True)
class CallTaken:
    """Who asked and the patient write to each other from now on."""

    call: Call


@dataclass(frozen=True, slots=True)
class CallHeld:
    """Somebody else was quicker."""

    call: Call


@dataclass(frozen=True, slots=True)
class HoldsAnother:
    """They talk with somebody else, who comes first."""

    call: Call


@dataclass(frozen=True, slots=True)
class TakeCall(OfCall[CallTaken | CallHeld | HoldsAnother | CallOver | NotAllowed]):
    """Talk with somebody who waits."""

    handover: HandoverId
    right: ClassVar = Right.HAND_OVER
    results: ClassVar = (CallTaken, CallHeld, HoldsAnother, CallOver, NotAllowed)


class Sort(StrEnum):
    """What was sent that is not shown as words."""

    WORDS = "words"
    PLACE = "place"
    NUMBER = "number"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One thing said, by the patient or *to* them; numbers in it are hidden."""

    to_patient: bool
    text: str = ""
    sort: Sort = Sort.WORDS


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, oldest first."""

    call: Call
    said: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class ShowTranscript(OfCall[Transcript | CallOver | NotAllowed]):
    """What was said in a hand-over and before it? Who looks is written down."""

    handover: HandoverId
    right: ClassVar = Right.HAND_OVER
    results: ClassVar = (Transcript, CallOver, NotAllowed)


@dataclass(frozen=True, slots=True)
class HandedBack:
    """The desk goes on with them."""

    call: Call


@dataclass(frozen=True, slots=True)
class HoldsNone:
    """They talk with nobody."""


@dataclass(frozen=True, slots=True)
class HandBack(StaffCommand[HandedBack | HoldsNone | NotAllowed]):
    """Let the desk go on with whom one talks with."""

    right: ClassVar = Right.HAND_OVER
    results: ClassVar = (HandedBack, HoldsNone, NotAllowed)
