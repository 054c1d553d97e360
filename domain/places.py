"""Where a place is that somebody names: at the centres of that town or postcode, else as the gazetteer has it.

A town with a centre comes first and is not asked about, even where others are called so: who writes to this desk most
likely means that one. Unless the other one dwarfs it: Mérignac is a village with a centre, and a city without one.
The gazetteer is asked for the countries where the desk has centres, the person's own first; and for their own last
where the desk has no centre in it. Of a name in two countries the one at home comes first, and it is asked which.
"""

from __future__ import annotations

import asyncio
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


async def places_called(text: str, centres: Centres, country: str = "") -> list[Place]:
    """Return the places that *text* may mean, the likeliest first; *country* is where they are likely at home."""
    home = Gazetteer.load().country_of(country)
    found = await centres.places_called(text, home)
    if found:
        return await _with_namesakes(text, found, centres, home)
    found = await _towns(text, centres, country)
    postcode = _POSTCODE.search(text)
    if found or postcode is None:
        return found
    return await _with_postcode(_POSTCODE.sub(" ", text), postcode[0], centres, country)


async def warm_up(centres: Centres) -> None:
    """Read the towns that people will ask for, so that nobody waits for them."""
    await _gazetteer(await centres.countries())


async def _gazetteer(countries: list[str]) -> Gazetteer:
    """Return the gazetteer with *countries* in it, read in a thread: meanwhile others have their turns."""
    gazetteer = await asyncio.to_thread(Gazetteer.load)
    if missing := gazetteer.missing(countries):
        await asyncio.to_thread(gazetteer.read, missing)
    return gazetteer


async def _with_postcode(name: str, postcode: str, centres: Centres, country: str) -> list[Place]:
    """Return where the town *name* is; of several, the one nearest to where *postcode* is."""
    home = Gazetteer.load().country_of(country)
    found = await centres.places_called(name, home) or await _towns(name, centres, country)
    area = await centres.places_called(postcode, home)
    if not area or len(found) == 1:
        return found
    return [min(found, key=lambda place: distance_m(place.position, area[0].position))] if found else area


async def _with_namesakes(text: str, found: list[Place], centres: Centres, home: str) -> list[Place]:
    """Add to towns with centres those called *text* that dwarf them, or that are at *home* where they are not."""
    countries = list(dict.fromkeys(place.country for place in found if place.country))
    gazetteer = await _gazetteer(countries)
    is_at_hand = home != "" and home not in countries and not gazetteer.missing([home])  # as the desk's countries are
    is_abroad = is_at_hand and home in await centres.countries()
    towns = [town for town in gazetteer.find(text, countries) if fold(town.name) == fold(text)]
    at_home = [town for town in gazetteer.find(text, [home]) if fold(town.name) == fold(text)] if is_abroad else []
    here = [town for town in towns if any(_is_at(town, place) for place in found)]
    least = _DWARFED * max((town.population for town in here), default=0)
    others = [*at_home, *(town for town in towns if town not in here and town.population > least)]
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
    has_one = not place.postcode or f"({place.postcode}" in place.label
    return place if has_one else replace(place, label=f"{place.label} ({place.postcode})")


async def _towns(text: str, centres: Centres, country: str) -> list[Place]:
    """Return the towns called *text* where the desk has centres, those of *country* first; if none is, in *country*."""
    countries = await centres.countries()
    home = Gazetteer.load().country_of(country)
    wheres = [[country, *countries] if home in countries else countries, [country] if country else []]
    for where in wheres:
        towns = (await _gazetteer(where)).find(text, where)
        if towns:
            return [Place(label=town.label, position=town.position, near=town.near) for town in towns]
    return []
