"""Examples about stock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dialogs.staff_examples.acting import LOTS, PRODUCT
from domain.staff import commands
from domain.staff import stock_commands as stock

_STANDS = stock.ProductStock(product=PRODUCT, on_hand=44, promised=12, lots=LOTS)
_SHORT = stock.ProductStock(product=PRODUCT, on_hand=4, promised=6, lots=LOTS[:1])


def _shown() -> Iterator[object]:
    other = replace(_STANDS, product="another", lots=())
    yield stock.StockShown((_STANDS, other))
    yield stock.StockShown((_SHORT,))
    yield stock.StockShown((replace(_STANDS, reported=True), replace(other, reported=False)))
    yield from (stock.StockShown(()), commands.NotAllowed())


def _moved() -> Iterator[object]:
    yield stock.StockMoved(lot="A12", on_hand=4, stands=_STANDS)
    yield stock.StockMoved(lot="A12", on_hand=4, stands=_SHORT)
    yield from (stock.NoLot(), stock.OtherExpiry(date(2027, 5, 3)), stock.TooFewDoses(2), commands.NotAllowed())


RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    stock.ShowStock: lambda _: tuple(_shown()),
    stock.MoveStock: lambda _: tuple(_moved()),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "stock": ({}, {"centre": "1"}),
    "stock-move": (
        {"kind": "delivery"},
        {"kind": "delivery", "doses": "50", "lot": "AB123", "until": "2027-01-31", "words": PRODUCT},
        {"kind": "used", "doses": "3", "words": "A12"},
        {"kind": "loss", "centre": "1"},
    ),
}
