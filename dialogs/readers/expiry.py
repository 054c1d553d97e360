"""Days until which something is good, as they stand on a box: 2027-01-31, 31/01/2027, 01/2027, 31 January 2027."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dialogs.readers.birth import read_written
from dialogs.readers.calendar_days import months_on, valid

LANGUAGES = ("en", "fr", "es")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4}|\d{2})|(\d{4})[/.-](\d{1,2})")
_LONGEST = 40


def read_expiry(text: str, *, today: date) -> date | None:
    """Return the last good day that *text* is, of a month alone its last one; None where it is no whole date."""
    stripped = text.strip()
    if len(stripped) > _LONGEST:
        return None
    found = _MONTH.fullmatch(stripped)
    if found is not None:
        first = valid(_year(found[2] or found[3], today), int(found[1] or found[4]), 1)
        return months_on(first, 1) - timedelta(days=1) if first is not None else None
    for language in LANGUAGES:
        written = read_written(stripped, language=language, today=today)
        if written is not None:
            return valid(_year(written.year, today), written.month, written.day)
    return None


def _year(digits: str, today: date) -> int:
    return int(digits) if len(digits) == 4 else today.year // 100 * 100 + int(digits)
