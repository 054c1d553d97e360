"""What members of staff may ask about digests: whether they want them, and when those of a centre come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.centres import CentreId
from domain.staff.commands import AtCentre, NotAllowed, StaffCommand
from domain.staff.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlanned:
    """When a centre's digests come: *at* a wall time such as 07:30, on days of the week (Monday is 0).

    *is_wanted*: the member gets them; *may_plan*: the member may change when they come.
    """

    at: str
    weekdays: tuple[int, ...]
    is_wanted: bool
    may_plan: bool


@dataclass(frozen=True, slots=True)
class NoPlan:
    """There is no such time or day."""


@dataclass(frozen=True, slots=True)
class ShowDigest(AtCentre[DigestPlanned | NotAllowed]):
    """When do a centre's digests come?"""

    centre: CentreId
    right: ClassVar = Right.SEE_DAY
    results: ClassVar = (DigestPlanned, NotAllowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDigest(AtCentre[DigestPlanned | NoPlan | NotAllowed]):
    """Let a centre's digests come at another time, or on other days; what is None stays."""

    centre: CentreId
    at: str | None = None
    weekdays: tuple[int, ...] | None = None
    right: ClassVar = Right.DIGEST
    results: ClassVar = (DigestPlanned, NoPlan, NotAllowed)


@dataclass(frozen=True, slots=True)
class DigestWanted:
    """It is on record whether the member gets digests."""

    is_wanted: bool


@dataclass(frozen=True, slots=True)
class WantDigest(StaffCommand[DigestWanted | NotAllowed]):
    """Get digests in one's own chat, or get none."""

    is_wanted: bool
    right: ClassVar = Right.SEE_DAY
    results: ClassVar = (DigestWanted, NotAllowed)
