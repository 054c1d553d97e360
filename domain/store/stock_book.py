"""What centres have, in SQL, as staff see and change it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.staff.serving_commands import LotInHand
from domain.staff.stock_commands import Movement, ProductStock
from domain.store import stocktaking
from domain.store.servings import LOT, lot_of
from domain.store.stamp import Stamp
from domain.store.stocktaking import Telling
from domain.store.tables import lot, stock, stock_day


class SqlStockBook:
    """`domain.staff.acting_ports.StockBook`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def at(self, centre: CentreId) -> list[ProductStock]:
        lots: dict[str, list[LotInHand]] = defaultdict(list)
        for row in await self._connection.execute(LOT.where(lot.c.centre_id == centre, lot.c.on_hand > 0)):
            lots[row.product].append(lot_of(row))
        promised = await self._promised(centre)
        rows = await self._connection.execute(
            select(stock.c.product, stock.c.reported).where(stock.c.centre_id == centre).order_by(stock.c.product)
        )
        return [
            ProductStock(
                product=row.product,
                on_hand=sum(one.on_hand for one in lots[row.product]),
                promised=promised.get(row.product, 0),
                lots=tuple(lots[row.product]),
                reported=row.reported,
            )
            for row in rows
        ]

    async def _promised(self, centre: CentreId) -> dict[str, int]:
        """Return what is promised of each product since it was counted."""
        counts = (stock.c.counted_on.is_(None), stock_day.c.day >= stock.c.counted_on)
        found = (
            select(stock_day.c.product, func.sum(stock_day.c.promised).label("promised"))
            .join_from(
                stock_day,
                stock,
                (stock.c.centre_id == stock_day.c.centre_id) & (stock.c.product == stock_day.c.product),
            )
            .where(stock_day.c.centre_id == centre, or_(*counts))
            .group_by(stock_day.c.product)
        )
        return {row.product: int(row.promised) for row in await self._connection.execute(found)}

    async def lot_called(self, centre: CentreId, product: str, number: str) -> LotInHand | None:
        wanted = LOT.where(lot.c.centre_id == centre, lot.c.product == product)
        rows = await self._connection.execute(wanted.where(func.lower(lot.c.number) == number.lower()))
        found = [lot_of(row) for row in rows]
        return next((one for one in found if one.number == number), found[0] if found else None)

    async def move(
        self, centre: CentreId, product: str, number: str, kind: Movement, doses: int, expires_on: date | None
    ) -> int:
        return await stocktaking.move(
            self._connection,
            stocktaking.Lot(centre=centre, product=product, number=number),
            kind.value,
            doses,
            Telling(self._stamp.now, self._stamp.actor),
            expires_on=expires_on,
        )
