"""The GSM 7-bit alphabet: text messages are kept within it where they can be, since beyond it they cost double."""

from __future__ import annotations

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
_ALL = BASIC | EXTENDED
_LOOK_ALIKES = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-",
        "·": "-", "•": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "œ": "oe", "Œ": "OE", "ª": "a",
        "º": "o", "×": "x", "→": ">", "✓": "", "\t": " ",
    }
)  # fmt: skip


def is_gsm(text: str) -> bool:
    """Say whether *text* can be sent in 7-bit letters."""
    return _ALL.issuperset(text)


def plain(text: str) -> str:
    """Return *text* with look-alikes and, where needed, letters without their accents, if it then fits the alphabet."""
    easy = text.translate(_LOOK_ALIKES)
    if is_gsm(easy):
        return easy
    bare = "".join(letter if letter in BASIC or letter in EXTENDED else _bare(letter) for letter in easy)
    return bare if is_gsm(bare) else text


def _bare(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base in BASIC else letter


def segments(text: str) -> int:
    """Return how many messages *text* is charged as; no letter is split between two."""
    alone, joined = (160, 153) if is_gsm(text) else (70, 67)
    widths = [_septets(letter) if alone == 160 else _units(letter) for letter in text]
    return 1 if sum(widths) <= alone else _packed(widths, joined)


def charged(text: str) -> int:
    """Return how many messages *text* is charged as once it is written as plainly as can be."""
    return segments(plain(text))


def _septets(letter: str) -> int:
    return 2 if letter in EXTENDED else 1


def _units(letter: str) -> int:
    return 2 if ord(letter) > 0xFFFF else 1


def _packed(widths: list[int], room: int) -> int:
    count, used = 1, 0
    for width in widths:
        if used + width > room:
            count, used = count + 1, 0
        used += width
    return count
