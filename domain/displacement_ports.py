"""What is needed of a store about visits that fall out, beside `domain.ports`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from domain.appointments import AppointmentId, SlotId
from domain.centres import CentreId
from domain.displacements import Cause, Displaced, DisplacedId, DisplacementId, State
from domain.patients import ContactId, PatientId
from domain.schedules import Opening
from domain.staff.closing_commands import MustMoveFirst
from domain.staff.closure_commands import Closure, DisplacedVisit
from domain.staff.losing_commands import LotOnHand


@dataclass(frozen=True, slots=True)
class Counted:
    """Slots of a span that are open, the visits booked in them, and how many of those slots are empty."""

    slots: int
    visits: int
    empty: int


class Closings(Protocol):
    """Slots of a centre, closed and opened, wider and narrower. A slot is in a span if only a part of it is."""

    async def count(self, centre: CentreId, start: datetime, until: datetime) -> Counted:
        """Count what closing a span would concern, of slots that are not over."""

    async def close(self, centre: CentreId, start: datetime, until: datetime) -> tuple[int, list[AppointmentId]]:
        """Close the slots of a span that are not over; return how many, and which visits are booked in them."""

    async def open(self, centre: CentreId, start: datetime, until: datetime) -> int:
        """Open the slots of a span again; return how many."""

    async def close_days(self, centre: CentreId, days: Iterable[date]) -> None:
        """Let no slots be published on these days."""

    async def open_days(self, centre: CentreId, days: Iterable[date]) -> None:
        """Let slots be published on these days again."""

    async def widen(self, centre: CentreId, start: datetime, until: datetime, capacity: int) -> tuple[int, int]:
        """Give the slots of a span so many places, unless more are taken in any.

        Return how many slots, and how many people are too many: where there are any, nothing is changed.
        """


class Week(Protocol):
    """The weekly hours of a centre, of all that it offers; those of a weekday (Monday is 0) are changed together."""

    async def has_hours(self, centre: CentreId, weekday: int, opening: Opening | None) -> bool:
        """Say whether slots can be made on a weekday: of its hours, or of *opening* like those of other days."""

    async def too_many(
        self, centre: CentreId, weekday: int, opening: Opening | None, capacity: int | None
    ) -> MustMoveFirst | None:
        """Lock the slots to come, and return who is booked beyond what is wanted; None where nobody is."""

    async def change(
        self, centre: CentreId, weekday: int, opening: Opening | None, capacity: int | None
    ) -> tuple[int, int]:
        """Change the rules and the slots to come; return how many slots were changed, and how many are new."""


class Losses(Protocol):
    """Doses that are lost."""

    async def lots(self, centre: CentreId) -> list[LotOnHand]:
        """Return the lots of a centre with doses, by product and when they expire."""

    async def lose(self, centre: CentreId, lots: Collection[int]) -> tuple[int, list[tuple[str, list[AppointmentId]]]]:
        """Record that all doses of *lots* are lost; return how many, and by product which visits are without one."""

    async def is_short(self, appointment: AppointmentId, product: str) -> bool:
        """Say whether a visit is one of those that a centre has no dose for."""


class Displacements(Protocol):
    """Visits that fall out."""

    async def add(
        self,
        centre: CentreId,
        cause: Cause,
        start: datetime,
        until: datetime,
        visits: Collection[AppointmentId],
        *,
        told: ContactId,
        product: str | None = None,
    ) -> DisplacementId:
        """Write down what falls out and whose visits that concerns; nobody is reminded of these visits for now.

        *told* is where it is said how it went. A visit that waits for an answer already is not written twice.
        """

    async def live(self, appointment: AppointmentId) -> Displaced | None:
        """Return how it stands with a visit that waits or is offered others, locked."""

    async def is_live(self, appointment: AppointmentId) -> bool:
        """Say whether a visit falls out and waits for an answer, or to be offered others."""

    async def locked(self, displaced: DisplacedId) -> Displaced:
        """Return one, locked."""

    async def offered(self, displaced: DisplacedId, holds: Sequence[AppointmentId], deadline: datetime) -> None:
        """Write down what is held for somebody, and until when."""

    async def put_off(self, displaced: DisplacedId, until: datetime) -> None:
        """Let one wait until a later moment."""

    async def told(self, displaced: DisplacedId, contact: ContactId | None) -> None:
        """Write down where an offer was sent, or that nobody could be reached; from now on an answer is waited for."""

    async def end(self, displaced: DisplacedId, state: State) -> None:
        """Write down how it ended; what is held and was not taken must be let go before."""

    async def telephoned(self, displaced: DisplacedId) -> None:
        """Write down that staff telephoned."""

    async def withdraw(self, centre: CentreId, start: datetime, until: datetime) -> int:
        """Let all offers for visits in a span be withdrawn; return how many. What was closed there is not any more."""

    async def remind_again(self, appointment: AppointmentId, version: int) -> None:
        """Let a visit that can take place after all be reminded of again."""

    async def lock_for(self, appointments: Collection[AppointmentId], slots: Collection[SlotId]) -> None:
        """Lock these slots and those of *appointments* in order of id, and the stock that they hold in its order."""

    async def closures(self, centre: CentreId, since: timedelta) -> list[Closure]:
        """Return what fell out at a centre and is not over, or was made lately; the newest first."""

    async def closure(self, displacement: DisplacementId) -> Closure | None:
        """Return one of them."""

    async def visits_of(self, displacement: DisplacementId) -> list[DisplacedVisit]:
        """Return whom one concerns: those that need something first, then by time."""

    async def visit(self, appointment: AppointmentId) -> DisplacedVisit | None:
        """Return how it stands with a visit that falls out and waits for an answer."""

    async def number(self, appointment: AppointmentId) -> str | None:
        """Return the telephone number of who booked, where one is known."""


class Alternatives(Protocol):
    """What is looked at for places in stead of a visit."""

    async def facts(self, patient: PatientId) -> Mapping[str, str]:
        """Return a patient's lasting answers by criterion."""

    async def course_days(self, patient: PatientId, programme: str, *, but: str) -> dict[str, date]:
        """Return on which day each dose of a programme is or was, save that of the course *but*."""

    async def near(
        self, centre: CentreId, programme: str, at: datetime, start: datetime, until: datetime, *, has_priority: bool
    ) -> list[SlotId]:
        """Return some open slots of a centre with a place that start in [*start*, *until*), nearest to *at* first."""
