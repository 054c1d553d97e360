"""Our own plain list of centres: its columns, and one row of it."""

from __future__ import annotations

import functools
import re
import zoneinfo
from collections.abc import Mapping

from domain.centre_rows import CentreRow, RefusedRow, read_position, read_week, tidy, tidy_label
from domain.centres import Position

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEEDED = ("key", "name", "town", "country", "lat", "lon", "tz")
COLUMNS = (*NEEDED, "address", "postcode", "access_notes", *DAYS)
COUNTRY = re.compile(r"[A-Z]{2}")


def plain_centre(row: Mapping[str, str], line: int) -> CentreRow | RefusedRow:
    """Read one *row*, which stands on *line*."""
    cells = {column: tidy(cell) for column, cell in row.items()}
    place = _place(cells)
    if isinstance(place, str):
        return RefusedRow(line=line, key=cells.get("key", ""), why=place)
    week = read_week([cells.get(day, "") for day in DAYS])
    return CentreRow(
        key=cells["key"],
        name=tidy_label(cells["name"]),
        address=tidy_label(cells.get("address", "")),
        town=tidy_label(cells["town"]),
        postcode=cells.get("postcode", ""),
        country=cells["country"].upper(),
        lat=place.lat,
        lon=place.lon,
        tz=cells["tz"],
        access_notes=cells.get("access_notes", ""),
        hours=week.hours,
        unread=week.unread,
        not_said=week.not_said,
    )


def _place(cells: Mapping[str, str]) -> Position | str:
    """Return where the row is, or the sentence that says what is wrong with it."""
    if unknown := sorted(cells.keys() - COLUMNS):
        return f"It has {unknown[0]}, which is none of {', '.join(COLUMNS)}."
    for column in NEEDED:
        if not tidy_label(cells.get(column, "")):
            return f"It has no {column}."
    if not COUNTRY.fullmatch(cells["country"].upper()):
        return f"Its country {cells['country']} is not a code of two letters, such as FR."
    if cells["tz"] not in _zones():
        return f"Its tz {cells['tz']} is not an IANA time zone, such as Europe/Paris."
    position = read_position(cells["lat"], cells["lon"])
    return position or f"Its position {cells['lat']}, {cells['lon']} is not one on the globe."


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
