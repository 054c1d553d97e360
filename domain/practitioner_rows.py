"""Rows of a list of practitioners: who somebody is, and one span of theirs each week or on one day, or a day off.

The columns are `key`, `name`, `specialities` (several with ; between them; in French and Spanish in
`specialities_fr` and `specialities_es`, in the same order), `centre` (key or name), `programme`, `weekday` (mon to
sun, also mon-fri or several), or `date` instead for one day, `from`, `until`, `minutes` (30) and `places` (1). A row
with a `date` and no times is a day off. Name and specialities need not be said again in later rows of a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from domain.centre_rows import LONGEST_KEY, Lack, RefusedRow, lack, tidy
from domain.practitioners import TICK
from domain.schedules import MIDNIGHT, Opening, WeeklyRule
from domain.words import LANGUAGES, Words

NEEDED = ("key",)
_OTHERS = ("name", "specialities", "specialities_fr", "specialities_es", "centre", "programme")
COLUMNS = (*NEEDED, *_OTHERS, "weekday", "date", "from", "until", "minutes", "places")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_NAME = 24  # what a list shows of it
_MINUTE = timedelta(minutes=1)
_STEP = int(TICK / _MINUTE)
_NUMBER = re.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionerRow:
    """What a row tells of somebody: *rules* of a *programme* at a *centre*, each week, or on one *day* alone.

    Without rules and with a day it is a day off; with neither it tells only who it is.
    """

    line: int
    key: str
    name: str = ""
    specialities: tuple[Words, ...] = ()
    centre: str = ""
    programme: str = ""
    day: date | None = None
    rules: tuple[WeeklyRule, ...] = ()


def practitioner_row(row: Mapping[str, str], line: int) -> PractitionerRow | RefusedRow:
    """Read one *row*, which stands on *line*."""
    cells = {column: tidy(cell) for column, cell in row.items() if column}
    wrong = _wrong(cells)
    read = _specialities(cells) if wrong is None else None
    if wrong is None and read is None:
        wrong = lack("Its specialities are not as many in each language.")
    rules = _rules(cells) if wrong is None else ()
    if isinstance(rules, Lack):
        wrong = rules
    if wrong is not None or isinstance(rules, Lack):
        return (wrong or lack("It cannot be read.")).refused(
            line=line, key=cells.get("key", "")[:LONGEST_KEY], name=cells.get("name", "")
        )
    return PractitionerRow(
        line=line,
        key=cells["key"],
        name=cells.get("name", ""),
        specialities=read or (),
        centre=cells.get("centre", ""),
        programme=cells.get("programme", ""),
        day=_day(cells.get("date", "")),
        rules=rules,
    )


def _wrong(cells: Mapping[str, str]) -> Lack | None:
    """Say what is wrong with who and where; None if nothing is."""
    if unknown := sorted(cells.keys() - set(COLUMNS)):
        return lack(f"It has {{unknown}}, which is none of {', '.join(COLUMNS)}.", unknown=unknown[0])
    if not cells.get("key") or len(cells["key"]) > LONGEST_KEY:
        return lack(f"It has no key of at most {LONGEST_KEY} signs.")
    if len(cells.get("name", "")) > LONGEST_NAME:
        return lack(f"Its name is longer than the {LONGEST_NAME} signs that a list shows.")
    if cells.get("weekday") and cells.get("date"):
        return lack("It has both a weekday and a date.")
    if cells.get("date") and _day(cells["date"]) is None:
        return lack("Its date {day} is no day such as 2027-03-31.", day=cells["date"])
    is_span = bool(cells.get("from") or cells.get("until") or cells.get("weekday"))
    if is_span and (missing := [name for name in ("centre", "programme", "from", "until") if not cells.get(name)]):
        return lack(f"It has no {missing[0]}.")
    if is_span and not cells.get("weekday") and not cells.get("date"):
        return lack("It has neither a weekday nor a date.")
    return None


def _specialities(cells: Mapping[str, str]) -> tuple[Words, ...] | None:
    """Return the specialities; None where one has no name in a language that others have one in."""
    english = _split(cells.get("specialities", ""))
    named = {"en": english}
    for language in LANGUAGES[1:]:
        named[language] = _split(cells.get(f"specialities_{language}", "")) or english
        if len(named[language]) != len(english):
            return None
    return tuple(
        Words(tuple((language, named[language][number]) for language in LANGUAGES)) for number in range(len(english))
    )


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _rules(cells: Mapping[str, str]) -> tuple[WeeklyRule, ...] | Lack:
    if not cells.get("from"):
        return ()
    start, until = _time(cells["from"]), _time(cells["until"])
    minutes, places = cells.get("minutes") or "30", cells.get("places") or "1"
    if start is None or until is None or (until != MIDNIGHT and until <= start):
        return lack("Its times {start} to {until} are no span such as 09:00 to 12:30.", start=cells["from"],
                    until=cells["until"])  # fmt: skip
    if not _NUMBER.fullmatch(minutes) or int(minutes) < _STEP or int(minutes) % _STEP or start.minute % _STEP:
        return lack("It does not go by steps of {step} minutes.", step=_STEP)
    if not _NUMBER.fullmatch(places) or not int(places):
        return lack("Its places {places} are no number from 1 on.", places=places)
    day = _day(cells.get("date", ""))
    weekdays = [day.weekday()] if day else weekdays_in(cells["weekday"])
    if not weekdays:
        return lack("Its weekday {weekday} is none such as mon, mon-fri or tue thu.", weekday=cells["weekday"])
    return tuple(
        WeeklyRule(
            weekday=weekday,
            opening=Opening(start=start, until=until),
            slot_length=int(minutes) * _MINUTE,
            capacity=int(places),
        )
        for weekday in weekdays
    )


def weekdays_in(text: str) -> list[int]:
    """Return the weekdays (Monday is 0) that *text* names, such as "mon-fri" or "Tuesday, Thursday"; none if not so."""
    found: set[int] = set()
    for part in re.split(r"[\s,]+", text.strip().casefold()):
        ends = [next((n for n, name in enumerate(WEEKDAYS) if end.startswith(name)), None) for end in part.split("-")]
        if None in ends or len(ends) > 2:
            return []
        first, last = ends[0] or 0, ends[-1] or 0
        found |= {(first + number) % 7 for number in range((last - first) % 7 + 1)}
    return sorted(found)


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def refuse_overlaps(
    rows: Iterable[PractitionerRow | RefusedRow],
) -> Iterator[PractitionerRow | RefusedRow]:
    """Yield *rows*, and refuse each span in which its practitioner is elsewhere by an earlier one (I4)."""
    taken: dict[tuple[str, date | int], list[tuple[time, time, int]]] = {}
    for row in rows:
        if isinstance(row, RefusedRow):
            yield row
            continue
        spans = [(row.day or rule.weekday, rule.opening.start, _end(rule.opening)) for rule in row.rules]
        earlier = next(
            (line for day, start, end in spans for begin, stop, line in taken.get((row.key, day), ())
             if start < stop and begin < end),
            None,
        )  # fmt: skip
        if earlier is not None:
            twice = lack("Its practitioner is elsewhere then by line {line}.", line=earlier)
            yield twice.refused(line=row.line, key=row.key, name=row.name)
            continue
        for day, start, end in spans:
            taken.setdefault((row.key, day), []).append((start, end, row.line))
        yield row


def _end(opening: Opening) -> time:
    return time.max if opening.until == MIDNIGHT else opening.until
