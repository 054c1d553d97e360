"""Practitioners: who sees patients, what each is for, and where they are when. In FHIR's words Practitioners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NewType

from domain.gazetteer.names import fold
from domain.words import Words

PractitionerId = NewType("PractitionerId", int)

#: Slots of practitioners begin and end on such steps, by which the database knows where each of them is (I4).
TICK = timedelta(minutes=5)
_STEM = 5  # letters by which "cardiologist" and "cardiology" are known as the same
_SHORTEST = 3
#: Words around a name or a speciality that tell neither.
_BESIDE = frozenset(
    (
        *("doctor", "docteur", "doctora", "the", "with", "for", "and", "see", "want", "would", "like", "please", "one"),
        *("somebody", "someone", "appointment", "les", "des", "une", "avec", "pour", "voir", "veux", "voudrais", "mon"),
        *("rendez", "vous", "las", "los", "una", "con", "para", "ver", "quiero", "quisiera", "cita", "por", "favor"),
    )
)


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Somebody who sees patients, as these know them."""

    id: PractitionerId
    name: str


def likeness(said: str, name: str, specialities: Sequence[Words], places: Sequence[str]) -> int:
    """Return how many words of *said* are of a practitioner's name, specialities in any language, or places."""
    known = [name, *places, *(text for one in specialities for _, text in one.pairs)]
    parts = {part for text in known for part in fold(text).split()}
    words = [word for word in fold(said).split() if len(word) >= _SHORTEST and word not in _BESIDE]
    return sum(any(_alike(word, part) for part in parts) for word in words)


def _alike(word: str, part: str) -> bool:
    return part.startswith(word) or (len(part) >= _STEM and word[:_STEM] == part[:_STEM])
