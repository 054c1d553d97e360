"""Stock: what there is against what is promised, and doses that came, were used or were lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import assert_never

from dialogs.desk import Desk
from dialogs.readers.fold import fold
from dialogs.script import Again, End, Goto, Offer, ask, do
from dialogs.scripts.staff import stock_questions as questions
from dialogs.scripts.staff.common import NOT_ALLOWED, workplace
from dialogs.text import Day, Joined, Text, joined, say
from domain.centres import CentreId
from domain.staff.commands import NotAllowed, Workplace
from domain.staff.rights import Right
from domain.staff.serving_commands import LotInHand
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

_MOVES: Mapping[Movement, Text] = {
    Movement.DELIVERY: say("Doses came"),
    Movement.USED: say("Doses were used"),
    Movement.LOSS: say("Doses were lost"),
}
_DONE: Mapping[Movement, Text] = {
    Movement.DELIVERY: say("Recorded as received: {doses}."),
    Movement.USED: say("Recorded as used: {doses}."),
    Movement.LOSS: say("Recorded as lost: {doses}."),
}


async def stock(_desk: Desk, args: Mapping[str, str]) -> End:
    """Show what a centre has."""
    place = await workplace(args, Right.STOCK)
    if isinstance(place, End):
        return place
    match await do("stock", ShowStock(place.id)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case StockShown(products):
            none = None if products else say("{centre}: no stock is on record.", centre=place.name)
            text = joined(none, *(_stands(one, with_lots=True) for one in products))
            return End(text=text, offers=tuple(_offers(place.id)))
        case never:
            assert_never(never)


def _offers(place: CentreId) -> Iterator[Offer]:
    for kind, label in _MOVES.items():
        args = (("kind", kind.value), ("centre", str(place)))
        yield Offer(label=label, goto=Goto(script="stock-move", args=args))


def _stands(of: ProductStock, *, with_lots: bool) -> Joined:
    """Say what there is of a product against what is promised; where nothing is counted, what is told of it."""
    if of.reported is not None:
        told = say("in stock, not counted") if of.reported else say("out of stock, not counted")
        return joined(say("{product}: {told}", product=of.product, told=told))
    lots = (
        say(
            "Lot {number}: {doses} on hand, expires {day}",
            number=lot.number,
            doses=lot.on_hand,
            day=Day(lot.expires_on),
        )
        for lot in (of.lots if with_lots else ())
    )
    head = say(
        "{product}: {on_hand} on hand, {promised} promised",
        product=of.product,
        on_hand=of.on_hand,
        promised=of.promised,
    )
    short = max(0, of.promised - of.on_hand)
    lacking = say("{count} fewer than promised: whom to move stands among the tasks.", count=short)
    return joined(head, *lots, lacking if short else None, between="\n")


async def stock_move(desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Record that doses came, were used or were lost; what was not told is asked."""
    place = await workplace(args, Right.STOCK)
    if isinstance(place, End):
        return place
    shown = await do("stock", ShowStock(place.id))
    if isinstance(shown, NotAllowed):
        return End(text=NOT_ALLOWED)
    kind = Movement(args["kind"])
    told = _told(desk, args, shown.products)
    doses = await ask(questions.how_many(kind), told.doses)
    here = shown.products if kind != Movement.DELIVERY else ()
    known = tuple(one.product for one in here if one.lots) or _products(desk, shown.products)
    product = await ask(questions.which_product(known), told.product or (known[0] if len(known) == 1 else None))
    lots = next((one.lots for one in shown.products if one.product == product), ())
    if kind != Movement.DELIVERY and not lots:
        return End(
            text=say("There is no dose of {product} on record. When doses came, write: stock in.", product=product)
        )
    number = await ask(
        questions.which_lot(product, lots, is_new=kind == Movement.DELIVERY), told.lot or _only(kind, lots)
    )
    until = await _until(kind, number, lots, told.until)
    return await _moved(
        place, MoveStock(centre=place.id, kind=kind, product=product, lot=number, doses=doses, expires_on=until)
    )


def _only(kind: Movement, lots: Sequence[LotInHand]) -> str | None:
    """Return the one lot that can be meant, where doses go."""
    return lots[0].number if kind != Movement.DELIVERY and len(lots) == 1 else None


async def _until(kind: Movement, number: str, lots: Sequence[LotInHand], told: date | None) -> date | None:
    """Return when a lot that comes for the first time expires."""
    if kind != Movement.DELIVERY:
        return None
    known = next((lot.expires_on for lot in lots if fold(lot.number) == fold(number)), None)
    return await ask(questions.expiry(), told or known)


async def _moved(place: Workplace, command: MoveStock) -> Again | End:
    match await do("moved", command):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoLot():
            return Again(("stock", "lot", "moved"), say("There is no lot {number} of it here.", number=command.lot))
        case OtherExpiry(day):
            return Again(
                ("until", "moved"),
                say("Lot {number} is on record as good until {day}.", number=command.lot, day=Day(day)),
            )
        case TooFewDoses(on_hand):
            few = say("Lot {number} has only {on_hand} on record.", number=command.lot, on_hand=on_hand)
            return Again(("stock", "doses", "moved"), few)
        case StockMoved(lot=lot, on_hand=on_hand, stands=stands):
            left = say("Lot {number}: {on_hand} on hand.", number=lot, on_hand=on_hand)
            done = Text(_DONE[command.kind].template, (("doses", command.doses),))
            text = joined(joined(done, left, between=" "), _stands(stands, with_lots=False), between="\n")
            more = Offer(label=say("Stock"), goto=Goto(script="stock", args=(("centre", str(place.id)),)))
            return End(text=text, offers=(more,))
        case never:
            assert_never(never)


# ---- what was told


class _Told:
    """What was told with the first words."""

    __slots__ = ("doses", "lot", "product", "until")

    def __init__(self, args: Mapping[str, str]) -> None:
        self.doses = int(args["doses"]) if "doses" in args else None
        self.lot = args.get("lot")
        self.until = date.fromisoformat(args["until"]) if "until" in args else None
        self.product: str | None = None


def _products(desk: Desk, stocked: Sequence[ProductStock]) -> tuple[str, ...]:
    """Return the products that programmes name, and those that a centre has."""
    named = (product for programme in desk.programmes for product in programme.products)
    return tuple(sorted({*named, *(one.product for one in stocked)}))


def _told(desk: Desk, args: Mapping[str, str], stocked: Sequence[ProductStock]) -> _Told:
    """Tell the product from the lot in the words that were left, and know the product of a lot that is known."""
    told = _Told(args)
    by_name = {fold(product): product for product in _products(desk, stocked)}
    rest = fold(args.get("words", ""))
    for name in sorted(by_name, key=len, reverse=True):
        if f" {name} " in f" {rest} ":
            told.product = by_name[name]
            rest = f" {rest} ".replace(f" {name} ", " ").strip()
            break
    if told.lot is None and rest:
        told.lot = next((word for word in args["words"].split() if fold(word) == rest), None)
    if told.product is None and told.lot is not None:
        of_lot = {one.product for one in stocked for lot in one.lots if fold(lot.number) == fold(told.lot)}
        told.product = of_lot.pop() if len(of_lot) == 1 else None
    return told
