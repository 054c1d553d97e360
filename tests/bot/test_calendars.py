"""Calendar files have what RFC 5545 and 5546 want of them, and are right when clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from bot.calendars import NOBODY, as_ics
from bot.messages import dump_outgoing, load_outgoing
from dialogs.prompt import Visit

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
VISIT = Visit(
    reference="ABC234",
    sequence=3,
    starts_at=datetime(2027, 3, 2, 9, tzinfo=UTC),
    ends_at=datetime(2027, 3, 2, 10, tzinfo=UTC),
    title="Harbour Practice",
    place="Harbour Practice, 1 Quay Street, BS1 1XX Bristol",
    appointment=7,
    tz="Europe/London",
)
CANCELLED = replace(VISIT, sequence=4, is_cancelled=True)


def read(ics: bytes) -> tuple[Any, Any]:
    """Return the calendar in a file, and its only event."""
    calendar = icalendar.Calendar.from_ical(ics)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


#: What is so of a visit's file: the visit, METHOD, STATUS.
FILES = {"booked": (VISIT, "PUBLISH", "CONFIRMED"), "cancelled": (CANCELLED, "CANCEL", "CANCELLED")}


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_what_its_method_wants(name: str) -> None:
    visit, method, status = FILES[name]
    calendar, event = read(as_ics(visit, now=NOW))
    assert ("2.0", method, status) == (str(calendar["VERSION"]), str(calendar["METHOD"]), str(event["STATUS"]))
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "ORGANIZER"} <= set(event)
    assert (f"mailto:{NOBODY}", "Harbour Practice") == (str(event["ORGANIZER"]), event["ORGANIZER"].params["CN"])
    assert ("ABC234@frontdesk", visit.sequence, NOW) == (str(event["UID"]), event["SEQUENCE"], event["DTSTAMP"].dt)
    assert "ATTENDEE" not in event, "what is published invites nobody"
    assert [] == calendar.walk("VALARM"), "we remind people ourselves"


def test_who_writes_the_mails_stands_as_organizer() -> None:
    _, event = read(as_ics(VISIT, now=NOW, organizer="desk@example.org"))
    assert "mailto:desk@example.org" == str(event["ORGANIZER"])


def test_a_file_names_neither_the_person_nor_what_the_visit_is_for() -> None:
    _, event = read(as_ics(VISIT, now=NOW))
    assert ("Harbour Practice", "PRIVATE") == (str(event["SUMMARY"]), str(event["CLASS"]))
    assert {"DESCRIPTION", "CATEGORIES", "COMMENT"}.isdisjoint(event)


#: Nine o'clock on the wall, on days around a change of clocks, and when that is.
MORNINGS = [
    ("Europe/London", date(2027, 3, 27), "20270327T090000Z"),
    ("Europe/London", date(2027, 3, 28), "20270328T080000Z"),
    ("Europe/London", date(2027, 10, 31), "20271031T090000Z"),
    ("America/New_York", date(2027, 3, 14), "20270314T130000Z"),
    ("Asia/Kolkata", date(2027, 3, 14), "20270314T033000Z"),
]


@pytest.mark.parametrize(("zone", "day", "written"), MORNINGS)
def test_a_time_stays_right_when_clocks_change(zone: str, day: date, written: str) -> None:
    starts_at = datetime.combine(day, time(9), tzinfo=ZoneInfo(zone))
    visit = replace(VISIT, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30), tz=zone)
    kept = load_outgoing(dump_outgoing(visit))  # as it comes out of the outbox
    assert isinstance(kept, Visit)
    ics = as_ics(kept, now=NOW).decode()
    assert f"DTSTART:{written}" in ics.splitlines()
    assert starts_at == read(ics.encode())[1]["DTSTART"].dt
