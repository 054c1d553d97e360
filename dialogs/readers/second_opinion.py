"""dateparser's answer for full dates that our own phrases miss, and the guards that make it safe."""

import re
from datetime import date, datetime, time

from dialogs.readers.fold import plain
from dialogs.readers.tokens import Token, kinds, numbers

LONGEST = 80
LANGUAGES = ("en", "fr", "es")
_MAY_BE_DATE = re.compile(r"[nNowm/,.\-lefF@?]*")


def warm_up() -> None:
    """Load what dateparser needs for the three languages, which takes long the first time."""
    for language in LANGUAGES:
        _parsed("3/4/2027 ?", language, today=date(2027, 1, 1), month_first=False)


def full_date(text: str, tokens: list[Token], language: str, *, today: date, month_first: bool) -> date | None:
    """Return the date that *text* is, if dateparser knows and every number in it is accounted for."""
    code = language[:2].lower()
    if len(text) > LONGEST or code not in LANGUAGES or not _may_be_date(tokens):
        return None
    found = _parsed(text, code, today=today, month_first=month_first)
    return found if found is not None and _accounts_for(found, text, tokens) else None


def _may_be_date(tokens: list[Token]) -> bool:
    """Ask only about texts with a month's name and a number, in which nothing says "not", "or", "after"."""
    letters = kinds(tokens).replace("Z", "?")
    return letters.count("m") == 1 and bool(set(letters) & set("nNo")) and _MAY_BE_DATE.fullmatch(letters) is not None


def _accounts_for(found: date, text: str, tokens: list[Token]) -> bool:
    said = {int(digits) for digits in re.findall(r"\d+", plain(text))}
    return (
        said <= {found.day, found.month, found.year, found.year % 100}
        and found.day in said
        and all(weekday == found.weekday() for weekday in numbers(tokens, "w"))
        and all(month == found.month for month in numbers(tokens, "m"))
    )


def _parsed(text: str, language: str, *, today: date, month_first: bool) -> date | None:
    import dateparser  # here, for it takes long to load and is seldom needed

    found = dateparser.parse(
        text,
        languages=[language],
        settings={
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": datetime.combine(today, time.min),  # wall time, as it wants
            "DATE_ORDER": "MDY" if month_first else "DMY",
            "PREFER_LOCALE_DATE_ORDER": False,
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    return found.date() if found is not None and found.time() == time.min else None
