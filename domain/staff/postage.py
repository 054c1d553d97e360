"""What text messages cost: how many are charged for a text, and the price of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one text message, in units of a currency: often a part of its smallest coin."""

    amount: Decimal
    currency: str

    def of(self, count: int) -> str:
        """Return in words what *count* messages cost, to the cent; what is less than one is told as one."""
        total = (self.amount * count).quantize(_CENT, ROUND_HALF_UP)
        return f"{max(total, _CENT) if self.amount and count else total} {self.currency}"


def _one(_text: str) -> int:
    return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Postage:
    """How *segments* of a text are counted, their *price* where it is known, and whose *language* goes for unknown."""

    segments: Callable[[str], int] = _one
    price: Price | None = None
    language: str = "en"
