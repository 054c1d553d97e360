"""The fields of a programme file, each read and checked with its place; what is wrong is a `ProgrammeError`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from domain.words import Words

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_MOST = 100_000  # days or minutes: beyond any programme, and within the calendar


class ProgrammeError(ValueError):
    """The programme cannot be used; the message names the place and the cure."""


def only(body: object, place: str, allowed: set[str]) -> None:
    """Refuse what is no mapping, or has names that are not *allowed*."""
    if not isinstance(body, Mapping):
        raise ProgrammeError(f"{place or 'the file'}: must be a mapping of names to values")
    unknown = sorted(set(map(str, body)) - allowed)
    if unknown:
        raise ProgrammeError(
            f"{place or 'the file'}: {unknown[0]!r} is not known here; known are {', '.join(sorted(allowed))}"
        )


def key(body: Mapping[str, Any], place: str) -> str:
    """Return the key of *body*."""
    return checked_key(str(body.get("key", "")), at(place, "key"))


def checked_key(found: object, place: str) -> str:
    """Return *found* if it can be a key."""
    if not isinstance(found, str) or not _KEY.fullmatch(found):
        raise ProgrammeError(f"{place}: {found!r} must be up to 40 of a-z, 0-9 and -, and begin with a letter or digit")
    return found


def words(body: Mapping[str, Any], name: str, place: str, *, needed: bool = True) -> Words:
    """Return a text in all languages."""
    value = body.get(name)
    if value is None and not needed:
        return Words(())
    return checked_words(value, at(place, name))


def checked_words(value: object, place: str) -> Words:
    """Return *value* as a text in all languages."""
    if isinstance(value, str) and value.strip():
        return Words.of(value)
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise ProgrammeError(f"{place}: must be a text, or a text for each of en, fr and es")
    found = Words.of({language: text for language, text in value.items() if text.strip()})
    if missing := next(found.missing(), None):
        raise ProgrammeError(f"{place}: has no text in language {missing!r}")
    for language, _ in found.pairs:
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise ProgrammeError(f"{place}: {language!r} is no language; write a code such as pt or 'no', in quotes")
    return found


def number(body: Mapping[str, Any], name: str, place: str, default: int, most: int = _MOST) -> int:
    """Return a whole number."""
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ProgrammeError(f"{at(place, name)}: {value!r} must be a whole number from 0 to {most}")
    return value


def truth(body: Mapping[str, Any], name: str, place: str) -> bool:
    """Return whether it is so; without a word it is not."""
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise ProgrammeError(f"{at(place, name)}: {value!r} must be true or false")
    return value


def items(body: Mapping[str, Any], name: str, place: str) -> list[Any]:
    """Return a list, which may be missing."""
    value = body.get(name) or []
    if not isinstance(value, list):
        raise ProgrammeError(f"{at(place, name)}: must be a list")
    return value


def at(place: str, name: str) -> str:
    """Return where *name* stands."""
    return f"{place}.{name}" if place else name
