"""Visits served: who, with which dose, in one transaction with the stock; and a wrong tap of the same day undone.

What was promised to the person is free once they are served, and a dose of the lot that was used is gone, so that the
spare doses stay what they were. A dose that was given on a group's account is taken out of what is kept for it. The
appointment is locked first, then its slot, then stock in order of centre and product.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.appointments import Appointment, Promise, Status
from domain.attendance import NotThen, attend
from domain.centres import CentreId
from domain.context import Context
from domain.staff import serving_commands
from domain.staff.commands import CannotMark, NoVisit, StaffVisit, VisitsFound
from domain.staff.handling import Handler
from domain.staff.members import Member
from domain.staff.serving_commands import (
    CannotUndo,
    FindLastServed,
    FindLots,
    Given,
    LotGone,
    LotId,
    LotInHand,
    LotsFound,
    Served,
    ServeVisit,
    Undone,
    UndoServing,
)


async def _lots(command: FindLots, _member: Member, context: Context) -> LotsFound | NoVisit:
    store = context.store
    visit = await store.staff_visits.visit(command.appointment)
    if visit is None:
        return NoVisit()
    await store.staff_visits.looked_at([visit.id], "serve")
    found = await store.appointments.by_id(command.appointment)
    was = await store.servings.of(command.appointment)
    lots = await store.servings.lots(visit.centre.id, command.products, _today(found, context))
    lots.sort(key=lambda lot: lot.product != visit.product)  # the others stay in order of expiry
    return LotsFound(visit, tuple(lots), was.given if was is not None else None)


async def _serve(command: ServeVisit, _member: Member, context: Context) -> Served | LotGone | CannotMark | NoVisit:
    store = context.store
    found = await store.appointments.by_id(command.appointment)
    was = await store.servings.of(found.id)
    if was is not None and found.status == Status.FULFILLED:
        return Served(await _shown(found, context), was.given, again=True)
    if not await _has_place(found, context):
        return CannotMark(await _shown(found, context))
    lot: LotInHand | None = None
    if command.lot is not None:
        lot = await _locked_lot(command.lot, found, context)
        if lot is None:
            return LotGone()
    done = await attend(store, found, Status.FULFILLED, context.now)
    if isinstance(done, NotThen):
        return CannotMark(await _shown(found, context))
    given = Given(product=lot.product, lot=lot.number) if lot is not None else Given()
    if lot is not None:
        await store.servings.use(found.slot.centre.id, lot)
        if found.promise is not None:
            await store.servings.keep_for(found.slot.centre.id, found.promise, -1)
    await store.servings.record(found.id, given, lot.id if lot is not None else None)
    return Served(await _shown(found, context), given, again=done.again and lot is None)


async def _has_place(found: Appointment, context: Context) -> bool:
    """Say whether the person's place is theirs still: that of one who was missed may be another's by now."""
    if found.status != Status.NOSHOW:
        return True
    slot = (await context.store.appointments.lock_slots([found.slot.id]))[found.slot.id]
    return slot.taken < slot.capacity + slot.overbook


async def _locked_lot(wanted: LotId, found: Appointment, context: Context) -> LotInHand | None:
    """Return a lot of the visit's centre that has a dose which is good today, with its stock locked."""
    store, centre = context.store, found.slot.centre.id
    lot = await store.servings.lot(wanted, centre)
    if lot is None:
        return None
    await store.stock.locked([centre], _products(lot.product, found.promise))
    usable = await store.servings.lots(centre, [lot.product], _today(found, context))
    return next((one for one in usable if one.id == wanted), None)


async def _undo(command: UndoServing, _member: Member, context: Context) -> Undone | CannotUndo | NoVisit:
    store = context.store
    found = await store.appointments.by_id(command.appointment)
    was, centre = await store.servings.of(found.id), found.slot.centre
    is_of_today = was is not None and centre.local(was.at).date() == _today(found, context)
    has_another = bool(await store.appointments.open_claims(found.patient, [found.course]))
    if was is None or not is_of_today or has_another or found.status != Status.FULFILLED:
        return CannotUndo(await _shown(found, context))
    lot = await store.servings.lot(was.lot, centre.id) if was.lot is not None else None
    products = _products(lot.product if lot is not None else None, found.promise)
    if products:
        await store.stock.locked([centre.id], products)
    if lot is not None:
        await store.servings.put_back(centre.id, lot)
        if found.promise is not None:
            await store.servings.keep_for(centre.id, found.promise, 1)
    promise = found.promise if await _can_promise(centre.id, found.promise, context) else None
    await store.appointments.change(found.id, status=Status.ARRIVED, slot=found.slot.id, promise=promise)
    await store.servings.take_back(was)
    return Undone(await _shown(found, context))


async def _can_promise(centre: CentreId, promise: Promise | None, context: Context) -> bool:
    """Say whether the dose can be promised again: others may have been promised it, or lots lost meanwhile."""
    if promise is None:
        return False
    supplies = await context.store.stock.supplies([centre], [promise.product])
    supply = (supplies or {}).get((centre, promise.product))
    if supply is None:
        return False
    others = sum(doses for group, doses in supply.kept if group != promise.group)
    return supply.can_promise(promise.day, 1 + others)


async def _last(command: FindLastServed, member: Member, context: Context) -> VisitsFound:
    """Return the last visit, of no matter which centre, that is theirs to change still."""
    store = context.store
    appointment = await store.servings.last(context.now - serving_commands.UNDO_WITHIN)
    visit = await store.staff_visits.visit(appointment) if appointment is not None else None
    if visit is None or not member.may(command.right, visit.centre.id):
        return VisitsFound(())
    await store.staff_visits.looked_at([visit.id], "undo")
    return VisitsFound((visit,))


async def _shown(found: Appointment, context: Context) -> StaffVisit:
    visit = await context.store.staff_visits.visit(found.id)
    assert visit is not None  # noqa: S101  it is locked
    return visit


def _today(found: Appointment, context: Context) -> date:
    return found.slot.centre.local(context.now).date()


def _products(one: str | None, promise: Promise | None) -> list[str]:
    """Return the products whose stock changes, in the order in which it is locked."""
    both = (one, promise.product if promise is not None else None)
    return sorted({product for product in both if product is not None})


HANDLES: Mapping[type, Handler] = {
    FindLots: _lots,
    ServeVisit: _serve,
    UndoServing: _undo,
    FindLastServed: _last,
}
