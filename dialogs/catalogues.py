"""What is wrong with the translations: sentences without one, and values that a translation forgets."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from dialogs.text import catalogue_path
from domain.words import LANGUAGES

_KEYWORDS: dict[str, object] = {"say": None, "many": (1, 2)}


def sentences() -> set[str | tuple[str, str]]:
    """Return all sentences that are marked for translation in this package."""
    found = extract_from_dir(Path(__file__).parent, method_map=[("**.py", "python")], keywords=_KEYWORDS)  # type: ignore[arg-type]  # as its documentation has it
    return {message if isinstance(message, str) else (message[0], message[1]) for _, _, message, _, _ in found}


def faults() -> Iterator[str]:
    """Yield each fault as a sentence."""
    wanted = sentences()
    for language in LANGUAGES:
        if language == "en":
            continue
        with catalogue_path(language).open("rb") as file:
            yield from _faults_of(language, read_po(file, locale=language), wanted)


def _faults_of(language: str, catalogue: Catalog, wanted: set[str | tuple[str, str]]) -> Iterator[str]:
    for sentence in sorted(wanted, key=str):
        key = sentence if isinstance(sentence, str) else sentence[0]
        message = catalogue.get(key)
        string = message.string if message is not None else None
        texts = [string] if isinstance(string, str) else list(string or ())
        if not texts or not all(texts) or (message is not None and message.fuzzy):
            yield f"translation {language}: missing for {key!r}"
        elif any(_names(text) != _names(key) for text in texts):
            yield f"translation {language}: other values than {sorted(_names(key))} in {key!r}"
    known = {sentence if isinstance(sentence, str) else sentence[0] for sentence in wanted}
    for message in catalogue:
        key = message.id if isinstance(message.id, str) else message.id[0]
        if key and key not in known:
            yield f"translation {language}: nobody says {key!r} any more"


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
