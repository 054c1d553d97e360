"""A SMART Scheduling Links feed is read with the faults that publishers leave in theirs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.centre_files import read_centre_file
from domain.centre_rows import CentreRow, RefusedRow
from domain.feed_rows import Fault, Row, ScheduleRow, SlotRow
from domain.smart_feed import NO_OFFSET, NO_PLACES, NOWHERE, UNTIED, WRONG_OFFSET, Feed

EXTENSION = "http://fhir-registry.smarthealthit.org/StructureDefinition/"
LOCATION: dict[str, Any] = {
    "resourceType": "Location",
    "id": "7",
    "identifier": [{"system": "https://cdc.gov/vaccines/programs/vtrcks", "value": "PIN7"}],
    "name": "Corner Pharmacy",
    "telecom": [{"system": "phone", "value": "(555) 010-0000"}],
    "address": {"line": ["1 High Street", "Floor 2"], "city": "Millpond", "state": "NJ", "postalCode": "8332-3762"},
    "position": {"latitude": "39.4", "longitude": "-75.04"},
}
SCHEDULE: dict[str, Any] = {
    "resourceType": "Schedule",
    "id": "s7",
    "serviceType": [{"coding": [{"system": "x", "code": "57"}, {"system": "y", "code": "covid19-immunization"}]}],
    "actor": [{"reference": "Location/7"}],
    "extension": [{"url": EXTENSION + "vaccine-product", "valueCoding": {"system": "cvx", "code": "207"}}],
}
SLOT: dict[str, Any] = {
    "resourceType": "Slot",
    "id": "same",
    "schedule": {"reference": "Schedule/s7"},
    "status": "free",
    "start": "2023-03-25T09:00:00-04:00",
    "end": "2023-03-25T18:00:00-04:00",
    "extension": [
        {"url": EXTENSION + "booking-deep-link", "valueUrl": "https://book.example.org/s7"},
        {"url": EXTENSION + "booking-phone", "valueString": "(555) 010-0000"},
        {"url": EXTENSION + "slot-capacity", "valueInteger": "33"},
    ],
}


def address(**parts: object) -> dict[str, Any]:
    return {"address": LOCATION["address"] | parts}


def read(*resources: dict[str, Any]) -> tuple[list[Row], list[Fault]]:
    feed = Feed()
    rows = [feed.read(resource, line) for line, resource in enumerate(resources, start=1)]
    return rows, list(feed.faults())


def slots(*changes: dict[str, Any], location: dict[str, Any] = LOCATION) -> tuple[list[Row], list[Fault]]:
    """Read slots after their location and schedule, whose own faults are left out."""
    feed = Feed()
    feed.read(location, 1)
    feed.read(SCHEDULE, 1)
    list(feed.faults())
    rows = [feed.read(SLOT | change, line) for line, change in enumerate(changes, start=1)]
    return rows, list(feed.faults())


def span(row: Row) -> tuple[str, str]:
    assert isinstance(row, SlotRow), row
    return f"{row.starts_at:%m-%d %H:%M}", f"{row.ends_at:%m-%d %H:%M}"


def test_a_location_becomes_a_centre() -> None:
    (centre,), (fault,) = read(LOCATION)
    expected = CentreRow(
        key="PIN7/7",
        name="Corner Pharmacy",
        address="1 High Street, Floor 2",
        town="Millpond",
        postcode="08332-3762",
        country="US",
        lat=39.4,
        lon=-75.04,
        tz="America/New_York",
        hours=((),) * 7,
        not_said=tuple(range(7)),
    )
    assert expected == centre
    assert "1 postcode had lost the leading zero and got it back." == fault.sentence


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"identifier": []}, {"key": "Location/7"}),
        ({"status": "inactive"}, {"is_public": False}),
        (address(state="CA"), {"tz": "America/Los_Angeles"}),
        (
            {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/timezone", "valueCode": "Asia/Kolkata"}]}
            | address(state="KA", country="IN", postalCode="560001"),
            {"tz": "Asia/Kolkata", "country": "IN", "postcode": "560001"},
        ),
        (
            address(state="AK", postalCode="99546") | {"position": {"latitude": "51.85", "longitude": "-176.66"}},
            {"tz": "America/Adak"},
        ),
    ],
)
def test_a_location_has_its_clock_and_key(change: dict[str, Any], expected: dict[str, object]) -> None:
    (centre,), _ = read(LOCATION | change)
    assert isinstance(centre, CentreRow), centre
    assert expected == {name: getattr(centre, name) for name in expected}


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        (LOCATION | {"id": None}, "It has no id."),
        (LOCATION | {"name": " "}, "It has no name."),
        (LOCATION | {"address": None}, "It has no address.city."),
        (LOCATION | {"position": None}, "It has no position.latitude."),
        (
            LOCATION | {"position": {"latitude": "95", "longitude": "-75"}},
            "Its position 95, -75 is not one on the globe.",
        ),
        (LOCATION | address(state="Z"), "Its state Z is none of the United States, and it has no country."),
        (LOCATION | address(country="USA"), "Its country USA is not a code of two letters, such as US."),
        (LOCATION | address(country="FR"), "Its country is FR, and it has no time zone (extension timezone)."),
        (LOCATION | address(state="TX"), "Its state TX keeps more than one clock, and nothing tells which."),
        (
            LOCATION | {"extension": [{"url": "x/timezone", "valueCode": "New York"}]},
            "Its time zone New York is not an IANA one.",
        ),
        (SCHEDULE | {"id": ""}, "It has no id."),
        (SCHEDULE | {"actor": []}, "It has 0 locations among its actors, and must have one."),
        (SCHEDULE | {"actor": [{"reference": "Practitioner/7"}]}, "It has 0 locations among its actors, and must"),
        (SLOT | {"schedule": {}}, "It has no schedule."),
        (SLOT | {"status": "entered-in-error"}, "Its status entered-in-error is neither free nor busy."),
        (SLOT | {"start": "tomorrow"}, "Its start tomorrow cannot be read."),
        (SLOT | {"end": "2023-02-30T09:00:00-05:00"}, "Its end 2023-02-30T09:00:00-05:00 cannot be read."),
        (SLOT | {"start": "2023-03-25T09:00:00"}, "Its start 2023-03-25T09:00:00 has no offset, and its centre is"),
        (SLOT | {"end": SLOT["start"]}, "It ends at 2023-03-25 13:00:00+00:00, not after its start"),
        (
            SLOT | {"extension": [{"url": EXTENSION + "slot-capacity", "valueInteger": "-1"}]},
            "Its capacity -1 is no number of places.",
        ),
        ({"resourceType": "Patient"}, "Its resourceType Patient is none of Location, Schedule, Slot."),
    ],
)
def test_a_line_that_gives_nothing_is_refused(resource: dict[str, Any], why: str) -> None:
    (refused,), _ = read(resource)
    assert isinstance(refused, RefusedRow), refused
    assert why == refused.why[: len(why)]


def test_a_schedule_ties_slots_to_its_centre() -> None:
    (_, schedule, slot), _ = read(LOCATION, SCHEDULE, SLOT)
    services = ("57", "covid19-immunization")
    assert ScheduleRow(key="s7", centre="PIN7/7", services=services, products=("207",)) == schedule
    expected = SlotRow(
        schedule="s7",
        centre="PIN7/7",
        starts_at=datetime(2023, 3, 25, 13, tzinfo=UTC),
        ends_at=datetime(2023, 3, 25, 22, tzinfo=UTC),
        is_free=True,
        capacity=33,
        link="https://book.example.org/s7",
    )
    assert expected == slot


def test_an_absolute_reference_is_one_too() -> None:
    absolute = {"actor": [{"reference": "https://feed.example.org/r4/Location/7"}]}
    (_, schedule), _ = read(LOCATION, SCHEDULE | absolute)
    assert isinstance(schedule, ScheduleRow)
    assert "PIN7/7" == schedule.centre


def test_a_busy_slot_and_one_without_extensions() -> None:
    (busy, plain), _ = slots({"status": "busy"}, {"extension": [], "start": "2023-03-25T10:00:00-04:00"})
    assert isinstance(busy, SlotRow)
    assert isinstance(plain, SlotRow)
    assert (False, 33) == (busy.is_free, busy.capacity)
    assert (True, 1, "") == (plain.is_free, plain.capacity, plain.link)


def test_a_link_that_is_none_is_left_out() -> None:
    (slot,), _ = slots({"extension": [{"url": EXTENSION + "booking-deep-link", "valueUrl": "javascript:alert(1)"}]})
    assert isinstance(slot, SlotRow)
    assert "" == slot.link


def test_slots_that_share_an_id_are_told_apart_by_place_and_start() -> None:
    again = {"start": "2023-03-26T09:00:00-04:00", "end": "2023-03-26T18:00:00-04:00"}
    rows, (fault,) = slots({}, again, {"end": "2023-03-25T19:00:00-04:00"})
    assert [SlotRow, SlotRow, RefusedRow] == [type(row) for row in rows]
    assert "3 slots shared 1 id, and were told apart by place and start." == fault.sentence
    assert ("3 have the id same",) == fault.examples
    refused = rows[-1]
    assert isinstance(refused, RefusedRow)
    assert "Its place and start are those of line 1." == refused.why


@pytest.mark.parametrize(
    ("start", "end", "in_utc", "fault"),
    [
        ("2023-03-25T09:00:00-05:00", "2023-03-25T21:00:00-05:00", ("03-25 13:00", "03-26 01:00"), WRONG_OFFSET),
        ("2023-03-25T09:00:00-04:00", "2023-03-25T21:00:00-04:00", ("03-25 13:00", "03-26 01:00"), None),
        ("2023-03-11T09:00:00-05:00", "2023-03-11T21:00:00-05:00", ("03-11 14:00", "03-12 02:00"), None),
        ("2023-01-11T09:00:00-04:00", "2023-01-11T21:00:00-04:00", ("01-11 14:00", "01-12 02:00"), WRONG_OFFSET),
        # over the night of the change only the end is wrong
        ("2023-03-12T00:00:00-05:00", "2023-03-12T21:00:00-05:00", ("03-12 05:00", "03-13 01:00"), WRONG_OFFSET),
        # a moment, however it is written
        ("2023-03-25T13:00:00Z", "2023-03-26T01:00:00+00:00", ("03-25 13:00", "03-26 01:00"), None),
        ("2023-03-25T06:00:00-07:00", "2023-03-25T18:00:00-07:00", ("03-25 13:00", "03-26 01:00"), None),
        # both hours of the repeated one
        ("2023-11-05T01:30:00-04:00", "2023-11-05T01:30:00-05:00", ("11-05 05:30", "11-05 06:30"), None),
        ("2023-03-25T09:00:00", "2023-03-25T21:00", ("03-25 13:00", "03-26 01:00"), NO_OFFSET),
    ],
)
def test_wall_times_count_where_the_offset_is_the_other_half_years(
    start: str, end: str, in_utc: tuple[str, str], fault: str | None
) -> None:
    (slot,), faults = slots({"start": start, "end": end})
    assert in_utc == span(slot)
    assert ([fault] if fault else []) == [one.what for one in faults]


def test_a_place_that_keeps_one_offset_all_year_has_no_wrong_ones() -> None:
    (slot,), faults = slots(
        {"start": "2023-07-01T09:00:00-05:00", "end": "2023-07-01T10:00:00-05:00"},
        location=LOCATION | address(state="HI", postalCode="96801"),
    )
    assert ("07-01 14:00", "07-01 15:00") == span(slot)
    assert [] == faults


def test_a_wall_time_that_its_centre_skips_is_refused() -> None:
    (refused,), _ = slots({"start": "2023-03-12T02:30:00", "end": "2023-03-12T04:00:00"})
    assert isinstance(refused, RefusedRow)
    assert "Its start 2023-03-12T02:30:00 is a wall time that its centre skips." == refused.why


def test_a_slot_of_an_unknown_place_is_read_as_written_and_told() -> None:
    (schedule, slot), faults = read(SCHEDULE, SLOT | {"start": "2023-03-25T09:00:00-05:00"})
    assert isinstance(schedule, ScheduleRow)
    assert isinstance(slot, SlotRow)
    assert (None, None) == (schedule.centre, slot.centre)
    assert ("03-25 14:00", "03-25 22:00") == span(slot)
    assert [NOWHERE, UNTIED] == [fault.what for fault in faults]


def test_a_free_slot_without_places_is_told() -> None:
    full = [{"url": EXTENSION + "slot-capacity", "valueInteger": "0"}]
    _, faults = slots({"extension": full}, {"extension": full, "status": "busy", "id": "other"})
    assert [NO_PLACES] == [fault.what for fault in faults if "shared" not in fault.what]


def test_a_repeated_schedule_is_refused() -> None:
    (*_, refused), _ = read(LOCATION, SCHEDULE, SCHEDULE)
    assert isinstance(refused, RefusedRow)
    assert "Its id s7 is taken by line 2." == refused.why


def test_three_files_share_what_their_feed_told(tmp_path: Path) -> None:
    paths = []
    for name, resource in (("locations", LOCATION), ("schedules", SCHEDULE), ("slots", SLOT)):
        paths.append(tmp_path / f"{name}.ndjson")
        numbered = json.dumps(resource).replace('"33"', "33")
        paths[-1].write_text(f"{numbered}\n\n{numbered}\n", encoding="utf-8")
    feed = Feed()
    kinds = [[type(row).__name__ for row in read_centre_file(path, feed)] for path in paths]
    assert [
        ["CentreRow", "RefusedRow", "Fault"],
        ["ScheduleRow", "RefusedRow"],
        ["SlotRow", "RefusedRow", "Fault"],
    ] == kinds


def test_a_json_list_of_resources_is_a_feed_too(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps([LOCATION, SCHEDULE, SLOT], indent=1), encoding="utf-8")
    assert ["CentreRow", "ScheduleRow", "SlotRow", "Fault"] == [type(row).__name__ for row in read_centre_file(path)]


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.sampled_from(["Location/7", "2023-03-12T02:30"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*LOCATION, *SLOT]), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(sorted({*LOCATION, *SCHEDULE, *SLOT} - {"resourceType"}))


@given(st.sampled_from([LOCATION, SCHEDULE, SLOT]), st.dictionaries(NAMES, JSON, max_size=4))
def test_no_resource_breaks_the_reader(resource: dict[str, Any], change: dict[str, Any]) -> None:
    feed = Feed()
    feed.read(LOCATION, 1)
    row = feed.read(resource | change, 2)
    assert isinstance(row, CentreRow | ScheduleRow | SlotRow | RefusedRow)
