"""Words about one's own shifts and days off."""

from __future__ import annotations

import re
from collections.abc import Callable

from dialogs.script import Goto

PHRASES: dict[str, str] = {
    "my-shifts": "my shifts|shifts|my hours|when do i work|mes gardes|mes horaires|mes vacations|quand est ce que je"
    " travaille|mis turnos|mis horarios|cuando trabajo",
    "day-off": "day off|a day off|jour de conge|conge|un conge|dia libre|un dia libre",
}
_OFF = re.compile(
    r"(?:(?:i am |i m |take )?off|day off|conge|en conge|libre|dia libre)(?: on| le| el)? (?P<day>.+)"
    r"|(?P<before>.+) (?:off|libre|de conge)"
)


def _off(folded: str, _text: str) -> Goto | None:
    found = _OFF.fullmatch(folded)
    day = (found["day"] or found["before"]) if found else None
    return Goto(script="day-off", args=(("day", day),)) if day else None


READERS: tuple[Callable[[str, str], Goto | None], ...] = (_off,)
