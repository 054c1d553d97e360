"""Words about digests: "digest", "digest off", "digest at 7:30", "digest on weekdays"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dialogs.readers.fold import fold
from dialogs.script import Goto
from domain.staff.digest_plan import EVERY_DAY, WORKING_DAYS

_NAME = r"(?:my |the |le |mon |el |mi )?(?:daily )?(?:digest|digests|resume|resumen)(?: du jour| del dia| diario)?"
PHRASES: dict[str, str] = {
    "digest": "digest|digests|daily digest|my digest|resume du jour|mon resume|resumen|resumen del dia"
}
_ON = "on|yes|oui|active|activer|si|activar|activado"
_OFF = "off|no|non|desactive|desactiver|desactivar|desactivado|never for me"
_SWITCHED = {"on": _ON, "off": _OFF}
_TIME = re.compile(
    r"\b(?:at |a las |a la |a |vers )?(\d{1,2})(?: ?[h ] ?(\d{2})| ?h| ?(?=am\b|pm\b)|$|(?= ))(?: ?(am|pm))?\b"
)
_ALL = r"every day|daily|all days|tous les jours|chaque jour|todos los dias|cada dia"
_WORKING = (
    r"weekdays|working days|workdays|en semaine|jours ouvres|jours ouvrables|entre semana|laborables|dias laborables"
)
_NEVER = r"never|no day|jamais|aucun jour|nunca|ningun dia"
_WEEKDAYS = (
    "mon|monday|mondays|lundi|lundis|lunes",
    "tue|tuesday|tuesdays|mardi|mardis|martes",
    "wed|wednesday|wednesdays|mercredi|mercredis|miercoles",
    "thu|thursday|thursdays|jeudi|jeudis|jueves",
    "fri|friday|fridays|vendredi|vendredis|viernes",
    "sat|saturday|saturdays|samedi|samedis|sabado|sabados",
    "sun|sunday|sundays|dimanche|dimanches|domingo|domingos",
)
_NUMBER = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split("|")}
_TO, _SMALL = (
    frozenset(("to", "a", "au")),
    frozenset(("on", "at", "and", "the", "et", "le", "les", "los", "el", "y", "de", "du")),
)


def _digest(_folded: str, text: str) -> Goto | None:
    found = re.fullmatch(rf"{_NAME} (.+)", fold(text.replace("-", " to ")))
    if found is None:
        return None
    rest = found[1]
    for wish, words in _SWITCHED.items():
        if re.fullmatch(words, rest):
            return Goto(script="digest", args=(("wish", wish),))
    at, rest = _time_in(rest)
    days = _days_in(rest) if rest else None
    if rest and days is None:
        return None
    told = (("at", at), ("days", "".join(map(str, days)) if days is not None else None))
    return Goto(script="digest", args=tuple((name, value) for name, value in told if value is not None))


def _time_in(rest: str) -> tuple[str | None, str]:
    """Take the time of day out of what was said; return it as 07:30, and the rest."""
    found = _TIME.search(rest)
    if found is None:
        return None, rest
    hour = int(found[1]) % 12 + (12 if found[3] == "pm" else 0) if found[3] else int(found[1])
    left = f"{rest[: found.start()]} {rest[found.end() :]}"
    return f"{hour:02}:{found[2] or '00'}", " ".join(left.split())


def _days_in(rest: str) -> tuple[int, ...] | None:
    words = [word for word in rest.split() if word not in _SMALL]
    whole = " ".join(words)
    for days, pattern in ((EVERY_DAY, _ALL), (WORKING_DAYS, _WORKING), ((), _NEVER)):
        if re.fullmatch(pattern, whole) or re.fullmatch(pattern, rest):
            return days
    if not words or any(word not in _NUMBER and word not in _TO for word in words):
        return None
    return tuple(sorted(set(_spans(words))))


def _spans(words: list[str]) -> Iterator[int]:
    """Yield the days that are named, and those between two with a word for "to" in between."""
    last: int | None = None
    is_span = False
    for word in words:
        if word in _TO:
            is_span = True
            continue
        number = _NUMBER[word]
        if is_span and last is not None:
            yield from ((last + step) % 7 for step in range((number - last) % 7 + 1))
        yield number
        last, is_span = number, False


READERS: tuple[Callable[[str, str], Goto | None], ...] = (_digest,)
