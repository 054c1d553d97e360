"""What staff may ask about stock: what there is against what is promised, and that doses came, were used or lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from domain.centres import CentreId
from domain.staff.commands import AtCentre, NotAllowed
from domain.staff.rights import Right
from domain.staff.serving_commands import LotInHand


class Movement(StrEnum):
    """Why doses come or go; the value is the kind of the movement in the database."""

    DELIVERY = "delivery"
    USED = "used"
    LOSS = "loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductStock:
    """What a centre has of *product*: its *lots* that were not used up, by expiry, and the doses *promised*.

    What was promised for days before the last count is in the count, and not in *promised*. *reported* stands where
    doses are not counted, but the centre is told to have some, or none.
    """

    product: str
    on_hand: int
    promised: int
    lots: tuple[LotInHand, ...] = ()
    reported: bool | None = None


@dataclass(frozen=True, slots=True)
class StockShown:
    """What a centre has of each product, by product."""

    products: tuple[ProductStock, ...]


@dataclass(frozen=True, slots=True)
class ShowStock(AtCentre[StockShown | NotAllowed]):
    """What does a centre have, and what has it promised?"""

    centre: CentreId
    right: ClassVar = Right.STOCK
    results: ClassVar = (StockShown, NotAllowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMoved:
    """It is on record: what *stands* of the product now, and how many doses are left of the *lot*."""

    lot: str
    on_hand: int
    stands: ProductStock


@dataclass(frozen=True, slots=True)
class NoLot:
    """There is no such lot of the product, and nothing that tells when it expires."""


@dataclass(frozen=True, slots=True)
class OtherExpiry:
    """The lot is on record with another day."""

    expires_on: date


@dataclass(frozen=True, slots=True)
class TooFewDoses:
    """The lot has fewer doses on record."""

    on_hand: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStock(AtCentre[StockMoved | NoLot | OtherExpiry | TooFewDoses | NotAllowed]):
    """Record that so many *doses* of a lot came, were used or were lost; a new lot comes with when it expires."""

    centre: CentreId
    kind: Movement
    product: str
    lot: str
    doses: int
    expires_on: date | None = None
    right: ClassVar = Right.STOCK
    results: ClassVar = (StockMoved, NoLot, OtherExpiry, TooFewDoses, NotAllowed)
