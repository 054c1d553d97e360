"""The strict reader itself: takes the specification's own examples, and finds each fault put into them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.webhooks.smart_links import faults_of, fhir_faults, manifest_faults

LINKS = "http://fhir-registry.smarthealthit.org/StructureDefinition"
LINES: dict[str, list[dict[str, Any]]] = {
    "Location": [
        {
            "resourceType": "Location",
            "id": "123",
            "identifier": [{"system": "https://cdc.gov/vaccines/programs/vtrcks", "value": "CV1654321"}],
            "name": "Flynn's Pharmacy in Pittsfield, MA",
            "description": "Located behind old Berkshire Bank building",
            "telecom": [
                {"system": "phone", "value": "413-000-0000"},
                {"system": "url", "value": "https://pharmacy.example.com"},
            ],
            "address": {"line": ["173 Elm St"], "city": "Pittsfield", "state": "MA", "postalCode": "01201-7223"},
        }
    ],
    "Schedule": [
        {
            "resourceType": "Schedule",
            "id": "456",
            "serviceType": [
                {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/service-type",
                            "code": "57",
                            "display": "Immunization",
                        }
                    ]
                }
            ],
            "actor": [{"reference": "Location/123"}],
        }
    ],
    "Slot": [
        {
            "resourceType": "Slot",
            "id": "789",
            "schedule": {"reference": "Schedule/456"},
            "status": "free",
            "start": "2021-03-10T15:00:00-05:00",
            "end": "2021-03-10T15:20:00-05:00",
            "extension": [{"url": f"{LINKS}/booking-deep-link", "valueUrl": "https://portal.example.org/?slot=1"}],
        }
    ],
}
MANIFEST: dict[str, Any] = {
    "transactionTime": "2021-01-01T00:00:00Z",
    "request": "https://example.com/covid-vaccines/$bulk-publish",
    "output": [
        {"type": "Slot", "url": "https://example.com/data/slot_file_MA.ndjson", "extension": {"state": ["MA"]}},
    ],
    "error": [],
}

#: What is done to a line of each type, and what the reader says of it.
WRONG: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("Location", lambda line: line.pop("name"), "name is missing"),
    ("Location", lambda line: line.pop("telecom"), "telecom needs"),
    ("Location", lambda line: line["telecom"][0].update(system="sms"), "neither phone nor url"),
    ("Location", lambda line: line["telecom"][1].update(value="pharmacy"), "no address"),
    ("Location", lambda line: line["address"].pop("state"), "state is missing"),
    ("Location", lambda line: line["address"].update(postalCode=" "), "postalCode is missing"),
    ("Location", lambda line: line["address"].update(line=[]), "line is missing"),
    ("Location", lambda line: line.update(position={"latitude": 1.0}), "longitude"),
    ("Location", lambda line: line.update(identifier=[{"value": "1"}]), "identifier needs"),
    ("Location", lambda line: line.update(id="a_b"), "id 'a_b'"),
    ("Location", lambda line: line.update(description=""), "empty"),
    ("Schedule", lambda line: line.update(serviceType=[{"text": "jabs"}]), "needs codings"),
    ("Schedule", lambda line: line["serviceType"][0]["coding"][0].pop("code"), "incomplete"),
    ("Schedule", lambda line: line["actor"][0].update(reference="Location/9"), "leads nowhere"),
    ("Slot", lambda line: line.update(status="busy-unavailable"), "neither free nor busy"),
    ("Slot", lambda line: line.update(start="2021-03-10T15:00:00-05"), "no timestamps"),
    ("Slot", lambda line: line.update(start="2021-03-10T15:00-05:00"), "no timestamps"),
    ("Slot", lambda line: line.update(start="2021-03-10T15:00:00"), "no timestamps"),
    ("Slot", lambda line: line.update(end=line["start"]), "ends before"),
    ("Slot", lambda line: line.update(schedule={"reference": "456"}), "leads nowhere"),
    ("Slot", lambda line: line["extension"][0].update(valueUrl="sms:+15550000001"), "no address"),
    ("Slot", lambda line: line["extension"].append({"url": f"{LINKS}/slot-capacity", "valueInteger": -1}), "less than"),
    ("Slot", lambda line: line["extension"].append({"url": f"{LINKS}/vaccine-dose", "valueInteger": 1}), "no place"),
]


def test_the_specifications_examples_have_no_fault() -> None:
    assert [] == manifest_faults(MANIFEST)
    assert [] == faults_of(LINES)
    assert [] == fhir_faults(LINES)


@pytest.mark.parametrize("row", range(len(WRONG)))
def test_each_fault_is_found(row: int) -> None:
    kind, spoil, said = WRONG[row]
    lines = copy.deepcopy(LINES)
    spoil(lines[kind][0])

    faults = faults_of(lines)
    assert any(said in fault for fault in faults), faults


def test_a_repeated_id_is_found() -> None:
    assert ["Slot: an id stands twice"] == faults_of({**LINES, "Slot": LINES["Slot"] * 2})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"transactionTime": "2021-01-01"}, "transactionTime"),
        ({"request": "/$bulk-publish"}, "request"),
        ({"output": [{"type": "Slot", "url": "slots.ndjson", "extension": {"state": ["MA"]}}]}, "no output"),
        ({"output": [{"type": "Slot", "url": "https://a.b/c.ndjson"}]}, "names no states"),
        ({"output": MANIFEST["output"] * 2}, "stands twice"),
        ({"error": None}, "must be lists"),
    ],
)
def test_a_fault_of_the_manifest_is_found(change: dict[str, Any], said: str) -> None:
    faults = manifest_faults({**MANIFEST, **change})
    assert 1 == len(faults), faults
    assert said in faults[0]
