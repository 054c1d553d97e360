"""What people read: whole sentences marked for translation, with named values, rendered in a language.

The English sentence is the message id; French and Spanish stand in `locale/`. Values are formatted by the
language's own rules when the sentence is rendered.
"""

from __future__ import annotations

import functools
import gettext
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from babel.dates import format_date, format_datetime, format_skeleton, format_time, get_day_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from domain.words import Words

LOCALE = Path(__file__).parent / "locale"
_LONG_DATES = {"en": "en_GB"}  # 3 April 1950, as the texts give their examples
_METRES_PER_MILE = 1609.344
_NEXT_DOOR_M = 100
# Spaces that would make a text message cost twice as much.
_PLAIN_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class DayAndTime:
    """A wall time to be written as a short day with its time."""

    local: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """A wall time to be written as the time of day."""

    local: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A date to be written in words."""

    date: date


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A date of the next months, to be written with its weekday: Saturday 6 March."""

    date: date


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week, Monday is 0, to be written as alternatives: Saturday or Sunday."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, Monday is 0, to be written as it stands alone."""

    number: int


@dataclass(frozen=True, slots=True)
class Number:
    """A measure to be written with one digit behind the point, where that says something."""

    value: float


@dataclass(frozen=True, slots=True)
class NoDay:
    """A day that its month does not have, to be written as if it had: 31 February 1950."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """A way to be written in kilometres or miles; nothing is written of one so short that the number says nothing.

    *is_rough*: it is measured from the middle of a town, so that parts of a kilometre or mile would be made up.
    """

    metres: float
    in_miles: bool = False
    is_rough: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence: its English template, its named values, and for plurals the other form and the count."""

    template: str
    values: tuple[tuple[str, Writable], ...] = ()
    plural: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """Several texts one after another, with *between* in between."""

    parts: tuple[Writable, ...]
    between: str = "\n\n"


Formatted: TypeAlias = "DayAndTime | Clock | Day | CalendarDay | Weekdays | Weekday | Number | NoDay | Distance"
Writable: TypeAlias = "str | int | Text | Joined | Words | Formatted"


def say(template: str, /, **values: Writable) -> Text:
    """Mark *template* for translation and bind its values."""
    return Text(template, tuple(values.items()))


def many(one: str, more: str, count: int, /, **values: Writable) -> Text:
    """Mark a sentence that depends on a number, given to the template as {count}."""
    return Text(one, (("count", count), *values.items()), plural=more, count=count)


def joined(*parts: Writable | None, between: str = "\n\n") -> Joined:
    """Join the texts that are there."""
    return Joined(tuple(part for part in parts if part is not None), between)


def render(value: Writable, language: str) -> str:
    """Write *value* in *language*."""
    match value:
        case str():
            return value
        case Text():
            return _sentence(value, language)
        case Joined():
            written = (render(part, language) for part in value.parts)
            return value.between.join(part for part in written if part)
        case Words():
            return value.in_language(language)
        case int():
            return str(format_decimal(value, locale=language))
        case _:
            return _formatted(value, language).translate(_PLAIN_SPACES)


def _sentence(text: Text, language: str) -> str:
    catalogue = _catalogue(language)
    if text.plural:
        template = catalogue.ngettext(text.template, text.plural, text.count)
    else:
        template = catalogue.gettext(text.template)
    return template.format(**{name: render(value, language) for name, value in text.values})


def _formatted(value: Formatted, language: str) -> str:
    match value:
        case DayAndTime(local):
            return str(format_datetime(local, "EEE d MMM, HH:mm", locale=language, tzinfo=local.tzinfo))
        case Clock(local):
            return str(format_time(local, "HH:mm", locale=language, tzinfo=local.tzinfo))
        case Day(day):
            return str(format_date(day, "long", locale=_LONG_DATES.get(language, language)))
        case CalendarDay(day):
            return str(format_skeleton("MMMMEEEEd", day, locale=_LONG_DATES.get(language, language)))
        case Weekdays(numbers):
            names = get_day_names("wide", "stand-alone", locale=language)
            return str(format_list([names[number] for number in numbers], "or", locale=language))
        case Weekday(number):
            return str(get_day_names("wide", "stand-alone", locale=language)[number])
        case Number(measure):
            return str(format_decimal(measure, "#,##0.#", locale=language))
        case NoDay(year, month, day):
            return _formatted(Day(date(year, month, 28)), language).replace("28", str(day), 1)
        case Distance():
            return _distance(value, language)


def _distance(value: Distance, language: str) -> str:
    far = value.metres / (_METRES_PER_MILE if value.in_miles else 1000)
    if value.metres < _NEXT_DOOR_M or (value.is_rough and far < 1):
        return ""
    number = "#,##0" if value.is_rough or far >= 9.95 else "#,##0.0"
    return f"{format_decimal(far, number, locale=language)} {'mi' if value.in_miles else 'km'}"


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = catalogue_path(language)
    if language == "en" or not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def catalogue_path(language: str) -> Path:
    """Return the file that holds the sentences of *language*."""
    return LOCALE / language / "LC_MESSAGES" / "frontdesk.po"


def render_all(values: Iterable[Writable], language: str) -> list[str]:
    """Write each of *values*."""
    return [render(value, language) for value in values]
