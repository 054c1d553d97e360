"""Opening hours as people type them, French first, English too: read for certain or not at all."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import pairwise
from typing import TypeAlias

Spans: TypeAlias = tuple[tuple[time, time], ...]
"""One day in wall time: half-open, in order, apart; `()` is closed, an end at midnight is the end of the day."""

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=16)
MOST_SPANS = 3
SPELLINGS_KEPT = 4_096
DAY = timedelta(days=1)
MIDNIGHT = time(0)
INDEFINITE_HOURS = range(1, 6)

CLOSED = frozenset({"closed", "closed all day", "ferme", "ferme au public", "ferme toute la journee", "fermee"})
NOT_SAID = frozenset(
    {"", "-", "?", "/", "n/a", "na", "nan", "nc", "non communique", "non precise", "non precise a ce jour"}
    | {"non renseigne", "not given", "null", "unknown"}
)
STILL_TO_BE_TOLD = re.compile(r"a (?:completer|confirmer|preciser)|en (?:attente|cours)|to be |tb[acd]\b")

DASHES = re.compile(r"[\u2010-\u2015\u2212~]")
SPOKEN = (
    (re.compile(r"\bmidi\b"), "12h00"),
    (re.compile(r"\bminuit\b"), "0h00"),
    (re.compile(r"\bnoon\b"), "12:00pm"),
    (re.compile(r"\bmidnight\b"), "12:00am"),
    (re.compile(r"(?<=[\dh])\s?a\s?(?=\d)"), ">"),
)
# Slips of the pen that leave one reading: no clock shows the number as an hour where it stands.
SLIPS = (
    (re.compile(r"(?<=\d[:h])oo\b"), "00"),
    (re.compile(r"(?<=\dh)-(?=(?:2[5-9]|[345]\d)(?![\d:.h]))"), ""),
    (re.compile(r"(?<=[:h]\d\d-)(\d\d)-00(?![\d:.h])"), r"\1:00"),
)

# After a point come no minutes that could be a month; after "9h " none that could be the next hour.
TOKEN = re.compile(
    r"""
    (?P<T> (?P<hour>\d{1,2})
        (?: (?: \s?:\s? | \s?h | \sh\s | h\s(?=00|2[4-9]|[3-5]) | \.(?=00|1[3-9]|[2-5]) )
            (?P<minute>[0-5]\d) (?!\d|\s?[:h])
          | (?P<unit> \s?h(?:eures?|rs?)? )
        )?
        (?: \s?(?P<half>[ap])(?:m|\.m\.?) )?
        (?![a-z\d])
    )
    | (?P<from> \b(?:de|from|open|ouverte?)\b:? )
    | (?P<and> [,;&+] | \b(?:and|et|puis|then)\b )
    | (?P<to> [>→] | \b(?:a|to|until)\b )
    | (?P<dash> - ) | (?P<slash> / ) | (?P<space> \s )
    """,
    re.VERBOSE,
)
LETTERS = {"T": "T", "from": "<", "and": "&", "to": ">", "dash": "-", "slash": "/", "space": " "}
WITHIN_A_SPAN = frozenset("->/ ")
BETWEEN_SPANS = frozenset("-&/ ")
BESIDE_A_BARE_NUMBER = frozenset("->")


@dataclass(frozen=True, slots=True)
class Unread:
    """A *text* that cannot be read for certain, and *why* in a clause that starts with "it"."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class NotSaid:
    """Nobody has said when: an empty cell, or words that only say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A time of day as typed; *is_bare* means a number alone, *has_half* that AM or PM stands by it."""

    wall: time
    is_bare: bool
    has_half: bool
    may_be_afternoon: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """The times of a text, and what joins them: within each span and between spans."""

    marks: tuple[_Mark, ...]
    within: tuple[str, ...]
    between: tuple[str, ...]

    @property
    def pairs(self) -> tuple[tuple[_Mark, _Mark], ...]:
        return tuple(zip(self.marks[::2], self.marks[1::2], strict=True))


@functools.lru_cache(maxsize=SPELLINGS_KEPT)
def read_hours(text: str) -> Spans | Unread | NotSaid:
    """Read one day's hours; what is not certain is `Unread`, what nobody has said is `NotSaid`."""
    said = _plain(text)
    if said in NOT_SAID:
        return NotSaid()
    if said in CLOSED:
        return ()
    shape = _shape(said)
    if shape is None:
        return Unread(text, _lack(said))
    if doubt := _doubt(shape):
        return Unread(text, doubt)
    spans = tuple((start.wall, end.wall) for start, end in shape.pairs)
    flaw = _flaw(spans)
    return Unread(text, flaw) if flaw else spans


def write_hours(spans: Spans) -> str:
    """Write *spans* as our own files have them; `read_hours` reads them back."""
    return " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans) or "closed"


def _plain(text: str) -> str:
    """Return *text* in small letters without accents, with one sort of dash and single spaces."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in folded if unicodedata.category(sign) not in {"Mn", "Cf"})
    said = " ".join(DASHES.sub("-", kept).split()).rstrip(" .")
    for spelling, meant in SPOKEN + SLIPS:
        said = spelling.sub(meant, said)
    return said


def _shape(said: str) -> _Shape | None:
    """Cut *said* into times and what joins them; None when anything else is in it or none pair up."""
    marks, outline, at = [], "", 0
    while at < len(said):
        token = TOKEN.match(said, at)
        if token is None or token.lastgroup is None:
            return None
        if token.lastgroup == "T":
            if (mark := _mark(token)) is None:
                return None
            marks.append(mark)
        outline += LETTERS[token.lastgroup]
        at = token.end()
    return _joined(marks, outline)


def _mark(token: re.Match[str]) -> _Mark | None:
    """Return the time that *token* writes; None when no clock shows it."""
    hour, minute, half = int(token["hour"]), int(token["minute"] or 0), token["half"]
    wall = _wall(hour, minute, half)
    if wall is None:
        return None
    return _Mark(
        wall=wall,
        is_bare=token["minute"] is None and token["unit"] is None and half is None,
        has_half=half is not None,
        may_be_afternoon=half is None and len(token["hour"]) == 1 and hour in INDEFINITE_HOURS,
    )


def _wall(hour: int, minute: int, half: str | None) -> time | None:
    """Return the time of day, 24:00 as midnight; None when no clock shows it."""
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute) if 1 <= hour <= 12 else None
    if (hour, minute) == (24, 0):
        return MIDNIGHT
    return time(hour, minute) if hour < 24 else None


def _joined(marks: Sequence[_Mark], outline: str) -> _Shape | None:
    """Tell what joins spans from what joins their ends, when *outline* is one of spans at all."""
    if not marks or len(marks) % 2:
        return None
    head, *gaps, tail = re.sub(r" ?([-/>&<]) ?", r"\1", outline).strip().split("T")
    if head.strip("<") or tail:
        return None
    between = tuple(re.sub("&+", "&", gap.rstrip("<") or gap.replace("<", "&")) for gap in gaps[1::2])
    if not WITHIN_A_SPAN.issuperset(gaps[::2]) or not BETWEEN_SPANS.issuperset(between):
        return None
    return _Shape(marks=tuple(marks), within=tuple(gaps[::2]), between=between)


def _lack(said: str) -> str:
    if STILL_TO_BE_TOLD.match(said):
        return "it says that the hours are still to be told"
    if not any(sign.isdigit() for sign in said):
        return "it gives no hours"
    return "it is not made of openings and closings alone"


def _doubt(shape: _Shape) -> str | None:
    """Say why *shape* could be read in more than one way, or in none."""
    if any(mark.may_be_afternoon for mark in shape.marks):
        return "it does not tell morning from afternoon"
    if len({mark.has_half for mark in shape.marks}) > 1:
        return "it has AM or PM at some hours only"
    if not all(map(_has_units, shape.pairs, shape.within)):
        return "it has numbers that may not be hours"
    if set(shape.within) & set(shape.between) and {*shape.within, *shape.between} != {"-"}:
        return "it does not tell which closing goes with which opening"
    return None


def _has_units(pair: tuple[_Mark, _Mark], joint: str) -> bool:
    """Tell whether a span's numbers are surely hours: "9-17h" is, "9-17" and "18/01" are not."""
    bare = sum(mark.is_bare for mark in pair)
    return bare == 0 or (bare == 1 and joint in BESIDE_A_BARE_NUMBER)


def _flaw(spans: Spans) -> str | None:
    """Say why *spans* cannot be a day's opening hours."""
    if len(spans) > MOST_SPANS:
        return f"it has more than {MOST_SPANS} spans"
    if any(_length(start, end) <= timedelta() for start, end in spans):
        return "it closes before it opens"
    if any(_closing(end) > _opening(start) for (_, end), (start, _) in pairwise(spans)):
        return "it opens again before it has closed"
    if any(_length(start, end) < SHORTEST for start, end in spans):
        return "it is open for less than a quarter of an hour"
    if any(_length(start, end) > LONGEST for start, end in spans):
        return "it is open for more than sixteen hours on end"
    return None


def _length(start: time, end: time) -> timedelta:
    return _closing(end) - _opening(start)


def _opening(wall: time) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute)


def _closing(wall: time) -> timedelta:
    return _opening(wall) or DAY
