"""Texts taken apart into tokens: digits by their look, words by the longest phrase that the language has."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA

from dialogs.readers.fold import plain
from dialogs.readers.tokens import UNREADABLE, Token
from dialogs.readers.vocabulary import Vocabulary
from dialogs.readers.words_en import ENGLISH
from dialogs.readers.words_es import SPANISH
from dialogs.readers.words_fr import FRENCH

VOCABULARIES: Mapping[str, Vocabulary] = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH}
_HALF_DAY = re.compile(r"(?<![^\W\d_])([ap])\.? ?m(?![^\W\d_])")
_LEXEME = re.compile(
    r"""
      (?P<date>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)(?:t(?=\d))?
        | \d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2})(?!\d)
        | \d{1,2}/\d{1,2}(?![\d/]))
    | (?P<clock>\d{1,2}:\d\d(?::00)?(?!\d))
    | (?P<dotted>\d{1,2}\.\d{1,2}(?!\.?\d))
    | (?P<ordinal>\d{1,2}(?:st|nd|rd|th|er|ere|eme|e|o|a)(?![^\W\d_]))
    | (?P<number>\d+)
    | (?P<word>[^\W\d_]+)
    | (?P<mark>[,;&/+\n-]|\u2013|\u2014)
    """,
    re.VERBOSE,
)
_MARKS = {"\n": ",", ";": ",", ",": ",", "&": "&", "+": "&", "/": "O"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """One language's phrases; *beginnings* are what a phrase may begin with, *names* what may be misspelled."""

    phrases: Mapping[str, tuple[Token, ...]]
    beginnings: frozenset[str]
    names: tuple[str, ...]
    after_number: Mapping[str, Token]


@dataclass(frozen=True, slots=True)
class _Lexeme:
    look: str
    text: str


def vocabulary(language: str) -> Vocabulary:
    """Return the words of *language* ("fr", "fr-CA"), English ones when there are none."""
    return VOCABULARIES[code(language)]


def code(language: str) -> str:
    """Return the code of the language whose words are used for *language*."""
    return language[:2].lower() if language[:2].lower() in VOCABULARIES else "en"


def tokens_of(text: str, language: str) -> list[Token]:
    """Take *text* apart; fillers vanish, and what is unknown becomes a token that no rule reads."""
    known = lexicon(code(language))
    lexemes = list(_lexemes(_HALF_DAY.sub(r"\1m", plain(text))))
    tokens: list[Token] = []
    position = 0
    while position < len(lexemes):
        position = _read_one(lexemes, position, tokens, known)
    return tokens


def calendar_word(word: str, language: str, *, misspelled: bool = False) -> Token | None:
    """Return which weekday, month or number a folded *word* is, if asked also when it is *misspelled*."""
    known = lexicon(code(language))
    found = known.phrases.get(word)
    if found is None and misspelled:
        found = (_misspelled(word, known),)
    return found[0] if found is not None and len(found) == 1 and found[0].kind in "wmno" else None


@cache
def lexicon(language: str) -> Lexicon:
    """Return the phrases of a language that there is."""
    words = VOCABULARIES[language]
    phrases: dict[str, tuple[Token, ...]] = dict.fromkeys(words.fillers.split("|"), ())
    for kinds, by_number in words.phrases.items():
        for number, spellings in by_number.items():
            phrases |= dict.fromkeys(spellings.split("|"), tuple(Token(kind, number) for kind in kinds))
    return Lexicon(
        phrases=phrases,
        beginnings=frozenset(beginning for phrase in phrases for beginning in _beginnings(phrase)),
        names=tuple(phrase for phrase, found in phrases.items() if _is_name(phrase, found)),
        after_number={word: Token(*meaning) for word, meaning in words.after_number.items()},
    )


def _beginnings(phrase: str) -> Iterator[str]:
    words = phrase.split(" ")
    return (" ".join(words[:count]) for count in range(1, len(words)))


def _is_name(phrase: str, tokens: tuple[Token, ...]) -> bool:
    """Tell the long words that may be misspelled by a letter: weekdays of five letters, others of six."""
    if len(tokens) != 1 or not phrase.isalpha():
        return False
    return len(phrase) > (4 if tokens[0].kind in "wW" else 5) and tokens[0].kind in "wWmrq"


def _lexemes(text: str) -> Iterator[_Lexeme]:
    for match in _LEXEME.finditer(text):
        look = match.lastgroup or ""
        yield _Lexeme(look, match.group(look))


def _read_one(lexemes: list[_Lexeme], position: int, tokens: list[Token], known: Lexicon) -> int:
    """Append what stands at *position* to *tokens*; return the position behind it."""
    lexeme = lexemes[position]
    if lexeme.look != "word":
        tokens.append(_digits_or_mark(lexeme))
        return position + 1
    if lexeme.text in known.after_number and _are_behind_number(tokens):
        tokens.append(known.after_number[lexeme.text])
        return position + 1
    end, found = _longest_phrase(lexemes, position, known)
    tokens.extend(found)
    return end


def _are_behind_number(tokens: list[Token]) -> bool:
    """Tell whether a number comes last, or last but for one "de" or hyphen."""
    behind = tokens[:-1] if tokens and tokens[-1].kind in "f-" else tokens
    return bool(behind) and behind[-1].kind in "no"


def _longest_phrase(lexemes: list[_Lexeme], position: int, known: Lexicon) -> tuple[int, tuple[Token, ...]]:
    """Return where the longest phrase ends and what it means; hyphens within it do not count."""
    best: tuple[int, tuple[Token, ...]] | None = None
    phrase = ""
    for end, lexeme in enumerate(lexemes[position:], start=position + 1):
        if lexeme.text == "-" and phrase:
            continue
        phrase = f"{phrase} {lexeme.text}" if phrase else lexeme.text
        if phrase in known.phrases:
            best = end, known.phrases[phrase]
        if phrase not in known.beginnings:
            break
    return best or (position + 1, (_misspelled(lexemes[position].text, known),))


def _misspelled(word: str, known: Lexicon) -> Token:
    """Return the only name that is one letter away from *word* and begins like it."""
    if not 5 <= len(word) <= 12:
        return UNREADABLE
    close = [name for name in known.names if name[0] == word[0] and OSA.distance(word, name, score_cutoff=1) <= 1]
    meanings = {known.phrases[name] for name in close}
    return meanings.pop()[0] if len(meanings) == 1 else UNREADABLE


def _digits_or_mark(lexeme: _Lexeme) -> Token:
    match lexeme.look:
        case "date":
            return Token("/", text=lexeme.text.rstrip("t"))
        case "dotted":
            return Token("d", text=lexeme.text)
        case "clock":
            hour, minute = lexeme.text.split(":")[:2]
            return _clock(hour, minute)
        case "ordinal":
            return Token("o", int(re.sub(r"\D", "", lexeme.text)))
        case "number":
            return _number(lexeme.text)
        case _:
            return Token(_MARKS.get(lexeme.text, "-"))


def _clock(hour: str, minute: str) -> Token:
    if int(hour) > 23 or int(minute) > 59:
        return UNREADABLE
    return Token("c", int(hour) * 60 + int(minute), sure=_is_sure(hour))


def _number(digits: str) -> Token:
    if len(digits) > 4:
        return UNREADABLE
    return Token("n" if len(digits) < 3 else "N", int(digits), sure=_is_sure(digits), text=digits)


def _is_sure(hour: str) -> bool:
    """Tell an hour of the 24-hour clock ("09", "14") from one of the morning or the afternoon ("9")."""
    return hour.startswith("0") or not 1 <= int(hour) <= 12
