"""Practitioners: who sees patients, what each is for, and where they are when. In FHIR's words Practitioners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import NewType

PractitionerId = NewType("PractitionerId", int)

#: Slots of practitioners begin and end on such steps, by which the database knows where each of them is (I4).
TICK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Somebody who sees patients, as these know them."""

    id: PractitionerId
    name: str
