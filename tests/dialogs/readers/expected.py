"""A short way to write what a phrase should mean, and the moment at which the phrases of these tests are said."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogs.readers.when import When

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/Lisbon"))  # a Wednesday
ONE_DAY = timedelta(days=1)


def on(
    *days: str,
    weekdays: Iterable[int] = (),
    not_weekdays: Iterable[int] = (),
    from_time: str | None = None,
    until_time: str | None = None,
    at: str | None = None,
    soonest: bool = False,
) -> When:
    """Return the constraint; *days* are "11-24" or "11-23/11-30" in 2026, or with another year before."""
    return When(
        days=tuple(_span(*day.split("/")) for day in days),
        weekdays=frozenset(weekdays),
        not_weekdays=frozenset(not_weekdays),
        from_time=time.fromisoformat(from_time) if from_time else None,
        until_time=time.fromisoformat(until_time) if until_time else None,
        at=time.fromisoformat(at) if at else None,
        soonest=soonest,
    )


def _span(first: str, end: str | None = None) -> tuple[date, date]:
    return _date(first), _date(end) if end else _date(first) + ONE_DAY


def _date(text: str) -> date:
    return date.fromisoformat(text if len(text) > 5 else f"{NOW.year}-{text}")
