"""Rules for days counted from today: tomorrow, in two weeks, next Tuesday, this weekend, early December."""

from datetime import date, timedelta

from dialogs.readers import calendar_days
from dialogs.readers.calendar_days import WEEK
from dialogs.readers.constraint import Days
from dialogs.readers.date_rules import on_day, on_days, split_year
from dialogs.readers.rewriting import Frame, rule
from dialogs.readers.tokens import UNREADABLE, Token, kinds, numbers

WEEKENDS = 0b1100000
_IDIOMS = {("fr", 8): 7, ("fr", 15): 14, ("es", 8): 7, ("es", 15): 14}  # "huit jours" are a week, or eight days
_EARLY, _MIDDLE, _LATE = 0, 1, 2
_THIRDS_OF_WEEK = {_EARLY: (0, 3), _MIDDLE: (1, 4), _LATE: (3, 7)}
_THIRDS_OF_MONTH = {_EARLY: (0, 10), _MIDDLE: (10, 20), _LATE: (20, 31)}


def _every_weekend(tokens: list[Token], _frame: Frame) -> list[Token] | None:
    """Read "any weekend", "not the weekend", "le week-end"."""
    if tokens[0].kind == "e" and not tokens[0].number:
        return None
    return [*(token for token in tokens if token.kind == "!"), Token("W", WEEKENDS)]


def _named_day(token: Token, today: date) -> Days:
    if token.kind == "w":
        return calendar_days.named(token.number, today)
    return calendar_days.single(today + timedelta(days=token.number))


def _weeks_after(tokens: list[Token], frame: Frame) -> list[Token]:
    """Read "tuesday week", "mardi en huit", "a week on tuesday", "two weeks today"."""
    day = next(token for token in tokens if token.kind in "wr")
    days = numbers(tokens, "z") or [7 * number for number in numbers(tokens, "k")]
    count = next(iter(numbers(tokens, "in")), 1)
    return on_days(calendar_days.shifted(_named_day(day, frame.today), timedelta(days=days[0] * count)))


def _reach(tokens: list[Token], frame: Frame) -> date:
    """Return the day that lies as far from today as *tokens* count."""
    count = next(iter(numbers(tokens, "in")), 1)
    unit = next(token for token in tokens if token.kind in "ukK")
    if unit.kind == "K":
        return calendar_days.months_on(frame.today, count)
    return frame.today + timedelta(days=count * (7 * unit.number if unit.kind == "k" else 1))


def _in_a_while(tokens: list[Token], frame: Frame) -> list[Token]:
    later = timedelta(days=sum(numbers(tokens, "r")))
    day = _reach(tokens, frame)
    idiom = _IDIOMS.get((frame.language, (day - frame.today).days))
    if idiom and kinds(tokens)[-1] == "u":
        return on_days(((frame.today + timedelta(days=idiom), day + timedelta(days=1)),))
    return on_day(day + later)


def _within_a_while(tokens: list[Token], frame: Frame) -> list[Token]:
    return on_days(((frame.today, _reach(tokens, frame) + timedelta(days=1)),))


def _weekdays_to_come(tokens: list[Token], frame: Frame) -> list[Token]:
    """Read "next tuesday or friday": the word about the week goes for all the names."""
    week = next(token for token in tokens if token.kind in "xt")
    found = (_one_to_come(week, weekday, frame.today) for weekday in numbers(tokens, "w"))
    return on_days(tuple(span for days in found for span in days))


def _one_to_come(week: Token, weekday: int, today: date) -> Days:
    if week.kind == "t":
        return calendar_days.single(calendar_days.coming(weekday, today))
    if week.number == 1:
        return calendar_days.single(calendar_days.coming(weekday, today + timedelta(days=1)))
    return calendar_days.after_next(weekday, today)


def _week(tokens: list[Token], frame: Frame) -> list[Token]:
    ahead = max(1, *numbers(tokens, "x"), 0) if "x" in kinds(tokens) else 0
    return on_days(calendar_days.week_of(frame.today + ahead * WEEK))


def _month(tokens: list[Token], frame: Frame) -> list[Token]:
    day = calendar_days.months_on(frame.today, 1 if "x" in kinds(tokens) else 0)
    return on_days(calendar_days.month_of(day.year, day.month))


def _weekend(tokens: list[Token], frame: Frame) -> list[Token]:
    """Read weekends: on a Sunday "the weekend" may be the next, and "next weekend" is always in doubt."""
    this = calendar_days.weekend_of(frame.today)
    following = calendar_days.shifted(this, WEEK)
    is_now = frame.today.weekday() >= calendar_days.WEEKEND
    if "t" in kinds(tokens):
        return on_days(this)
    if "x" not in kinds(tokens):
        return on_days(this + following if frame.today.weekday() > calendar_days.WEEKEND else this)
    nearest = following if is_now else this
    return on_days(nearest if sum(numbers(tokens, "x")) == 1 else tuple({*nearest, *following}))


def _named_month(tokens: list[Token], frame: Frame) -> list[Token]:
    year, rest = split_year(tokens)
    (month,) = numbers(tokens, "m")
    if year is None:
        year = frame.today.year + (month < frame.today.month)
    return [*on_days(calendar_days.month_of(year, month)), *rest]


def _week_with(tokens: list[Token], frame: Frame) -> list[Token]:
    last = tokens[-1]
    if last.kind == "w":
        return on_days(calendar_days.week_of(calendar_days.coming(last.number, frame.today)))
    days = last.when.days if last.when else ()
    is_single = len(days) == 1 and days[0][1] - days[0][0] == timedelta(days=1)
    return on_days(calendar_days.week_of(days[0][0])) if is_single else [UNREADABLE]


def _part_of_period(tokens: list[Token], frame: Frame) -> list[Token]:
    """Read "early next week", "fin décembre"; the thirds of a week overlap, for people are vague about them."""
    which, last = tokens[0].number % 3, tokens[-1]
    if last.kind != "D":
        last = (_week if last.kind == "k" else _month)([last], frame)[0]
    days = last.when.days if last.when else ()
    if len(days) != 1 or days[0][1] - days[0][0] < WEEK:
        return [UNREADABLE]
    first, end = days[0]
    is_week = end - first == WEEK
    after, until = (_THIRDS_OF_WEEK if is_week else _THIRDS_OF_MONTH)[which]
    return on_days(((first + timedelta(days=after), min(end, first + timedelta(days=until))),))


def _before_the_end(tokens: list[Token], frame: Frame) -> list[Token] | None:
    """Read "before the end of the week": its last days are not left out."""
    part = next(index for index, token in enumerate(tokens) if token.kind == "j")
    return [Token("U"), *_part_of_period(tokens[part:], frame)] if tokens[part].number == _LATE else None


def _day_from_today(tokens: list[Token], frame: Frame) -> list[Token]:
    return on_day(frame.today + timedelta(days=tokens[0].number))


def _part_of_today(tokens: list[Token], frame: Frame) -> list[Token]:
    return [*on_day(frame.today), tokens[1]]


PERIODS = (
    rule(r"[yi!][le]*E(?!x)|(?<![<>sU])eE(?!x)", _every_weekend),
    rule(r"[wr]z|[wr]k(?!x)|[in]ks?[wr]", _weeks_after),
    rule(r"[in][uK]s?r|I[le]*[in][ukK]", _in_a_while),
    rule(r"V[lL]?[in]?[ukK]|[IV]?[lL]?(?:xn|nx)[ukK]", _within_a_while),
    rule(r"[xt]k|kx", _week),
    rule(r"[xt]K|Kx", _month),
    rule(r"Ex|[xt]?E", _weekend),
    rule(r"[xt]w(?:[O&,]+[le]*w)*|wx", _weekdays_to_come),
    rule(r"[xt]?m(?:[,fF]*N)?(?!x)|mx", _named_month),
    rule(r"k[fFs]+[le]*[Dw]", _week_with),
    rule(r"[<V][lef]*j-?[lefF]*[DkK]", _before_the_end),
    rule(r"j-?[lefF]*[DkK]", _part_of_period),
    rule(r"r", _day_from_today),
    rule(r"tq", _part_of_today),
)
