"""Rules for dates with a number: 3/4, 3 April 2027, the 3rd, Tuesday 24, from 3 to 5 December."""

import re
from datetime import date, timedelta

from dialogs.readers import calendar_days
from dialogs.readers.constraint import Days, When
from dialogs.readers.rewriting import Frame, rule
from dialogs.readers.tokens import UNREADABLE, Token, numbers

YEARS = range(1900, 2200)
_HOURS_OF_A_CLOCK = 12


def on_days(days: Days) -> list[Token]:
    """Return the token of *days*; none are unreadable."""
    return [Token("D", when=When(days=days))] if days else [UNREADABLE]


def on_day(day: date | None) -> list[Token]:
    """Return the token of one *day*; none is unreadable."""
    return on_days(calendar_days.single(day)) if day else [UNREADABLE]


def through(first: date | None, last: date | None) -> list[Token]:
    """Return the token of all days from *first* to *last*."""
    if first is None or last is None or last < first:
        return [UNREADABLE]
    return on_days(((first, last + timedelta(days=1)),))


def split_year(tokens: list[Token]) -> tuple[int | None, list[Token]]:
    """Return the year among *tokens*, or what was no year, to be read as a time by later rules."""
    last = tokens[-1]
    if last.kind != "N":
        return None, []
    return (last.number, []) if last.number in YEARS else (None, [last])


def _in_digits(tokens: list[Token], frame: Frame) -> list[Token]:
    parts = [int(part) for part in re.split(r"[-/.]", tokens[0].text)]
    if parts[0] > 999:
        return on_day(_within_years(*parts))
    day, month = calendar_days.in_order(parts[0], parts[1], month_first=frame.month_first)
    if len(parts) == 2:
        return on_day(calendar_days.dated(day, month, None, today=frame.today))
    return on_day(_within_years(parts[2] + (2000 if parts[2] < 100 else 0), month, day))


def _within_years(year: int, month: int, day: int) -> date | None:
    return calendar_days.valid(year, month, day) if year in YEARS else None


def _dotted(tokens: list[Token], frame: Frame) -> list[Token]:
    """Read 24.3 as a date and 9.30 as a time; what may be either is unreadable."""
    first, second = tokens[0].text.split(".")
    may_be_time = len(second) == 2 and int(first) < 24 and int(second) < 60
    found = calendar_days.dated(int(first), int(second), None, today=frame.today)
    if found and not may_be_time:
        return on_day(found)
    return [dotted_time(tokens[0])] if may_be_time and not found else [UNREADABLE]


def dotted_time(token: Token) -> Token:
    """Return 9.30 as 9:30."""
    hour, minute = (int(part) for part in token.text.split("."))
    is_time = hour < 24 and minute < 60
    sure = token.text.startswith("0") or not 1 <= hour <= 12
    return Token("c", hour * 60 + minute, sure=sure) if is_time else UNREADABLE


def _date(tokens: list[Token], frame: Frame) -> list[Token]:
    year, rest = split_year(tokens)
    (day,), (month,) = numbers(tokens, "no"), numbers(tokens, "m")
    return [*on_day(calendar_days.dated(day, month, year, today=frame.today)), *rest]


def _dates_through(tokens: list[Token], frame: Frame) -> list[Token]:
    year, rest = split_year(tokens)
    (first, last), (month,) = numbers(tokens, "no"), numbers(tokens, "m")
    end = calendar_days.dated(last, month, year, today=frame.today)
    start = calendar_days.valid(end.year, month, first) if end else None
    return [*through(start, end), *rest]


def _dates_either(tokens: list[Token], frame: Frame) -> list[Token]:
    year, rest = split_year(tokens)
    (month,) = numbers(tokens, "m")
    found = [calendar_days.dated(day, month, year, today=frame.today) for day in numbers(tokens, "no")]
    days = tuple(span for day in found if day for span in calendar_days.single(day))
    return [*on_days(days), *rest] if all(found) else [UNREADABLE]


def _day_of_month(tokens: list[Token], frame: Frame) -> list[Token]:
    (day,) = numbers(tokens, "no")
    return on_day(calendar_days.day_of_month(day, frame.today))


def _days_of_month(tokens: list[Token], frame: Frame) -> list[Token]:
    first, last = numbers(tokens, "no")
    start = calendar_days.day_of_month(first, frame.today)
    return through(start, calendar_days.day_of_month(last, start) if start else None)


def _week_of_day(tokens: list[Token], frame: Frame) -> list[Token]:
    (day,) = numbers(tokens, "no")
    found = calendar_days.day_of_month(day, frame.today)
    return on_days(calendar_days.week_of(found)) if found else [UNREADABLE]


def _weekday_and_number(tokens: list[Token], frame: Frame) -> list[Token]:
    """Read "mardi 24" as a date if that is a Tuesday; "tuesday 2" may be an hour, so English wants more."""
    (weekday,), (day,) = numbers(tokens, "w"), numbers(tokens, "n")
    found = calendar_days.day_of_month(day, frame.today)
    is_date = frame.language != "en" or day > _HOURS_OF_A_CLOCK
    return on_day(found) if is_date and found and found.weekday() == weekday else [UNREADABLE]


DATES = (
    rule(r"/", _in_digits),
    rule(r"(?<![@a<>sbU~])d(?!p)", _dotted),
    rule(r"(?:b[le]*[no]&|[sFf]?[le]*[no][_aU-])[le]*[no][lfF]*m(?:[,fF]*N)?", _dates_through),
    rule(r"[no](?:[O&,]+[le]*[no])+[lfF]*m(?:[,fF]*N)?", _dates_either),
    rule(r"[no]-?[lfF]*m(?:[-,fF]*N)?", _date),
    rule(r"ml?[no][_aU-]l?[no](?![hpJv])(?:[,fF]*N)?", _dates_through),
    rule(r"ml?[no](?:[O&]l?[no])+(?![hpJv])(?:[,fF]*N)?", _dates_either),
    rule(r"m-?l?[no](?![hpJv])(?:[,fF]*N)?", _date),
    rule(r"(?:F[no]_[no]|[sb]l?o[_aU&-]l?o)(?![hpJ])", _days_of_month),
    rule(r"kF[no](?![hpJ])", _week_of_day),
    rule(r"[le]*o(?![nhpJ])", _day_of_month),
    rule(r"en(?![hpJvukKn])", _day_of_month),
    rule(r"w,?n(?![hpJvukKn_-])", _weekday_and_number),
)
