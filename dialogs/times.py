"""Moments as people at a centre read them."""

from __future__ import annotations

from datetime import datetime

from dialogs.text import DayAndTime
from domain.centres import Centre


def at_centre(moment: datetime, centre: Centre) -> DayAndTime:
    """Return *moment* to be written as the centre's wall clock shows it."""
    return DayAndTime(centre.local(moment))
