"""A day by hour as a picture (PNG): what is booked is dark, what is empty is light, the numbers stand on the bars.

The format is simple enough to be written here: one palette, one row after another, compressed by zlib.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

from dialogs.prompt import Hour

WIDTH, HEIGHT = 720, 400
_MARGIN, _BASE, _TOP = 30, 334, 54  # pixels; bars stand on _BASE and end at _TOP
_PALETTE = bytes.fromhex("ffffff 1f6f78 d3e4e6 33414a c9d1d6")
_LEGIBLE, _LARGEST = 3, 5  # pixels of a dot
_PAPER, _BOOKED, _EMPTY, _INK, _LINE = range(5)
#: Digits of five by seven dots, each row as five bits.
_DIGITS = {
    "0": (14, 17, 19, 21, 25, 17, 14), "1": (4, 12, 4, 4, 4, 4, 14), "2": (14, 17, 1, 6, 8, 16, 31),
    "3": (14, 17, 1, 6, 1, 17, 14), "4": (2, 6, 10, 18, 31, 2, 2), "5": (31, 16, 30, 1, 1, 17, 14),
    "6": (6, 8, 16, 30, 17, 17, 14), "7": (31, 1, 2, 4, 4, 4, 4), "8": (14, 17, 17, 14, 17, 17, 14),
    "9": (14, 17, 17, 15, 1, 2, 12), "/": (1, 1, 2, 4, 8, 16, 16),
}  # fmt: skip


class _Canvas:
    """Rows of palette numbers."""

    def __init__(self) -> None:
        self.rows = [bytearray(WIDTH) for _ in range(HEIGHT)]

    def fill(self, left: int, top: int, right: int, bottom: int, colour: int) -> None:
        """Fill [*left*, *right*) by [*top*, *bottom*)."""
        if right > left:
            for row in self.rows[max(top, 0) : bottom]:
                row[left:right] = bytes((colour,)) * (right - left)

    def write(self, text: str, centre: int, top: int, dot: int) -> None:
        """Write digits around *centre*, of dots so many pixels wide."""
        left = centre - (6 * len(text) - 1) * dot // 2
        for place, letter in enumerate(text):
            for down, bits in enumerate(_DIGITS[letter]):
                for across in range(5):
                    if bits >> (4 - across) & 1:
                        x, y = left + (6 * place + across) * dot, top + down * dot
                        self.fill(max(x, 0), y, min(x + dot, WIDTH), y + dot, _INK)

    def as_png(self) -> bytes:
        """Return the picture as a file."""
        head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
        body = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows), 9)
        chunks = ((b"IHDR", head), (b"PLTE", _PALETTE), (b"IDAT", body), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def chart_of(hours: Sequence[Hour]) -> bytes:
    """Draw a day: for each hour a bar as high as its places, filled as far as they are booked."""
    canvas = _Canvas()
    most = max((max(one.places, one.booked) for one in hours), default=0) or 1
    step = (WIDTH - 2 * _MARGIN) // max(len(hours), 1)
    half = min(max(step * 3 // 8, 2), 44)
    pairs = [f"{one.booked}/{one.places}" for one in hours]
    labels = pairs if _dot(pairs, step) >= _LEGIBLE else [str(one.booked) for one in hours]
    dot = _dot([*labels, "23"], step)
    for number, one in enumerate(hours):
        middle = _MARGIN + number * step + step // 2
        empty, booked = (_BASE - (_BASE - _TOP) * count // most for count in (one.places, one.booked))
        canvas.fill(middle - half, empty, middle + half, _BASE, _EMPTY)
        canvas.fill(middle - half, booked, middle + half, _BASE, _BOOKED)
        canvas.write(labels[number], middle, min(empty, booked) - 9 * dot, dot)
        canvas.write(str(one.hour), middle, _BASE + 16, dot)
    canvas.fill(_MARGIN, _BASE, WIDTH - _MARGIN, _BASE + 3, _LINE)
    return canvas.as_png()


def _dot(labels: Sequence[str], step: int) -> int:
    """Return of how large dots all *labels* can be, each in the width of a bar."""
    return min(max(step // (6 * max(map(len, labels), default=1)), 1), _LARGEST)
