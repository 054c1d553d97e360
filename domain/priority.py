"""Priority: places and doses that are kept for groups of people, until a set time before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from domain.appointments import AppointmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """What a programme keeps for its priority groups.

    *share* is the part of a slot's places, in percent, that is kept until *release* before its start; where no more
    than *low_stock* doses are to be had, all of them are kept until then.
    """

    share: int = 0
    low_stock: int = 0
    release: timedelta = timedelta(hours=48)

    def places(self, capacity: int) -> int:
        """Return how many of *capacity* places are kept."""
        return capacity * self.share // 100


def reserve_of(body: Mapping[str, Any]) -> Reserve:
    """Return what the mapping `reserve` of a programme's file says: share, low_stock, release_hours."""
    return Reserve(
        share=body.get("share", 0),
        low_stock=body.get("low_stock", 0),
        release=timedelta(hours=body.get("release_hours", 48)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms somebody is offered places: of which *groups* they are, and of which *products* a dose may be.

    Without *products* no dose is needed. *doses* are booked together, all of one product where *same_product* is so.
    *own* is the appointment that is to be moved: its dose counts as free for them.
    """

    groups: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    same_product: bool = False
    doses: int = 1
    own: AppointmentId | None = None
    reserve: Reserve = field(default_factory=Reserve)

    @property
    def has_priority(self) -> bool:
        """Say whether places kept for priority groups are open to them."""
        return bool(self.groups)


ANYBODY = Terms()
