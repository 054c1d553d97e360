"""What is said out of politeness, in each language: neither an answer nor a wish. And how one asks to be left alone."""

from __future__ import annotations

import re
from enum import StrEnum

from dialogs.readers.fold import fold
from dialogs.readers.leading import POLITE


class Courtesy(StrEnum):
    """What was said; a wish for silence is here because only STOP alone is acted on."""

    THANKS = "thanks"
    BYE = "bye"
    STOP = "stop"


_LONGEST = 60
_ABOUT = re.compile(rf"^(?:(?:{POLITE}) )+|(?: (?:{POLITE}))+$")
_SMALL = re.compile(
    r"\b(?:ok|okay|great|perfect|very|much|so|many|a|lot|indeed|for|your|the|help|info|and|all|again|right|fine|good"
    r"|d accord|tres|bien|parfait|super|beaucoup|infiniment|bcp|pour|votre|aide|et|mille"
    r"|muchas|muchisimas|mil|muy|amable|todo|su|ayuda|por|vale|perfecto|bueno|y)\b"
)
_THANKS = re.compile(r"thank you|thanks|thankyou|thx|ty|cheers|merci|je vous remercie|gracias")
_BYE = re.compile(
    r"bye|bye bye|good ?bye|good night|see you(?: soon| later)?|au revoir|a bientot|a plus tard|bonne (?:journee|soiree"
    r"|nuit)|ciao|adieu|adios|hasta (?:luego|pronto|manana|la vista)|chao|chau|nos vemos"
)
_STOP = re.compile(
    r"(?:stop|arretez|arrete|arreter|pare|paren|parar|basta)(?: (?:it|this|now|that|ca|tout|ya|esto))?"
    r"|(?:stop|arretez?|deje|dejen|deja|no more)"
    r" (?:(?:de|d|me|m|moi|a|des|the|your|these|sending|envoyer|recevoir|enviar|mandar|recibir) )*"
    r"(?:me|messages?|texts?|texting|messaging|writing|ecrire|escribirme|enviarme|mandarme|mensajes)(?: to)?(?: me)?"
)


def without_politeness(folded: str) -> str:
    """Return a folded text without "please" and "thank you" at its ends, unless it is nothing else."""
    return _ABOUT.sub("", folded)


def courtesy_of(text: str) -> Courtesy | None:
    """Return the courtesy that *text* as a whole is."""
    folded = fold(text[: _LONGEST + 1])
    bare = without_politeness(folded)
    if len(folded) > _LONGEST:
        return None
    if _STOP.fullmatch(bare):
        return Courtesy.STOP
    if _BYE.fullmatch(folded) or _BYE.fullmatch(bare):
        return Courtesy.BYE
    return Courtesy.THANKS if _THANKS.fullmatch(" ".join(_SMALL.sub("", folded).split())) else None
