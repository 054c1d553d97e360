"""Centres: places where care is given, and how far away they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from zoneinfo import ZoneInfo

CentreId = NewType("CentreId", int)
EARTH_RADIUS_M = 6_371_008.8
METRES_PER_DEGREE = math.pi * EARTH_RADIUS_M / 180
_MILES = frozenset(("US", "GB", "LR", "MM"))  # countries whose road signs say miles


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the globe in degrees, WGS 84."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A place where people are seen (FHIR Location); *tz* is the IANA zone its wall clock follows.

    *country* is a code of ISO 3166, empty in what was written before it was kept. *step_free* says whether people get
    in without steps, as a wheelchair needs it; None where nobody told.
    """

    id: CentreId
    name: str
    address: str
    town: str
    postcode: str
    position: Position
    tz: str
    access_notes: str = ""
    country: str = ""
    step_free: bool | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    @property
    def has_miles(self) -> bool:
        """Say whether people there measure ways in miles."""
        return self.country in _MILES

    def local(self, moment: datetime) -> datetime:
        """Return *moment* as the centre's wall clock shows it."""
        return moment.astimezone(self.zone)


def distance_m(one: Position, other: Position) -> float:
    """Return the great-circle distance in metres (haversine)."""
    lat_1, lat_2 = math.radians(one.lat), math.radians(other.lat)
    half_lat = (lat_2 - lat_1) / 2
    half_lon = math.radians(other.lon - one.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))
