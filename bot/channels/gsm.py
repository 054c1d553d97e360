"""The GSM 7-bit alphabet: text messages are kept within it where they can be, since beyond it they cost double."""

from __future__ import annotations

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
_LOOK_ALIKES = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-",
        "·": "-", "•": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "œ": "oe", "Œ": "OE", "ª": "a",
        "º": "o", "×": "x", "→": ">", "✓": "", "\t": " ",
    }
)  # fmt: skip


def is_gsm(text: str) -> bool:
    """Say whether *text* can be sent in 7-bit letters."""
    return all(letter in BASIC or letter in EXTENDED for letter in text)


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
    """Return how many messages *text* is charged as."""
    if is_gsm(text):
        septets = sum(2 if letter in EXTENDED else 1 for letter in text)
        return 1 if septets <= 160 else -(-septets // 153)
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= 70 else -(-units // 67)
