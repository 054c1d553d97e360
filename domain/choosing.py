"""Whom somebody wants to see: practitioners with a free place, by name, speciality, place, or whoever is free first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from domain.centres import CentreId
from domain.commands import Command
from domain.context import Context
from domain.practitioner_ports import PractitionerOffer, WithPlace
from domain.practitioners import likeness
from domain.priority import ANYBODY, Terms

AT_ONCE = 6
HORIZON = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionersFound:
    """Who has a free place, who is free first first; *has_more*: so have others.

    Not *is_limited*: nobody is called so, or for that, or there, and these are all others.
    """

    offers: tuple[PractitionerOffer, ...]
    is_limited: bool = False
    has_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPractitioners(Command[PractitionersFound]):
    """Who has a free place for *programme*, with these *words* in their name, speciality or place, at *centre*?"""

    programme: str
    words: str = ""
    centre: CentreId | None = None
    lead_minutes: int = 0
    terms: Terms = ANYBODY
    results: ClassVar = (PractitionersFound,)


async def find_practitioners(command: FindPractitioners, context: Context) -> PractitionersFound:
    """Look for those that fit best; for all where none does."""
    start = context.now + timedelta(minutes=command.lead_minutes)
    found = await context.store.practitioners.with_place(
        command.programme, start, context.now + HORIZON, terms=command.terms, centre=command.centre
    )
    fitting = _fitting(command.words, found) if command.words else []
    offers = [one.offer for one in fitting or found]
    return PractitionersFound(offers=tuple(offers[:AT_ONCE]), is_limited=bool(fitting), has_more=len(offers) > AT_ONCE)


def _fitting(words: str, found: Sequence[WithPlace]) -> list[WithPlace]:
    alike = [likeness(words, one.offer.practitioner.name, one.offer.specialities, one.places) for one in found]
    most = max(alike, default=0)
    return [one for one, count in zip(found, alike, strict=True) if count == most] if most else []
