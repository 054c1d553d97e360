"""How free words are read where it is asked whom somebody wants to see."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogs.questions import Hearing, Instead, Missed, Reading, Took
from dialogs.readers import choices
from dialogs.readers.fold import fold
from dialogs.readers.places import is_anywhere
from dialogs.said import Said

LONGEST = 60
_ANYBODY = re.compile(
    r"(?:the )?(?:first|soonest|earliest|next)(?: (?:free|available|one|doctor|place))*|any(?:body|one)?(?: doctor)?"
    r"|whoever(?: is free)?(?: first)?|as soon as possible|asap|no preference|does not matter|doesn t matter"
    r"|(?:le |la )?(?:premiere?|prochaine?)(?: (?:libre|disponible|medecin|place))*|n importe qui|peu importe"
    r"|(?:le )?plus tot(?: possible)?|au plus tot|sans preference"
    r"|(?:el |la )?(?:primer[oa]?|proxim[oa])(?: (?:libre|disponible|medico|hueco))*|cualquiera|quien sea"
    r"|(?:lo )?antes posible|sin preferencia"
)


@dataclass(frozen=True, slots=True)
class PractitionerReader:
    """Reads whoever is free first, and any words that may be of a name, a speciality or a place.

    Words that are near one of the *names* shown are left to those.
    """

    names: tuple[str, ...]

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        """Return an answer, or what practitioners are to be looked for by."""
        folded = fold(said.text[:LONGEST])
        if _ANYBODY.fullmatch(folded) or is_anywhere(said.text):
            return Took("any")
        if choices.pick(said.text, self.names, language=hearing.language) is not None:
            return Missed()
        if sum(letter.isalpha() for letter in folded) < 3 or len(said.text) > LONGEST:
            return Missed()
        return Instead((("seen-for", " ".join(said.text.split())),))
