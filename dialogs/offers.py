"""What is offered out of many: the nearest centres page by page, and times spread over days instead of a long row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dialogs.questions import Narrow
from dialogs.readers.when import When
from domain.commands import Command, SlotFound
from domain.queries import CentreOffer, CentresNear, FreeSlots, Source
from domain.schedules import as_utc

PAGE = 5
NEAR = 3
HORIZON = timedelta(days=90)
_LOOK = 400
_A_FEW_DAYS = 120  # slots, of which a page shows the first of some mornings and afternoons
_NOON = 13  # what people call the morning goes on until lunch


class World(Protocol):
    """What a turn may ask of the world outside: the time it is, commands, and what is on offer."""

    @property
    def now(self) -> datetime:
        """The moment of this turn."""

    async def do(self, key: str, command: Command[Any]) -> object:
        """Carry out *command*, once for this message and *key*."""

    async def centres(self, source: CentresNear, until: datetime, limit: int, offset: int) -> list[CentreOffer]:
        """Return a page of centres."""

    async def slots(self, source: FreeSlots, start: datetime, until: datetime, limit: int) -> list[SlotFound]:
        """Return free slots that start in [*start*, *until*), by time."""


@dataclass(frozen=True, slots=True)
class Page:
    """What to show now: the offers, whether there are more, and whether they are *exactly* what was asked for."""

    items: tuple[Any, ...]
    has_more: bool
    is_exact: bool = True


async def page_of(source: Source, narrow: Narrow | None, page: int, world: World) -> Page:
    """Look up page number *page* (from 0) of what *source* offers."""
    match source:
        case CentresNear():
            found = await world.centres(source, world.now + HORIZON, PAGE + 1, page * PAGE)
            return Page(tuple(found[:PAGE]), len(found) > PAGE)
        case FreeSlots():
            return await _slots(source, narrow or Narrow(), page, world)


async def _slots(source: FreeSlots, narrow: Narrow, page: int, world: World) -> Page:
    zone = ZoneInfo(source.tz)
    start, until = _window(source, world.now, zone)
    if narrow.near is not None:
        return await _near(source, narrow.near, start, until, world)
    if narrow.when is None or narrow.when.soonest:
        look = _A_FEW_DAYS * (page + 1)
        found = await world.slots(source, start, until, look)
        return _spread(found, page, zone, goes_on=len(found) == look)
    asked_from = max(start, _first_day(narrow.when, zone, start))
    found = await world.slots(source, asked_from, until, _LOOK)
    fitting = [slot for slot in found if narrow.when.allows(slot.starts_at.astimezone(zone))]
    if fitting:
        return _of_one_wish(fitting, page)
    near = _near_in_time_of_day(found, narrow.when, zone) or _nearest(found, asked_from)
    return Page(near, has_more=False, is_exact=False)


def _near_in_time_of_day(found: Sequence[SlotFound], when: When, zone: ZoneInfo) -> tuple[SlotFound, ...]:
    """Where an exact time cannot be had, take the nearest times of day on the first days that fit."""
    if when.at is None:
        return ()
    at, any_time = _minutes(when.at), replace(when, at=None)
    walls = [(slot.starts_at.astimezone(zone), slot) for slot in found]
    fitting = [(wall, slot) for wall, slot in walls if any_time.allows(wall)]
    days = sorted({wall.date() for wall, _ in fitting})[:NEAR]
    near = sorted(
        (abs(_minutes(wall.time()) - at), slot.starts_at, slot.slot, slot)
        for wall, slot in fitting
        if wall.date() in days
    )
    return tuple(sorted((slot for *_, slot in near[:NEAR]), key=lambda slot: slot.starts_at))


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _window(source: FreeSlots, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, until = now + timedelta(minutes=source.lead_minutes), now + HORIZON
    if source.first is not None:
        start = max(start, as_utc(source.first, time(0), zone) or start)
    if source.last is not None:
        until = as_utc(source.last, time(0), zone) or until
    return start, until


def _first_day(when: When, zone: ZoneInfo, start: datetime) -> datetime:
    if not when.days:
        return start
    first = min(begin for begin, _ in when.days)
    return as_utc(first, time(0), zone) or start


async def _near(source: FreeSlots, near: datetime, start: datetime, until: datetime, world: World) -> Page:
    found = await world.slots(source, max(start, near - timedelta(days=3)), until, _LOOK)
    return Page(_nearest(found, near), has_more=False)


def _nearest(found: Sequence[SlotFound], near: datetime) -> tuple[SlotFound, ...]:
    nearest = sorted(found, key=lambda slot: (abs(slot.starts_at - near), slot.starts_at))[:NEAR]
    return tuple(sorted(nearest, key=lambda slot: slot.starts_at))


def _spread(found: Sequence[SlotFound], page: int, zone: ZoneInfo, *, goes_on: bool) -> Page:
    """Take the first place of each morning and afternoon, so that a page covers days and not one hour."""
    firsts: dict[tuple[object, bool], SlotFound] = {}
    for slot in found:
        wall = slot.starts_at.astimezone(zone)
        firsts.setdefault((wall.date(), wall.hour < _NOON), slot)
    cut = _cut(list(firsts.values()), page)
    return replace(cut, has_more=cut.has_more or goes_on)


def _of_one_wish(fitting: Sequence[SlotFound], page: int) -> Page:
    """Show what fits a wish; of many times on one day first ones spread evenly over it, then the rest."""
    if len(fitting) <= PAGE or not _one_day(fitting):
        return _cut(fitting, page)
    step = len(fitting) / PAGE
    first = [fitting[int(number * step)] for number in range(PAGE)]
    rest = [slot for slot in fitting if slot not in first]
    return _cut([*first, *rest], page)


def _one_day(found: Iterable[SlotFound]) -> bool:
    return len({slot.starts_at.astimezone(UTC).date() for slot in found}) == 1


def _cut(found: Sequence[SlotFound], page: int) -> Page:
    shown = tuple(found[page * PAGE : (page + 1) * PAGE])
    return Page(shown, has_more=len(found) > (page + 1) * PAGE)
