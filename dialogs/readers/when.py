"""When somebody can come, read from what they type: our own phrases first, dateparser second, guards after."""

from datetime import datetime, timedelta

from dialogs.readers import second_opinion
from dialogs.readers.calendar_days import FARTHEST, single
from dialogs.readers.clock_rules import CLOCK
from dialogs.readers.constraint import Days, When, both, overlap
from dialogs.readers.date_rules import DATES
from dialogs.readers.joining import DAY_RANGES, SMALL_WORDS, joined
from dialogs.readers.lexicon import tokens_of
from dialogs.readers.period_rules import PERIODS
from dialogs.readers.rewriting import Frame, rewrite
from dialogs.readers.second_opinion import warm_up
from dialogs.readers.tokens import Token
from dialogs.readers.weekday_rules import NEAREST_WEEKDAYS, WEEKDAYS

__all__ = ["LONGEST", "When", "read_when", "warm_up"]

LONGEST = 200  # More is a story, and half a story may say the opposite.
_WHILE_SMALL_WORDS_COUNT = (*DATES, *PERIODS, *WEEKDAYS, *CLOCK)
_AFTERWARDS = (*NEAREST_WEEKDAYS, *DAY_RANGES)


def read_when(text: str, *, language: str, now: datetime, month_first: bool = False) -> When | None:
    """
    Return what *text* says about when to come, or nothing if any part of it is not understood.

    *now* is the wall time at the clinic. A word that may mean two days ("next friday") gives both of them.
    One or two characters are a choice from a menu, not a time, and are not read.
    """
    if len(text) > LONGEST or _is_choice(text):
        return None
    frame = Frame(today=now.date(), language=language[:2].lower(), month_first=month_first)
    tokens = tokens_of(text, language)
    said = _understood(tokens, frame) or _asked(text, tokens, frame)
    return said and _bookable(said, now)


def _is_choice(text: str) -> bool:
    bare = text.strip(" \t\r\n.,;:!?#()[]*'\"")
    return len(bare) < 3 and not (bare[:1].isdecimal() and bare[1:].lower() == "h")


def _understood(tokens: list[Token], frame: Frame) -> When | None:
    if any(token.kind == "Z" for token in tokens):
        return None
    tokens = rewrite(tokens, _WHILE_SMALL_WORDS_COUNT, frame)
    tokens = rewrite([token for token in tokens if token.kind not in SMALL_WORDS], _AFTERWARDS, frame)
    return joined(tokens)


def _asked(text: str, tokens: list[Token], frame: Frame) -> When | None:
    found = second_opinion.full_date(text, tokens, frame.language, today=frame.today, month_first=frame.month_first)
    return When(days=single(found)) if found else None


def _bookable(said: When, now: datetime) -> When | None:
    """Cut what is past or too far ahead; nothing left is nothing said."""
    if not said.days:
        return said
    today = now.date()
    first = today + timedelta(days=1) if _is_over(said, now) else today
    window: Days = ((first, today + FARTHEST + timedelta(days=1)),)
    return both(When(days=overlap(said.days, window)), said) if overlap(said.days, window) else None


def _is_over(said: When, now: datetime) -> bool:
    """Tell whether the time that was said is past today."""
    last = said.at or said.until_time
    return last is not None and last <= now.time()
