"""What staff may say of doses that are lost at once, as when a fridge broke."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.centres import CentreId
from domain.displacements import DisplacementId
from domain.staff.commands import AtCentre, NotAllowed
from domain.staff.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class LotOnHand:
    """A lot of a product with so many *doses*."""

    id: int
    product: str
    number: str
    doses: int
    expires_on: date


@dataclass(frozen=True, slots=True)
class Lots:
    """What a centre has."""

    lots: tuple[LotOnHand, ...]


@dataclass(frozen=True, slots=True)
class FindLots(AtCentre[Lots | NotAllowed]):
    """Which lots has a centre?"""

    centre: CentreId
    right: ClassVar = Right.STOCK
    results: ClassVar = (Lots, NotAllowed)


@dataclass(frozen=True, slots=True)
class Lost:
    """So many doses are recorded as lost; so many visits are without one and are offered others."""

    doses: int
    visits: int
    displacement: DisplacementId | None = None


@dataclass(frozen=True, slots=True)
class LoseLots(AtCentre[Lost | NotAllowed]):
    """Record that all doses of these lots are lost; whose dose is gone with them is offered other places."""

    centre: CentreId
    lots: tuple[int, ...]
    right: ClassVar = Right.STOCK
    results: ClassVar = (Lost, NotAllowed)
