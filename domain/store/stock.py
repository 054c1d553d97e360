"""What centres have of a product, in SQL: spare doses by day, what is kept for groups, and the lock on both."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import String, and_, bindparam, case, exists, func, literal, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.appointments import CLAIMING, AppointmentId, course_of
from domain.patients import PatientId
from domain.stock import Span, Supply
from domain.store.prepared import Prepared
from domain.store.tables import allocation, appointment, slot, stock, stock_span
from domain.store.types import Id

#: By centre and product.
Supplies: TypeAlias = dict[tuple[int, str], Supply]
#: For so many centres a statement is prepared; for more, all centres are read.
_SIZES = (1, 2, 8, 20, 60, 240)

_left = allocation.c.quantity - allocation.c.promised
_SUPPLY = (
    select(
        stock.c.centre_id,
        stock.c.product,
        stock.c.reported,
        stock.c.low,
        stock_span.c.after,
        stock_span.c.until,
        stock_span.c.spare,
        allocation.c.group_key,
        case((_left > 0, _left), else_=0).label("kept"),
    )
    .join_from(
        stock,
        stock_span,
        and_(stock.c.centre_id == stock_span.c.centre_id, stock.c.product == stock_span.c.product),
        isouter=True,
    )
    .join(
        allocation,
        and_(
            allocation.c.centre_id == stock.c.centre_id,
            allocation.c.product == stock.c.product,
            ~allocation.c.is_released,
        ),
        isouter=True,
    )
    .order_by(stock.c.centre_id, stock.c.product, stock_span.c.after, allocation.c.group_key)
)


def _bound(name: str, count: int, kind: Any) -> list[Any]:
    return [bindparam(f"{name}_{number}", type_=kind) for number in range(count)]


def _values(name: str, values: Sequence[object], count: int) -> dict[str, object]:
    """Give *count* parameters their values, the last one again and again where there are fewer."""
    return {f"{name}_{number}": values[min(number, len(values) - 1)] for number in range(count)}


@functools.cache
def _at(centres: int, products: int) -> Prepared:
    """Return the search for the supplies of so many products at so many centres, or everywhere (0)."""
    found = _SUPPLY.where(stock.c.product.in_(_bound("product", products, String)))
    return Prepared(found.where(stock.c.centre_id.in_(_bound("centre", centres, Id))) if centres else found)


@functools.cache
def _lock(centres: int, products: int) -> Prepared:
    return Prepared(
        select(stock.c.centre_id)
        .where(
            stock.c.centre_id.in_(_bound("centre", centres, Id)),
            stock.c.product.in_(_bound("product", products, String)),
        )
        .order_by(stock.c.centre_id, stock.c.product)
        .with_for_update(of=stock)
    )


@functools.cache
def _is_recorded(products: int) -> Prepared:
    return Prepared(select(literal(1)).where(exists().where(stock.c.product.in_(_bound("product", products, String)))))


_OWN = Prepared(
    select(slot.c.centre_id, appointment.c.product, appointment.c.product_day, appointment.c.priority_group)
    .join_from(appointment, slot, appointment.c.slot_id == slot.c.id)
    .where(appointment.c.id == bindparam("appointment"), appointment.c.product.is_not(None))
)
_HAD = Prepared(
    select(appointment.c.product, appointment.c.course)
    .where(
        appointment.c.patient_id == bindparam("patient"),
        func.substr(appointment.c.course, 1, func.length(bindparam("course", type_=String)))
        == bindparam("course", type_=String),
        appointment.c.status.in_([literal_column(f"'{status}'") for status in CLAIMING]),
        appointment.c.product.is_not(None),
    )
    .order_by(appointment.c.id.desc())
)


class SqlStock:
    """`domain.ports.Stock`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def supplies(
        self, centres: Collection[int], products: Sequence[str], *, own: AppointmentId | None = None
    ) -> Supplies | None:
        size = next((size for size in _SIZES if len(centres) <= size), 0)
        values = {**_values("centre", sorted(centres), size), **_values("product", products, len(products))}
        rows = await _at(size, len(products)).all(self._connection, values)
        if not rows and not await self._is_recorded(products):
            return None
        found = _supplies(rows)
        return await self._with_own_back(found, own) if own is not None else found

    async def locked(self, centres: Collection[int], products: Sequence[str]) -> Supplies | None:
        sizes = len(centres), len(products)
        values = {**_values("centre", sorted(centres), sizes[0]), **_values("product", products, sizes[1])}
        await _lock(*sizes).all(self._connection, values)  # read only then: what a lock waited for counts
        return await self.supplies(centres, products)

    async def had(self, patient: PatientId, programme: str, *, but: Collection[str]) -> list[str]:
        rows = await _HAD.all(self._connection, {"patient": patient, "course": course_of(programme, "")})
        return [row.product for row in rows if row.course not in but]

    async def _is_recorded(self, products: Sequence[str]) -> bool:
        values = _values("product", products, len(products))
        return await _is_recorded(len(products)).first(self._connection, values) is not None

    async def _with_own_back(self, found: Supplies, own: AppointmentId) -> Supplies:
        row = await _OWN.first(self._connection, {"appointment": own})
        where = (row.centre_id, row.product) if row else None
        if where in found:
            return {**found, where: found[where].with_back(row.product_day, row.priority_group)}
        return found


def _supplies(rows: Sequence[Any]) -> Supplies:
    """Gather rows of a span and an allocation each, of which every span comes once for each allocation."""
    found: Supplies = {}
    gathered: dict[tuple[int, str], tuple[Any, dict[Any, Span], dict[str, int]]] = {}
    for row in rows:
        _, spans, kept = gathered.setdefault((row.centre_id, row.product), (row, {}, {}))
        if row.after is not None:
            spans[row.after] = Span(after=row.after, until=row.until, spare=row.spare)
        if row.group_key is not None:
            kept[row.group_key] = row.kept
    for where, (row, spans, kept) in gathered.items():
        found[where] = Supply(
            product=row.product,
            spans=tuple(spans.values()),
            kept=tuple(kept.items()),
            low=row.low,
            reported=row.reported,
        )
    return found


def at_centre(supplies: Mapping[tuple[int, str], Supply], centre: int, products: Sequence[str]) -> list[Supply]:
    """Return what one centre has of *products*."""
    return [supplies[centre, product] for product in products if (centre, product) in supplies]
