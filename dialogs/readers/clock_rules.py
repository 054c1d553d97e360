"""Rules for wall times: 9:30, half past two, 14h30, between 9 and 11, after 5, mornings."""

from datetime import time
from functools import reduce

from dialogs.readers.constraint import When, both, either
from dialogs.readers.date_rules import dotted_time
from dialogs.readers.rewriting import Frame, rule
from dialogs.readers.tokens import UNREADABLE, Token, kinds, numbers

HOUR, NOON, DAY = 60, 12 * 60, 24 * 60
_LAST_HOUR_OF_NIGHT = 6  # "at 2" in a clinic is in the afternoon, "at 7" in the morning
_AFTERNOON_MAY_LAST = 2 * HOUR
_ROUND_MINUTES = (0, 15, 30, 45)
_ABOUT = HOUR


def at_minutes(minutes: int, *, sure: bool) -> Token:
    """Return the token of a time; hours from 1 to 12 may be of either half of the day."""
    return Token("T", minutes, sure=sure or not 1 <= minutes // HOUR <= 12) if 0 <= minutes < DAY else UNREADABLE


def span(start: int, end: int) -> list[Token]:
    """Return the token of the times from *start* to before *end*, of which 0 and 24 hours are no limits."""
    if not 0 <= start < end:
        return [UNREADABLE]
    when = When(from_time=wall(start) if start else None, until_time=wall(end) if end < DAY else None)
    return [Token("S", when=when)]


def wall(minutes: int) -> time:
    """Return the wall time so many minutes after midnight."""
    return time(*divmod(minutes, HOUR))


def part_bounds(part: Token) -> tuple[int, int]:
    """Return the minutes from and until which a part of the day lasts."""
    start, end = divmod(part.number, 100)
    return start * HOUR, end * HOUR


def _usual(token: Token) -> int:
    """Return the minutes that are meant when nobody says which half of the day."""
    is_afternoon = not token.sure and token.number // HOUR <= _LAST_HOUR_OF_NIGHT
    return token.number + (NOON if is_afternoon else 0)


def _candidates(token: Token) -> list[int]:
    return [token.number] if token.sure else sorted({token.number, (token.number + NOON) % DAY})


def _in_part(token: Token, part: Token) -> Token | None:
    """Return the time made sure by the part of the day it is said with, if it can be in it."""
    start, end = part_bounds(part)
    limit = end + (_AFTERNOON_MAY_LAST if start >= NOON and end < DAY else 0)
    fitting = [minutes for minutes in _candidates(token) if start <= minutes <= limit]
    if not fitting:
        return None
    usual = _usual(token)
    return Token("T", usual if usual in fitting else fitting[0])


# What makes a time.


def _clock(tokens: list[Token], _frame: Frame) -> list[Token]:
    first = tokens[0]
    if tokens[-1].kind == "p":
        return [_half_day(first.number, tokens[-1].number)]
    return [at_minutes(first.number, sure=first.sure)]


def _half_day(minutes: int, half: int) -> Token:
    if minutes >= 13 * HOUR:
        return at_minutes(minutes, sure=True) if half else UNREADABLE
    return at_minutes(minutes % NOON + half * NOON, sure=True) if minutes >= HOUR else UNREADABLE


def _hour(tokens: list[Token], _frame: Frame) -> list[Token]:
    """Read "9h", "14 heures 30", "9 y media", "half past two", "9 30 pm"."""
    hour, *minutes = [token for token in tokens if token.kind in "ni"]
    minute = minutes[0].number if minutes else sum(numbers(tokens, "HJ"))
    if hour.number > 23 or minute > 59 or (minutes and len(minutes[0].text) == 1):
        return [UNREADABLE]
    if tokens[-1].kind == "p":
        return [_half_day(hour.number * HOUR + minute, tokens[-1].number)]
    return [at_minutes(hour.number * HOUR + minute, sure=hour.sure and hour.kind == "n" and hour.text != "")]


def _minutes_past(tokens: list[Token], _frame: Frame) -> list[Token]:
    minute, hour = numbers(tokens, "n")
    valid = minute < HOUR and 1 <= hour <= 12
    return [at_minutes(hour * HOUR + minute, sure=False) if valid else UNREADABLE]


def _hours_in_range(tokens: list[Token], _frame: Frame) -> list[Token] | None:
    """Make times of bare numbers in "from 9 to 11" and "9-11am", but not in "9-11"."""
    if tokens[0].kind not in "sbf" and "T" not in kinds(tokens):
        return None
    return [_bare_hour(token) if token.kind == "n" else token for token in tokens]


def _bare_hour(token: Token) -> Token:
    sure = token.sure and token.text != ""
    return at_minutes(token.number * HOUR, sure=sure) if token.number < 24 else UNREADABLE


def _said_with_part(tokens: list[Token], _frame: Frame) -> list[Token]:
    return [_bare_hour(tokens[0]), *tokens[1:]]


def _at_hour(tokens: list[Token], frame: Frame) -> list[Token] | None:
    """Read "at 9", "a la una", "after 5"; the word before stays if it says more than "at"."""
    if tokens[-1].kind == "i" and tokens[0].kind != "@":
        return None
    hours = _hour([token for token in tokens if token.kind in "ni"], frame)
    return hours if tokens[0].kind in "@a" else [tokens[0], *hours]


def _four_digits(tokens: list[Token], frame: Frame) -> list[Token]:
    """Read 1530 as a time, but not this year or the next."""
    last = tokens[-1]
    hour, minute = divmod(last.number, 100)
    is_year = len(tokens) == 1 and last.number in (frame.today.year, frame.today.year + 1)
    if is_year or hour > 23 or minute > 59:
        return [UNREADABLE]
    return [at_minutes(hour * HOUR + minute, sure=last.sure or hour > 12)]


def _two_numbers(tokens: list[Token], frame: Frame) -> list[Token] | None:
    """Read "nine thirty" and "9 45"; nobody writes a date like that, but for 9 30 in months first."""
    minute = tokens[1].number
    is_time = minute in _ROUND_MINUTES and (minute == 45 or not frame.month_first)
    return _hour(tokens, frame) if is_time and len(tokens[1].text) != 1 else None


def _dotted_time(tokens: list[Token], frame: Frame) -> list[Token]:
    clock = dotted_time(tokens[0])
    return [clock] if clock.kind == "Z" else _clock([clock, *tokens[1:]], frame)


# What times are said with.


def _within_part(tokens: list[Token], _frame: Frame) -> list[Token] | None:
    """Make times sure by the only part of the day that is said."""
    parts = {token.number for token in tokens if token.kind == "q"}
    if len(parts) != 1:
        return None
    part = Token("q", parts.pop())
    return [(_in_part(token, part) or token) if token.kind == "T" else token for token in tokens]


def _time_of_part(tokens: list[Token], _frame: Frame) -> list[Token]:
    """Read "9 in the morning": the part of the day only says which nine."""
    return [_in_part(tokens[0], tokens[-1]) or UNREADABLE]


def _range(tokens: list[Token], _frame: Frame) -> list[Token]:
    start, end = (token for token in tokens if token.kind == "T")
    if tokens[-1].kind == "q" and not _in_part(end, tokens[-1]):
        return [UNREADABLE]
    if end.sure and not start.sure:
        before = [minutes for minutes in _candidates(start) if minutes < end.number]
        return span(max(before, default=DAY), end.number)
    first = _usual(start)
    after = [minutes for minutes in _candidates(end) if minutes > first]
    return span(first, min(after, default=0))


def _around(tokens: list[Token], _frame: Frame) -> list[Token]:
    minutes = _usual(tokens[-1])
    return span(max(1, minutes - _ABOUT), min(DAY, minutes + _ABOUT))


def _bounded(tokens: list[Token], _frame: Frame) -> list[Token]:
    """Read "after 5", "before 10", "not before 10", "5 or later"."""
    minutes = _usual(next(token for token in tokens if token.kind == "T"))
    words = [token for token in tokens if token.kind in "<>sUB"]
    is_lower = all(token.kind in ">s" or (token.kind == "B" and token.number > 0) for token in words)
    return span(minutes, DAY) if is_lower != ("!" in kinds(tokens)) else span(0, minutes)


def _exactly(tokens: list[Token], _frame: Frame) -> list[Token]:
    return [Token("S", when=When(at=wall(_usual(tokens[0]))))]


def _parts(tokens: list[Token], _frame: Frame) -> list[Token]:
    """Read "morning or afternoon", if they are one span."""
    spans = [span(*bounds)[0] for bounds in sorted(part_bounds(token) for token in tokens if token.kind == "q")]
    return [reduce(_joined, spans)]


def _joined(one: Token, other: Token) -> Token:
    when = either(one.when, other.when) if one.when and other.when else None
    return Token("S", when=when) if when else UNREADABLE


def _beside_part(tokens: list[Token], _frame: Frame) -> list[Token]:
    """Read "before lunch", "not in the morning"."""
    start, end = part_bounds(tokens[-1])
    match tokens[0].kind:
        case "<":
            return span(0, start)
        case ">":
            return span(end, DAY)
        case _:
            return span(end, DAY) if start == 0 else span(0, start) if end >= DAY else [UNREADABLE]


def _both_spans(tokens: list[Token], _frame: Frame) -> list[Token]:
    """Read "after 9 and before 11"."""
    first, last = tokens[0].when, tokens[-1].when
    joined = both(first, last) if first and last else None
    return [Token("S", when=joined)] if joined else [UNREADABLE]


def _duration(_tokens: list[Token], _frame: Frame) -> list[Token]:
    return [UNREADABLE]


CLOCK = (
    rule(r"[IV][lefL]*[in]h", _duration),
    rule(r"c[ph]?", _clock),
    rule(r"Hl?[ni]h?p?", _hour),
    rule(r"nvn", _minutes_past),
    rule(r"[ni]h?J|[ni]hn(?![mukKh])|[ni]hp?|nnp|np", _hour),
    rule(r"dp?", _dotted_time),
    rule(r"[sbf]?[@l]*[nT][_aU&@-]+[nT](?![ukKm])", _hours_in_range),
    rule(r"[@a<>sU~][lef@]*[ni]n?(?![ukKmhp])", _at_hour),
    rule(r"n(?:B|[fFl]*q)", _said_with_part),
    rule(r"@?N", _four_digits),
    rule(r"(?<!n)nn(?![nukKmhpJ])", _two_numbers),
    rule(r"(?<![Tal@])[@al]+T", lambda tokens, _: tokens[-1:]),
    rule(r"^.*T.*$", _within_part),
    rule(r"(?:b[@l]*T[&_aU@-]+|[sf]?T[_aU@-]+)[@l]*T(?:[fFl]*q)?", _range),
    rule(r"T[fFl]*q", _time_of_part),
    rule(r"~T", _around),
    rule(r"s?TB|!?[<>sU]T", _bounded),
    rule(r"T", _exactly),
    rule(r"q(?:[O&,]+q)+", _parts),
    rule(r"[<>!][lef]*q", _beside_part),
    rule(r"q", _parts),
    rule(r"S&S", _both_spans),
)
