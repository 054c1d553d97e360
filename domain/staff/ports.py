"""What the handlers for staff need of a store, beside `domain.ports`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from domain.appointments import AppointmentId
from domain.centres import CentreId
from domain.patients import ContactId
from domain.staff.commands import StaffVisit, Workplace
from domain.staff.members import Member, Post, StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """An invitation that can be used: which posts it gives, and the name of who is meant, where it was told.

    Whoever uses it is the *practitioner* with this id, where it names one.
    """

    id: int
    posts: tuple[Post, ...]
    name: str | None
    practitioner: int | None = None


class Staffing(Protocol):
    """Members of staff, their invitations, their teams' chats."""

    async def member(self, contact_id: ContactId) -> Member | None:
        """Return who of the staff writes from a contact, or from another one of the same person."""

    async def members(self, centre: CentreId) -> list[Member]:
        """Return who works at a centre, those at all centres included, by id."""

    async def everybody(self) -> list[Member]:
        """Return who works here, by id."""

    async def member_by_id(self, staff_id: StaffId) -> Member | None:
        """Return a member of staff, locked."""

    async def add_invite(
        self,
        digest: str,
        posts: Sequence[Post],
        *,
        name: str | None,
        lasts: timedelta,
        practitioner: int | None = None,
    ) -> None:
        """Keep an invitation by the digest of its code."""

    async def is_practitioner(self, staff_id: StaffId, practitioner: int) -> None:
        """Record which practitioner a member of staff is."""

    async def invite(self, digest: str) -> Invite | None:
        """Return an invitation that can be used, locked."""

    async def use_invite(self, invite_id: int, staff_id: StaffId) -> None:
        """Use an invitation up."""

    async def add_member(self, contact_id: ContactId, name: str | None, *, wants_digest: bool) -> StaffId:
        """Make who writes from a contact a member of staff."""

    async def add_posts(self, staff_id: StaffId, posts: Sequence[Post]) -> None:
        """Give somebody posts that they do not have yet."""

    async def name(self, staff_id: StaffId, name: str) -> None:
        """Keep what somebody is called."""

    async def leave(self, staff_id: StaffId) -> None:
        """End a membership at this moment."""

    async def bind_group(self, contact_id: ContactId, centres: Collection[CentreId]) -> None:
        """Let the chat of a team be a centre's."""

    async def workplaces(self, centres: Collection[CentreId] | None) -> list[Workplace]:
        """Return centres by name; all active ones with None."""

    async def person_at(self, user: str, secret: bytes) -> ContactId:
        """Return the contact of somebody on Telegram, who may have spoken in a team's chat only."""


class StaffRequests(Protocol):
    """Visits that wait to be confirmed, and by whom."""

    async def seen_by(self, appointment: AppointmentId) -> StaffId | None:
        """Return who of the staff is to see the person of an appointment, if it is known."""

    async def open_requests(
        self, member: StaffId, centres: Collection[CentreId] | None, *, limit: int
    ) -> list[StaffVisit]:
        """Return the requests for visits to *member*, and for all at *centres* (everywhere with None), by time."""

    async def visits_to(self, member: StaffId, *, from_when: datetime, until: datetime) -> list[StaffVisit]:
        """Return who is booked to see *member*, in visits that end after *from_when* and start by *until*, by time."""


class StaffVisits(Protocol):
    """Visits as staff see them."""

    async def visit(self, appointment: AppointmentId) -> StaffVisit | None:
        """Return one visit, whosever it is."""

    async def by_reference(self, reference: str) -> StaffVisit | None:
        """Return the visit with a reference, however it stands."""

    async def by_name(
        self, name: str, centres: Collection[CentreId] | None, *, start: datetime, until: datetime, limit: int
    ) -> list[StaffVisit]:
        """Return visits of people whose name has all words of *name*, that start in [*start*, *until*), by time."""

    async def of_day(self, centre: CentreId, day: date) -> list[StaffVisit]:
        """Return the visits of a day at a centre that were not cancelled, by time."""

    async def looked_at(self, visits: Collection[AppointmentId], action: str) -> None:
        """Write down that these were looked at."""
