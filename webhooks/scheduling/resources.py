"""FHIR resources in the words of SMART Scheduling Links, each as one line of JSON."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.centres import CentreId
from domain.services import Coding, Service
from domain.stock import END_OF_TIME
from webhooks.scheduling.areas import state_of

_EXTENSION = "http://fhir-registry.smarthealthit.org/StructureDefinition"
DEEP_LINK, PHONE, CAPACITY, PRODUCT, DOSE = (
    f"{_EXTENSION}/{name}"
    for name in ("booking-deep-link", "booking-phone", "slot-capacity", "vaccine-product", "vaccine-dose")
)
_NOT_SAID = "-"  # the specification wants an element that the centre has not
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who publishes: *root* is where the outside reaches us, *phone* the number to write to by SMS, *link* the chat."""

    root: str
    phone: str | None
    link: Callable[[CentreId], str | None]


def timestamp(moment: datetime) -> str:
    """Return a FHIR instant with the offset of *moment*'s zone."""
    return moment.isoformat(timespec="milliseconds")


def location(row: Any, publisher: Publisher) -> str:
    """Return the line of a centre (a row of `public_centres`)."""
    contacts = [{"system": "url", "value": publisher.link(CentreId(row.id)) or publisher.root}]
    if publisher.phone:
        contacts.insert(0, {"system": "phone", "value": publisher.phone})
    body = {
        "resourceType": "Location",
        "id": str(row.id),
        "identifier": [{"system": f"{publisher.root}/scheduling/locations.ndjson", "value": row.key}],
        "name": _tidy(row.name) or row.key,
        "telecom": contacts,
        "address": {
            "line": [_tidy(line) for line in row.address.splitlines() if line.strip()] or [_tidy(row.name) or row.key],
            "city": _tidy(row.town) or _NOT_SAID,
            "state": state_of(row.country, row.postcode),
            "postalCode": _tidy(row.postcode) or _NOT_SAID,
            "country": row.country,
        },
        "position": {"latitude": row.lat, "longitude": row.lon},
    }
    if notes := _tidy(row.access_notes):
        body["description"] = notes
    return _encode(body)


def schedule(schedule_id: int, centre: CentreId, service: Service, publisher: Publisher) -> str:
    """Return the line of what a programme offers at a centre."""
    extensions = [
        *_booking(centre, publisher),
        *([{"url": PRODUCT, "valueCoding": _coding(service.product)}] if service.product else []),
        *({"url": DOSE, "valueInteger": number} for number in service.doses),
    ]
    body: dict[str, Any] = {
        "resourceType": "Schedule",
        "id": str(schedule_id),
        "serviceType": [{"coding": [_coding(code) for code in service.codes]}],
        "actor": [{"reference": f"Location/{centre}"}],
    }
    if extensions:
        body["extension"] = extensions
    return _encode(body)


def slot_line(
    schedule_id: int, centre: CentreId, tz: str, publisher: Publisher, doses_until: datetime | None = END_OF_TIME
) -> Callable[[Any], str]:
    """Return what makes the line of each slot of a schedule (a row of `slots_of`), in the centre's time.

    The centre has doses for slots that start before *doses_until*, for none where that is None.
    """
    zone = ZoneInfo(tz)
    # All but five values are the same in each line; encoding them every time would take several times as long.
    body = {
        "resourceType": "Slot",
        "id": "%(id)d",
        "schedule": {"reference": f"Schedule/{schedule_id}"},
        "status": "%(status)s",
        "start": "%(start)s",
        "end": "%(end)s",
        "extension": [*_escaped(_booking(centre, publisher)), {"url": CAPACITY, "valueInteger": "%(places)d"}],
    }
    line = _encode(body).replace('"%(places)d"', "%(places)d")

    def made(row: Any) -> str:
        status, places = _places(row, has_dose=doses_until is not None and row.starts_at < doses_until)
        return line % {
            "id": row.id,
            "status": status,
            "start": _local(row.starts_at, zone),
            "end": _local(row.ends_at, zone),
            "places": places,
        }

    return made


@functools.lru_cache(maxsize=20_000)  # centres open at like times: all quarters of an hour of eight weeks, and more
def _local(moment: datetime, zone: ZoneInfo) -> str:
    return timestamp(moment.astimezone(zone))


def _places(row: Any, *, has_dose: bool) -> tuple[str, int]:
    """Return "free" and how many places are left, or "busy" and how many are not; a line stands for like places.

    Places kept for a group are not free to everybody, nor are those for which there is no dose.
    """
    places = row.capacity + row.overbook - row.reserve
    is_free = row.status == "free" and row.taken < places and has_dose
    return ("free", places - row.taken) if is_free else ("busy", row.capacity + row.overbook)


def _booking(centre: CentreId, publisher: Publisher) -> list[dict[str, Any]]:
    """Return how to book: the chat at the centre by link, else the number to write to."""
    if link := publisher.link(centre):
        return [{"url": DEEP_LINK, "valueUrl": link}]
    return [{"url": PHONE, "valueString": publisher.phone}] if publisher.phone else []


def _escaped(extensions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return *extensions* such that % stands for itself in a template."""
    return [
        {name: value.replace("%", "%%") if isinstance(value, str) else value for name, value in one.items()}
        for one in extensions
    ]


def _coding(code: Coding) -> dict[str, str]:
    return {"system": code.system, "code": code.code, "display": code.display}


def _tidy(text: str) -> str:
    return " ".join(text.split())
