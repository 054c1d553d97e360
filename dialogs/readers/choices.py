"""Choices from a menu, told by number, by name, by part of a name, by yes and no."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from dialogs.readers.fold import fold
from dialogs.readers.lexicon import calendar_word, vocabulary
from dialogs.readers.positions import LAST, position, skipped_words

LONGEST = 200
_YES_SIGNS, _NO_SIGNS = frozenset("👍👌✅✔☑🆗"), frozenset("👎❌✖✗🚫")
_SHORTEST_PART = 3
_SHORTEST_NEAR = 4
_NEAR, _MARGIN, _SAME = 80.0, 8.0, 100.0
_ANSWERING = re.compile(r"^\W*\w+\s*[,.;:\u2013\u2014-]")
_CLOCK = re.compile(r"(?<=\d)h(?=\d\d)")


@dataclass(frozen=True, slots=True)
class Close:
    """Several choices may be meant, or one that is better asked about."""

    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Menu:
    """The labels as they are compared: folded, and as words that name days and months in one way only."""

    labels: Sequence[str]
    folded: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    language: str


Chosen = int | Close | None


def pick(text: str, labels: Sequence[str], *, language: str) -> Chosen:
    """
    Return the index of the label that *text* chooses, `Close` to ask which, or nothing.

    A number is a place in the menu, counted from one; it is never a part of a label such as "3 Dec".
    """
    menu = _menu(labels, language)
    said = fold(text[:LONGEST])
    exact = _exact(text, said, menu)
    if exact and not said.isdecimal():
        return _chosen(exact)
    if place := exact | _by_place(said, menu):
        return _chosen(place)
    if not said:
        return _signed(text, menu)
    answered = _yes_or_no(said, menu)
    if answered is not None or said in _main_words(language):
        return answered
    return _named(said, menu)


def is_place(text: str, labels: Sequence[str], index: int, *, language: str, beside_dates: bool) -> bool:
    """
    Say whether *text* is the place of *index* among *labels* and nothing else, as in "the second".

    Where days are asked for, *beside_dates*, it also must be no day: neither "on the second", nor "the second" when a
    label bears that day.
    """
    place = position(fold(text[:LONGEST]).split(), language)
    if place is None or index + 1 != (len(labels) if place.number == LAST else place.number):
        return False
    return not beside_dates or place.is_counted or (place.is_plain and not _is_borne(place.number, labels))


def _is_borne(day: int, labels: Sequence[str]) -> bool:
    return any(re.search(rf"(?<![\d:])0?{day}(?![\d:])", label) for label in labels)


def is_label(text: str, label: str) -> bool:
    """Say whether *text* is *label*, or all that stands before or behind a comma in it."""
    return fold(text) in {fold(part) for part in (label, *label.split(","))}


def _menu(labels: Sequence[str], language: str) -> _Menu:
    folded = tuple(fold(label) for label in labels)
    words = tuple(tuple(_canonical(label, language)) for label in folded)
    return _Menu(labels=labels, folded=folded, words=words, language=language)


def _canonical(folded: str, language: str, *, known: frozenset[str] | None = None) -> Iterable[str]:
    """
    Return words in which "tue" is "tuesday", "09" is "9", "9h30" is "9 30".

    With *known*, weekdays and months that are not among them may be misspelled.
    """
    for word in _CLOCK.sub(" ", folded).split():
        meaning = calendar_word(word, language, misspelled=known is not None and word not in known)
        if meaning is not None and meaning.kind in "wm":
            yield f"{meaning.kind}:{meaning.number}"
        else:
            yield (word.lstrip("0") or "0") if word.isdecimal() else word


def _chosen(indexes: Iterable[int]) -> Chosen:
    found = tuple(sorted(set(indexes)))
    return found[0] if len(found) == 1 else Close(found) if found else None


def _matching(menu: _Menu, test: Callable[[int], bool]) -> set[int]:
    return {index for index in range(len(menu.labels)) if test(index)}


def _exact(text: str, said: str, menu: _Menu) -> set[int]:
    """Find the label as it is written; only if none is, without case, accents, punctuation and spaces."""
    same = _matching(menu, lambda index: menu.labels[index].strip() == text.strip())
    squashed = said.replace(" ", "")
    return same or _matching(menu, lambda index: squashed != "" and menu.folded[index].replace(" ", "") == squashed)


def _by_place(said: str, menu: _Menu) -> set[int]:
    """Find the place; what may as well be a date or a name is both."""
    place = position(said.split(), menu.language)
    if place is None:
        return set()
    number = len(menu.labels) if place.number == LAST else place.number
    found = {number - 1} if 0 < number <= len(menu.labels) else set()
    if place.may_be_date:
        return found | _matching(menu, lambda index: str(number) in menu.words[index])
    is_word = not any(character.isdecimal() for character in said)
    return found | (_having(said, menu) if is_word and found else set())


def _having(said: str, menu: _Menu) -> set[int]:
    wanted = set(_telling(said, menu))
    return _matching(menu, lambda index: bool(wanted) and wanted <= set(menu.words[index]))


def _signed(text: str, menu: _Menu) -> Chosen:
    """Read a thumb."""
    words = vocabulary(menu.language)
    if _YES_SIGNS & set(text):
        return _chosen(_beginning_with(words.yes.split("|")[0], menu))
    return _chosen(_beginning_with(words.no.split("|")[0], menu)) if _NO_SIGNS & set(text) else None


def _yes_or_no(said: str, menu: _Menu) -> Chosen:
    words = vocabulary(menu.language)
    polite = set(words.polite.split("|"))
    bare = {said, " ".join(word for word in said.split() if word not in polite)}
    yes, no = words.yes.split("|"), words.no.split("|")
    if bare & set(yes):
        return _chosen(_beginning_with(yes[0], menu))
    return _chosen(_beginning_with(no[0], menu)) if bare & set(no) else None


def _main_words(language: str) -> set[str]:
    words = vocabulary(language)
    return {words.yes.split("|")[0], words.no.split("|")[0]}


def _beginning_with(word: str, menu: _Menu) -> set[int]:
    return _matching(menu, lambda index: menu.folded[index].split(" ")[0] == word)


def _named(said: str, menu: _Menu) -> Chosen:
    """Find the label by its beginning or by its words, then by beginnings of words, then by near misses."""
    wanted = _telling(said, menu)
    if not any(_is_telling(word) for word in wanted):
        return _chosen(_with_digits(wanted, menu))
    if _is_loose(wanted, said, menu):
        return None
    sure = _beginning(said, menu) | _with_words(wanted, menu)
    if not sure:
        sure = _with_parts(wanted, menu)
    return _without_reversal(_chosen(sure), said, menu) if sure else _near(wanted, said, menu)


def _telling(said: str, menu: _Menu) -> list[str]:
    """Drop the words that say nothing, unless a label has them."""
    in_labels = frozenset(word for words in menu.words for word in words)
    skipped = skipped_words(menu.language) - in_labels
    return [word for word in _canonical(said, menu.language, known=in_labels) if word not in skipped]


def _is_loose(wanted: list[str], said: str, menu: _Menu) -> bool:
    """Tell "another time" where only "another" could be found: a word that many labels have is no choice."""
    words = vocabulary(menu.language)
    common = tuple(words.common.split("|"))
    beside = set(said.split()) - set(wanted) - set(f"{words.small}|{words.choosing}|{words.polite}".split("|"))
    return bool(beside) and all(_word_likeness(word, common) >= _NEAR for word in wanted)


def _is_telling(word: str) -> bool:
    return len(word) > 1 and not word.isdecimal()


def _with_digits(wanted: list[str], menu: _Menu) -> set[int]:
    """Find 9:30 in "Tue 24 Nov, 9:30": at least two numbers in a row."""
    phrase = f" {' '.join(wanted)} "
    return _matching(menu, lambda index: len(wanted) > 1 and phrase in f" {' '.join(menu.words[index])} ")


def _beginning(said: str, menu: _Menu) -> set[int]:
    squashed = said.replace(" ", "")
    if sum(character.isalpha() for character in squashed) < _SHORTEST_PART:
        return set()
    return _matching(menu, lambda index: menu.folded[index].replace(" ", "").startswith(squashed))


def _with_words(wanted: list[str], menu: _Menu) -> set[int]:
    return _matching(menu, lambda index: set(wanted) <= set(menu.words[index]))


def _with_parts(wanted: list[str], menu: _Menu) -> set[int]:
    return _matching(menu, lambda index: all(_is_part(word, menu.words[index]) for word in wanted))


def _is_part(word: str, words: tuple[str, ...]) -> bool:
    is_long = len(word) >= _SHORTEST_PART and word.isalpha()
    return word in words or (is_long and any(other.startswith(word) for other in words))


def _near(wanted: list[str], said: str, menu: _Menu) -> Chosen:
    """Find the label with words almost like these; one that is not clearly the best is asked about."""
    small = set(vocabulary(menu.language).small.split("|"))
    telling = (tuple(word for word in words if word not in small) for words in menu.words)
    scores = {index: _likeness(wanted, words) for index, words in enumerate(telling)}
    best = max(scores.values(), default=0.0)
    if best < _NEAR:
        return None
    return _without_reversal(
        _chosen(index for index, score in scores.items() if score > max(best - _MARGIN, _NEAR - 1)), said, menu
    )


def _likeness(wanted: list[str], words: tuple[str, ...]) -> float:
    """Return how like the *wanted* words are to some of *words*, and nought if one of them is not."""
    each = [_word_likeness(word, words) for word in wanted]
    return sum(each) / len(each) if each and min(each) >= _NEAR else 0.0


def _word_likeness(word: str, words: tuple[str, ...]) -> float:
    if _is_part(word, words):
        return _SAME
    if len(word) < _SHORTEST_NEAR or not word.isalpha():
        return 0.0
    return max((fuzz.ratio(word, other) for other in words if _may_be_meant(word, other)), default=0.0)


def _may_be_meant(word: str, other: str) -> bool:
    """People miss letters, but hardly the first one."""
    return other.isalpha() and len(other) > 2 and word[0] == other[0]


def _without_reversal(chosen: Chosen, said: str, menu: _Menu) -> Chosen:
    """Ask about "No symptoms" when only "symptoms" was said, but not about "No, another day"."""
    if not isinstance(chosen, int):
        return chosen
    negating = set(vocabulary(menu.language).negating.split("|"))
    label = fold(_ANSWERING.sub("", menu.labels[chosen]))
    is_reversed = negating & (set(label.split()) ^ set(said.split()))
    return Close((chosen,)) if is_reversed else chosen
