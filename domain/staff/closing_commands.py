"""What staff may ask about slots: closed and opened, wider and narrower, and the visits that fall out thereby."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar

from domain.centres import CentreId
from domain.displacements import DisplacementId
from domain.staff.commands import AtCentre, NotAllowed
from domain.staff.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Moments [*start*, *until*) of a centre; *days* are those that it covers from midnight to midnight."""

    start: datetime
    until: datetime
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Affected:
    """So many open slots are in a span, so many visits booked in them; *empty* slots are among them."""

    slots: int
    visits: int
    empty: int


@dataclass(frozen=True, slots=True)
class CountAffected(AtCentre[Affected | NotAllowed]):
    """What would it concern to close a span?"""

    centre: CentreId
    span: Span
    right: ClassVar = Right.HOURS
    results: ClassVar = (Affected, NotAllowed)


@dataclass(frozen=True, slots=True)
class CountIfIll(CountAffected):
    """The same, for somebody who is ill."""

    right: ClassVar = Right.SHIFTS


@dataclass(frozen=True, slots=True)
class Closed:
    """So many slots are closed, and so many visits are offered others, under the number *displacement*."""

    displacement: DisplacementId
    slots: int
    visits: int


@dataclass(frozen=True, slots=True)
class CloseSpan(AtCentre[Closed | NotAllowed]):
    """Close the slots of a span; who is booked there is offered others."""

    centre: CentreId
    span: Span
    right: ClassVar = Right.HOURS
    results: ClassVar = (Closed, NotAllowed)


@dataclass(frozen=True, slots=True)
class CloseIfIll(CloseSpan):
    """The same, since somebody is ill."""

    right: ClassVar = Right.SHIFTS


@dataclass(frozen=True, slots=True)
class Opened:
    """So many slots are open again, and so many offers are withdrawn."""

    slots: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class OpenSpan(AtCentre[Opened | NotAllowed]):
    """Open the slots of a span again; who was offered others and has not answered keeps the visit."""

    centre: CentreId
    span: Span
    right: ClassVar = Right.HOURS
    results: ClassVar = (Opened, NotAllowed)


@dataclass(frozen=True, slots=True)
class CapacitySet:
    """So many slots have as many places as was said."""

    slots: int


@dataclass(frozen=True, slots=True)
class MustMoveFirst:
    """So many people are booked beyond that, and must be moved first: nothing is changed.

    To close *span* would move them, or the first of them.
    """

    people: int
    span: Span


@dataclass(frozen=True, slots=True)
class SetCapacity(AtCentre[CapacitySet | MustMoveFirst | NotAllowed]):
    """Give each slot of a span so many places."""

    centre: CentreId
    span: Span
    capacity: int
    right: ClassVar = Right.HOURS
    results: ClassVar = (CapacitySet, MustMoveFirst, NotAllowed)


@dataclass(frozen=True, slots=True)
class WeekSet:
    """From now on it is so every week; so many slots were changed, opened or closed, and *added* ones published."""

    changed: int
    added: int


@dataclass(frozen=True, slots=True)
class NoHours:
    """The centre has no hours on that day of the week of which slots could be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWeek(AtCentre[WeekSet | MustMoveFirst | NoHours | NotAllowed]):
    """On a *weekday* (Monday is 0), be open [*start*, *until*) by the wall clock, or have *capacity* places a slot."""

    centre: CentreId
    weekday: int
    start: time | None = None
    until: time | None = None
    capacity: int | None = None
    right: ClassVar = Right.HOURS
    results: ClassVar = (WeekSet, MustMoveFirst, NoHours, NotAllowed)
