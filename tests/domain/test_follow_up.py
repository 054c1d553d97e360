"""The next dose is offered on the earliest fitting day, by the centre's own calendar, near the same time of day."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.appointments import SlotId
from domain.commands import FindFollowUp, NoSlot, SlotFound
from tests.domain.clinic import Clinic, write_slot

PARIS, AUCKLAND, ANGELES = "Europe/Paris", "Pacific/Auckland", "America/Los_Angeles"
NOWHERE = SlotId(999_999)

# why, zone, first dose, days after and before, other free places → the one that is offered, by the wall clock there
OFFERS = (
    ("the same time", PARIS, "03-02 09:00", 21, 28, "03-23 09:00 | 03-23 10:00", "03-23 09:00"),
    ("the nearest time", PARIS, "03-02 09:00", 21, 28, "03-23 07:30 | 03-23 10:00", "03-23 10:00"),
    ("the earlier of two as near", PARIS, "03-02 09:00", 21, 28, "03-23 08:30 | 03-23 09:30", "03-23 08:30"),
    ("the earliest day first", PARIS, "03-02 09:00", 21, 28, "03-24 09:00 | 03-23 16:00", "03-23 16:00"),
    ("not too early", PARIS, "03-02 09:00", 21, 28, "03-22 09:00", ""),
    ("not the evening before", PARIS, "03-02 09:00", 21, 28, "03-22 23:30", ""),
    ("on the first day, but earlier in the day", PARIS, "03-02 16:00", 21, 28, "03-23 08:00", "03-23 08:00"),
    ("on the last day", PARIS, "03-02 09:00", 21, 28, "03-29 16:00", "03-29 16:00"),
    ("not too late", PARIS, "03-02 16:00", 21, 28, "03-30 09:00", ""),
    ("the same time on another clock", PARIS, "03-16 09:00", 21, 28, "04-06 09:00 | 04-06 10:00", "04-06 09:00"),
    ("nothing at all", PARIS, "03-02 09:00", 21, 28, "", ""),
    ("east of Greenwich, not the evening before", AUCKLAND, "03-02 09:00", 21, 28, "03-22 21:00", ""),
    ("east of Greenwich, the morning", AUCKLAND, "03-02 14:00", 21, 28, "03-23 09:00", "03-23 09:00"),
    ("west of it, the same day", ANGELES, "03-02 16:30", 21, 28, "03-23 15:30 | 03-24 16:30", "03-23 15:30"),
    ("west of it, not the day before", ANGELES, "03-02 09:00", 21, 28, "03-22 22:00", ""),
    ("no two doses at one time", PARIS, "03-02 09:00", 0, 28, "03-02 10:00", "03-02 10:00"),
)  # fmt: skip


@pytest.mark.parametrize("row", OFFERS, ids=[row[0] for row in OFFERS])
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_a_place_for_the_next_dose(clinic: Clinic, row: tuple[str, str, str, int, int, str, str]) -> None:
    _, tz, given, after, before, others, expected = row
    centre = await clinic.centre(tz=tz)
    async with clinic.database.begin() as connection:
        first = await write_slot(connection, moment(given, tz), centre=centre)
        for other in filter(None, others.split(" | ")):
            await write_slot(connection, moment(other, tz), centre=centre)
    assert expected == await offered(clinic, first, after, before)


def moment(wall: str, tz: str) -> datetime:
    return datetime.strptime(f"2027-{wall}", "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)


async def offered(clinic: Clinic, first: SlotId, after: int, before: int) -> str:
    ana = await clinic.someone()
    found = await clinic.do(FindFollowUp(slot=first, after_days=after, before_days=before), ana.contact)
    return f"{found.centre.local(found.starts_at):%m-%d %H:%M}" if isinstance(found, SlotFound) else ""


async def test_only_free_places_of_the_same_centre_and_programme_are_offered(clinic: Clinic) -> None:
    bath = await clinic.centre("bath")
    first, free = await clinic.slot(1), await clinic.slot(26, capacity=2)
    full, closed = await clinic.slot(22, capacity=0), await clinic.slot(23)
    await clinic.slot(24, centre=bath)
    await clinic.slot(25, programme="travel")
    await clinic.set_status(closed, "busy")
    ana = await clinic.someone()
    found = await clinic.do(FindFollowUp(slot=first, after_days=21, before_days=43), ana.contact)
    assert isinstance(found, SlotFound)
    assert free == found.slot
    assert full != found.slot
    assert clinic.clock().replace(hour=9, minute=30) == found.ends_at.replace(year=2027, month=3, day=1)


async def test_nothing_in_the_past_is_offered(clinic: Clinic) -> None:
    """The first dose was long ago: what is left of today counts, what has begun does not."""
    first, begun, later = await clinic.slot(-30), await clinic.slot(-1 / 24), await clinic.slot(1 / 24)
    ana = await clinic.someone()
    found = await clinic.do(FindFollowUp(slot=first, after_days=21, before_days=43), ana.contact)
    assert isinstance(found, SlotFound)
    assert later == found.slot
    assert begun != found.slot


async def test_after_an_unknown_place_there_is_none(clinic: Clinic) -> None:
    ana = await clinic.someone()
    unknown = FindFollowUp(slot=NOWHERE, after_days=21, before_days=43)
    assert NoSlot() == await clinic.do(unknown, ana.contact)
