"""Stock as staff see and change it: what there is against what is promised, and doses that come and go.

The stock of a product is locked before it is looked at, so that two who take from a lot at once take one after another.
A loss is always recorded as far as there are doses; where promises cannot be kept then, a task proposes whom to move.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.context import Context
from domain.staff.handling import Handler
from domain.staff.members import Member
from domain.staff.stock_commands import (
    Movement,
    MoveStock,
    NoLot,
    OtherExpiry,
    ProductStock,
    ShowStock,
    StockMoved,
    StockShown,
    TooFewDoses,
)


async def _show(command: ShowStock, _member: Member, context: Context) -> StockShown:
    return StockShown(tuple(await context.store.stock_book.at(command.centre)))


async def _move(
    command: MoveStock, _member: Member, context: Context
) -> StockMoved | NoLot | OtherExpiry | TooFewDoses:
    store, centre, product = context.store, command.centre, command.product
    await store.stock.locked([centre], [product])
    lot = await store.stock_book.lot_called(centre, product, command.lot)
    comes = command.kind == Movement.DELIVERY
    if lot is None and (command.expires_on is None or not comes):
        return NoLot()
    if lot is not None and command.expires_on not in (None, lot.expires_on):
        return OtherExpiry(lot.expires_on)
    if lot is not None and not comes and lot.on_hand < command.doses:
        return TooFewDoses(lot.on_hand)
    number = lot.number if lot is not None else command.lot
    doses = command.doses if comes else -command.doses
    left = await store.stock_book.move(centre, product, number, command.kind, doses, command.expires_on)
    stands = next(one for one in await store.stock_book.at(centre) if one.product == product)
    return StockMoved(lot=number, on_hand=left, stands=stands)


def short_of(stands: ProductStock) -> int:
    """Return how many doses more are promised than there are."""
    return max(0, stands.promised - stands.on_hand)


HANDLES: Mapping[type, Handler] = {ShowStock: _show, MoveStock: _move}
