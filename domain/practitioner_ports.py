"""What those who look for a practitioner need of a store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.centres import CentreId
from domain.practitioners import Practitioner
from domain.priority import Terms
from domain.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionerOffer:
    """Somebody with a free place: what they are for, where they work, and the first place, by the clock of *tz*."""

    practitioner: Practitioner
    specialities: tuple[Words, ...]
    centres: tuple[CentreId, ...]
    first_at: datetime
    centre_name: str
    tz: str


@dataclass(frozen=True, slots=True)
class WithPlace:
    """A practitioner with a free place, and the names of all places where they work."""

    offer: PractitionerOffer
    places: tuple[str, ...]


class Practitioners(Protocol):
    """Practitioners and their free places."""

    async def with_place(
        self, programme: str, start: datetime, until: datetime, *, terms: Terms, centre: CentreId | None
    ) -> list[WithPlace]:
        """Return who has a place that starts in [*start*, *until*), at *centre* if given, who is free first first."""
