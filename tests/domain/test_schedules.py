"""Weekly rules in wall time become slots in UTC, also where and when the clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.schedules import Opening, PlannedSlot, WeeklyRule, as_utc, plan_day, plan_slots

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ZONES = sorted(available_timezones())
YEARS = (1975, 2037)

PARIS, HOWE = "Europe/Paris", "Australia/Lord_Howe"

# What the clock does → zone, day, opening, minutes of a slot, the wall times at which slots start (and in UTC).
DAYS = (
    ("nothing", PARIS, "2027-02-01", "09:00-11:00", 30, "09:00=08:00 09:30=08:30 10:00=09:00 10:30=09:30"),
    ("nothing, in India", "Asia/Kolkata", "2027-02-01", "09:00-10:00", 30, "09:00=03:30 09:30=04:00"),
    ("nothing, in Nepal", "Asia/Kathmandu", "2027-02-01", "09:00-10:00", 60, "09:00=03:15"),
    ("nothing; the rest is too short", PARIS, "2027-02-01", "09:00-10:15", 30, "09:00=08:00 09:30=08:30"),
    ("nothing; until midnight", PARIS, "2027-02-01", "23:00-00:00", 30, "23:00=22:00 23:30=22:30"),
    ("nothing; longer than open", PARIS, "2027-02-01", "09:00-09:20", 30, ""),
    ("nothing; closes before it opens", PARIS, "2027-02-01", "10:00-09:00", 30, ""),
    ("skips 2 to 3", PARIS, "2027-03-28", "01:00-04:00", 30, "01:00=00:00 01:30=00:30 03:00=01:00 03:30=01:30"),
    ("skips 2 to 3 before opening", PARIS, "2027-03-28", "09:00-10:00", 30, "09:00=07:00 09:30=07:30"),
    ("skips 2 to 3 within slots", PARIS, "2027-03-28", "01:35-04:20", 45, "03:05=01:05"),
    ("skips 2 to 3 within a long slot", PARIS, "2027-03-28", "01:00-05:00", 120, "03:00=01:00"),
    ("skips 2 to 3 as it closes", PARIS, "2027-03-28", "01:00-02:00", 30, "01:00=00:00 01:30=00:30"),
    ("skips midnight to 1", "Africa/Cairo", "2027-04-30", "00:00-02:00", 30, "01:00=22:00 01:30=22:30"),
    ("repeats 2 to 3", PARIS, "2027-10-31", "01:30-03:30", 30, "01:30=23:30 02:00=00:00 02:30=00:30 03:00=02:00"),
    ("repeats 2 to 3 before opening", PARIS, "2027-10-31", "09:00-10:00", 30, "09:00=08:00 09:30=08:30"),
    ("skips half an hour", HOWE, "2027-10-03", "01:00-03:00", 30, "01:00=14:30 01:30=15:00 02:30=15:30"),
    ("skips half an hour of an hour", HOWE, "2027-10-03", "00:30-03:30", 60, "00:30=14:00 02:30=15:30"),
    ("repeats half an hour", HOWE, "2027-04-04", "01:00-02:30", 30, "01:00=14:00 01:30=14:30 02:00=15:30"),
    ("skips the whole day", "Pacific/Apia", "2011-12-30", "09:00-17:00", 30, ""),
)  # fmt: skip


def rule_on(day: date, opening: str, minutes: int, *, capacity: int = 5, overbook: int = 0) -> WeeklyRule:
    start, until = (time.fromisoformat(wall) for wall in opening.split("-"))
    return WeeklyRule(
        weekday=day.weekday(),
        opening=Opening(start=start, until=until),
        slot_length=minutes * MINUTE,
        capacity=capacity,
        overbook=overbook,
    )


def shown(planned: PlannedSlot, zone: ZoneInfo) -> str:
    return f"{planned.starts_at.astimezone(zone):%H:%M}={planned.starts_at:%H:%M}"


@pytest.mark.parametrize(("clock", "zone", "day", "opening", "minutes", "expected"), DAYS, ids=[row[0] for row in DAYS])
def test_slots_of_a_day(clock: str, zone: str, day: str, opening: str, minutes: int, expected: str) -> None:
    """Slots start where the wall clock shows their time; what it skips gives none, what it repeats gives one."""
    on = date.fromisoformat(day)
    planned = list(plan_day((rule_on(on, opening, minutes),), on, ZoneInfo(zone)))
    assert expected.split() == [shown(slot, ZoneInfo(zone)) for slot in planned]
    assert {minutes * MINUTE} >= {slot.ends_at - slot.starts_at for slot in planned}


def test_capacity_and_overbook_come_from_the_rule() -> None:
    on = date(2027, 2, 1)
    (slot,) = plan_day((rule_on(on, "09:00-09:30", 30, capacity=7, overbook=2),), on, ZoneInfo("UTC"))
    assert (7, 2) == (slot.capacity, slot.overbook)


def test_a_rule_is_for_its_weekday_alone() -> None:
    monday = date(2027, 2, 1)
    rules = (rule_on(monday, "09:00-09:30", 30),)
    week = plan_slots(rules, frozenset(), ZoneInfo("UTC"), start=monday, until=monday + 7 * DAY)
    assert [monday] == [slot.starts_at.date() for slot in week]


SPANS = (
    ("the first day is in, the last is not", "2027-02-01", "2027-02-15", "", "2027-02-01 2027-02-08"),
    ("one day", "2027-02-01", "2027-02-02", "", "2027-02-01"),
    ("nothing from a day to itself", "2027-02-01", "2027-02-01", "", ""),
    ("nothing backwards", "2027-02-08", "2027-02-01", "", ""),
    ("closed days are left out", "2027-02-01", "2027-02-16", "2027-02-08", "2027-02-01 2027-02-15"),
    ("a closed day of another weekday is nothing", "2027-02-01", "2027-02-02", "2027-02-02", "2027-02-01"),
)


@pytest.mark.parametrize(("why", "start", "until", "closed", "expected"), SPANS, ids=[row[0] for row in SPANS])
def test_spans_of_days_are_half_open(why: str, start: str, until: str, closed: str, expected: str) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(until)
    closures = frozenset(map(date.fromisoformat, closed.split()))
    rules = (rule_on(date(2027, 2, 1), "09:00-09:30", 30),)
    planned = plan_slots(rules, closures, ZoneInfo("Europe/Paris"), start=first, until=last)
    assert expected.split() == [f"{slot.starts_at:%Y-%m-%d}" for slot in planned]


# ---- every zone, around its changes of the clock


@lru_cache(maxsize=2_000)
def changes(name: str, year: int) -> tuple[date, ...]:
    """Return the local days of *year* on which the clock of zone *name* jumps."""
    zone = ZoneInfo(name)
    noons = [datetime(year, 1, 1, 12, tzinfo=zone) + n * DAY for n in range(366)]
    return tuple(later.date() for one, later in pairwise(noons) if one.utcoffset() != later.utcoffset())


def minutes_shown(zone: ZoneInfo, day: date) -> dict[datetime, datetime]:
    """Return, for each minute that the wall clock shows around *day*, the moment when it does so first."""
    begin = datetime.combine(day, time(0), tzinfo=UTC) - DAY
    first: dict[datetime, datetime] = {}
    for number in range(4 * 24 * 60):
        moment = begin + number * MINUTE
        first.setdefault(moment.astimezone(zone).replace(tzinfo=None), moment)
    return first


def expected_starts(rule: WeeklyRule, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield when slots start, by looking at the wall clock once a minute."""
    first = minutes_shown(zone, day)
    closes = datetime.combine(day, rule.opening.until) + (DAY if rule.opening.until == time(0) else timedelta())
    wall = datetime.combine(day, rule.opening.start)
    while wall + rule.slot_length <= closes:
        minutes = [wall + number * MINUTE for number in range(rule.slot_length // MINUTE)]
        if all(minute in first for minute in minutes):
            yield first[wall]
        wall += rule.slot_length


@st.composite
def a_day_somewhere(draw: st.DrawFn) -> tuple[ZoneInfo, date]:
    """Draw a zone and a day, on or beside one on which its clock changes where there is such a day."""
    name, year = draw(st.sampled_from(ZONES)), draw(st.integers(*YEARS))
    days = changes(name, year) or (date(year, draw(st.integers(1, 12)), draw(st.integers(1, 28))),)
    return ZoneInfo(name), draw(st.sampled_from(days)) + draw(st.integers(-1, 1)) * DAY


@st.composite
def a_rule(draw: st.DrawFn, day: date) -> WeeklyRule:
    """Draw opening hours on the weekday of *day*, often in the small hours."""
    start = draw(st.integers(0, 5 * 60) | st.integers(0, 24 * 60 - 1))
    until = draw(st.integers(start + 1, min(start + 600, 24 * 60)))
    opening = Opening(start=time(start // 60, start % 60), until=time(until // 60 % 24, until % 60))
    length = draw(st.sampled_from((5, 10, 15, 20, 30, 45, 60, 90, 120)) | st.integers(5, 240))
    return WeeklyRule(weekday=day.weekday(), opening=opening, slot_length=length * MINUTE, capacity=1)


@st.composite
def a_plan(draw: st.DrawFn) -> tuple[WeeklyRule, date, ZoneInfo]:
    zone, day = draw(a_day_somewhere())
    return draw(a_rule(day)), day, zone


@settings(deadline=None, max_examples=60)
@given(a_plan())
def test_slots_are_what_the_wall_clock_shows(plan: tuple[WeeklyRule, date, ZoneInfo]) -> None:
    """A slot is published for each span all of whose minutes the clock shows, at the first time it does."""
    rule, day, zone = plan
    planned = list(plan_day((rule,), day, zone))
    assert list(expected_starts(rule, day, zone)) == [slot.starts_at for slot in planned]


@settings(deadline=None, max_examples=150)
@given(a_plan())
def test_slots_stay_apart_and_within_opening(plan: tuple[WeeklyRule, date, ZoneInfo]) -> None:
    rule, day, zone = plan
    planned = list(plan_day((rule,), day, zone))
    assert planned == list(plan_day((rule,), day, zone))
    check_apart(planned)
    check_within(planned, rule, day, zone)


def check_apart(planned: list[PlannedSlot]) -> None:
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(planned))


def check_within(planned: list[PlannedSlot], rule: WeeklyRule, day: date, zone: ZoneInfo) -> None:
    opens = datetime.combine(day, rule.opening.start)
    closes = datetime.combine(day, rule.opening.until) + (DAY if rule.opening.until == time(0) else timedelta())
    for slot in planned:
        assert opens <= slot.starts_at.astimezone(zone).replace(tzinfo=None) < closes
        assert (slot.ends_at - MINUTE).astimezone(zone).replace(tzinfo=None) < closes


def test_every_zone_around_its_changes() -> None:
    """Open day and night, in every zone, on the days around each change: no overlap, and no wall time twice."""
    for name in ZONES:
        zone = ZoneInfo(name)
        for change in changes(name, 2027):
            rules = tuple(
                WeeklyRule(
                    weekday=n, opening=Opening(start=time(0), until=time(0)), slot_length=40 * MINUTE, capacity=1
                )
                for n in range(7)
            )
            planned = list(plan_slots(rules, frozenset(), zone, start=change - DAY, until=change + 2 * DAY))
            check_apart(planned)
            walls = [slot.starts_at.astimezone(zone).replace(tzinfo=None) for slot in planned]
            assert sorted(set(walls)) == walls, name


@settings(deadline=None, max_examples=100)
@given(a_day_somewhere(), st.builds(time, st.integers(0, 23), st.integers(0, 59)))
def test_a_wall_time_that_is_shown_is_found_at_its_first_moment(place: tuple[ZoneInfo, date], wall: time) -> None:
    zone, day = place
    moment = as_utc(day, wall, zone)
    if moment is None:
        assert datetime.combine(day, wall) not in minutes_shown(zone, day)
    else:
        assert datetime.combine(day, wall) == moment.astimezone(zone).replace(tzinfo=None)
        assert 0 == moment.astimezone(zone).fold


@settings(deadline=None, max_examples=100)
@given(a_day_somewhere(), st.integers(0, 20), st.integers(0, 20))
def test_planning_in_two_goes_gives_the_same_slots(place: tuple[ZoneInfo, date], one: int, two: int) -> None:
    """Days in [a, b) and [b, c) are the days in [a, c), so that publishing may go on where it stopped."""
    zone, day = place
    rules = tuple(rule_on(day + n * DAY, "00:00-06:00", 60) for n in range(7))
    first, middle, last = day - DAY, day - DAY + one * DAY, day - DAY + (one + two) * DAY
    halves = [*plan_slots(rules, frozenset(), zone, start=first, until=middle)]
    halves += plan_slots(rules, frozenset(), zone, start=middle, until=last)
    assert halves == list(plan_slots(rules, frozenset(), zone, start=first, until=last))
