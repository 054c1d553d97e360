"""What can be chosen from: questions to the database whose answers are offered to a patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.appointments import SlotId
from domain.centres import Centre, CentreId, Position
from domain.practitioners import PractitionerId
from domain.priority import ANYBODY, Terms

Windows = Sequence[tuple[datetime, datetime]]


class Days(Protocol):
    """On which days, and at which times of day, a place is wanted, by the wall clock of wherever that is."""

    def windows(self, zone: ZoneInfo, start: datetime, until: datetime) -> Windows:
        """Return the spans of moments within [*start*, *until*) in which it is wanted where the clock is of *zone*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CentresNear:
    """Centres with a free place for *programme*, nearest to *position* first (by name where that is None).

    With *days*, the place is on such days; with *step_free*, the centre is known to be so; with *practitioner*, the
    place is with that one.
    """

    programme: str
    position: Position | None
    lead_minutes: int = 0
    terms: Terms = ANYBODY
    days: Days | None = None
    step_free: bool = False
    practitioner: PractitionerId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreOffer:
    """A centre that can be chosen."""

    centre: Centre
    distance_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlots:
    """Free places for *programme* at *centre*, by time, on days in [*first*, *last*) where given, save *but*.

    With *practitioner* only those with that one.
    """

    centre: CentreId
    tz: str
    programme: str
    lead_minutes: int = 30
    first: date | None = None
    last: date | None = None
    but: SlotId | None = None
    terms: Terms = ANYBODY
    practitioner: PractitionerId | None = None


Source = CentresNear | FreeSlots
