"""What every script may know: the moment, who runs the desk, and what can be booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dialogs.text import Writable
from domain.programmes import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk at the moment of a turn."""

    now: datetime
    today: date
    name: Writable
    programmes: tuple[Programme, ...]

    def programme(self, key: str) -> Programme | None:
        """Return the programme called *key*."""
        return next((one for one in self.programmes if one.key == key), None)
