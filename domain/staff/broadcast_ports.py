"""What the handlers of broadcasts need of a store."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from domain.centres import CentreId
from domain.patients import Channel, ContactId
from domain.staff.broadcast_commands import Audience, BroadcastId, Preview, Progress, Texts
from domain.staff.members import StaffId


class Broadcasts(Protocol):
    """Messages to many, and whom they went to."""

    async def reached(self, centre: CentreId, audience: Audience, on: Collection[Channel], language: str) -> Preview:
        """Return who would be written to now; who told no *language* counts as speaking this one."""

    async def begin(
        self, centre: CentreId, audience: Audience, texts: Texts, *, of: StaffId, contact: ContactId, language: str
    ) -> BroadcastId:
        """Keep a broadcast with all of its people, to be sent from now on; *contact* is told how it goes."""

    async def last(self, centres: Collection[CentreId] | None) -> BroadcastId | None:
        """Return the newest one at *centres*, at all of them with None; one under way goes before."""

    async def progress(self, broadcast: BroadcastId) -> tuple[CentreId, Progress] | None:
        """Return of which centre one is and how far."""

    async def stop(self, broadcast: BroadcastId, contact: ContactId) -> bool:
        """Drop what has not gone out, for *contact*, who is told by itself; say whether it was under way."""

    async def hours(self, centre: CentreId) -> tuple[str, list[str]]:
        """Return by which zone's clock a centre lives, and the keys of the programmes that are booked there."""
