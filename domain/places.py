"""Where a place is that somebody names: at the centres of that town or postcode, else as the gazetteer has it.

A town with a centre comes first and is not asked about, even where others are called so: who writes to this desk most
likely means that one. Unless the other one dwarfs it: Mérignac is a village with a centre, and a city without one.
The gazetteer is asked for the countries where the desk has centres.
"""

from __future__ import annotations

import re
from dataclasses import replace

from domain.centres import distance_m
from domain.commands import Place
from domain.gazetteer.gazetteer import MOST, Gazetteer, Town
from domain.gazetteer.names import fold
from domain.ports import Centres

_DWARFED = 4  # times larger
_SAME_TOWN_M = 15_000
# 69120, SW1A 1AA: long enough not to be the number of a district.
_POSTCODE = re.compile(r"\b(?:\d{5}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b", re.IGNORECASE)


async def places_called(text: str, centres: Centres) -> list[Place]:
    """Return the places that *text* may mean, the likeliest first."""
    found = await centres.places_called(text)
    if found:
        return _with_namesakes(text, found)
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


def _with_namesakes(text: str, found: list[Place]) -> list[Place]:
    """Add to towns with centres those called *text* elsewhere that dwarf them."""
    countries = list(dict.fromkeys(place.country for place in found if place.country))
    towns = [town for town in Gazetteer.load().find(text, countries) if fold(town.name) == fold(text)]
    here = [town for town in towns if any(_is_at(town, place) for place in found)]
    least = _DWARFED * max((town.population for town in here), default=0)
    others = [town for town in towns if town not in here and town.population > least]
    if not others:
        return found
    elsewhere = [
        Place(label=f"{town.name} ({town.area})" if town.area else town.label, position=town.position, near=town.near)
        for town in others
    ]
    return [*elsewhere, *map(_with_postcode_in_label, found)][:MOST]


def _is_at(town: Town, place: Place) -> bool:
    return distance_m(town.position, place.position) < _SAME_TOWN_M


def _with_postcode_in_label(place: Place) -> Place:
    has_one = not place.postcode or place.label.endswith(f"({place.postcode})")
    return place if has_one else replace(place, label=f"{place.label} ({place.postcode})")


def _towns(text: str, countries: list[str]) -> list[Place]:
    towns = Gazetteer.load().find(text, countries)
    return [Place(label=town.label, position=town.position, near=town.near) for town in towns]
