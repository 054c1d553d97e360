"""Calendar entries (iCalendar), and the links by which phones without files get them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

from dialogs.prompt import Visit

_SIGNED = 16
#: Who stands for the desk where no address is known to write to: a name that nobody can have (RFC 2606).
NOBODY = "desk@frontdesk.invalid"
FILE_NAME = "appointment.ics"


def method_of(visit: Visit) -> str:
    """Return what a calendar is to do with *visit*, in the words of RFC 5546."""
    return "CANCEL" if visit.is_cancelled else "PUBLISH"


def as_ics(visit: Visit, *, now: datetime, organizer: str = NOBODY) -> bytes:
    """Return *visit* as a calendar file; its UID stays the same when the visit moves, and SEQUENCE rises.

    RFC 5546 wants an *organizer* of what is published and of what is cancelled, the same in both.
    """
    import icalendar

    event = icalendar.Event()
    event.add("uid", f"{visit.reference}@frontdesk")
    event.add("sequence", visit.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", visit.starts_at.astimezone(UTC))
    event.add("dtend", visit.ends_at.astimezone(UTC))
    event.add("summary", visit.title)
    event.add("location", visit.place)
    event.add("organizer", _of_desk(visit.title, organizer))
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if visit.is_cancelled else "CONFIRMED")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Frontdesk//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method_of(visit))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _of_desk(name: str, address: str) -> Any:
    import icalendar

    desk = icalendar.vCalAddress(f"mailto:{address}")
    desk.params["CN"] = name
    return desk


def signed(secret: bytes, reference: str) -> str:
    """Return the last part of an entry's address, which nobody can guess."""
    digest = hmac.new(secret, f"calendar\0{reference}".encode(), hashlib.sha256).hexdigest()
    return f"{reference}-{digest[:_SIGNED]}"


def reference_in(secret: bytes, token: str) -> str | None:
    """Return the reference that *token* was signed for; None when it was not signed here."""
    reference = token.partition("-")[0]
    return reference if hmac.compare_digest(signed(secret, reference).encode(), token.encode()) else None
