"""What can be chosen from: questions to the database whose answers are offered to a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.appointments import SlotId
from domain.centres import Centre, CentreId, Position
from domain.priority import ANYBODY, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class CentresNear:
    """Centres with a free place for *programme*, nearest to *position* first (by name where that is None)."""

    programme: str
    position: Position | None
    terms: Terms = ANYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreOffer:
    """A centre that can be chosen."""

    centre: Centre
    distance_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlots:
    """Free places for *programme* at *centre*, by time, on days in [*first*, *last*) where given, save *but*."""

    centre: CentreId
    tz: str
    programme: str
    lead_minutes: int = 30
    first: date | None = None
    last: date | None = None
    but: SlotId | None = None
    terms: Terms = ANYBODY


Source = CentresNear | FreeSlots
