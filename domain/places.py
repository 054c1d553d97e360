"""Where a place is that somebody names: at the centres of that town or postcode, else as the gazetteer has it.

A centre's own town comes first and is not asked about, even where others are called so: who writes to this desk most
likely means that one. The gazetteer is asked for the countries where the desk has centres.
"""

from __future__ import annotations

import re

from domain.centres import distance_m
from domain.commands import Place
from domain.gazetteer.gazetteer import Gazetteer
from domain.ports import Centres

# 69120, SW1A 1AA: long enough not to be the number of a district.
_POSTCODE = re.compile(r"\b(?:\d{5}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b", re.IGNORECASE)


async def places_called(text: str, centres: Centres) -> list[Place]:
    """Return the places that *text* may mean, the likeliest first."""
    found = await centres.places_called(text)
    if not found:
        found = _towns(text, await centres.countries())
    postcode = _POSTCODE.search(text)
    if found or postcode is None:
        return found
    return await _with_postcode(_POSTCODE.sub(" ", text), postcode[0], centres)


async def _with_postcode(name: str, postcode: str, centres: Centres) -> list[Place]:
    """Return where the town *name* is; of several, the one nearest to where *postcode* is."""
    found = await centres.places_called(name) or _towns(name, await centres.countries())
    area = await centres.places_called(postcode)
    if not area or len(found) == 1:
        return found
    return [min(found, key=lambda place: distance_m(place.position, area[0].position))] if found else area


def _towns(text: str, countries: list[str]) -> list[Place]:
    towns = Gazetteer.load().find(text, countries)
    return [Place(label=town.label, position=town.position, near=town.near) for town in towns]
