"""Rows of a list of centres as read from a file: a centre, or why its row was refused."""

from __future__ import annotations

import functools
import re
import unicodedata
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from domain import hours
from domain.centres import Position

DAYS_IN_A_WEEK = 7
R = TypeVar("R")
BLANKS = frozenset({"nan", "null", "~"})
DEGREES = re.compile(r"[-+]?\d{1,3}(?:[.,]\d*)?(?:e-?\d{1,2})?", re.IGNORECASE)
NOWHERE = Position(lat=0.0, lon=0.0)
PLACE = re.compile(r"\{\w+\}")
SHOWN = 200
LONGEST_KEY = 80
LONGEST_POSTCODE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreRow:
    """A centre as a file describes it.

    *hours* has seven entries from Monday on; `()` stands for a closed day and also for the days that *unread*
    (weekday and text) and *not_said* name. *open_from* and *open_until* are its first and its last day.
    *is_public* is false where the list says that people at large cannot come, *professionals_only* where it takes
    health workers alone; *step_free* is None where the list does not tell.
    """

    key: str
    name: str
    address: str
    town: str
    postcode: str
    country: str
    lat: float
    lon: float
    tz: str
    access_notes: str = ""
    step_free: bool | None = None
    professionals_only: bool = False
    is_public: bool = True
    open_from: date | None = None
    open_until: date | None = None
    hours: tuple[hours.Spans, ...]
    unread: tuple[tuple[int, str], ...] = ()
    not_said: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that gives nothing: its *line* in the file, its *key* and *name* where it has them, and *why*.

    *kind* is *why* without what is the row's own, so that rows can be counted by it.
    """

    line: int
    key: str
    name: str = ""
    why: str
    kind: str


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a row gives nothing: a *sentence* with {places}, and what the row *has* for each of them."""

    sentence: str
    has: Mapping[str, str]

    def refused(self, *, line: int, key: str, name: str = "") -> RefusedRow:
        """Return the row that this is the reason of."""
        why = self.sentence.format_map(self.has)
        return RefusedRow(line=line, key=key, name=name, why=why, kind=PLACE.sub("…", self.sentence))


def lack(sentence: str, **has: object) -> Lack:
    """Say why a row gives nothing; {places} in the *sentence* are what the row *has*, shortened where it is long."""
    shown = {name: " ".join(str(value).split()) for name, value in has.items()}
    return Lack(sentence, {name: text if len(text) <= SHOWN else text[:SHOWN] + "…" for name, text in shown.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days of opening hours, and the weekdays of which nothing could be read or nothing is said."""

    hours: tuple[hours.Spans, ...]
    unread: tuple[tuple[int, str], ...]
    not_said: tuple[int, ...]


def tidy(text: str) -> str:
    """Return *text* with single spaces and composed accents; nothing when it only marks a blank."""
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable():
        composed = "".join(sign if sign.isprintable() else " " for sign in composed)
    words = " ".join(composed.split())
    return "" if words.casefold() in BLANKS else words


def tidy_label(text: str) -> str:
    """Return *text* tidied and without loose commas or dashes at its ends; nothing when no letter is left."""
    label = tidy(text).strip(" ,;-")
    return label if any(sign.isalnum() for sign in label) else ""


def read_position(lat: str, lon: str) -> Position | None:
    """Read degrees as typed, with a point or a comma; None when they are no place on the globe."""
    if not DEGREES.fullmatch(lat) or not DEGREES.fullmatch(lon):
        return None
    position = Position(lat=float(lat.replace(",", ".")), lon=float(lon.replace(",", ".")))
    is_on_globe = abs(position.lat) <= 90 and abs(position.lon) <= 180
    return position if is_on_globe and position != NOWHERE else None


@functools.cache
def zones() -> frozenset[str]:
    """Return the names of all IANA time zones."""
    return frozenset(zoneinfo.available_timezones())


def read_week(cells: Sequence[str]) -> Week:
    """Read the *cells* of Monday to Sunday."""
    spans: list[hours.Spans] = []
    unread, not_said = [], []
    for weekday, cell in enumerate(cells):
        match hours.read_hours(cell):
            case hours.Unread(text=text):
                spans.append(())
                unread.append((weekday, tidy(text)))
            case hours.NotSaid():
                spans.append(())
                not_said.append(weekday)
            case read:
                spans.append(read)
    return Week(hours=tuple(spans), unread=tuple(unread), not_said=tuple(not_said))


def refuse_repeats(rows: Iterable[tuple[int, R]]) -> Iterator[R | RefusedRow]:
    """Yield *rows*, given with their lines, and refuse each centre whose key an earlier one has or nothing can hold."""
    lines: dict[str, int] = {}
    for line, row in rows:
        match row:
            case CentreRow(key=key, postcode=postcode, name=name) if (
                len(key) > LONGEST_KEY or len(postcode) > LONGEST_POSTCODE
            ):
                too_long = lack(f"Its key or postcode is longer than {LONGEST_KEY} and {LONGEST_POSTCODE} signs.")
                yield too_long.refused(line=line, key=key[:LONGEST_KEY], name=name)
            case CentreRow(key=key, name=name) if key in lines:
                repeated = lack("Its key {key} is taken by line {line}.", key=key, line=lines[key])
                yield repeated.refused(line=line, key=key, name=name)
            case CentreRow(key=key):
                lines[key] = line
                yield row
            case _:
                yield row
