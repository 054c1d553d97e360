"""What a turn may ask of the world, over one unit of work; and what is on offer, read once in a while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from dialogs.desk import Desk
from dialogs.sentences import OUR_CLINIC
from domain import programmes, video
from domain.booking import slot_found
from domain.commands import Command, SlotFound
from domain.context import Context
from domain.handlers import handle
from domain.programmes import Programme
from domain.queries import CentreOffer, CentresNear, FreeSlots
from domain.store import catalogue
from domain.store.database import Database
from domain.store.work import Work

log = structlog.get_logger()
_FRESH = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class TurnWorld:
    """`dialogs.offers.World` over the turn's own transaction."""

    work: Work
    context: Context

    @property
    def now(self) -> datetime:
        return self.context.now

    async def do(self, key: str, command: Command[Any]) -> object:
        return await handle(command, replace(self.context, key=f"{self.context.key}:{key}"))

    async def centres(self, source: CentresNear, until: datetime, limit: int, offset: int) -> list[CentreOffer]:
        found = await self.work.centres.centres_near(
            source.programme,
            source.position,
            start=self.now + timedelta(minutes=source.lead_minutes),
            until=until,
            limit=limit,
            offset=offset,
            now=self.now,
            terms=source.terms,
            days=source.days,
            step_free=source.step_free,
            practitioner=source.practitioner,
        )
        return [CentreOffer(centre=centre, distance_m=metres) for centre, metres in found]

    async def slots(self, source: FreeSlots, start: datetime, until: datetime, limit: int) -> list[SlotFound]:
        found = await self.work.appointments.free_slots(
            source.centre,
            source.programme,
            start,
            until,
            limit,
            terms=source.terms,
            practitioner=source.practitioner,
        )
        return list(map(slot_found, found))


@dataclass(slots=True)
class Catalogue:
    """The programmes, read again when they changed, which is looked at every few seconds."""

    database: Database
    clinic: str | None
    mails: bool = False
    video_url: str | None = None
    _programmes: tuple[Programme, ...] = ()
    _version: tuple[int, int] | None = None
    _looked_at: datetime | None = field(default=None)

    async def desk(self, now: datetime) -> Desk:
        """Return the desk as it is at *now*."""
        if self._looked_at is None or abs(now - self._looked_at) >= _FRESH:
            await self._refresh()
            self._looked_at = now
        return Desk(
            now=now,
            today=now.date(),
            name=self.clinic or OUR_CLINIC,
            programmes=self._programmes,
            mails=self.mails,
            video=self._video,
        )

    def _video(self, appointment: int) -> str | None:
        """Return the address of a visit by video, where there is a server for it."""
        return video.link(self.video_url, self.database.index_secret, appointment) if self.video_url else None

    async def _refresh(self) -> None:
        async with self.database.read() as connection:
            version = await catalogue.programmes_version(connection)
            if version != self._version:
                bodies = await catalogue.programmes(connection)
                self._programmes = tuple(_usable(bodies))
                self._version = version


def _usable(bodies: Iterable[dict[str, Any]]) -> Iterator[Programme]:
    """Read programmes; one that cannot be used is left out and said, and the others go on."""
    for body in bodies:
        try:
            yield programmes.from_mapping(body)
        except programmes.ProgrammeError as fault:
            log.error("programme cannot be used", programme=str(body.get("key")), fault=str(fault))
