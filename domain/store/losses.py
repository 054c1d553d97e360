"""Doses lost, in SQL: always recorded, and whose promised dose is gone with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import AppointmentId
from domain.centres import CentreId
from domain.staff.losing_commands import LotOnHand
from domain.store import stocktaking
from domain.store.shortfalls import without_dose
from domain.store.stamp import Stamp
from domain.store.stocktaking import LOSS, Lot, Telling
from domain.store.tables import appointment, centre, lot, slot, stock


class SqlLosses:
    """`domain.displacement_ports.Losses`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def lots(self, centre_id: CentreId) -> list[LotOnHand]:
        wanted = select(lot).where(lot.c.centre_id == centre_id, lot.c.on_hand > 0)
        rows = await self._connection.execute(wanted.order_by(lot.c.product, lot.c.expires_on, lot.c.id))
        return [
            LotOnHand(id=row.id, product=row.product, number=row.number, doses=row.on_hand, expires_on=row.expires_on)
            for row in rows
        ]

    async def lose(
        self, centre_id: CentreId, lots: Collection[int]
    ) -> tuple[int, list[tuple[str, list[AppointmentId]]]]:
        locked = select(stock.c.product).where(stock.c.centre_id == centre_id).order_by(stock.c.product)
        await self._connection.execute(locked.with_for_update())
        found = [one for one in await self.lots(centre_id) if one.id in lots]
        by_product: dict[str, int] = defaultdict(int)
        for one in found:
            of = Lot(centre=centre_id, product=one.product, number=one.number)
            telling = Telling(self._stamp.now, self._stamp.actor)
            await stocktaking.move(self._connection, of, LOSS, -one.doses, telling)
            by_product[one.product] += one.doses
        short = [(product, await self._short(centre_id, product)) for product in sorted(by_product)]
        return sum(by_product.values()), short

    async def is_short(self, appointment_id: AppointmentId, product: str) -> bool:
        here = select(slot.c.centre_id).join_from(appointment, slot, slot.c.id == appointment.c.slot_id)
        centre_id = (await self._connection.execute(here.where(appointment.c.id == appointment_id))).scalar_one()
        return appointment_id in await self._short(CentreId(centre_id), product)

    async def _short(self, centre_id: CentreId, product: str) -> list[AppointmentId]:
        """Return the visits booked that there is no dose for."""
        claims = await without_dose(self._connection, centre_id, product, await self._today(centre_id))
        references = [one.reference for one in claims]
        booked = appointment.c.status == literal_column("'booked'")
        wanted = select(appointment.c.id).where(appointment.c.reference.in_(references), booked)
        rows = await self._connection.execute(wanted.order_by(appointment.c.id))
        return [AppointmentId(row.id) for row in rows]

    async def _today(self, centre_id: CentreId) -> date:
        tz = (await self._connection.execute(select(centre.c.tz).where(centre.c.id == centre_id))).scalar_one()
        return self._stamp.now.astimezone(ZoneInfo(tz)).date()
