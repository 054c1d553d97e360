"""How many segments an SMS takes, and in which alphabet it travels."""

from dataclasses import dataclass
from enum import StrEnum

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = frozenset("^{}\\[~]|€\f")
LOOK_ALIKES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})


class Encoding(StrEnum):
    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class Size:
    """What a carrier charges for."""

    encoding: Encoding
    segments: int


ROOM = {Encoding.GSM_7: (160, 153), Encoding.UCS_2: (70, 67)}


def smart_encoded(text: str) -> str:
    """Replace the characters that have a look-alike in GSM-7, as SmartEncoded does."""
    return text.translate(LOOK_ALIKES)


def size(text: str) -> Size:
    """Count the segments of *text*; no character is split between two."""
    encoding = Encoding.GSM_7 if GSM.union(GSM_DOUBLE).issuperset(text) else Encoding.UCS_2
    widths = [_width(character, encoding) for character in text]
    alone, joined = ROOM[encoding]
    return Size(encoding, 1 if sum(widths) <= alone else _packed(widths, joined))


def _width(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM_7:
        return 2 if character in GSM_DOUBLE else 1
    return 2 if ord(character) > 0xFFFF else 1


def _packed(widths: list[int], room: int) -> int:
    segments, used = 1, 0
    for width in widths:
        if used + width > room:
            segments, used = segments + 1, 0
        used += width
    return segments
