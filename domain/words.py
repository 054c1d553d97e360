"""Texts that a clinic writes itself, one per language: titles, questions, what to bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "fr", "es")


@dataclass(frozen=True, slots=True)
class Words:
    """The same sentence in several languages, as (language, text) pairs."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, texts: Mapping[str, str] | str) -> Words:
        """Make words from *texts*: a mapping of language to text, or one text that serves all languages."""
        if isinstance(texts, str):
            return cls(tuple((language, texts) for language in LANGUAGES))
        return cls(tuple(texts.items()))

    def in_language(self, language: str) -> str:
        """Return the text in *language*, else in English, else in whatever language there is, else nothing."""
        texts = dict(self.pairs)
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")

    def missing(self) -> Iterator[str]:
        """Name the languages that have no text."""
        texts = dict(self.pairs)
        return (language for language in LANGUAGES if not texts.get(language, "").strip())
