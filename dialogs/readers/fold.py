"""Texts made comparable: one case, no accents, no apostrophes, no punctuation, western digits, single spaces."""

import re
import unicodedata

_SPELLINGS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "🔟": "10"}
    | dict.fromkeys("'’‘ʼʹ′`´", " ")
    | dict.fromkeys(range(0x0300, 0x0370))  # accents, once parted from their letters
    | dict.fromkeys(range(0xFE00, 0xFE10))  # variation selectors
    | dict.fromkeys(range(0x20D0, 0x20F1))  # keycaps and their like
    | dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))  # joiners that nobody sees
)
_NOT_ASCII_WORDS = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """Return *text* without case, accents, apostrophes and native digits, but with its punctuation."""
    if text.isascii():
        return text.lower().translate(_SPELLINGS)
    folded = text
    for _ in range(3):  # Folding a letter may part it, and parting may give a letter to fold.
        folded = unicodedata.normalize("NFKD", folded.casefold()).translate(_SPELLINGS)
    return unicodedata.normalize("NFC", "".join(map(_western_digit, folded)))


def fold(text: str) -> str:
    """Return the words and numbers of *text* only, ready to be compared; folding twice changes nothing."""
    spelled = plain(text)
    if spelled.isascii():
        return _NOT_ASCII_WORDS.sub(" ", spelled).strip()
    return " ".join("".join(c if _is_word(c) else " " for c in spelled).split())


def _western_digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _is_word(character: str) -> bool:
    """Tell letters, numbers and the vowel signs of Indic scripts, which `\\w` misses, from all else."""
    return unicodedata.category(character)[0] in "LNM"
