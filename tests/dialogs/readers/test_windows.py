"""The spans of time of a constraint hold just the moments that it allows, by the clock of any zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dialogs.readers.constraint import When

ZONES = [ZoneInfo(name) for name in ("Europe/Paris", "America/Anchorage", "Indian/Reunion", "Pacific/Kiritimati")]
START = datetime(2027, 3, 1, 9, tzinfo=UTC)
UNTIL = START + timedelta(days=24)
DAY = st.dates(date(2027, 2, 20), date(2027, 4, 1))
HALF_HOURS = st.builds(time, st.integers(5, 22), st.sampled_from((0, 30)))
DAYS = {
    "days": st.lists(st.tuples(DAY, DAY).map(lambda two: (min(two), max(two) + timedelta(days=1))), max_size=2).map(
        tuple
    ),
    "weekdays": st.frozensets(st.integers(0, 6), max_size=3),
    "not_weekdays": st.frozensets(st.integers(0, 6), max_size=2),
}
WHENS = st.builds(When, **DAYS, from_time=st.none() | HALF_HOURS, until_time=st.none() | HALF_HOURS) | st.builds(
    When, **DAYS, at=HALF_HOURS
)


def allowed(when: When, zone: ZoneInfo) -> list[datetime]:
    """Return the half hours that are allowed, those left out that a clock change skips or repeats at night."""
    moments = (START + n * timedelta(minutes=30) for n in range(24 * 48))
    return [moment for moment in moments if moment.astimezone(zone).hour > 3 and when.allows(moment.astimezone(zone))]


@given(when=WHENS, zone=st.sampled_from(ZONES))
def test_what_is_allowed_lies_within_the_windows_and_nothing_else(when: When, zone: ZoneInfo) -> None:
    found = when.windows(zone, START, UNTIL)
    assert found == sorted(found)
    moments = (START + n * timedelta(minutes=30) for n in range(24 * 48))
    within = [one for one in moments if any(first <= one < end for first, end in found)]
    assert allowed(when, zone) == [one for one in within if one.astimezone(zone).hour > 3]


def test_a_month_of_mornings_is_as_much_as_is_looked_at_and_days_in_a_row_are_one() -> None:
    far = START + timedelta(days=90)
    assert 31 == len(When(until_time=time(12)).windows(ZONES[0], START, far))
    assert [(START, far)] == When(not_weekdays=frozenset()).windows(ZONES[0], START, far)
    assert 13 == len(When(weekdays=frozenset({5, 6})).windows(ZONES[0], START, far))
