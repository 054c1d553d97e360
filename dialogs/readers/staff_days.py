"""Which day members of staff mean: today, tomorrow, a date as a button has it, or words in any of the languages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dialogs.readers.when import read_when
from domain.words import LANGUAGES


def day_in(text: str, now: datetime) -> date | None:
    """Return the day that *text* means by the wall clock of *now*; None where it means none, or several."""
    today = now.date()
    if text in ("today", "tomorrow"):
        return today + timedelta(days=text == "tomorrow")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _in_words(text, now.replace(tzinfo=None))


def _in_words(text: str, now: datetime) -> date | None:
    for language in LANGUAGES:
        said = read_when(text, language=language, now=now)
        if said is not None and len(said.days) == 1 and said.days[0][1] - said.days[0][0] == timedelta(days=1):
            return said.days[0][0]
    return None
