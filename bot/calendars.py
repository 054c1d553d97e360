"""Calendar entries (iCalendar), and the links by which phones without files get them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from dialogs.prompt import Visit

_SIGNED = 16


def as_ics(visit: Visit, *, now: datetime, cancelled: bool = False) -> bytes:
    """Return *visit* as a calendar file; its UID stays the same when the visit moves, and SEQUENCE rises."""
    import icalendar

    event = icalendar.Event()
    event.add("uid", f"{visit.reference}@frontdesk")
    event.add("sequence", visit.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", visit.starts_at)
    event.add("dtend", visit.ends_at)
    event.add("summary", visit.title)
    event.add("location", visit.place)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Frontdesk//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def signed(secret: bytes, reference: str) -> str:
    """Return the last part of an entry's address, which nobody can guess."""
    digest = hmac.new(secret, f"calendar\0{reference}".encode(), hashlib.sha256).hexdigest()
    return f"{reference}-{digest[:_SIGNED]}"


def reference_in(secret: bytes, token: str) -> str | None:
    """Return the reference that *token* was signed for; None when it was not signed here."""
    reference = token.partition("-")[0]
    return reference if hmac.compare_digest(signed(secret, reference).encode(), token.encode()) else None
