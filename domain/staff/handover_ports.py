"""What the handlers of hand-overs need of a store."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from domain.centres import CentreId
from domain.desk_hours import DeskHours
from domain.patients import ContactId
from domain.staff.handover_commands import Call, HandoverId, Spoken, Why
from domain.staff.members import StaffId


class Handovers(Protocol):
    """Hand-overs, and what was said in them."""

    async def concerned(self, contact: ContactId, under_way: CentreId | None) -> CentreId | None:
        """Return the centre that concerns somebody: of the next visit, else *under_way*, else the last one."""

    async def desk_hours(self, centre: CentreId | None) -> list[DeskHours]:
        """Return the hours of a centre's desk; with None of all."""

    async def is_anybody_in_chat(self) -> bool:
        """Say whether there is a member of staff, or a team, that can be written to."""

    async def open(
        self, contact: ContactId, centre: CentreId | None, why: Why, call_at: datetime, *, name: str
    ) -> None:
        """Let somebody wait for a person from now on; staff are told at *call_at*.

        The *name* is for who is not on record yet.
        """

    async def of_person(self, contact: ContactId) -> Call | None:
        """Return the hand-over of a person that is not done, whichever of their contacts it is of."""

    async def call(self, handover: HandoverId) -> Call | None:
        """Return a hand-over, however it stands."""

    async def waiting(self, centres: Collection[CentreId] | None) -> list[Call]:
        """Return who waits at *centres* (None: anywhere) or where no centre is concerned, the longest first."""

    async def held_by(self, staff: StaffId) -> Call | None:
        """Return whom a member of staff talks with."""

    async def take(self, handover: HandoverId, staff: StaffId, chat: ContactId) -> bool:
        """Let a member talk with somebody in a chat; say whether nobody was quicker."""

    async def hand_back(self, handover: HandoverId) -> bool:
        """Let the desk go on; say whether it was not handed back before."""

    async def is_of_team(self, chat: ContactId, centre: CentreId | None) -> bool:
        """Say whether a chat is that of a team of a centre; with None, of any."""

    async def transcript(self, contact: ContactId, limit: int) -> list[Spoken]:
        """Return the last things said by a person and to them, oldest first, on all their contacts."""

    async def looked_at(self, contact: ContactId, action: str) -> None:
        """Write down that what a person said was looked at."""
