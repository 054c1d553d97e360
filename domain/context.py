"""In whose name and when commands run, and appointments as the dialog shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from domain.appointments import Appointment, Status
from domain.commands import Claim
from domain.patients import Channel, ContactId
from domain.policies import Policy
from domain.ports import Store
from domain.programmes import Programme
from domain.staff.members import Member
from domain.staff.postage import Postage


class LetterKind(StrEnum):
    """What a letter says."""

    CODE_THERE = "code-there"  # a code to be typed in the chat that asked for it
    CODE_HERE = "code-here"  # a code to be typed in another chat
    LINKED = "linked"  # this chat is linked with another one now
    INVITATION = "invitation"  # a code by which a colleague joins


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message beside the conversation; a code stands nowhere else. From *until* on it is of no use."""

    kind: LetterKind
    to: ContactId
    channel: Channel
    language: str = ""
    code: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The contact that is written from, and the channels that are on; *secret* keys what is kept of codes.

    In a chat where others read along *speaker* is who wrote there, by the address of their own chat.
    """

    channel: Channel
    address: str
    on: frozenset[Channel]
    secret: bytes
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """In whose name and when a command runs; *key* is the same when the same message is handled again.

    *country* tells where the contact is likely at home (ISO 3166), with nothing where that is not known; few ask it.
    *policy* tells that of a programme by its key, *programme* the programme itself while it is offered. *post* takes
    letters, to be sent if all else is kept.
    *member* is who of the staff acts, if any of them does. *postage* tells what text messages cost.
    """

    store: Store
    contact: ContactId
    now: datetime
    key: str
    origin: Origin | None = None
    post: Callable[[Letter], None] = lambda _letter: None
    country: Callable[[], str] = lambda: ""
    policy: Callable[[str], Policy] = lambda _programme: Policy()
    programme: Callable[[str], Programme | None] = lambda _key: None
    member: Member | None = None
    postage: Postage = field(default_factory=Postage)

    def on(self, contact: ContactId) -> Context:
        """Return the same on another contact."""
        return replace(self, contact=contact)


def claim_of(appointment: Appointment) -> Claim:
    """Return *appointment* as the dialog shows it."""
    slot = appointment.slot
    return Claim(
        id=appointment.id,
        reference=appointment.reference,
        patient=appointment.patient,
        patient_name=appointment.patient_name,
        programme=slot.programme,
        dose=appointment.course.rpartition(":")[2],
        status=appointment.status,
        version=appointment.version,
        slot=slot.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        centre=slot.centre,
        product=appointment.promise.product if appointment.promise else None,
        moves=appointment.moves,
        is_quiet=appointment.quiet,
        practitioner=slot.practitioner,
        answer_by=appointment.expires_at if appointment.is_request else None,
        fell_out=appointment.status == Status.BOOKED and not slot.is_open,
    )
