"""Rules for weekdays by name: lists, ranges, "any Tuesday", "not Monday"."""

from datetime import timedelta
from functools import reduce

from dialogs.readers import calendar_days
from dialogs.readers.calendar_days import FARTHEST
from dialogs.readers.constraint import Days, When
from dialogs.readers.date_rules import on_days
from dialogs.readers.rewriting import Frame, rule
from dialogs.readers.tokens import UNREADABLE, Token, kinds, numbers

_FEW_DAYS = 14


def _list(tokens: list[Token], _frame: Frame) -> list[Token]:
    """Make a set of weekdays; a comma in it is kept in mind, for "not monday, tuesday" says two things."""
    mask = reduce(int.__or__, (1 << number for number in numbers(tokens, "w")))
    return [Token("G", mask, text="," if "," in kinds(tokens) else "")]


def _range(tokens: list[Token], _frame: Frame) -> list[Token]:
    first, last = numbers(tokens, "w")
    return [Token("g", first * 7 + last)]


def _habit(tokens: list[Token], _frame: Frame) -> list[Token] | None:
    """Read "any tuesday", "saturdays", "le samedi"; "el sábado" is the coming one."""
    is_article_only = tokens[0].kind == "e" and tokens[0].number == 0
    mask = reduce(int.__or__, numbers(tokens, "GW"))
    return None if is_article_only else [Token("R", mask, when=When(weekdays=weekdays(mask)))]


def _excluded(tokens: list[Token], frame: Frame) -> list[Token]:
    last = tokens[-1]
    if last.text == ",":
        return [UNREADABLE]
    if last.kind == "D":
        return [Token("X", when=When(days=_all_but(last.when.days if last.when else (), frame)))]
    return [_exclusion(last.number)]


def _exclusions(tokens: list[Token], _frame: Frame) -> list[Token] | None:
    masks = numbers(tokens, "X")
    return [_exclusion(reduce(int.__or__, masks))] if all(masks) else None


def _exclusion(mask: int) -> Token:
    return Token("X", mask, when=When(not_weekdays=weekdays(mask)))


def _all_but(days: Days, frame: Frame) -> Days:
    """Return all days of the booking window but *days*, which are one range or nothing is left."""
    if len(days) != 1:
        return ((frame.today, frame.today),)
    limit = frame.today + FARTHEST + timedelta(days=1)
    around = ((frame.today, days[0][0]), (days[0][1], limit))
    return tuple((first, end) for first, end in around if first < end)


def _within(tokens: list[Token], frame: Frame) -> list[Token]:
    """Read "monday or tuesday next week", "tuesday 24 November"; a date that is no Tuesday is unreadable."""
    named = next(token for token in tokens if token.kind in "GgR")
    mask = _range_mask(named.number) if named.kind == "g" else named.number
    days = next(token.when.days for token in tokens if token.kind == "D" and token.when)
    if sum((end - first).days for first, end in days) > _FEW_DAYS:
        return [*on_days(days), Token("S", when=When(weekdays=weekdays(mask)))]
    every = (first + timedelta(days=n) for first, end in days for n in range((end - first).days))
    return on_days(tuple(calendar_days.single(day)[0] for day in every if mask >> day.weekday() & 1))


def _unreadable(_tokens: list[Token], _frame: Frame) -> list[Token]:
    """Refuse "weekdays friday", of which one must be meant otherwise."""
    return [UNREADABLE]


def _nearest(tokens: list[Token], frame: Frame) -> list[Token]:
    found = (calendar_days.named(weekday, frame.today) for weekday in sorted(weekdays(tokens[0].number)))
    return on_days(tuple(span for days in found for span in days))


def _nearest_range(tokens: list[Token], frame: Frame) -> list[Token]:
    first, last = divmod(tokens[0].number, 7)
    start = calendar_days.coming(first, frame.today)
    return on_days(((start, calendar_days.coming(last, start) + timedelta(days=1)),))


def weekdays(mask: int) -> frozenset[int]:
    """Return the weekdays whose bits are set."""
    return frozenset(weekday for weekday in range(7) if mask >> weekday & 1)


def _range_mask(ends: int) -> int:
    first, last = divmod(ends, 7)
    return reduce(int.__or__, (1 << (first + n) % 7 for n in range((last - first) % 7 + 1)))


# While the small words are there.
WEEKDAYS = (
    rule(r"(?:b[le]*w&|[sFf]?[le]*w[_aU-])[le]*w", _range),
    rule(r"w(?:[O&,]+[le]*w)*", _list),
    rule(r"[yLi]+[le]*[GW](?:[O&,]+[lL]?[GW])*|W(?:[O&,]+[lL]?[GW])*|eG|Gy(?=$|,)|G(?=qy)", _habit),
    rule(r"![lefFIL@]*[GRD]", _excluded),
    rule(r"[&,]*X(?:[&O,]*X)+", _exclusions),
    rule(r"[&,]+X", lambda tokens, _: tokens[-1:]),
)

# When they are gone.
NEAREST_WEEKDAYS = (
    rule(r"R,?[Gg]|[Gg],?R", _unreadable),
    rule(r"[GgR],?D|D,?[GgR]", _within),
    rule(r"G", _nearest),
    rule(r"g", _nearest_range),
)
