"""Names of towns made comparable, and the ways in which people write districts and wishes around a name."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def fold(text: str) -> str:
    """Return a town's name without case, accents and punctuation, as it is looked up."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join("saint" if word == "st" else "sainte" if word == "ste" else word for word in letters.split())
