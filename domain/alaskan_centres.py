"""The federal list of vaccine stock (Vaccines.gov), a row for each site and product, with Alaska's clocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.centre_rows import CentreRow, Lack, RefusedRow, lack, read_position, read_week, tidy, tidy_label
from domain.centres import Position
from domain.feed_rows import Fault, Row, StockRow, Tally
from domain.us_states import STATES, ZONES, read_postcode

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KEY = "provider_location_guid"
SITE = (
    "loc_name",
    "loc_admin_street1",
    "loc_admin_street2",
    "loc_admin_city",
    "loc_admin_state",
    "loc_admin_zip",
    "latitude",
    "longitude",
    *(f"{day}_hours" for day in DAYS),
)
PRODUCT = ("ndc", "med_name", "in_stock", "supply_level", "quantity_last_updated", "min_age_years", "min_age_months")
COLUMNS = frozenset({KEY, *SITE, *PRODUCT})
NEEDED = ((KEY, "key"), ("loc_name", "name"), ("loc_admin_city", "town"), ("loc_admin_state", "state"))
TRUTHS = {"true": True, "false": False}
LEVEL = re.compile(r"-1|[0-4]")
AGE = re.compile(r"\d{0,3}")
MONTHS_A_YEAR = 12

# Boxes from the narrowest to the whole: south, north, west, east, and the clock there.
# The law takes the Aleutians west of 169.5° W out of Alaska's time, and not the islands north of them.
ALASKA = (51.0, 71.6, -180.0, -129.9)
FAR_ALEUTIANS = (51.0, 53.9, 172.0, 180.0)
# fmt: off
CLOCKS = (
    (*FAR_ALEUTIANS, "America/Adak"),
    (51.0, 53.9, -180.0, -169.5, "America/Adak"),
    (54.9, 55.25, -131.8, -131.3, "America/Metlakatla"),
    (59.0, 60.5, -141.0, -138.5, "America/Yakutat"),
    (57.55, 60.5, -138.5, -129.9, "America/Juneau"),
    (54.5, 57.55, -138.5, -129.9, "America/Sitka"),
    (52.0, 71.6, -180.0, -162.0, "America/Nome"),
    (*ALASKA, "America/Anchorage"),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class _Site:
    """A site as its first row has it: what a later row must repeat, and why it is no centre if it is none."""

    cells: tuple[str, ...]
    why_not: Lack | None


@dataclass(slots=True)
class StockList:
    """Reads the rows one after the other: the first of a site gives its centre before its stock."""

    _sites: dict[str, _Site] = field(default_factory=dict)
    _tally: Tally = field(default_factory=Tally)

    def read(self, row: Mapping[str, str], line: int) -> Iterator[Row]:
        """Yield what one *row*, which stands on *line*, gives."""
        cells = {column: tidy(cell) for column, cell in row.items()}
        key = cells.get(KEY, "")
        site = self._sites.get(key)
        if site is None:
            centre = _centre(cells, self._tally, line)
            why_not = centre if isinstance(centre, Lack) else None
            site = self._sites[key] = _Site(_site_cells(cells), why_not)
            if isinstance(centre, CentreRow):
                yield centre
        elif site.cells != _site_cells(cells):
            self._tally.note("row", "told otherwise of a site than its first row, which counts", f"line {line}: {key}")
        yield self._stock(cells, site, line)

    def faults(self) -> Iterator[Fault]:
        """Yield what the rows had in common that was wrong."""
        yield from self._tally.faults()

    def _stock(self, cells: Mapping[str, str], site: _Site, line: int) -> StockRow | RefusedRow:
        stock = site.why_not or _stock(cells)
        if isinstance(stock, Lack):
            return stock.refused(line=line, key=cells.get(KEY, ""), name=tidy_label(cells.get("loc_name", "")))
        if stock.in_stock and stock.supply_level == 0:
            what = "stood in stock at supply level 0, which is none, and stayed as reported"
            self._tally.note("product", what, f"line {line}: {stock.name}")
        return stock


def alaskan_clock(position: Position) -> str | None:
    """Return the time zone of a place in Alaska; None when *position* is not there."""
    for south, north, west, east, tz in CLOCKS:
        if south <= position.lat <= north and west <= position.lon <= east:
            return tz
    return None


def _site_cells(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in SITE)


def _centre(cells: Mapping[str, str], tally: Tally, line: int) -> CentreRow | Lack:
    for column, name in NEEDED:
        if not tidy_label(cells.get(column, "")):
            return lack(f"It has no {name} ({column}).")
    place = _place(cells)
    if isinstance(place, Lack):
        return place
    position, tz = place
    week = read_week([cells.get(f"{day}_hours", "") for day in DAYS])
    streets = (tidy_label(cells.get(f"loc_admin_street{number}", "")) for number in (1, 2))
    return CentreRow(
        key=cells[KEY],
        name=tidy_label(cells["loc_name"]),
        address=", ".join(street for street in streets if street),
        town=tidy_label(cells["loc_admin_city"]),
        postcode=read_postcode(cells.get("loc_admin_zip", ""), cells["loc_admin_state"].upper(), tally, line),
        country="US",
        lat=position.lat,
        lon=position.lon,
        tz=tz,
        hours=week.hours,
        unread=week.unread,
        not_said=week.not_said,
    )


def _place(cells: Mapping[str, str]) -> tuple[Position, str] | Lack:
    """Return where the row is and its clock, or why it is nowhere."""
    lat, lon, state = cells.get("latitude", ""), cells.get("longitude", ""), cells["loc_admin_state"].upper()
    position = read_position(lat, lon)
    if not lat or not lon:
        return lack("It has no position (latitude, longitude).")
    if position is None:
        return lack("Its position {lat}, {lon} is not one on the globe.", lat=lat, lon=lon)
    if state not in STATES:
        return lack("Its state {state} is none of the United States.", state=state)
    tz = alaskan_clock(position) if state == "AK" else ZONES.get(state)
    if tz is not None:
        return position, tz
    if state == "AK":
        where = f"{position.lat:g}, {position.lon:g}"
        return lack("Its position {where} is not in Alaska, where its state {state} is.", where=where, state=state)
    return lack("Its state {state} keeps more than one clock, and nothing tells which.", state=state)


def _stock(cells: Mapping[str, str]) -> StockRow | Lack:
    ndc, name = cells.get("ndc", ""), tidy_label(cells.get("med_name", ""))
    if not ndc or not name:
        return lack("It has no product (ndc, med_name).")
    in_stock = TRUTHS.get(cells.get("in_stock", "").casefold())
    if in_stock is None:
        return lack("Its in_stock {typed} is neither True nor False.", typed=cells.get("in_stock", ""))
    level = cells.get("supply_level", "") or "-1"
    if not LEVEL.fullmatch(level):
        return lack("Its supply_level {level} is none of -1 to 4.", level=level)
    as_of = _day(cells.get("quantity_last_updated", ""))
    if as_of is None:
        return lack("Its day {day} (quantity_last_updated) cannot be read.", day=cells.get("quantity_last_updated", ""))
    years, months = cells.get("min_age_years", ""), cells.get("min_age_months", "")
    if not AGE.fullmatch(years) or not AGE.fullmatch(months):
        return lack("Its least age {years} years {months} months cannot be read.", years=years, months=months)
    return StockRow(
        centre=cells[KEY],
        ndc=ndc,
        name=name,
        in_stock=in_stock,
        supply_level=int(level) if level != "-1" else None,
        as_of=as_of,
        min_age_months=int(years or 0) * MONTHS_A_YEAR + int(months or 0) if years or months else None,
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed[:10])
    except ValueError:
        return None
