"""What every script may know: the moment, who runs the desk, and what can be booked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from dialogs.text import Writable
from domain.policies import Policy
from domain.programmes import Programme
from domain.staff.members import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk at the moment of a turn."""

    now: datetime
    today: date
    name: Writable
    programmes: tuple[Programme, ...]
    mails: bool = False  # copies can be sent by e-mail
    channel: str = ""  # by which the person writes: clinics may have their own words for it
    staff: Member | None = None  # who of the staff writes, if any of them does
    video: Callable[[int], str | None] = lambda _appointment: None  # where an appointment by video is held

    def programme(self, key: str) -> Programme | None:
        """Return the programme called *key*."""
        return next((one for one in self.programmes if one.key == key), None)

    def policy(self, key: str) -> Policy:
        """Return the policy of the programme called *key*, or what holds where there is none any more."""
        programme = self.programme(key)
        return programme.policy if programme else Policy()
