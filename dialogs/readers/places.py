"""Places as people tell them: a town or postcode without the words about it, none at all, or any."""

import re

from dialogs.readers.fold import fold
from dialogs.readers.leading import without_lead, without_thanks

LONGEST = 80
_POSTCODE = re.compile(
    r"\d{4,5}|\d{4} \d{3}|\d{5} \d{4}|\d{4} ?[a-z]{2}"  # most of Europe, Portugal, USA, Netherlands
    r"|[a-z]{1,2}\d[a-z\d]?(?: ?\d[a-z]{2})|[a-z]{2}\d[a-z\d]|[a-z]\d[a-z] ?\d[a-z]\d"  # Britain, Canada
)
_LIVING = (
    "(?:i|we) (?:live|am|are|m|re|stay|work)|i d like|i want|living|somewhere"
    "|my (?:town|city|place|postcode|address) is"
    "|(?:j|nous) (?:habite|habitons)|j h?abite|je (?:vis|suis|travaille|reside)|on habite|ma ville(?: est| c est)?"
    "|c est|mon code postal(?: est| c est)?"
    "|(?:yo )?(?:vivo|estoy|resido|trabajo)|vivimos|mi (?:ciudad|pueblo|codigo postal)(?: es)?|es"
)
_NEAR = (
    "near|nearby|near to|close to|next to|around|somewhere (?:near|in|around)|in|at|by|in the (?:town|city) of"
    "|(?:tout )?pres d[eu]?s?|a cote d[eu]?s?|proche d[eu]s?|autour d[eu]?s?|aux alentours d[eu]s?|du cote d[eu]s?|vers"
    "|dans|la ville de"
    "|(?:muy )?cerca del?|al lado del?|junto a|alrededor de|por|en|la ciudad de"
)
_LEAD = re.compile(f"(?:{_LIVING})(?: (?:{_NEAR}|a))?|{_NEAR}")
_FRENCH_LEAD = re.compile(f"{_LEAD.pattern}|a")
_ELSEWHERE = re.compile(
    "(?:(?:a|an|the|some|un|une|l|en) )*(?:other|another|different|autre|otro|otra|nouvel|nouveau) "
    "(?:place|town|city|area|location|centre|center|endroit|ville|lieu|lugar|sitio|ciudad|localidad|pueblo|zona|parte"
    "|centro)|(?:somewhere|anywhere|someplace) else|elsewhere|ailleurs|autre part|en otra parte"
)
_ANYWHERE = re.compile(
    "(?:show (?:me )?)?all(?: of them)?(?: the)?(?: cent(?:re|er)s)?|anywhere|everywhere|any(?: cent(?:re|er)| place)?"
    "|n importe ou|partout|peu importe|tous|toutes|tous les centres|en cualquier lugar|en cualquier sitio|cualquiera"
    "|cualquier lugar|cualquier centro|donde sea|todos|todos los centros|me da igual|ca m est egal"
    "|i don t mind"
)


def read_place(text: str, *, language: str) -> str | None:
    """Return the town or postcode that *text* tells, without "I live in" and the like; None when there is none."""
    typed = " ".join(text.split())[:LONGEST]
    said = without_thanks(typed)
    bare = without_lead(said, _FRENCH_LEAD if language.startswith("fr") else _LEAD) or said
    return bare if sum(letter.isalnum() for letter in bare) > 1 else None


def is_postcode(text: str) -> bool:
    """Say whether *text* has the shape of a postcode."""
    return _POSTCODE.fullmatch(fold(text[:LONGEST])) is not None


def is_elsewhere(text: str) -> bool:
    """Say whether *text* only asks for another place and does not say which."""
    return _ELSEWHERE.fullmatch(fold(text[:LONGEST])) is not None


def is_anywhere(text: str) -> bool:
    """Say whether any place will do."""
    return _ANYWHERE.fullmatch(fold(text[:LONGEST])) is not None
