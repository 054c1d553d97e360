"""What people were given at visits, in SQL; a dose that is used is a movement of its lot."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId, Promise
from domain.centres import CentreId
from domain.staff.acting_ports import Serving
from domain.staff.serving_commands import Given, LotId, LotInHand
from domain.store import stocktaking
from domain.store.stamp import Stamp
from domain.store.stocktaking import CORRECTION, USED, Telling
from domain.store.tables import allocation, lot, serving

_COUNTS = serving.c.status == literal_column("'completed'")  # in words, as the partial index has it
_SERVING = (
    select(serving.c.id, serving.c.at, serving.c.product, serving.c.lot_id, lot.c.number)
    .join_from(serving, lot, serving.c.lot_id == lot.c.id, isouter=True)
    .where(_COUNTS)
)
LOT: Select[Any] = select(lot).order_by(lot.c.expires_on, lot.c.number)


class SqlServings:
    """`domain.staff.acting_ports.Servings`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def of(self, appointment: AppointmentId) -> Serving | None:
        row = (await self._connection.execute(_SERVING.where(serving.c.appointment_id == appointment))).first()
        if row is None:
            return None
        lot_id = LotId(row.lot_id) if row.lot_id is not None else None
        return Serving(id=row.id, at=row.at, given=Given(product=row.product, lot=row.number), lot=lot_id)

    async def last(self, since: datetime) -> AppointmentId | None:
        mine = select(serving.c.appointment_id).where(
            _COUNTS, serving.c.actor == self._stamp.actor, serving.c.at > since
        )
        found = (await self._connection.execute(mine.order_by(serving.c.id.desc()).limit(1))).scalar()
        return AppointmentId(found) if found is not None else None

    async def lots(self, centre: CentreId, products: Collection[str], day: date) -> list[LotInHand]:
        usable = LOT.where(
            lot.c.centre_id == centre, lot.c.product.in_(products), lot.c.on_hand > 0, lot.c.expires_on >= day
        )
        return list(map(lot_of, await self._connection.execute(usable))) if products else []

    async def lot(self, lot_id: LotId, centre: CentreId) -> LotInHand | None:
        row = (await self._connection.execute(LOT.where(lot.c.id == lot_id, lot.c.centre_id == centre))).first()
        return lot_of(row) if row is not None else None

    async def record(self, appointment: AppointmentId, given: Given, lot_id: LotId | None) -> None:
        values = {
            "appointment_id": appointment,
            "product": given.product,
            "lot_id": lot_id,
            "status": "completed",
            "at": self._stamp.now,
            "actor": self._stamp.actor,
        }
        await self._connection.execute(insert(serving).values(values))

    async def take_back(self, was: Serving) -> None:
        undone = update(serving).where(serving.c.id == was.id)
        values = {"status": "entered-in-error", "undone_at": self._stamp.now, "undone_by": self._stamp.actor}
        await self._connection.execute(undone.values(values))

    async def use(self, centre: CentreId, of: LotInHand) -> None:
        await self._move(centre, of, USED, -1)

    async def put_back(self, centre: CentreId, of: LotInHand) -> None:
        await self._move(centre, of, CORRECTION, 1)

    async def _move(self, centre: CentreId, of: LotInHand, kind: str, doses: int) -> None:
        where = stocktaking.Lot(centre=centre, product=of.product, number=of.number)
        await stocktaking.move(self._connection, where, kind, doses, Telling(self._stamp.now, self._stamp.actor))

    async def keep_for(self, centre: CentreId, promise: Promise, doses: int) -> None:
        mine = (
            allocation.c.centre_id == centre,
            allocation.c.product == promise.product,
            allocation.c.group_key == promise.group,
            allocation.c.quantity + doses >= 0,
        )
        await self._connection.execute(update(allocation).where(*mine).values(quantity=allocation.c.quantity + doses))


def lot_of(row: Any) -> LotInHand:
    """Return the lot of a row of its table."""
    return LotInHand(
        id=LotId(row.id), product=row.product, number=row.number, expires_on=row.expires_on, on_hand=row.on_hand
    )
