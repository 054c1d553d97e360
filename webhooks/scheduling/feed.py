"""The feed: which files there are, and what stands in each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import chain, groupby

import structlog

from bot.app import App
from bot.links import chat_link, desk_number
from domain import programmes
from domain.centres import CentreId
from domain.programmes import Programme
from domain.store import catalogue, scheduling
from webhooks.scheduling import resources
from webhooks.scheduling.areas import state_of
from webhooks.scheduling.shelf import Kept, Shelf, is_fresh

log = structlog.get_logger()
FRESH = timedelta(minutes=2)
HORIZON = timedelta(weeks=8)
CENTRES_IN_AN_AREA = 50
LOCATIONS = "locations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A programme at a centre: a FHIR Schedule."""

    schedule: int
    centre: CentreId
    tz: str
    programme: Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A bounded number of centres of one state, and what they offer."""

    name: str
    state: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which files there are, as of *made_at*."""

    made_at: datetime
    areas: Mapping[str, Area] = field(default_factory=dict)

    def outputs(self) -> list[tuple[str, str, list[str]]]:
        """Return the type, the name and the states of each file, in the order in which references resolve."""
        if not self.areas:
            return []
        states = sorted({area.state for area in self.areas.values()})
        return [
            ("Location", LOCATIONS, states),
            *(("Schedule", f"schedules-{name}", [area.state]) for name, area in self.areas.items()),
            *(("Slot", f"slots-{name}", [area.state]) for name, area in self.areas.items()),
        ]


class Feed:
    """What is published, made anew at most once in `FRESH`."""

    def __init__(self, app: App, *, page: int = scheduling.PAGE) -> None:
        settings = app.settings
        self._database = app.database
        self._clock = app.clock
        self._page = page
        self._publisher = resources.Publisher(
            root=settings.public_url or f"http://localhost:{settings.port}",
            phone=desk_number(settings),
            link=lambda centre: chat_link(settings, centre),
        )
        self._plan: Plan | None = None
        self._planning = asyncio.Lock()
        self.shelf = Shelf(FRESH)

    async def plan(self) -> Plan:
        """Return which files there are, looked up once in a while."""
        async with self._planning:
            now = self._clock()
            if self._plan is None or not is_fresh(self._plan.made_at, now, FRESH):
                self._plan = Plan(made_at=now, areas=await self._areas())
                self.shelf.clear_but(name for _, name, _ in self._plan.outputs())
            return self._plan

    async def file(self, name: str) -> Kept | None:
        """Return the file called *name*; None where there is none."""
        plan = await self.plan()
        kind, _, area = name.partition("-")
        if name == LOCATIONS:
            return await self.shelf.get(name, self._clock, lambda: self._locations(plan))
        if kind == "schedules" and area in plan.areas:
            return await self.shelf.get(name, self._clock, lambda: self._schedules(plan.areas[area]))
        if kind == "slots" and area in plan.areas:
            return await self.shelf.get(name, self._clock, lambda: self._slots(plan.areas[area]))
        return None

    async def _areas(self) -> dict[str, Area]:
        offered = await self._offered()
        found: dict[tuple[str, str], list[Offer]] = {}
        async for row in scheduling.public_schedules(self._database, page=self._page):
            if row.programme in offered:
                programme = offered[row.programme]
                centre = CentreId(row.centre_id)
                offer = Offer(schedule=row.id, centre=centre, tz=row.tz, programme=programme)
                found.setdefault((row.country, state_of(row.country, row.postcode)), []).append(offer)
        areas = [area for (country, state), offers in sorted(found.items()) for area in _areas(country, state, offers)]
        return {area.name: area for area in areas}

    async def _offered(self) -> dict[str, Programme]:
        """Return the programmes that can be booked; one that cannot be used is left out, as it is at the desk."""
        async with self._database.read() as connection:
            bodies = await catalogue.programmes(connection)
        offered: dict[str, Programme] = {}
        for body in bodies:
            try:
                programme = programmes.from_mapping(body)
            except programmes.ProgrammeError as fault:
                log.info("programme not published", programme=str(body.get("key")), fault=str(fault))
            else:
                offered[programme.key] = programme
        return offered

    # ---- what stands in the files, a page of lines at a time

    async def _locations(self, plan: Plan) -> AsyncIterator[list[str]]:
        named = {offer.centre for area in plan.areas.values() for offer in area.offers}
        async for rows in scheduling.public_centres(self._database, page=self._page):
            yield [resources.location(row, self._publisher) for row in rows if row.id in named]

    async def _schedules(self, area: Area) -> AsyncIterator[list[str]]:
        yield [
            resources.schedule(offer.schedule, offer.centre, offer.programme.service, self._publisher)
            for offer in area.offers
        ]

    async def _slots(self, area: Area) -> AsyncIterator[list[str]]:
        now = self._clock()
        until = datetime.combine(now.astimezone(UTC) + HORIZON, time(), UTC)  # so that it moves once a day
        for offer in area.offers:
            terms = offer.programme.terms(doses=len(offer.programme.doses))
            doses_until = await scheduling.doses_until(self._database, offer.centre, offer.tz, terms, now)
            line = resources.slot_line(offer.schedule, offer.centre, offer.tz, self._publisher, doses_until)
            pages = scheduling.slots_of(
                self._database, offer.schedule, start=now + offer.programme.lead, until=until, page=self._page
            )
            async for rows in pages:
                yield [line(row) for row in rows]


def _areas(country: str, state: str, offers: list[Offer]) -> list[Area]:
    """Part the offers of a state, by centre, into areas that are small enough."""
    ordered = sorted(offers, key=lambda offer: (offer.centre, offer.schedule))
    centres = [tuple(group) for _, group in groupby(ordered, key=lambda offer: offer.centre)]
    name = country if state == country else f"{country}-{state}"
    return [
        Area(
            name=f"{name}-{number}",
            state=state,
            offers=tuple(chain.from_iterable(centres[start : start + CENTRES_IN_AN_AREA])),
        )
        for number, start in enumerate(range(0, len(centres), CENTRES_IN_AN_AREA), start=1)
    ]
