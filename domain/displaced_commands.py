"""What patients may ask about a visit that falls out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.appointments import AppointmentId, SlotId
from domain.commands import Claim, Command, Moved, NotOpen, SlotFound, SlotGone


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The visit that falls out, and the places that are held for it until *until*."""

    claim: Claim
    places: tuple[SlotFound, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class NotDisplaced:
    """Nothing is offered for that visit, or not any more; *claim* is the visit as it stands, if there is one."""

    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class FindAlternatives(Command[Alternatives | NotDisplaced]):
    """What is held in place of a visit that falls out?"""

    appointment: AppointmentId
    results: ClassVar = (Alternatives, NotDisplaced)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAlternative(Command[Moved | SlotGone | NotOpen]):
    """Move the visit to a place that is held for it, and let go of the others."""

    appointment: AppointmentId
    slot: SlotId
    results: ClassVar = (Moved, SlotGone, NotOpen)
