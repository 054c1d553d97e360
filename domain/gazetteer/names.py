"""Names of towns made comparable, and the words around a name that are not part of it."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
# As in: near Bath, I live in Bath; près de Pau, j'habite à Pau; cerca de Vigo, vivo en Vigo.
_BEFORE = re.compile(
    r"(?:i|am|m|im|live|we|are|from|near|nearby|around|close|to|by|in|at|the|town|city|of"
    r"|je|j|suis|habite|vis|nous|sommes|habitons|pres|de|d|du|a|au|aux|vers|dans|la|ville|commune|cote|proche|en|chez"
    r"|yo|vivo|vivimos|estoy|estamos|soy|cerca|del|el|ciudad|pueblo|alrededor) "
)
_IN_FULL = {"sta": "santa", "sto": "santo", "mt": "mount", "ft": "fort", "s": "sur"}
_ORDINAL = r"(?:er|re|e|eme|ieme|nd|th|st|rd|o)?"
_DISTRICTS = (
    re.compile(rf"(?P<city>paris|lyon|marseille) 0?(?P<number>\d\d?) ?{_ORDINAL}(?: arr\w*)?"),
    re.compile(rf"0?(?P<number>\d\d?) ?{_ORDINAL}(?: arr\w*)?(?: (?:de|a|du|in|of))? (?P<city>paris|lyon|marseille)"),
)


def fold(text: str) -> str:
    """Return a town's name without case, accents and punctuation, as it is looked up."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join("saint" if word == "st" else "sainte" if word == "ste" else word for word in letters.split())


def district_of(folded: str) -> tuple[str, str] | None:
    """Return the district of a city in districts that *folded* names, as its folded name is, and the city."""
    found = next((found for pattern in _DISTRICTS if (found := pattern.fullmatch(folded))), None)
    if found is None:
        return None
    number = int(found["number"])
    return f"{found['city']} {number}{'er' if number == 1 else 'e'}", found["city"]


def spellings(folded: str) -> list[str]:
    """Return *folded*, then without words such as "j'habite à" before it, then with what is cut short in full."""
    name = folded
    while found := _BEFORE.match(name):
        name = name[found.end() :]
    in_full = " ".join(_IN_FULL.get(word, word) for word in name.split())
    return list(dict.fromkeys((folded, name, in_full)))
