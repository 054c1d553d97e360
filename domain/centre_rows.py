"""Rows of a list of centres as read from a file: a centre, or why its row was refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain import hours
from domain.centres import Position

DAYS_IN_A_WEEK = 7
BLANKS = frozenset({"nan", "null", "~"})
DEGREES = re.compile(r"[-+]?\d{1,3}(?:[.,]\d*)?(?:e-?\d{1,2})?", re.IGNORECASE)
NOWHERE = Position(lat=0.0, lon=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreRow:
    """A centre as a file describes it.

    *hours* has seven entries from Monday on; `()` stands for a closed day and also for the days that *unread*
    (weekday and text) and *not_said* name. *open_from* and *open_until* are its first and its last day.
    *is_public* is false where the list says that people at large cannot come, *professionals_only* where it takes
    health workers alone.
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
    professionals_only: bool = False
    is_public: bool = True
    open_from: date | None = None
    open_until: date | None = None
    hours: tuple[hours.Spans, ...]
    unread: tuple[tuple[int, str], ...] = ()
    not_said: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that gives no centre: its *line* in the file (in a JSON list its place), its *key* and *why*."""

    line: int
    key: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days of opening hours, and the weekdays of which nothing could be read or nothing is said."""

    hours: tuple[hours.Spans, ...]
    unread: tuple[tuple[int, str], ...]
    not_said: tuple[int, ...]


def tidy(text: str) -> str:
    """Return *text* with single spaces and composed accents; nothing when it only marks a blank."""
    shown = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFC", text))
    words = " ".join(shown.split())
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


def refuse_repeats(rows: Iterable[tuple[int, CentreRow | RefusedRow]]) -> Iterator[CentreRow | RefusedRow]:
    """Yield *rows*, given with their lines, and refuse each centre whose key an earlier one has."""
    lines: dict[str, int] = {}
    for line, row in rows:
        match row:
            case CentreRow(key=key) if key in lines:
                yield RefusedRow(line=line, key=key, why=f"Its key {key} is taken by line {lines[key]}.")
            case CentreRow(key=key):
                lines[key] = line
                yield row
            case RefusedRow():
                yield row
