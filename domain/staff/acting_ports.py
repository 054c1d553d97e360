"""What the handlers for serving, stock and people who walk in need of a store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.appointments import AppointmentId, Promise, SlotId
from domain.centres import CentreId
from domain.patients import PatientId
from domain.staff.serving_commands import Given, LotId, LotInHand
from domain.staff.stock_commands import Movement, ProductStock
from domain.staff.walk_in_commands import PlaceToday


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What was recorded as given at a visit, when, and from which *lot*."""

    id: int
    at: datetime
    given: Given
    lot: LotId | None


class Servings(Protocol):
    """What was given at visits; doses used come out of their lots."""

    async def of(self, appointment: AppointmentId) -> Serving | None:
        """Return what counts as given at a visit."""

    async def last(self, since: datetime) -> AppointmentId | None:
        """Return the visit that who acts recorded last as served since then, if it counts still."""

    async def lots(self, centre: CentreId, products: Collection[str], day: date) -> list[LotInHand]:
        """Return the lots of *products* at a centre with doses that are good on *day*, first what expires first."""

    async def lot(self, lot: LotId, centre: CentreId) -> LotInHand | None:
        """Return a lot of a centre."""

    async def record(self, appointment: AppointmentId, given: Given, lot: LotId | None) -> None:
        """Keep what was given."""

    async def take_back(self, serving: Serving) -> None:
        """Let what was recorded count no more."""

    async def use(self, centre: CentreId, lot: LotInHand) -> None:
        """Take one dose out of a lot, whose stock is locked."""

    async def put_back(self, centre: CentreId, lot: LotInHand) -> None:
        """Put one dose back that was not used after all."""

    async def keep_for(self, centre: CentreId, promise: Promise, doses: int) -> None:
        """Change by so many *doses* what is allocated to the group on whose account a promise was."""


class StockBook(Protocol):
    """What centres have, as staff see and change it."""

    async def at(self, centre: CentreId) -> list[ProductStock]:
        """Return what a centre has of each product, by product."""

    async def lot_called(self, centre: CentreId, product: str, number: str) -> LotInHand | None:
        """Return the lot with a number, however that is written, also one that is used up."""

    async def move(
        self, centre: CentreId, product: str, number: str, kind: Movement, doses: int, expires_on: date | None
    ) -> int:
        """Record a movement of *doses*, negative where they are gone; return how many are on hand then."""


class WalkIns(Protocol):
    """People who come without a booking."""

    async def places(self, centre: CentreId, now: datetime) -> list[PlaceToday]:
        """Return the open slots of today that are not over, by time."""

    async def add_patient(self, name: str, birth: date) -> PatientId:
        """Put somebody on record whom no contact is known of."""

    async def take(
        self, patient: PatientId, course: str, slot: SlotId, *, promise: Promise | None, key: str, secret: bytes
    ) -> AppointmentId:
        """Write an appointment whose person has arrived, made by the desk of the slot's centre itself."""
