"""What the handlers need of a store: one unit of work, already begun, that the caller commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from domain.appointments import Appointment, AppointmentId, Promise, Slot, SlotId, Status
from domain.centres import Centre, CentreId, Position
from domain.commands import Caller, Explained, Place
from domain.displacement_ports import Alternatives, Closings, Displacements, Losses, Week
from domain.linked import Addressed, Known, OpenCode, Side, Standing
from domain.mail import Letter
from domain.patients import Channel, ContactId, PatientId
from domain.practitioner_ports import Practitioners
from domain.practitioners import PractitionerId
from domain.priority import ANYBODY, Terms
from domain.queries import Days
from domain.staff.acting_ports import Servings, StockBook, WalkIns
from domain.staff.broadcast_ports import Broadcasts
from domain.staff.day_ports import StaffDay
from domain.staff.digest_ports import Digests
from domain.staff.handover_ports import Handovers
from domain.staff.ports import Staffing, StaffRequests, StaffVisits
from domain.staff.report_commands import Reports
from domain.staff.shift_ports import PractitionerShifts
from domain.staff.task_ports import Tasks
from domain.stock import Supply


class Appointments(Protocol):
    """Slots and the claims on them. Places taken are counted by the database, not by these methods."""

    async def lock_slots(self, slots: Sequence[SlotId]) -> dict[SlotId, Slot]:
        """Lock slots in order of id and return those that exist."""

    async def slot(self, slot: SlotId) -> Slot | None:
        """Return one slot as it stands now, not locked."""

    async def release_lapsed(
        self,
        now: datetime,
        slot: SlotId | None = None,
        *,
        centres: Collection[int] = (),
        but_of: PatientId | None = None,
    ) -> int:
        """Cancel the holds whose time is over, all, or of one slot, or at *centres*; return how many.

        Those that somebody else has locked, or that are *but_of* this person, are left.
        """

    async def open_claims(self, patient: PatientId, courses: Sequence[str]) -> dict[str, Appointment]:
        """Return the person's open claims by course, locked."""

    async def appointment(self, appointment: AppointmentId, contact: ContactId) -> Appointment | None:
        """Return one appointment of the people of *contact*, locked."""

    async def by_id(self, appointment: AppointmentId) -> Appointment:
        """Return an appointment, whosever it is, locked."""

    async def add_hold(
        self,
        patient: PatientId,
        course: str,
        slot: SlotId,
        *,
        expires_at: datetime,
        key: str,
        promise: Promise | None = None,
    ) -> AppointmentId:
        """Write a hold; *key* makes the same request idempotent."""

    async def change(
        self,
        appointment: AppointmentId,
        *,
        status: Status | None = None,
        slot: SlotId | None = None,
        expires_at: datetime | None = None,
        promise: Promise | None = None,
        moves: int | None = None,
        quiet: bool | None = None,
        requested_at: datetime | None = None,
    ) -> None:
        """Change an appointment, raising its version; *expires_at* is set as given, and with *slot* the *promise*."""

    async def appointments_of(self, contact: ContactId, now: datetime) -> list[Appointment]:
        """Return what the contact's people have booked or requested that is still to come, by time."""

    async def past_of(self, contact: ContactId, now: datetime, *, limit: int, offset: int = 0) -> list[Appointment]:
        """Return what the contact's people had booked that is over or cancelled, newest first."""

    async def free_slots(
        self,
        centre: CentreId,
        programme: str,
        start: datetime,
        until: datetime,
        limit: int,
        *,
        terms: Terms = ANYBODY,
        practitioner: PractitionerId | None = None,
    ) -> list[Slot]:
        """Return open slots with a place for such a person that start in [*start*, *until*), by time.

        With *practitioner* only those with that one.
        """


class Stock(Protocol):
    """Doses that centres have: None where no centre has any of the products on record, so that none are counted."""

    async def supplies(
        self, centres: Collection[int], products: Sequence[str], *, own: AppointmentId | None = None
    ) -> dict[tuple[int, str], Supply] | None:
        """Return what *centres* have, by centre and product; the dose of the appointment *own* counts as free."""

    async def locked(self, centres: Collection[int], products: Sequence[str]) -> dict[tuple[int, str], Supply] | None:
        """Lock what *centres* have in order of centre and product, and return it."""

    async def had(self, patient: PatientId, programme: str, *, but: Collection[str]) -> list[str]:
        """Return the products of the person's claims on courses of *programme* save *but*, the last one first."""


class People(Protocol):
    """Contacts, patients and the work that staff have with them."""

    async def caller(self, contact_id: ContactId) -> Caller:
        """Return who writes from *contact*."""

    async def keep_consent(self, contact_id: ContactId) -> None:
        """Record consent, once."""

    async def add_patient(
        self,
        contact: ContactId,
        *,
        is_me: bool,
        name: str,
        birth: date,
        facts: Sequence[tuple[str, str]],
    ) -> PatientId:
        """Put a person on record as the contact's own or one of its household."""

    async def change_patient(
        self, contact: ContactId, patient: PatientId, *, name: str, birth: date, facts: Sequence[tuple[str, str]]
    ) -> None:
        """Bring the record of one of the people of *contact* up to date; facts not named stay.

        LookupError when the patient is none of them.
        """

    async def remember_centre(self, patient: PatientId, centre: CentreId) -> None:
        """Keep where the person went last."""

    async def open_task(
        self,
        kind: str,
        contact_id: ContactId | None,
        subject: str,
        note: str = "",
        *,
        centre: CentreId | None = None,
    ) -> None:
        """Open a task for staff unless the same one is open; a new *note* is added to that.

        It is for those of *centre*, else of the centre that its subject or its person concerns, if there is one.
        """


class Centres(Protocol):
    """Centres and the places they stand in."""

    async def centre(self, centre: CentreId) -> Centre | None:
        """Return an active centre."""

    async def places_called(self, text: str, country: str = "") -> list[Place]:
        """Return the towns called *text*, or the area whose postcode is or begins with it; those in *country* first.

        A postcode that *country* has is meant there, and elsewhere too only if it is had in full there alone.
        """

    async def countries(self) -> list[str]:
        """Return the codes of the countries where centres are, that with most of them first."""

    async def centres_near(
        self,
        programme: str,
        position: Position | None,
        *,
        start: datetime,
        until: datetime,
        limit: int,
        offset: int,
        now: datetime | None = None,
        terms: Terms = ANYBODY,
        days: Days | None = None,
        step_free: bool = False,
        practitioner: PractitionerId | None = None,
    ) -> list[tuple[Centre, float | None]]:
        """Return active centres with a place for such a person in [*start*, *until*), nearest first, with metres.

        It is asked *now*, else at *start*: what is kept for groups may be open to all by then. With *days*, the place
        is on such days; with *step_free*, the centre is known to be so; with *practitioner*, the place is with that
        one.
        """


class Recommendations(Protocol):
    """From which day on somebody may have what was too early when they asked."""

    async def remember(self, contact: ContactId, programme: str, due_on: date) -> date:
        """Keep that *contact* wants to hear when *due_on* has come; return the day, an earlier one if it was kept."""


class Reminders(Protocol):
    """What is to be said of an appointment as time passes, and what people answer."""

    async def plan(self, of: Appointment, planned: Iterable[tuple[str, datetime]]) -> None:
        """Plan reminders of an appointment as it stands, as (kind, when due)."""

    async def plan_once(self, of: Appointment, kind: str, due_at: datetime) -> bool:
        """Plan one more, unless it was for the appointment as it stands; say whether it is new."""

    async def silence(self, appointment_id: AppointmentId) -> None:
        """Drop what still waits to be said of an appointment."""

    async def is_accepted(self, of: Appointment) -> bool:
        """Say whether the person said that they will come to an appointment as it stands."""

    async def respond(self, to: Appointment, status: str) -> bool:
        """Record what the person answered about an appointment as it stands; say whether that is new."""


class Codes(Protocol):
    """Codes that link contacts, kept as digests; one that is new takes the place of what its contact had before."""

    async def add(self, contact_id: ContactId, other: ContactId | None, *, digest: str, lasts: timedelta) -> None:
        """Keep a code that was sent to *other*, to be typed at a contact, or shown there, to be typed elsewhere."""

    async def asked_by(self, contact_id: ContactId, since: datetime) -> int:
        """Return how many codes a contact asked for."""

    async def sent_to(self, contacts: Collection[ContactId], since: datetime) -> int:
        """Return how many codes were sent to *contacts*."""

    async def for_contact(self, contact_id: ContactId, most_misses: int) -> OpenCode | None:
        """Return the code that is to be typed at a contact, locked, unless it was missed so often."""

    async def for_anybody(self, digest: str) -> OpenCode | None:
        """Return the code that was shown somewhere, locked."""

    async def missed(self, code_id: int) -> None:
        """Count a wrong code typed instead of this one."""

    async def use(self, code_id: int) -> None:
        """Use a code up."""

    async def at_number(self, number: str, *, secret: bytes, make: Channel | None) -> list[Addressed]:
        """Return the contacts at a telephone number, that of *make* known from here on, for this unit of work alone."""

    async def contact(self, contact_id: ContactId) -> Addressed:
        """Return a contact."""


class Proofs(Protocol):
    """What is guessed from a contact, and what shows whose it is."""

    async def standing(self, contact_id: ContactId) -> Standing:
        """Return what was guessed wrongly."""

    async def keep_misses(self, contact_id: ContactId, misses: int, locked_until: datetime | None) -> None:
        """Keep what was guessed wrongly."""

    async def prove(self, contacts: Collection[ContactId]) -> None:
        """Record that contacts are still their people's; what was guessed wrongly is forgotten."""

    async def births(self, contact_id: ContactId) -> list[date]:
        """Return when the people of a contact were born."""


class Joining(Protocol):
    """Conversations made one, and contacts that became somebody else's."""

    async def lock(self, mine: ContactId, other: ContactId) -> tuple[Side, Side] | None:
        """Lock the conversations of two contacts; None where somebody is at one of them: nobody is waited for."""

    async def become_one(self, same: Known, into: Known) -> None:
        """Make one record of two of one person; appointments move to *into*."""

    async def look_after(self, patient_id: PatientId, contact_id: ContactId) -> None:
        """Let a contact look after a person."""

    async def join(self, kept: Side, left: Side, *, me: PatientId | None, keeps_mine: bool) -> None:
        """Lead all contacts to the conversation that is *kept*; *me* is the one who writes from all of them."""

    async def leave(self, contact_id: ContactId) -> ContactId:
        """Give the address of a contact to somebody new, and return their contact; the old one reaches nobody."""


class Communications(Protocol):
    """What was written to people."""

    async def explained(self, contact_id: ContactId) -> Explained:
        """Return what was written to the person of a contact, how it fared, and what comes next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCode:
    """The code that was sent last, by its digest, and how often another one was typed instead."""

    id: int
    address: str
    digest: str
    expires_at: datetime
    misses: int


class Mails(Protocol):
    """The e-mail address of a person, which all of their contacts share, and the code that shows it to be theirs."""

    async def address(self, contact: ContactId) -> str | None:
        """Return the address that the person has shown to be theirs."""

    async def codes_since(self, contact: ContactId, since: datetime) -> int:
        """Return how many codes were sent to the person."""

    async def keep_code(self, contact: ContactId, address: str, digest: str, until: datetime) -> None:
        """Keep what the code sent to *address* is known by; earlier ones are void."""

    async def code(self, contact: ContactId) -> SentCode | None:
        """Return the code that counts."""

    async def missed(self, sent: SentCode) -> None:
        """Count that another code was typed."""

    async def keep_address(self, contact: ContactId, address: str) -> None:
        """Keep the address that is the person's, in place of an earlier one; its code is void."""

    async def forget(self, contact: ContactId) -> None:
        """Forget the address and its code, and drop what is queued to it."""

    def write(self, letter: Letter) -> None:
        """Have a letter sent once all of this is committed."""


class Store(Protocol):
    """All of it."""

    @property
    def appointments(self) -> Appointments: ...
    @property
    def people(self) -> People: ...
    @property
    def centres(self) -> Centres: ...
    @property
    def stock(self) -> Stock: ...
    @property
    def recommendations(self) -> Recommendations: ...
    @property
    def reminders(self) -> Reminders: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def proofs(self) -> Proofs: ...
    @property
    def joining(self) -> Joining: ...
    @property
    def communications(self) -> Communications: ...
    @property
    def mails(self) -> Mails: ...
    @property
    def practitioners(self) -> Practitioners: ...
    @property
    def staffing(self) -> Staffing: ...
    @property
    def staff_visits(self) -> StaffVisits: ...
    @property
    def staff_day(self) -> StaffDay: ...
    @property
    def digests(self) -> Digests: ...
    @property
    def servings(self) -> Servings: ...
    @property
    def stock_book(self) -> StockBook: ...
    @property
    def walk_ins(self) -> WalkIns: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def handovers(self) -> Handovers: ...
    @property
    def broadcasts(self) -> Broadcasts: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def shifts(self) -> PractitionerShifts: ...
    @property
    def staff_requests(self) -> StaffRequests: ...
    @property
    def closings(self) -> Closings: ...
    @property
    def displacements(self) -> Displacements: ...
    @property
    def alternatives(self) -> Alternatives: ...
    @property
    def week(self) -> Week: ...
    @property
    def losses(self) -> Losses: ...
