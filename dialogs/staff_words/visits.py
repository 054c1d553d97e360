"""Words about visits: who comes next, who is here, who did not come, who is looked for."""

from __future__ import annotations

import re
from collections.abc import Callable

from dialogs.readers.fold import fold
from dialogs.script import Goto
from domain.appointments import REFERENCE_LENGTH, REFERENCE_LETTERS, Status

_REFERENCE = re.compile(rf"[{REFERENCE_LETTERS.lower()}]{{{REFERENCE_LENGTH}}}")

PHRASES: dict[str, str] = {
    "visits": "next|next visits|next patient|next patients|who is next|suivant|suivants|prochain|prochains|"
    "prochaines visites|prochain patient|siguiente|siguientes|proximo|proximos|proximas visitas|proxima visita",
}
#: Words before or behind a reference or name, by what they mark a visit as.
_MARKS: dict[Status, str] = {
    Status.ARRIVED: "arrived|has arrived|is here|here|check in|checked in|present|arrive|arrivee|est arrive|"
    "est arrivee|est la|presente|llego|ha llegado|llegado|llegada|esta aqui",
    Status.NOSHOW: "no show|noshow|missed|did not come|didn t come|absent|absente|pas venu|pas venue|n est pas venu|"
    "n est pas venue|ausente|no vino|no ha venido|falto",
}
_LONGEST = 60
_FINDS = "find|search|look up|who is|show|cherche|chercher|trouve|trouver|qui est|busca|buscar|quien es|mostrar"


def _mark(folded: str, _text: str) -> Goto | None:
    for status, words in _MARKS.items():
        found = re.fullmatch(rf"(?:(?:{words}) (?P<behind>.+)|(?P<before>.+) (?:{words}))", folded)
        if found is not None and (who := found["behind"] or found["before"]) and is_somebody(who):
            return Goto(script="mark", args=(("as", status.value), ("text", who)))
    return None


def is_somebody(who: str) -> bool:
    """Say whether these may be a reference or the words of a name."""
    return _REFERENCE.fullmatch(who.replace(" ", "")) is not None or (
        len(who.split()) <= 4 and not any(letter.isdigit() for letter in who)
    )


def is_reference(text: str) -> bool:
    """Say whether *text* is a visit's reference alone, or looks so."""
    return _REFERENCE.fullmatch(fold(text)) is not None


def arrival_in(text: str) -> Goto | None:
    """Return what marks the visit as arrived whose reference *text* tells, as the code of a visit writes it."""
    wish = _mark(fold(text[:_LONGEST]), text)
    told = dict(wish.args) if wish is not None else {}
    is_arrival = told.get("as") == Status.ARRIVED and is_reference(told["text"])
    return wish if is_arrival else None


def _find(folded: str, _text: str) -> Goto | None:
    found = re.fullmatch(rf"(?:{_FINDS}) (.+)", folded)
    if found is not None:
        return Goto(script="find", args=(("text", found[1]),))
    if _REFERENCE.fullmatch(folded) and any(letter.isdigit() for letter in folded):
        return Goto(script="find", args=(("text", folded),))
    return None


READERS: tuple[Callable[[str, str], Goto | None], ...] = (_mark, _find)
