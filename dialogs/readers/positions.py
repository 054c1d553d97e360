"""Places in a menu as people say them: 2, #2, option 2, the second one, last."""

import re
from dataclasses import dataclass
from functools import cache

from dialogs.readers.lexicon import vocabulary

LAST = -1
_DIGITS = re.compile(r"\d{1,3}")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|ere|re|e|eme|ieme|o|a|ro|ra|do|da|to|ta)")
_ARTICLES = frozenset(("the", "le", "la", "el"))


@dataclass(frozen=True, slots=True)
class Position:
    """
    A place counted from one, or `LAST`; *may_be_date* is so for "the 3rd" and "el 3".

    *is_counted*: a word says that it is one of several ("option 3", "the third one"). *is_plain*: nothing is said
    beside it but that it is taken ("I take the third", but not "on the third").
    """

    number: int
    may_be_date: bool = False
    is_counted: bool = False
    is_plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    ordinals: dict[str, int]
    cardinals: dict[str, int]
    counting: frozenset[str]
    behind: frozenset[str]
    skipped: frozenset[str]
    choosing: frozenset[str]


def position(words: list[str], language: str) -> Position | None:
    """Return the place that folded *words* say, and nothing when they say more than that."""
    known = _words(language)
    start, end = _core(words, known)
    core, about = words[start:end], {*words[:start], *words[end:]}
    if not core or not all(word in known.counting for word in core[:-1]) or _is_refusal(core):
        return None
    last = core[-1]
    article = start == end - 1 and start > 0 and words[start - 1] in _ARTICLES
    counted = len(core) > 1 or bool(about & known.behind and _is_ordinal(last, known))
    plain = about <= known.choosing | known.behind
    if _DIGITS.fullmatch(last):
        return Position(int(last), may_be_date=article, is_counted=counted, is_plain=plain and not article)
    if ordinal := _ORDINAL.fullmatch(last):
        return Position(int(ordinal[1]), may_be_date=not counted, is_counted=counted, is_plain=plain)
    number = known.ordinals.get(last) or known.cardinals.get(last)
    return Position(number, is_counted=counted, is_plain=plain) if number else None


def skipped_words(language: str) -> frozenset[str]:
    """Return the words that say nothing about a choice, if no choice has them."""
    return _words(language).skipped


def _core(words: list[str], known: _Words) -> tuple[int, int]:
    """Return where the number begins, with the words that count, and where it ends."""
    start, end = 0, len(words)
    while end > 1 and words[end - 1] in known.skipped:
        end -= 1
    if end > 1 and words[end - 1] in known.behind and _is_ordinal(words[end - 2], known):
        end -= 1
    while start < end - 1 and words[start] in known.skipped:
        start += 1
    return start, end


def _is_ordinal(word: str, known: _Words) -> bool:
    return word in known.ordinals or _ORDINAL.fullmatch(word) is not None


def _is_refusal(core: list[str]) -> bool:
    """Tell "no option 2" from "no 2"."""
    return "no" in core[:-1] and (core[0] != "no" or len(core) > 2 or not core[-1].isdecimal())


@cache
def _words(language: str) -> _Words:
    words = vocabulary(language)
    counting = frozenset(" ".join(words.counting.split("|")).split())
    ones = words.one.split("|")
    main = {words.yes.split("|")[0], words.no.split("|")[0]}
    choosing = frozenset(f"{words.choosing}|{words.polite}".replace("|", " ").split()) | _ARTICLES
    return _Words(
        ordinals={
            word: number
            for number, spellings in enumerate(words.ordinals.split("|"), start=1)
            for word in spellings.split()
        }
        | dict.fromkeys(words.last.split(), LAST),
        cardinals={
            word: number
            for number, spellings in words.phrases["n"].items()
            for word in spellings.split("|")
            if " " not in word
        }
        | dict.fromkeys(ones, 1),
        counting=counting,
        behind=counting | frozenset(ones),
        skipped=frozenset(f"{words.fillers}|{words.small}|{words.choosing}".replace("|", " ").split()) - main,
        choosing=choosing,
    )
