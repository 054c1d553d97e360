"""What is offered out of many: the nearest centres page by page, and times spread over days instead of a long row."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
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
_LOOK = 400  # slots that are read at once for a wish, and how often
_LOOKS = 12
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
            return await _centres(source, page, world)
        case FreeSlots():
            return await _slots(source, narrow or Narrow(), page, world)


async def _centres(source: CentresNear, page: int, world: World) -> Page:
    """Where no centre has what is wanted of it, offer those that have a place at all."""
    found = await world.centres(source, world.now + HORIZON, PAGE + 1, page * PAGE)
    is_exact = bool(found) or (source.days is None and not source.step_free)
    if not is_exact:
        anyhow = replace(source, days=None, step_free=False)
        found = await world.centres(anyhow, world.now + HORIZON, PAGE + 1, page * PAGE)
    return Page(tuple(found[:PAGE]), len(found) > PAGE, is_exact)


async def _slots(source: FreeSlots, narrow: Narrow, page: int, world: World) -> Page:
    zone = ZoneInfo(source.tz)
    start, until = _window(source, world.now, zone)
    if narrow.near is not None:
        return await _near(source, narrow.near, start, until, world)
    if narrow.when is None or replace(narrow.when, soonest=False) == When():
        firsts = await _firsts(source, start, until, (page + 1) * PAGE + 1, world)
        return _cut(firsts, page)
    asked_from = max(start, _first_day(narrow.when, zone, start))
    looked: list[SlotFound] = []
    fitting: list[SlotFound] = []
    async for found in _each_look(source, asked_from, until, world):
        looked += found
        fitting += [slot for slot in found if narrow.when.allows(slot.starts_at.astimezone(zone))]
        if len(fitting) > (page + 1) * PAGE:
            break
    if fitting:
        return _cut(fitting, page) if narrow.when.soonest else _of_one_wish(fitting, page)
    near = _near_in_time_of_day(looked, narrow.when, zone) or _nearest(looked, asked_from)
    return Page(near, has_more=False, is_exact=False)


async def _each_look(
    source: FreeSlots, start: datetime, until: datetime, world: World
) -> AsyncIterator[list[SlotFound]]:
    """Look further and further ahead, so many slots at a time."""
    for _ in range(_LOOKS):
        found = await world.slots(source, start, until, _LOOK)
        if found:
            yield _one_each_time(slot for slot in found if slot.slot != source.but)
        if len(found) < _LOOK:
            return
        start = found[-1].starts_at + timedelta.resolution


def _one_each_time(found: Iterable[SlotFound]) -> list[SlotFound]:
    """Return the first place of each time: that several practitioners have one then makes no difference to others."""
    firsts: dict[datetime, SlotFound] = {}
    for slot in found:
        firsts.setdefault(slot.starts_at, slot)
    return list(firsts.values())


async def _firsts(source: FreeSlots, start: datetime, until: datetime, count: int, world: World) -> list[SlotFound]:
    """Return the first place of each morning and afternoon, so that a page covers days and not one hour."""
    zone = ZoneInfo(source.tz)
    firsts: dict[tuple[date, bool], SlotFound] = {}
    while len(firsts) < count:
        found = await world.slots(source, start, until, _A_FEW_DAYS)
        for slot in found:
            wall = slot.starts_at.astimezone(zone)
            if slot.slot != source.but:
                firsts.setdefault((wall.date(), wall.hour < _NOON), slot)
        if len(found) < _A_FEW_DAYS:
            break
        start = _next_half_day(found[-1].starts_at, zone)
    return list(firsts.values())


def _next_half_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the next morning or afternoon begins at the centre."""
    wall = moment.astimezone(zone)
    noon = as_utc(wall.date(), time(_NOON), zone)
    if wall.hour < _NOON and noon is not None:
        return noon
    return as_utc(wall.date() + timedelta(days=1), time(0), zone) or moment + timedelta(hours=1)


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
    return Page(_nearest(_one_each_time(found), near), has_more=False)


def _nearest(found: Sequence[SlotFound], near: datetime) -> tuple[SlotFound, ...]:
    nearest = sorted(found, key=lambda slot: (abs(slot.starts_at - near), slot.starts_at))[:NEAR]
    return tuple(sorted(nearest, key=lambda slot: slot.starts_at))


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
