"""Finds the towns that people may mean by what they write, in the countries where the desk has centres."""

from __future__ import annotations

import functools
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from domain.centres import Position
from domain.gazetteer.country import Country
from domain.gazetteer.names import district_of, fold, spellings

FILE = Path(__file__).with_name("places.zip")
MOST = 6
_LONGEST = 80
_PART_OF_WORD = 5  # letters of a name from which its rest may be missing
_DWARFED = 4  # times larger: then a town of a longer name is as likely meant
_MUCH_LARGER = 10  # times larger: then a town of which it is another name is as likely meant


class Hit(NamedTuple):
    """A town by its number in its country."""

    country: Country
    town: int

    @property
    def population(self) -> int:
        return self.country.populations[self.town]


Found = list[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town. *label* tells it from others that were found; *near* is the known town near it, if *label* does not."""

    name: str
    label: str
    near: str = ""
    country: str
    area: str
    position: Position
    population: int
    zone: str


class Gazetteer:
    """All towns; those of a country are read when they are first asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._countries: dict[str, Country] = {}
        with zipfile.ZipFile(file) as members:
            self._stored = {name.removesuffix(".tsv") for name in members.namelist()}
            self._zones = members.read("zones.tsv").decode().splitlines()
            self._areas = {(one, code): name for one, code, name in _rows(members.read("areas.tsv"))}
            self._territories = [(one, code) for one, code in _rows(members.read("territories.tsv"))]
        self._parent = {code: country for country, code in self._territories}

    @staticmethod
    @functools.cache
    def load() -> Gazetteer:
        """Return the gazetteer that comes with the project."""
        return Gazetteer(FILE)

    def countries(self) -> list[str]:
        """Return the codes of all countries and territories in it."""
        return sorted(code for code in self._stored if len(code) == 2)

    def country(self, code: str) -> Country:
        """Return the towns of a country, without its territories."""
        self.read([code])
        return self._countries[code]

    def country_of(self, code: str) -> str:
        """Return the country that *code* is a territory of; else *code*."""
        return self._parent.get(code, code)

    def missing(self, countries: Sequence[str]) -> list[str]:
        """Return which of *countries* and their territories have not been read yet."""
        return [code for code in self._with_territories(countries) if code not in self._countries]

    def read(self, codes: Iterable[str]) -> None:
        """Read those of the countries that have not been read yet."""
        missing = [code for code in codes if code not in self._countries]
        if missing:
            with zipfile.ZipFile(self._file) as members:
                for code in missing:
                    self._countries[code] = Country(code, members.read(f"{code}.tsv").decode())

    def find(self, text: str, countries: Sequence[str]) -> list[Town]:
        """Return the towns in *countries* that *text* may mean, at most a handful, the largest of the likeliest first.

        That is: called so; else called so in an area that is named; else beginning so; else so but for one letter.
        Towns of the first country stand before others.
        """
        folded = fold(text[:_LONGEST])
        codes = self._with_territories(countries)
        self.read(codes)
        for words in spellings(folded):
            found, is_qualified = self._matching(words, codes)
            if found:
                return self._told_apart(_best(found), self._with_territories(countries[:1]), must_label=is_qualified)
        return []

    def _with_territories(self, countries: Sequence[str]) -> list[str]:
        own = {country: [code for one, code in self._territories if one == country] for country in countries}
        codes = dict.fromkeys(code for country in countries for code in (country, *own[country]))
        return [code for code in codes if code in self._stored and len(code) == 2]

    def _matching(self, folded: str, codes: Sequence[str]) -> tuple[Found, bool]:
        if len(folded) < 2:
            return [], False
        district = district_of(folded)
        if district is not None:
            named = self._called(district[0], codes) or self._called(district[1], codes)
            return named, False
        called = self._called(folded, codes)
        if called:
            return called + self._larger_by_far(folded, called, codes), False
        qualified = self._qualified(folded, codes)
        if qualified:
            return qualified, True
        return self._beginning(folded, codes) or self._mistyped(folded, codes), False

    def _called(self, folded: str, codes: Iterable[str]) -> Found:
        """Return the towns of that name, and those it is another name of if these are far larger."""
        found = [Hit(country, town) for country in self._each(codes) for town in country.called(folded)]
        own = [hit for hit in found if hit.country.is_named(hit.town, folded)]
        if own:
            return own + _above(_MUCH_LARGER * _largest(own), (hit for hit in found if hit not in own))
        return _above(_largest(found) / _MUCH_LARGER, found)

    def _each(self, codes: Iterable[str]) -> Iterator[Country]:
        return (self._countries[code] for code in codes)

    def _larger_by_far(self, folded: str, called: Found, codes: Iterable[str]) -> Found:
        """Return towns whose longer name begins so and that dwarf those called so: Clermont, Clermont-Ferrand."""
        longer = _above(_DWARFED * _largest(called), self._going_on(folded, codes, within_word=False))
        return sorted(longer, key=lambda hit: hit.population)[-2:]

    def _qualified(self, folded: str, codes: Iterable[str]) -> Found:
        """Return the towns of names such as "paris texas", "springfield il", "london uk"."""
        words = folded.split()
        for length in range(len(words) - 1, 0, -1):
            name, area = " ".join(words[:length]), " ".join(words[length:])
            found = [hit for hit in self._called(name, codes) if area in self._names_of_area(hit)]
            if found:
                return found
        return []

    def _names_of_area(self, hit: Hit) -> set[str]:
        code, area = hit.country.code, hit.country.areas[hit.town]
        codes = {area.lower()} if area.isalpha() else set()
        names = {fold(self._areas.get(key, "")) for key in ((code, area), (code, ""), (self._parent.get(code, ""), ""))}
        return (codes | names | {code.lower()} | _COMMON.get(code, set())) - {""}

    def _beginning(self, folded: str, codes: Sequence[str]) -> Found:
        if len(folded) < 3 or folded in _MERE_BEGINNINGS:
            return []
        found = self._going_on(folded, codes, within_word=False)
        if not found and len(folded) >= _PART_OF_WORD:
            found = self._going_on(folded, codes, within_word=True)
        return found

    def _going_on(self, folded: str, codes: Iterable[str], *, within_word: bool) -> Found:
        return [
            Hit(country, town)
            for country in self._each(codes)
            for town in country.beginning(folded, within_word=within_word)
        ]

    def _mistyped(self, folded: str, codes: Iterable[str]) -> Found:
        return [Hit(country, town) for country in self._each(codes) for town in country.mistyped(folded)]

    # ---- what is said of them

    def _told_apart(self, found: Found, first: Sequence[str], *, must_label: bool) -> list[Town]:
        """Return the towns with the labels they need, those in *first* before others."""
        hits = sorted(found, key=lambda hit: hit.country.code not in first)
        towns = [self._town(hit) for hit in hits]
        if len(towns) == 1 and not must_label:
            return towns
        served = {self._parent.get(town.country, town.country) for town in towns}
        labels = [_label(town, with_country=len(served) > 1) for town in towns]
        return [
            replace(town, label=label, near=hit.country.larger_near(hit.town) if is_vague else "")
            for hit, town, label in zip(hits, towns, labels, strict=True)
            for is_vague in [labels.count(label) > 1 or label == town.name]
        ]

    def _town(self, hit: Hit) -> Town:
        country, town = hit
        is_territory = country.code in self._parent
        return Town(
            name=country.names[town],
            label=country.names[town],
            country=country.code,
            area=self._areas.get((country.code, "" if is_territory else country.areas[town]), ""),
            position=country.position(town),
            population=country.populations[town],
            zone=self._zones[country.zones[town]],
        )


#: With what many names begin, so that it says nothing alone.
_MERE_BEGINNINGS = frozenset(("the", "new", "old", "les", "des", "las", "los", "san", "santa", "saint", "sainte"))
#: What people write for a country beside its name in full.
_COMMON = {"US": {"usa", "america"}, "GB": {"uk", "great britain"}, "ES": {"espana"}, "RE": {"la reunion"}}


def _rows(text: bytes) -> Iterator[list[str]]:
    return (row.split("\t") for row in text.decode().splitlines())


def _largest(found: Found) -> int:
    return max((hit.population for hit in found), default=0)


def _above(least: float, found: Iterable[Hit]) -> Found:
    return [hit for hit in found if hit.population >= least]


def _best(found: Found) -> Found:
    """Return the largest of *found*, without what only doubles another."""
    kept: Found = []
    for country in dict.fromkeys(hit.country for hit in found):
        towns = country.without_doubles(hit.town for hit in found if hit.country is country)
        kept += [Hit(country, town) for town in towns]
    return sorted(kept, key=lambda hit: -hit.population)[:MOST]


def _label(town: Town, *, with_country: bool) -> str:
    parts = [town.area] if town.area and town.area != town.name else []
    parts += [town.country] if with_country else []
    return f"{town.name} ({', '.join(parts)})" if parts else town.name
