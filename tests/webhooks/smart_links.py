"""A strict reader of SMART Scheduling Links: what a manifest and its files have that the specification does not allow.

Written from the specification's text alone, not from what we publish. `faults_of` looks at the elements it names, at
formats and at references across files; `fhir_faults` lets a FHIR library judge each line as R4B.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from fhir.resources.R4B.location import Location
from fhir.resources.R4B.schedule import Schedule
from fhir.resources.R4B.slot import Slot
from pydantic import ValidationError

Line = Mapping[str, Any]
TYPES = ("Location", "Schedule", "Slot")
_MODELS: dict[str, Any] = {"Location": Location, "Schedule": Schedule, "Slot": Slot}
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_URL = re.compile(r"https?://[^\s/]+(/\S*)?")
_EXTENSION = "http://fhir-registry.smarthealthit.org/StructureDefinition/"
#: Extension → where it may stand, and the name and type of its value.
_EXTENSIONS: dict[str, tuple[set[str], str, type]] = {
    "booking-deep-link": ({"Slot", "Schedule"}, "valueUrl", str),
    "booking-phone": ({"Slot", "Schedule"}, "valueString", str),
    "slot-capacity": ({"Slot"}, "valueInteger", int),
    "vaccine-product": ({"Schedule"}, "valueCoding", dict),
    "vaccine-dose": ({"Schedule"}, "valueInteger", int),
}


def manifest_faults(body: Any) -> list[str]:
    """Return what is wrong with a manifest."""
    return list(_manifest(body))


def faults_of(lines: Mapping[str, Sequence[Line]]) -> list[str]:
    """Return what is wrong with the lines of each type: in themselves, repeated, or leading nowhere."""
    found = [fault for kind in TYPES for line in lines[kind] for fault in _line(kind, line)]
    ids = {kind: [line.get("id") for line in lines[kind]] for kind in TYPES}
    found += [f"{kind}: an id stands twice" for kind in TYPES if len(set(ids[kind])) != len(ids[kind])]
    for line in lines["Schedule"]:
        found += _leads("Schedule.actor", line["actor"][0].get("reference"), "Location", set(ids["Location"]))
    for line in lines["Slot"]:
        found += _leads("Slot.schedule", line["schedule"].get("reference"), "Schedule", set(ids["Schedule"]))
    return found


def fhir_faults(lines: Mapping[str, Sequence[Line]]) -> list[str]:
    """Return what a FHIR library refuses."""
    found = []
    for kind in TYPES:
        for line in lines[kind]:
            try:
                _MODELS[kind].model_validate(line)
            except ValidationError as fault:
                found.append(f"{kind}/{line.get('id')}: {fault}")
    return found


def is_timestamp(value: object) -> bool:
    """Tell a FHIR instant, at least to the second and with an offset."""
    if not isinstance(value, str) or not _TIMESTAMP.fullmatch(value):
        return False
    return datetime.fromisoformat(value).tzinfo is not None


def is_url(value: object) -> bool:
    """Tell a full address."""
    return isinstance(value, str) and bool(_URL.fullmatch(value))


def _manifest(body: Any) -> Iterator[str]:
    if (
        not isinstance(body, dict)
        or not isinstance(body.get("output"), list)
        or not isinstance(body.get("error"), list)
    ):
        yield "manifest: output and error must be lists"
        return
    if not is_timestamp(body.get("transactionTime")):
        yield "manifest: transactionTime is no timestamp"
    if not is_url(body.get("request")) or not body["request"].endswith("$bulk-publish"):
        yield "manifest: request is not the full address of the manifest"
    for item in body["output"]:
        if item.get("type") not in TYPES or not is_url(item.get("url")) or not item["url"].endswith(".ndjson"):
            yield f"manifest: {item} is no output"
        states = item.get("extension", {}).get("state")
        if not _texts(states):
            yield f"manifest: {item} names no states"
    if len({item.get("url") for item in body["output"]}) != len(body["output"]):
        yield "manifest: an address stands twice"


def _line(kind: str, line: Line) -> Iterator[str]:
    if line.get("resourceType") != kind:
        yield f"{kind}: resourceType is {line.get('resourceType')!r}"
    if not isinstance(line.get("id"), str) or not _ID.fullmatch(line["id"]):
        yield f"{kind}: id {line.get('id')!r} is none"
    if any(value in ("", [], {}, None) for value in line.values()):
        yield f"{kind}: an element is empty"
    checks = {"Location": _location, "Schedule": _schedule, "Slot": _slot}
    yield from checks[kind](line)
    for extension in line.get("extension", []):
        yield from _extension(kind, extension)


def _location(line: Line) -> Iterator[str]:
    if not _text(line.get("name")):
        yield "Location: name is missing"
    if not line.get("telecom"):
        yield "Location: telecom needs a contact point"
    for contact in line.get("telecom", []):
        if contact.get("system") not in ("phone", "url") or not _text(contact.get("value")):
            yield f"Location.telecom: {contact} is neither phone nor url"
        elif contact["system"] == "url" and not is_url(contact["value"]):
            yield f"Location.telecom: {contact} is no address"
    address = line.get("address", {})
    if not _texts(address.get("line")):
        yield "Location.address: line is missing"
    for name in ("city", "state", "postalCode"):
        if not _text(address.get(name)):
            yield f"Location.address: {name} is missing"
    for name, most in (("latitude", 90), ("longitude", 180)) if "position" in line else ():
        value = line["position"].get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not -most <= value <= most:
            yield f"Location.position: {name} {value!r} is none"
    identifiers = line.get("identifier")
    if not identifiers or not all(_text(one.get("system")) and _text(one.get("value")) for one in identifiers):
        yield "Location: identifier needs system and value"


def _schedule(line: Line) -> Iterator[str]:
    services = line.get("serviceType")
    if not services or not all(one.get("coding") for one in services):
        yield "Schedule: serviceType needs codings"
    for coding in (coding for one in services or [] for coding in one.get("coding", [])):
        if not all(_text(coding.get(name)) for name in ("system", "code", "display")):
            yield f"Schedule.serviceType: {coding} is incomplete"
    actors = line.get("actor")
    if not isinstance(actors, list) or len(actors) != 1:
        yield "Schedule: actor must be one"


def _slot(line: Line) -> Iterator[str]:
    if set(line.get("schedule", {})) != {"reference"}:
        yield "Slot: schedule must have its reference alone"
    if line.get("status") not in ("free", "busy"):
        yield f"Slot: status {line.get('status')!r} is neither free nor busy"
    moments = [line.get("start"), line.get("end")]
    if not all(map(is_timestamp, moments)):
        yield f"Slot: start and end {moments} are no timestamps"
    elif datetime.fromisoformat(str(moments[0])) >= datetime.fromisoformat(str(moments[1])):
        yield f"Slot: {moments} ends before it starts"


def _extension(kind: str, extension: Line) -> Iterator[str]:
    url = str(extension.get("url"))
    places, name, value_type = _EXTENSIONS.get(url.removeprefix(_EXTENSION), (set(), "", object))
    if kind not in places or not url.startswith(_EXTENSION):
        yield f"{kind}.extension: {url} has no place here"
        return
    value = extension.get(name)
    if set(extension) != {"url", name} or not isinstance(value, value_type) or isinstance(value, bool):
        yield f"{kind}.extension: {extension} has no {name}"
    elif name == "valueUrl" and not is_url(value):
        yield f"{kind}.extension: {value!r} is no address"
    elif isinstance(value, int) and value < 0:
        yield f"{kind}.extension: {value} is less than nothing"
    elif isinstance(value, dict) and value.get("system") != "http://hl7.org/fhir/sid/cvx":
        yield f"{kind}.extension: {value} is no CVX code"


def _leads(place: str, reference: object, kind: str, known: Iterable[object]) -> list[str]:
    target = str(reference).partition("/")
    is_known = target[0] == kind and target[2] in known
    return [] if is_known else [f"{place}: {reference!r} leads nowhere"]


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_text, value))
