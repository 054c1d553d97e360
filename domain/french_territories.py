"""The territories of France: which postcodes they have, where they lie and what clock they keep."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.centres import Position

POSTCODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """A part of France with one clock: a box on the globe, and the pattern its postcodes start with."""

    name: str
    postcodes: str
    tz: str
    south: float
    north: float
    west: float
    east: float

    def covers(self, position: Position) -> bool:
        """Tell whether *position* is in the box."""
        return self.south <= position.lat <= self.north and self.west <= position.lon <= self.east


# fmt: off
TERRITORIES = tuple(
    Territory(name=name, postcodes=postcodes, tz=tz, south=south, north=north, west=west, east=east)
    for name, postcodes, tz, south, north, west, east in (
        ("metropolitan France", r"0[1-9]|[1-8]|9[0-5]", "Europe/Paris", 41.3, 51.2, -5.3, 9.7),
        ("Saint-Barthélemy", r"97133|977", "America/St_Barthelemy", 17.8, 18.0, -63.0, -62.7),
        ("Saint-Martin", r"97150|978", "America/Marigot", 18.0, 18.2, -63.2, -62.9),
        ("Guadeloupe", r"971(?!33|50)", "America/Guadeloupe", 15.8, 16.6, -61.9, -60.9),
        ("Martinique", r"972", "America/Martinique", 14.3, 15.0, -61.3, -60.7),
        ("French Guiana", r"973", "America/Cayenne", 2.1, 5.9, -54.7, -51.5),
        ("Réunion", r"974", "Indian/Reunion", -21.5, -20.8, 55.1, 55.9),
        ("Saint-Pierre and Miquelon", r"975", "America/Miquelon", 46.7, 47.2, -56.5, -56.0),
        ("Mayotte", r"976", "Indian/Mayotte", -13.1, -12.5, 44.9, 45.4),
        ("Wallis and Futuna", r"986", "Pacific/Wallis", -14.5, -13.0, -178.4, -176.0),
        ("the Marquesas", r"987", "Pacific/Marquesas", -11.0, -7.5, -141.0, -138.0),
        ("the Gambier Islands", r"987", "Pacific/Gambier", -23.7, -22.7, -135.7, -134.3),
        ("French Polynesia", r"987", "Pacific/Tahiti", -28.0, -13.5, -155.0, -134.0),
        ("New Caledonia", r"988", "Pacific/Noumea", -23.0, -19.0, 163.0, 169.0),
    )
)
# fmt: on


def territories_of(postcode: str) -> tuple[Territory, ...]:
    """Return the territories that have *postcode*, narrow before wide; none when France has no such postcode."""
    if not POSTCODE.fullmatch(postcode):
        return ()
    return tuple(one for one in TERRITORIES if re.match(one.postcodes, postcode))
