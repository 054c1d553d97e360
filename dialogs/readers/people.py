"""Of whom somebody speaks: of oneself, or of another to whom one is close."""

import re

from dialogs.readers.fold import fold

LONGEST = 100
#: Those whom people write for, in all languages, folded.
RELATIVES = (
    "mum|mom|mummy|mother|dad|father|parents?|son|sons|daughters?|boy|girl|child|children|kids?|baby|wife|husband|partner"
    "|spouse|boyfriend|girlfriend|brother|sister|gran|granny|nan|grandma|grandmother|grandpa|grandad|grandfather"
    "|grandson|granddaughter|(?:mother|father|son|daughter|brother|sister) in law|aunt|auntie|uncle|niece|nephew|cousin"
    "|friend|neighbou?r"
    "|mere|pere|maman|papa|parents|fils|filles?|garcon|enfants?|bebe|femme|mari|epoux|epouse|conjointe?|compagnon"
    "|compagne|copain|copine|frere|soeur|(?:grand|belle|beau) (?:mere|pere|maman|fille|fils|frere|soeur)"
    "|petite? (?:fils|fille|ami|amie|frere|soeur)|mamie|mami|papi|papy|tante|oncle|neveu|cousine|amie?|voisine?"
    "|madre|padre|mama|padres|hijos?|hijas?|ninos?|ninas?|esposo|esposa|mujer|marido|pareja|novio|novia|hermano|hermana"
    "|abuelo|abuela|abuelita|abuelito|nietos?|nietas?|suegro|suegra|cunado|cunada|yerno|nuera|tio|tia|sobrino|sobrina"
    "|primo|prima|amigo|amiga|vecino|vecina"
)
OWN = "my|our|mon|ma|mes|notre|nos|mi|mis|nuestro|nuestra"
_RELATIVE = re.compile(
    rf"\b(?:{OWN}|a|un|une|una) (?:(?:old|little|elderly|petite?|vieille|pequen[oa]) )?(?:{RELATIVES})\b"
)
_OTHER = re.compile(
    r"(?:someone|somebody) else|(?:another|an other|other) (?:person|one)|for another|for (?:him|her|them)\b"
    r"|(?:someone|somebody|person) i (?:look after|care for)|not (?:for )?me\b"
    r"|quelqu un d autre|autre personne|pour quelqu un|un proche|pour (?:lui|elle|eux|un autre|une autre)\b"
    r"|pas (?:pour )?moi\b"
    r"|otra persona|alguien mas|para alguien|un familiar|para (?:el|ella|ellos|otro|otra)$|no (?:es )?para mi\b"
)
_ME = re.compile(
    r"(?:(?:yes|ok|okay|sure|oui|si|vale|hello|hi|bonjour|hola|it s|its|it is|this is|c est|es|just|only|a|pour|para"
    r"|for|seulement|juste|solo|que sea|book|it) )*"
    r"(?:me|myself|just me|only me|me myself|moi|moi meme|yo|mi|mi mismo|mi misma|yo mismo|yo misma)"
    r"(?: (?:please|pls|thanks|thank you|svp|s il vous plait|merci|por favor|gracias|only|seulement|solo))*"
)
_BOTH = re.compile(
    r"\b(?:me|myself|moi|yo|mi) (?:and|et|y)\b|\b(?:and|et|y) (?:(?:for|pour|para) )?(?:me|myself|moi|yo)\b"
)
_REFUSING = re.compile(r"(?:no|nope|non|nan)\b")


def is_oneself(text: str) -> bool:
    """Say whether *text* means the person who writes, and nobody else."""
    return _ME.fullmatch(fold(text[:LONGEST])) is not None


def is_relative(text: str) -> bool:
    """Say whether *text* names somebody by what they are to the person who writes, and not both of them."""
    return _RELATIVE.search(_asked(text)) is not None and _BOTH.search(_asked(text)) is None


def is_somebody_else(text: str) -> bool:
    """Say whether *text* means another person, whoever that is."""
    return _OTHER.search(_asked(text)) is not None


def refuses(text: str) -> bool:
    """Say whether *text* begins with a no."""
    return _REFUSING.match(fold(text[:LONGEST])) is not None


def _asked(text: str) -> str:
    return fold(text[:LONGEST])
