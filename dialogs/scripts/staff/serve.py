"""Serving: somebody was served, with a dose of a lot where doses are counted; a wrong tap is undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import Again, End, Goto, Offer, ask, do, fingerprint
from dialogs.scripts.staff.common import NOT_ALLOWED
from dialogs.scripts.staff.meant import visit_meant
from dialogs.scripts.staff.visits import NOTHING_FOUND, may_serve, short
from dialogs.text import Day, Text, joined, say
from domain.appointments import AppointmentId, Status
from domain.staff.commands import CannotMark, NotAllowed, NoVisit, StaffVisit, VisitsFound
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

_SHOWN = 9  # lots of which one is to be picked
_CANNOT = say("That cannot be: the visit is still to come, cancelled, or its place was given to somebody else.")


async def serve(desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Record a visit as served, from the lot that is meant."""
    visit = await visit_meant(desk, args, (Status.BOOKED, Status.ARRIVED))
    if isinstance(visit, End):
        return visit
    match await do("lots", FindLots(appointment=visit, products=_products(desk))):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoVisit():
            return End(text=NOTHING_FOUND)
        case LotsFound(found, _, Given() as given) if found.status == Status.FULFILLED:
            return _served(Served(found, given, again=True), has_lots=True)
        case LotsFound(found, lots):
            fitting = tuple(lot for lot in lots if lot.product in _products_of(desk, found))[:_SHOWN]
            lot = await _lot(found, fitting)
            return await _recorded(visit, lot, has_lots=bool(fitting) or not _products_of(desk, found))
        case never:
            assert_never(never)


def _products(desk: Desk) -> tuple[str, ...]:
    return tuple(sorted({product for programme in desk.programmes for product in programme.products}))


def _products_of(desk: Desk, visit: StaffVisit) -> tuple[str, ...]:
    """Return what may be given at a visit, of whose programme nothing is known where it was withdrawn."""
    programme = desk.programme(visit.programme)
    return programme.products if programme is not None else tuple(filter(None, (visit.product,)))


async def _lot(visit: StaffVisit, lots: tuple[LotInHand, ...]) -> LotId | None:
    if not lots:
        return None
    return LotId(await ask(_which_lot(visit, lots), lots[0].id if len(lots) == 1 else None))


def _which_lot(visit: StaffVisit, lots: tuple[LotInHand, ...]) -> Question[int]:
    return Question(
        key="lot",
        text=joined(short(visit), say("From which lot? The first one expires first.")),
        type=int,
        options=tuple(
            Option(
                label=say("Lot {number}", number=lot.number),
                value=lot.id,
                detail=joined(lot.product, say("expires {day}", day=Day(lot.expires_on)), between=", "),
            )
            for lot in lots
        ),
        given=fingerprint([lot.id for lot in lots]),
        is_private=True,
    )


async def _recorded(visit: AppointmentId, lot: LotId | None, *, has_lots: bool) -> Again | End:
    match await do("served", ServeVisit(appointment=visit, lot=lot)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoVisit():
            return End(text=NOTHING_FOUND)
        case LotGone():
            return Again(("lots", "lot", "served"), say("That lot has no dose left that can be given today."))
        case CannotMark(found):
            return End(text=joined(short(found), _CANNOT))
        case Served() as served:
            return _served(served, has_lots=has_lots)
        case never:
            assert_never(never)


def _served(served: Served, *, has_lots: bool) -> End:
    visit = served.visit
    note = say("It was on record already; nothing more was used.") if served.again else None
    missing = None if has_lots else say("No lot of it is on record here. When doses came, write: stock in.")
    undo = Offer(label=say("Not served: undo"), goto=Goto(script="unserve", args=(("visit", str(visit.id)),)))
    return End(
        text=joined(joined(note, _told(served), between=" "), short(visit), missing, between="\n"), offers=(undo,)
    )


def _told(served: Served) -> Text:
    name, given = served.visit.patient_name, served.given
    if given.product is None or given.lot is None:
        return say("{name} is served.", name=name)
    return say("{name} is served: {product}, lot {lot}.", name=name, product=given.product, lot=given.lot)


async def unserve(desk: Desk, args: Mapping[str, str]) -> End:
    """Undo what was recorded: of the visit that is named, or of the last one that who writes recorded."""
    if args:
        visit = await visit_meant(desk, args, (Status.FULFILLED,))
        return visit if isinstance(visit, End) else await _undone(desk, visit)
    match await do("last", FindLastServed()):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case VisitsFound(()):
            return End(text=say("You have recorded nobody as served today."))
        case VisitsFound(visits):
            return await _undone(desk, visits[0].id)
        case never:
            assert_never(never)


async def _undone(desk: Desk, visit: AppointmentId) -> End:
    match await do("undone", UndoServing(appointment=visit)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoVisit():
            return End(text=NOTHING_FOUND)
        case CannotUndo(found):
            refused = say("That cannot be undone: it was not recorded today, or there is a new booking since.")
            return End(text=joined(short(found), refused))
        case Undone(found):
            again = Goto(script="serve", args=(("visit", str(found.id)),))
            offers = (Offer(label=say("Served"), goto=again),) if may_serve(desk, found) else ()
            told = say("Undone: {name} has arrived and is not served yet.", name=found.patient_name)
            return End(text=joined(told, short(found), between="\n"), offers=offers)
        case never:
            assert_never(never)
