"""SMART Scheduling Links feeds: lines of FHIR Locations, Schedules and Slots, as publishers really write them.

What they get wrong is mended where there is one way to, and counted:

- An id that several slots share tells nothing: slots are told apart by their place and start.
- Where an offset is not the one that the centre keeps on that day but the one it keeps in the other half of the year,
  the publisher added a fixed offset to wall times: whole opening days, nine to nine, come out right as wall times and
  an hour late as moments. So the wall time counts. Any other offset names a moment, as FHIR has it.
- A postcode that lost its leading zero gets it back (`us_states`).

An id is unique in its feed alone, and several feeds meet in one clinic: a centre's key begins with its provider's
identifier.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain import fhir_json
from domain.alaskan_centres import alaskan_clock
from domain.centre_rows import CentreRow, Lack, lack, read_position, read_week, tidy_label, zones
from domain.centres import Position
from domain.feed_rows import Fault, Row, ScheduleRow, SlotRow, Tally
from domain.schedules import as_utc
from domain.us_states import STATES, ZONES, read_postcode

TIME_ZONE = "timezone"
CAPACITY = "slot-capacity"
LINK = "booking-deep-link"
PRODUCT = "vaccine-product"
IS_FREE = {"free": True, "busy": False, "busy-unavailable": False, "busy-tentative": False}
INSTANT = re.compile(r"(?:19|20|21)\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?")
PLACES = re.compile(r"\d{1,6}")
WEB = re.compile(r"https?://[!-~]{1,2000}")
COUNTRY = re.compile(r"[A-Z]{2}")
NEEDED = (("id",), ("name",), ("address", "city"), ("position", "latitude"), ("position", "longitude"))
NO_HOURS = ("",) * 7

WRONG_OFFSET = "had an offset that the centre keeps in the other half of the year; the wall time was taken"
NO_OFFSET = "had no offset; the wall time was taken"
UNTIED = "named a schedule of no centre that was told of before; give locations and schedules before slots"
NOWHERE = "named a location that was not told of before; give locations before schedules"
NO_PLACES = "had no places left though free"


@dataclass(frozen=True, slots=True)
class _Place:
    """A centre's key and its time zone."""

    key: str
    zone: ZoneInfo


@dataclass(slots=True)
class Feed:
    """What a feed has told so far; its files may be read one after the other, locations first."""

    _places: dict[str, _Place] = field(default_factory=dict)
    _schedules: dict[str, tuple[int, str]] = field(default_factory=dict)
    _starts: dict[tuple[str, datetime], int] = field(default_factory=dict)
    _ids: Counter[str] = field(default_factory=Counter)
    _tally: Tally = field(default_factory=Tally)

    def read(self, resource: Mapping[str, object], line: int) -> Row:
        """Read one *resource*, numbers in it as they are written, which stands on *line*."""
        row: CentreRow | ScheduleRow | SlotRow | Lack
        match resource.get("resourceType"):
            case "Location":
                row = self._location(resource, line)
            case "Schedule":
                row = self._schedule(resource, line)
            case "Slot":
                row = self._slot(resource, line)
            case other:
                row = lack("Its resourceType {other} is none of Location, Schedule, Slot.", other=other)
        if isinstance(row, Lack):
            return row.refused(
                line=line, key=fhir_json.text(resource, "id"), name=tidy_label(fhir_json.text(resource, "name"))
            )
        return row

    def faults(self) -> Iterator[Fault]:
        """Yield what was wrong since this was last asked, counted, and forget it."""
        shared = {one: count for one, count in self._ids.items() if count > 1}
        if shared:
            what = f"shared {len(shared):,} id{'' if len(shared) == 1 else 's'}, and were told apart by place and start"
            examples = (f"{count:,} have the id {one}" for one, count in list(shared.items())[:3])
            yield Fault(count=sum(shared.values()), noun="slot", what=what, examples=tuple(examples))
        yield from self._tally.faults()
        self._ids, self._tally = Counter(), Tally()

    # ---- locations

    def _location(self, resource: Mapping[str, object], line: int) -> CentreRow | Lack:
        for path in NEEDED:
            if not tidy_label(fhir_json.text(resource, *path)):
                return lack(f"It has no {'.'.join(path)}.")
        lat, lon = fhir_json.text(resource, "position", "latitude"), fhir_json.text(resource, "position", "longitude")
        position = read_position(lat, lon)
        if position is None:
            return lack("Its position {lat}, {lon} is not one on the globe.", lat=lat, lon=lon)
        state = fhir_json.text(resource, "address", "state").upper()
        country = fhir_json.text(resource, "address", "country").upper() or ("US" if state in STATES else "")
        if not country:
            return lack("Its state {state} is none of the United States, and it has no country.", state=state)
        if not COUNTRY.fullmatch(country):
            return lack("Its country {country} is not a code of two letters, such as US.", country=country)
        tz = _clock(resource, country, state, position)
        if isinstance(tz, Lack):
            return tz
        row = self._centre(resource, position, state, country, tz, line)
        self._places.setdefault(fhir_json.text(resource, "id"), _Place(row.key, ZoneInfo(tz)))
        return row

    def _centre(
        self, resource: Mapping[str, object], position: Position, state: str, country: str, tz: str, line: int
    ) -> CentreRow:
        postcode = fhir_json.text(resource, "address", "postalCode")
        week = read_week(NO_HOURS)
        return CentreRow(
            key=_key(resource),
            name=tidy_label(fhir_json.text(resource, "name")),
            address=", ".join(fhir_json.texts(resource, "address", "line")),
            town=tidy_label(fhir_json.text(resource, "address", "city")),
            postcode=read_postcode(postcode, state, self._tally, line) if country == "US" else postcode,
            country=country,
            lat=position.lat,
            lon=position.lon,
            tz=tz,
            is_public=fhir_json.text(resource, "status") in {"", "active"},
            hours=week.hours,
            unread=week.unread,
            not_said=week.not_said,
        )

    # ---- schedules

    def _schedule(self, resource: Mapping[str, object], line: int) -> ScheduleRow | Lack:
        key = fhir_json.text(resource, "id")
        if not key:
            return lack("It has no id.")
        if key in self._schedules:
            return lack("Its id {id} is taken by line {line}.", id=key, line=self._schedules[key][0])
        actors = [fhir_json.reference(actor, "Location") for actor in fhir_json.items(resource.get("actor"))]
        locations = [location for location in actors if location]
        if len(locations) != 1:
            return lack("It has {count} locations among its actors, and must have one.", count=len(locations))
        self._schedules[key] = line, locations[0]
        place = self._places.get(locations[0])
        if place is None:
            self._tally.note("schedule", NOWHERE, f"line {line}: Location/{locations[0]}")
        return ScheduleRow(
            key=key,
            centre=place.key if place else None,
            services=tuple(
                code for kind in fhir_json.items(resource.get("serviceType")) for code in fhir_json.codes(kind)
            ),
            products=tuple(fhir_json.text(product, "code") for product in fhir_json.extensions(resource, PRODUCT)),
        )

    # ---- slots

    def _slot(self, resource: Mapping[str, object], line: int) -> SlotRow | Lack:
        schedule = fhir_json.reference(resource.get("schedule"), "Schedule")
        if not schedule:
            return lack("It has no schedule.")
        status = fhir_json.text(resource, "status")
        if status not in IS_FREE:
            return lack("Its status {status} is neither free nor busy.", status=status)
        places = next(map(str, fhir_json.extensions(resource, CAPACITY)), "1")
        if not PLACES.fullmatch(places):
            return lack("Its capacity {places} is no number of places.", places=places)
        self._ids[fhir_json.text(resource, "id")] += 1
        place = self._places.get(self._schedules.get(schedule, (0, ""))[1])
        span = self._span(resource, place, line)
        if isinstance(span, Lack):
            return span
        if earlier := self._starts.get((schedule, span[0])):
            return lack("Its place and start are those of line {line}.", line=earlier)
        self._starts[schedule, span[0]] = line
        self._note(place, is_full=IS_FREE[status] and int(places) == 0, example=f"line {line}: schedule {schedule}")
        return SlotRow(
            schedule=schedule,
            centre=place.key if place else None,
            starts_at=span[0],
            ends_at=span[1],
            is_free=IS_FREE[status],
            capacity=int(places),
            link=_link(resource),
        )

    def _note(self, place: _Place | None, *, is_full: bool, example: str) -> None:
        if place is None:
            self._tally.note("slot", UNTIED, example)
        if is_full:
            self._tally.note("slot", NO_PLACES, example)

    def _span(
        self, resource: Mapping[str, object], place: _Place | None, line: int
    ) -> tuple[datetime, datetime] | Lack:
        """Return start and end in UTC, or why there is no such span; tell of a wrong offset once for both."""
        ends: list[datetime] = []
        faults: list[tuple[str, str]] = []
        for name in ("start", "end"):
            typed = fhir_json.text(resource, name)
            if not _is_instant(typed):
                return lack(f"Its {name} {{typed}} cannot be read.", typed=typed)
            written = datetime.fromisoformat(typed)
            fault = _offset_fault(written, place)
            if fault and place is None:
                return lack(f"Its {name} {{typed}} has no offset, and its centre is not known.", typed=typed)
            moment = as_utc(written.date(), written.time(), place.zone) if place and fault else written.astimezone(UTC)
            if moment is None:
                return lack(f"Its {name} {{typed}} is a wall time that its centre skips.", typed=typed)
            ends.append(moment)
            if place and fault:
                faults.append((fault, f"line {line}: {typed}{_kept(written, place)}"))
        if ends[1] <= ends[0]:
            return lack("It ends at {end}, not after its start {start}.", start=ends[0], end=ends[1])
        for fault, example in faults[:1]:
            self._tally.note("slot", fault, example)
        return ends[0], ends[1]


def _is_instant(typed: str) -> bool:
    if not INSTANT.fullmatch(typed):
        return False
    try:
        datetime.fromisoformat(typed).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True


def _offset_fault(written: datetime, place: _Place | None) -> str | None:
    """Say what is wrong with the offset of *written* at *place*; None when nothing is, or nobody can tell."""
    offset = written.utcoffset()
    if offset is None:
        return NO_OFFSET
    if place is None or offset == timedelta():
        return None
    wall = written.replace(tzinfo=None)
    kept = {wall.replace(tzinfo=place.zone, fold=fold).utcoffset() for fold in (0, 1)}
    of_the_year = {datetime(written.year, month, 1, tzinfo=place.zone).utcoffset() for month in (1, 7)}
    return WRONG_OFFSET if offset in of_the_year - kept else None


def _kept(written: datetime, place: _Place) -> str:
    """Say which offset is kept at *place* then, for an example."""
    if written.tzinfo is None:
        return ""
    kept = written.replace(tzinfo=place.zone).strftime("%z")
    return f" at {place.key}, where it was {kept[:3]}:{kept[3:]}"


def _clock(resource: Mapping[str, object], country: str, state: str, position: Position) -> str | Lack:
    """Return the time zone of a location: the one that it names, else its state's."""
    for named in fhir_json.extensions(resource, TIME_ZONE):
        return str(named) if named in zones() else lack("Its time zone {tz} is not an IANA one.", tz=named)
    if country != "US":
        return lack("Its country is {country}, and it has no time zone (extension timezone).", country=country)
    tz = alaskan_clock(position) if state == "AK" else ZONES.get(state)
    return tz or lack("Its state {state} keeps more than one clock, and nothing tells which.", state=state)


def _link(resource: Mapping[str, object]) -> str:
    links = map(str, fhir_json.extensions(resource, LINK))
    return next((link for link in links if WEB.fullmatch(link)), "")


def _key(resource: Mapping[str, object]) -> str:
    provider = next((fhir_json.text(one, "value") for one in fhir_json.items(resource.get("identifier"))), "")
    return f"{provider or 'Location'}/{fhir_json.text(resource, 'id')}"
