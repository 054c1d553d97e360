"""Our own plain list of centres: its columns, and one row of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.centre_rows import CentreRow, Lack, RefusedRow, lack, read_position, read_week, tidy, tidy_label, zones
from domain.centres import Position

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEEDED = ("key", "name", "town", "country", "lat", "lon", "tz")
COLUMNS = (*NEEDED, "address", "postcode", "access_notes", "step_free", *DAYS)
COUNTRY = re.compile(r"[A-Z]{2}")
STEP_FREE = {"yes": True, "true": True, "no": False, "false": False, "": None}


def plain_centre(row: Mapping[str, str], line: int) -> CentreRow | RefusedRow:
    """Read one *row*, which stands on *line*."""
    cells = {column: tidy(cell) for column, cell in row.items()}
    place = _place(cells)
    if isinstance(place, Lack):
        return place.refused(line=line, key=cells.get("key", ""), name=tidy_label(cells.get("name", "")))
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
        step_free=STEP_FREE[_step_free(cells)],
        hours=week.hours,
        unread=week.unread,
        not_said=week.not_said,
    )


def _step_free(cells: Mapping[str, str]) -> str:
    return cells.get("step_free", "").casefold()


def _place(cells: Mapping[str, str]) -> Position | Lack:
    """Return where the row is, or what is wrong with it."""
    if unknown := sorted(cells.keys() - COLUMNS):
        return lack(f"It has {{unknown}}, which is none of {', '.join(COLUMNS)}.", unknown=unknown[0])
    for column in NEEDED:
        if not tidy_label(cells.get(column, "")):
            return lack(f"It has no {column}.")
    if not COUNTRY.fullmatch(cells["country"].upper()):
        return lack("Its country {country} is not a code of two letters, such as FR.", country=cells["country"])
    if _step_free(cells) not in STEP_FREE:
        return lack("Its step_free {typed} is neither yes nor no.", typed=cells["step_free"])
    if cells["tz"] not in zones():
        return lack("Its tz {tz} is not an IANA time zone, such as Europe/Paris.", tz=cells["tz"])
    position = read_position(cells["lat"], cells["lon"])
    nowhere = lack("Its position {lat}, {lon} is not one on the globe.", lat=cells["lat"], lon=cells["lon"])
    return position or nowhere
