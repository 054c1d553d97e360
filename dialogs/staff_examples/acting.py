"""Examples about serving and about people who walk in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dialogs.staff_examples.common import NOW, VISIT
from domain.appointments import AppointmentId, SlotId, Status
from domain.staff import commands
from domain.staff import serving_commands as serving
from domain.staff import walk_in_commands as walk_ins
from domain.staff.serving_commands import Given, LotId, LotInHand

PRODUCT = "vaccine"
LOTS = (
    LotInHand(id=LotId(1), product=PRODUCT, number="A12", expires_on=date(2027, 5, 3), on_hand=4),
    LotInHand(id=LotId(2), product=PRODUCT, number="B7", expires_on=date(2027, 9, 30), on_hand=40),
)
_PROMISED = replace(VISIT, product=PRODUCT)
_DONE = replace(_PROMISED, status=Status.FULFILLED)
_GIVEN = Given(product=PRODUCT, lot="A12")


def _lots() -> Iterator[object]:
    yield serving.LotsFound(_PROMISED, LOTS)
    yield serving.LotsFound(_PROMISED, LOTS[:1])
    yield serving.LotsFound(_PROMISED)
    yield serving.LotsFound(VISIT)
    yield serving.LotsFound(replace(VISIT, programme="everything"))
    yield serving.LotsFound(_DONE, LOTS, _GIVEN)
    yield from (commands.NoVisit(), commands.NotAllowed())


def _served() -> Iterator[object]:
    yield serving.Served(_DONE, _GIVEN)
    yield serving.Served(_DONE, Given(), again=True)
    yield from (serving.LotGone(), commands.CannotMark(VISIT), commands.NoVisit(), commands.NotAllowed())


def _undone() -> Iterator[object]:
    yield from (serving.Undone(VISIT), serving.CannotUndo(VISIT), commands.NoVisit(), commands.NotAllowed())


def _last() -> Iterator[object]:
    yield from (commands.VisitsFound((_DONE,)), commands.VisitsFound(()), commands.NotAllowed())


def _places() -> Iterator[object]:
    for keys in (("everything", "simple"), ("simple",)):
        places = tuple(
            walk_ins.PlaceToday(slot=SlotId(number), programme=key, starts_at=NOW, left=1)
            for number, key in enumerate(keys, start=1)
        )
        yield walk_ins.PlacesToday(places)
    full = walk_ins.PlaceToday(slot=SlotId(1), programme="simple", starts_at=NOW, left=0)
    yield walk_ins.PlacesToday((full, replace(full, slot=SlotId(2), left=1)))
    yield walk_ins.PlacesToday((full,))
    yield from (walk_ins.PlacesToday(()), commands.NotAllowed())


def _taken() -> Iterator[object]:
    yield walk_ins.WalkedIn(replace(VISIT, status=Status.ARRIVED, id=AppointmentId(3)))
    yield from (walk_ins.PlaceGone(), walk_ins.NoDoseLeft(), commands.NotAllowed())


RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    serving.FindLots: lambda _: tuple(_lots()),
    serving.ServeVisit: lambda _: tuple(_served()),
    serving.UndoServing: lambda _: tuple(_undone()),
    serving.FindLastServed: lambda _: tuple(_last()),
    walk_ins.FindPlacesToday: lambda _: tuple(_places()),
    walk_ins.TakeWalkIn: lambda _: tuple(_taken()),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "serve": ({"text": "ABC234"}, {"visit": "1"}),
    "unserve": ({}, {"text": "ABC234"}, {"visit": "1"}),
}
