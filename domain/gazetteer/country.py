"""The towns of one country: columns, and their names in alphabetical order to be looked up by halving."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from domain.centres import METRES_PER_DEGREE, Position, distance_m

_COLUMNS = 7
_TYPO_LENGTH = 5
_SURE_LENGTH = 7  # shorter ones are often a word that is no town: demain, Denain
_TYPO_MOST = 12
_NEAR_M = 150_000
_KNOWN_POPULATION = 50_000


class Country:
    """Towns are numbers, the largest first, so that the lower number is the better known."""

    __slots__ = ("_keys", "_main", "_owners", "areas", "code", "lats", "lons", "names", "populations", "zones")

    def __init__(self, code: str, rows: str) -> None:
        """Read *rows* as `tools.gazetteer` writes them."""
        self.code = code
        cells = rows.rstrip("\n").replace("\n", "\t").split("\t")
        names, keys, areas, lats, lons, populations, zones = (cells[column::_COLUMNS] for column in range(_COLUMNS))
        self.names = names
        self.areas = list(map(sys.intern, areas))
        self.lats, self.lons = array("f", map(float, lats)), array("f", map(float, lons))
        self.populations, self.zones = array("I", map(int, populations)), array("H", map(int, zones))
        self._main = [key.partition("|")[0] for key in keys]
        owners = [town for town, several in enumerate(keys) for _ in range(several.count("|") + 1)]
        written = "|".join(keys).split("|")
        order = sorted(range(len(written)), key=written.__getitem__)
        self._keys = [written[place] for place in order]
        self._owners = array("I", (owners[place] for place in order))

    def __len__(self) -> int:
        return len(self.names)

    def position(self, town: int) -> Position:
        """Return where the middle of *town* is."""
        return Position(round(self.lats[town], 4), round(self.lons[town], 4))

    def called(self, folded: str) -> list[int]:
        """Return the towns whose name or other name is *folded*."""
        start = bisect_left(self._keys, folded)
        return sorted({self._owners[number] for number in range(start, bisect_right(self._keys, folded, lo=start))})

    def is_named(self, town: int, folded: str) -> bool:
        """Tell whether *folded* is the name of *town*, not another name of it."""
        return self._main[town] == folded

    def beginning(self, folded: str, *, within_word: bool) -> list[int]:
        """Return the towns whose name goes on after *folded*, with another word or *within_word*."""
        start = bisect_left(self._keys, folded if within_word else folded + " ")
        until = bisect_left(self._keys, folded + ("\uffff" if within_word else "!"))
        numbers = range(start, until)
        return sorted({self._owners[number] for number in numbers if self._keys[number] == self._main_of(number)})

    def _main_of(self, number: int) -> str:
        return self._main[self._owners[number]]

    def mistyped(self, folded: str) -> list[int]:
        """Return the towns whose name is *folded* but for one letter."""
        if len(folded) < _TYPO_LENGTH:
            return []
        near = process.extract(folded, self._main, scorer=OSA.distance, score_cutoff=1, limit=_TYPO_MOST)
        return sorted(town for name, _, town in near if _is_typo(folded, name, self.populations[town]))

    def larger_near(self, town: int) -> str:
        """Return the name of the nearest town that is better known than *town*, if one is near."""
        here, height = self.position(town), _NEAR_M / METRES_PER_DEGREE
        largest = range(sum(population >= _KNOWN_POPULATION for population in self.populations[:town]))
        near = [
            (distance_m(here, self.position(other)), other)
            for other in largest
            if abs(self.lats[other] - here.lat) < height and self._main[other] != self._main[town]
        ]
        far, nearest = min(near, default=(_NEAR_M, town))
        return self.names[nearest] if far < _NEAR_M else ""

    def without_doubles(self, towns: Iterable[int]) -> list[int]:
        """Leave out of *towns* what has the name of a larger one a short way off: it is the same to a patient."""
        kept: list[int] = []
        for town in sorted(towns):
            same = (other for other in kept if self._main[other] == self._main[town])
            if all(distance_m(self.position(town), self.position(other)) > 10_000 for other in same):
                kept.append(town)
        return kept


def _is_typo(typed: str, name: str, population: int) -> bool:
    """Tell whether *typed* is *name* but for one letter: not the first, and in short names only of well-known towns."""
    if typed == name + "s":  # a word in the plural, as in gracias, not Gràcia
        return False
    if len(typed) < _TYPO_LENGTH or typed[:1] != name[:1] or any(letter.isdigit() for letter in typed):
        return False
    if len(typed) < _SURE_LENGTH and population < _KNOWN_POPULATION:
        return False
    return int(OSA.distance(typed, name, score_cutoff=1)) <= 1
