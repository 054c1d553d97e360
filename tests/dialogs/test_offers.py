"""What is offered of many times: days and half-days, wishes with an early time, short slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.offers import PAGE, Page, page_of
from dialogs.outcomes import CENTRE, SLOT
from dialogs.questions import Narrow
from dialogs.readers.when import read_when
from domain.appointments import SlotId
from domain.centres import CentreId
from domain.commands import Command, SlotFound
from domain.queries import CentreOffer, CentresNear, FreeSlots
from tests.dialogs.world import MORNING

ZONE = ZoneInfo("Europe/London")
TUESDAY = date(2027, 3, 2)


def slots(days: int, minutes: int, hours: range = range(9, 17)) -> list[SlotFound]:
    """Return slots of so many *minutes* on each of *days* from Tuesday on."""
    per_day = (hours.stop - hours.start) * 60 // minutes
    begin = datetime.combine(TUESDAY, time(hours.start), tzinfo=ZONE)
    starts = [begin + timedelta(days=day, minutes=minutes * number) for day in range(days) for number in range(per_day)]
    return [
        replace(SLOT, slot=SlotId(number), starts_at=start, ends_at=start + timedelta(minutes=minutes))
        for number, start in enumerate(starts, start=1)
    ]


@dataclass(slots=True)
class Clinic:
    """A world with nothing but slots."""

    free: Sequence[SlotFound]
    now: datetime = MORNING
    looks: list[int] = field(default_factory=list)

    async def do(self, key: str, command: Command[Any]) -> object:
        raise NotImplementedError

    async def centres(self, source: CentresNear, until: datetime, limit: int, offset: int) -> list[CentreOffer]:
        raise NotImplementedError

    async def slots(self, source: FreeSlots, start: datetime, until: datetime, limit: int) -> list[SlotFound]:
        found = [slot for slot in self.free if start <= slot.starts_at < until][:limit]
        self.looks.append(len(found))
        return found


SOURCE = FreeSlots(centre=CentreId(CENTRE.id), tz="Europe/London", programme="flu")


async def shown(clinic: Clinic, said: str = "", page: int = 0, source: FreeSlots = SOURCE) -> tuple[Page, list[str]]:
    when = read_when(said, language="en", now=MORNING.astimezone(ZONE)) if said else None
    assert when is not None or not said
    found = await page_of(source, Narrow(when=when) if when else None, page, clinic)
    return found, [f"{slot.starts_at.astimezone(ZONE):%a %d %H:%M}" for slot in found.items]


async def test_every_page_shows_the_next_half_days_however_short_the_slots() -> None:
    clinic = Clinic(slots(days=20, minutes=5))
    pages = [await shown(clinic, page=number) for number in range(4)]
    assert ["Tue 02 09:00", "Tue 02 13:00", "Wed 03 09:00", "Wed 03 13:00", "Thu 04 09:00"] == pages[0][1]
    assert all(len(found.items) == PAGE and found.has_more for found, _ in pages)
    assert 20 == len({label for _, labels in pages for label in labels})


async def test_the_last_page_has_no_more() -> None:
    found, labels = await shown(Clinic(slots(days=3, minutes=30)), page=1)
    assert (["Thu 04 13:00"], False) == (labels, found.has_more)


async def test_an_early_time_on_a_day_that_was_said_is_on_that_day() -> None:
    clinic = Clinic(slots(days=20, minutes=30))
    assert "Mon 08 09:00" == (await shown(clinic, "as soon as possible next week"))[1][0]
    found, labels = await shown(clinic, "asap after 3pm")
    assert "Tue 02 15:00" == labels[0]
    assert found.is_exact


async def test_the_soonest_alone_is_the_list_from_the_beginning() -> None:
    assert "Tue 02 09:00" == (await shown(Clinic(slots(days=3, minutes=30)), "as soon as possible"))[1][0]


async def test_a_wish_far_ahead_is_found_behind_thousands_of_slots() -> None:
    clinic = Clinic(slots(days=30, minutes=5))
    found, labels = await shown(clinic, "the 20th of march")
    assert found.is_exact
    assert "Sat 20 09:00" == labels[0]


async def test_the_slot_that_one_has_is_not_offered() -> None:
    clinic = Clinic(slots(days=2, minutes=30))
    own = replace(SOURCE, but=clinic.free[0].slot)
    assert "Tue 02 09:30" == (await shown(clinic, source=own))[1][0]
    assert "Tue 02 09:30" == (await shown(clinic, "tuesday morning", source=own))[1][0]
