"""When somebody is at a desk: in wall time, on both days of the year on which clocks change, but on no closed day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.desk_hours import DeskHours, Opening, after, opens_at

LONDON = ZoneInfo("Europe/London")
MORNINGS = tuple(Opening(weekday=day, start=time(9), until=time(12)) for day in range(5))
DESK = DeskHours(zone=LONDON, openings=MORNINGS)
FIRST, LAST = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 11, 30, tzinfo=UTC)
moments = st.integers(0, int((LAST - FIRST) / timedelta(seconds=1))).map(lambda s: FIRST + timedelta(seconds=s))
waits = st.integers(1, 600).map(lambda minutes: timedelta(minutes=minutes))


def is_open(desk: DeskHours, moment: datetime) -> bool:
    """Say the same in the plainest way."""
    local = moment.astimezone(desk.zone)
    on = (one for one in desk.openings if one.is_on(local.date()) and local.date() not in desk.closures)
    return any(one.start <= local.time() < one.until for one in on)


@given(moments)
def test_a_desk_opens_at_the_next_moment_that_is_within_its_hours(moment: datetime) -> None:
    found = opens_at([DESK], moment)
    assert found is not None
    assert is_open(DESK, found)
    assert (found == moment) == is_open(DESK, moment)
    steps = (moment + timedelta(minutes=10 * step) for step in range(int((found - moment) / timedelta(minutes=10))))
    assert not any(is_open(DESK, step) for step in steps if step < found)


@given(moments, waits, waits)
def test_waiting_adds_up_and_ends_within_the_hours(moment: datetime, one: timedelta, other: timedelta) -> None:
    first = after([DESK], moment, one)
    assert first is not None
    assert first - moment >= one
    assert after([DESK], first, other) == after([DESK], moment, one + other)


def test_hours_are_those_of_the_wall_clock_when_it_changes() -> None:
    winter, summer = datetime(2027, 3, 26, 13, tzinfo=UTC), datetime(2027, 3, 29, 8, tzinfo=UTC)
    assert summer == opens_at([DESK], winter)
    assert summer + timedelta(minutes=5) == after([DESK], winter - timedelta(hours=1, minutes=5), timedelta(minutes=10))


def test_closed_days_and_days_out_of_force_do_not_count() -> None:
    desk = DeskHours(zone=LONDON, openings=MORNINGS, closures=frozenset((date(2027, 3, 2), date(2027, 3, 3))))
    assert datetime(2027, 3, 4, 9, tzinfo=UTC) == opens_at([desk], datetime(2027, 3, 1, 12, tzinfo=UTC))
    over = DeskHours(zone=LONDON, openings=(Opening(weekday=0, start=time(9), until=time(0), last=date(2027, 3, 1)),))
    assert datetime(2027, 3, 1, 23, tzinfo=UTC) == opens_at([over], datetime(2027, 3, 1, 23, tzinfo=UTC))
    assert opens_at([over], datetime(2027, 3, 2, tzinfo=UTC)) is None


def test_of_several_desks_the_first_that_opens_counts_and_none_without_hours_is_open_at_night() -> None:
    late = DeskHours(zone=LONDON, openings=(Opening(weekday=0, start=time(11), until=time(13)),))
    monday = datetime(2027, 3, 1, 7, tzinfo=UTC)
    assert monday.replace(hour=9) == opens_at([late, DESK], monday)
    assert monday.replace(hour=13) == after([late, DESK], monday, timedelta(hours=4))
    assert monday.replace(day=6, hour=3) != opens_at([DeskHours(zone=LONDON)], monday.replace(day=6, hour=3))
