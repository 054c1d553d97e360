"""What WhatsApp says of our templates, asked now and then: an approval comes hours after it was asked for.

It may be withdrawn too; a template that is not approved is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.channels.contents import APPROVED, PENDING, TROUBLES, ContentApi, why
from domain.store import content
from domain.store.database import Database

log = structlog.get_logger()
EVERY = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class Approvals:
    """Keeps with each template whether it may be used; *given* are those that a setting names, by SID."""

    database: Database
    api: ContentApi
    given: Mapping[str, str]
    clock: Callable[[], datetime]
    _looked_at: datetime | None = field(default=None, init=False)

    async def look(self) -> None:
        """Ask, unless that was done a moment ago; a Twilio that is away is asked again the next time."""
        now = self.clock()
        if self._looked_at is not None and timedelta() <= now - self._looked_at < EVERY:
            return
        self._looked_at = now
        async with self.database.read() as connection:
            kept = await content.all_kept(connection)
        known = {one.sid: one.approval for one in kept if one.approval is not None}
        wanted = {*self.given.values(), *known}
        try:
            for sid in sorted(wanted):
                await self._look_at(sid, known.get(sid))
        except TROUBLES as trouble:
            log.info("templates not looked at", problem=why(trouble))

    async def _look_at(self, sid: str, known: str | None) -> None:
        standing = await self.api.standing(sid)
        if standing.state == known:
            return
        async with self.database.begin() as connection:
            await content.keep_approval(connection, sid, standing.state)
        if standing.state == APPROVED or standing.state in PENDING:
            log.info("template", sid=sid, state=standing.state)
        else:
            log.error("template not usable", sid=sid, state=standing.state, cure="frontdesk whatsapp check")
