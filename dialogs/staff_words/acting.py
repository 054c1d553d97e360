"""Words about serving and walking in: who was served, what is undone, who came without a booking."""

from __future__ import annotations

import re
from collections.abc import Callable

from dialogs.script import Goto
from dialogs.staff_words.visits import is_somebody

PHRASES: dict[str, str] = {
    "unserve": "undo|not done|not served|undo served|pas fait|pas servi|pas servie|pas vaccine|pas vaccinee|defaire|"
    "no hecho|no atendido|no atendida|no vacunado|no vacunada|deshacer",
    "walk-in": "walk in|walkin|a walk in|new walk in|walk in patient|sans rendez vous|sans rdv|"
    "patient sans rendez vous|sin cita|sin cita previa|paciente sin cita",
}
_NOT = "undo|not done|not served|pas fait|pas servi|pas servie|pas vaccinee?|defaire|deshacer|no hecho|no atendid[oa]"
_SERVED = (
    "done|served|is served|was served|is done|vaccinated|is vaccinated|fulfilled|fait|faite|servi|servie|est servi|"
    "est servie|vaccine|vaccinee|est vaccine|est vaccinee|soigne|soignee|hecho|hecha|atendido|atendida|servido|servida|"
    "vacunado|vacunada|ya vacunado|ya vacunada"
)


def _who(words: str, folded: str) -> str | None:
    found = re.fullmatch(rf"(?:(?:{words}) (?P<behind>.+)|(?P<before>.+) (?:{words}))", folded)
    who = (found["behind"] or found["before"]) if found is not None else None
    return who if who is not None and is_somebody(who) else None


def _serve(folded: str, _text: str) -> Goto | None:
    for script, words in (("unserve", _NOT), ("serve", _SERVED)):
        who = _who(words, folded)
        if who is not None:
            return Goto(script=script, args=(("text", who),))
    return None


READERS: tuple[Callable[[str, str], Goto | None], ...] = (_serve,)
