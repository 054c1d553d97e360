"""Whether a text tells what a visit is for: what is sent unasked may be read by others on a phone that lies about."""

from __future__ import annotations

import re
import unicodedata

from domain.words import LANGUAGES, Words

_STEM = 5  # letters by which "vaccination" and "vaccine" are known as the same
#: Words of titles that tell nothing: any visit may be called so.
_GENERAL = frozenset(
    (
        *("visit", "visits", "appointment", "general", "first", "second", "dose", "doses", "two", "clinic", "season"),
        *("seasonal", "telehealth", "visite", "rendez", "vous", "generale", "premiere", "deuxieme", "deux"),
        *("consultation", "distance", "cabinet", "saisonniere", "visita", "cita", "consulta", "primera", "segunda"),
        *("dosis", "dos", "clinica", "estacional", "telefono"),
    )
)


def tells(text: str, title: str) -> bool:
    """Say whether *text* has a word of *title* in it, or one that begins like it."""
    stems = {word[:_STEM] for word in _words(title) if len(word) > 2 and word not in _GENERAL}
    return any(word[:_STEM] in stems for word in _words(text))


def tells_in_any_language(text: Words, title: Words) -> bool:
    """Say so of texts in all languages."""
    return any(tells(text.in_language(language), title.in_language(language)) for language in LANGUAGES)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z]+", "".join(one for one in plain if not unicodedata.combining(one)))
