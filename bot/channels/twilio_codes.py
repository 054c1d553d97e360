"""Twilio's words and codes for what became of a message, whether it says them at once or by receipt."""

from __future__ import annotations

FAILED = frozenset(("undelivered", "failed"))
OPTED_OUT = frozenset(("21610",))
WINDOW_CLOSED = frozenset(("63016",))
#: It is the resource that is not taken: it is gone, its content or the number of its variables is refused, it is
#: paused or disabled.
RESOURCE_FAULTS = frozenset(("21655", "63005", "63021", "63028", "63041", "63042"))

_REASONS = {
    "no template": "WhatsApp has approved no template yet",
    "21211": "no such number",
    "21408": "SMS to that country is not switched on",
    "21610": "they have opted out",
    "21614": "not a mobile",
    "30003": "the telephone is off or out of reach",
    "30004": "blocked",
    "30005": "no such number",
    "30006": "a landline, or out of reach",
    "30007": "filtered by the carrier",
    "63003": "not on WhatsApp",
    "63016": "WhatsApp's 24 hours are over",
    "63024": "not on WhatsApp",
    "63041": "WhatsApp has paused the template",
    "63042": "WhatsApp has disabled the template",
}


def explained(code: str) -> str:
    """Return *code* with what it means, where that is known."""
    return f"{code}: {_REASONS[code]}" if code in _REASONS else code
