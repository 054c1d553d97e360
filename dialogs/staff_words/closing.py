"""Words about slots: closed, opened again, and what became of the visits there; being ill."""

from __future__ import annotations

import re
from collections.abc import Callable

from dialogs.script import Goto

PHRASES: dict[str, str] = {
    "close": "close|close slots|close a day|fermer|fermer des creneaux|cerrar|cerrar horas|cerrar un dia",
    "open": "open|open again|reopen|open slots|ouvrir|rouvrir|abrir|reabrir",
    "closures": "closures|closure|closed|fermetures|fermeture|cierres|cierre",
    "ill": "i am ill|i m ill|i am sick|i m sick|ill|sick|je suis malade|malade|estoy enfermo|estoy enferma|"
    "enfermo|enferma",
    "capacity": "capacity|capacite|capacidad|aforo",
    "hours": "hours|opening hours|change hours|horaires|changer les horaires|horario|cambiar el horario",
    "fridge": "the fridge broke|fridge broke|fridge broken|the fridge is broken|fridge|doses lost|"
    "le frigo est en panne|frigo en panne|frigo|doses perdues|la nevera se rompio|nevera rota|nevera|dosis perdidas",
}
_VERBS: tuple[tuple[str, str, str], ...] = (
    ("close", "en", "close|shut|we are closed on|we close"),
    ("close", "fr", "fermer|fermez|ferme|on ferme|nous fermons"),
    ("close", "es", "cerrar|cierra|cierre|cerramos"),
    ("open", "en", "open|reopen|open again"),
    ("open", "fr", "ouvrir|rouvrir|rouvre|rouvrez|ouvre|ouvrez"),
    ("open", "es", "abrir|reabrir|abre|reabre"),
    ("ill", "en", "i am ill|i m ill|i am sick|i m sick|ill|sick"),
    ("ill", "fr", "je suis malade|malade"),
    ("ill", "es", "estoy enfermo|estoy enferma|enfermo|enferma"),
)
_LONGEST = 8  # words that say when


def _span(folded: str, text: str) -> Goto | None:
    """Read "close thursday morning"; what follows is read by the clock of the centre."""
    for script, language, words in _VERBS:
        found = re.fullmatch(rf"(?:{words}) (.+)", folded)
        if found is not None and len(found[1].split()) <= _LONGEST:
            when = _behind(text, folded, found[1])
            return Goto(script=script, args=(("language", language), ("text", when)))
    return None


def _behind(text: str, folded: str, rest: str) -> str:
    """Return the end of *text* as it was written, of as many words as *rest* has; folded where that differs."""
    words = text.split()
    count = len(folded.split()) - len(rest.split())
    return " ".join(words[count:]) if len(words) == len(folded.split()) else rest


_ON = "(?: places?| per slot| each| par creneau| plazas?| por hora)*(?: on| for| at| le| les| pour| el| los| para)?"
_CAPACITY: tuple[tuple[str, str], ...] = (
    ("en", rf"(?:capacity|places)(?: of)? (?P<count>\d{{1,3}}){_ON} (?P<when>.+)"),
    ("en", r"(?P<count>\d{1,3}) places (?:on |for )?(?P<when>.+)"),
    ("fr", rf"(?:capacite|places)(?: de)? (?P<count>\d{{1,3}}){_ON} (?P<when>.+)"),
    ("es", rf"(?:capacidad|aforo|plazas)(?: de)? (?P<count>\d{{1,3}}){_ON} (?P<when>.+)"),
)


def _capacity(folded: str, text: str) -> Goto | None:
    """Read "capacity 6 on thursday morning"."""
    for language, pattern in _CAPACITY:
        found = re.fullmatch(pattern, folded)
        if found is not None:
            when = _behind(text, folded, found["when"])
            return Goto(script="capacity", args=(("count", found["count"]), ("language", language), ("text", when)))
    return None


_HOURS: tuple[tuple[str, str], ...] = (
    ("en", "hours|opening hours|open hours"),
    ("fr", "horaires|horaire|heures"),
    ("es", "horario|horarios|horas"),
)


def _hours(folded: str, text: str) -> Goto | None:
    """Read "hours monday 9 to 12"."""
    for language, words in _HOURS:
        found = re.fullmatch(rf"(?:{words}) (.+)", folded)
        if found is not None:
            when = _behind(text, folded, found[1])
            return Goto(script="hours", args=(("language", language), ("text", when)))
    return None


READERS: tuple[Callable[[str, str], Goto | None], ...] = (_hours, _capacity, _span)
