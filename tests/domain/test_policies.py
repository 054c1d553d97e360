"""When people are reminded: before the visit, in the centre's wall time, never at night, and never twice in a row."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policies import FRESH, MISSED, NEAR, Policy, Quiet, policy_of
from domain.programme_fields import ProgrammeError
from domain.programmes import from_mapping
from domain.words import Words

LONDON, PARIS, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")
HALF = timedelta(minutes=30)
LONG_AGO = datetime(2027, 1, 1, tzinfo=UTC)


def walls(body: dict[str, Any], visit: str, zone: ZoneInfo, now: datetime = LONG_AGO) -> str:
    """Return when each reminder of a *visit* is due, both as the wall clock shows it, day first."""
    starts_at = datetime.fromisoformat(visit).replace(tzinfo=zone).astimezone(UTC)
    planned = policy_of(body).plan(starts_at, starts_at + HALF, zone, now)
    return ", ".join(f"{due.astimezone(zone):%d %H:%M} {kind}" for kind, due in planned)


OFF = {"off": True}
# what the programme says, when the visit is, where -> when people are told
PLANS: dict[str, tuple[dict[str, Any], str, ZoneInfo, str]] = {
    "without a word": ({}, "2027-03-10 14:00", LONDON, "09 14:00 day-before, 10 12:00 two-hours"),
    "at a set time": (
        {"reminders": {"day-before": {"at": "17:00"}, "two-hours": OFF}},
        "2027-03-10 14:00",
        LONDON,
        "09 17:00 day-before",
    ),
    "a week before too": (
        {"reminders": {"week": {"days": 7, "at": "10:00"}}},
        "2027-03-10 14:00",
        LONDON,
        "03 10:00 week, 09 14:00 day-before, 10 12:00 two-hours",
    ),
    "none": ({"reminders": {"day-before": OFF, "two-hours": OFF}}, "2027-03-10 14:00", LONDON, ""),
    "an early visit": ({}, "2027-03-10 09:00", LONDON, "09 09:00 day-before, 09 20:45 two-hours"),
    "a visit at night": ({}, "2027-03-10 23:30", LONDON, "09 20:45 day-before, 10 20:45 two-hours"),
    "other quiet hours": (
        {"quiet": {"from": "19:00", "until": "10:00"}},
        "2027-03-10 11:00",
        LONDON,
        "09 11:00 day-before, 09 18:45 two-hours",
    ),
    "two that would come together": (
        {"reminders": {"day-before": {"at": "20:30"}}},
        "2027-03-10 09:00",
        LONDON,
        "09 20:30 day-before",
    ),
    "the day has 23 hours": ({}, "2027-03-28 14:00", PARIS, "27 14:00 day-before, 28 12:00 two-hours"),
    "the day has 25 hours": ({}, "2027-11-07 12:00", NEW_YORK, "06 12:00 day-before, 07 10:00 two-hours"),
    "a missed visit": (
        {"missed": {"after_hours": 3}},
        "2027-03-10 14:00",
        LONDON,
        f"09 14:00 day-before, 10 12:00 two-hours, 10 17:30 {MISSED}",
    ),
}


@pytest.mark.parametrize("why", PLANS)
def test_reminders_are_due(why: str) -> None:
    body, visit, zone, wanted = PLANS[why]
    assert wanted == walls(body, visit, zone)


def test_who_booked_just_now_is_not_told_again_at_once() -> None:
    noon = datetime(2027, 3, 9, 12, tzinfo=UTC)
    assert "10 10:30 two-hours" == walls({}, "2027-03-10 12:30", LONDON, noon)
    assert "09 13:00 day-before, 10 11:00 two-hours" == walls({}, "2027-03-10 13:00", LONDON, noon)
    assert "" == walls({}, "2027-03-09 14:59", LONDON, noon)


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=1000)).map(lambda later: LONG_AGO + later)
ZONES = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})).map(ZoneInfo)
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))


@given(MOMENTS, ZONES, st.timedeltas(timedelta(0), timedelta(days=20)), TIMES, TIMES)
def test_nobody_is_reminded_at_night_or_late_or_twice_in_a_row(
    starts_at: datetime, zone: ZoneInfo, ahead: timedelta, start: time, end: time
) -> None:
    quiet, now = Quiet(start, end), starts_at - ahead
    planned = Policy(quiet=quiet).plan(starts_at, starts_at + HALF, zone, now)
    for (_, before), (_, after) in itertools.pairwise(planned):
        assert after - before >= NEAR
    for _, due in planned:
        assert now + FRESH <= due < starts_at
        assert (
            not quiet.covers(due.astimezone(zone).time())
            or due.astimezone(zone).utcoffset() != (due + timedelta(hours=1)).astimezone(zone).utcoffset()
            or start != end
        )


@given(MOMENTS, ZONES)
def test_what_comes_at_night_waits_for_the_morning(now: datetime, zone: ZoneInfo) -> None:
    policy = Policy()
    when = policy.not_before(now, zone)
    assert now <= when
    assert when == now or when.astimezone(zone).time().hour in (8, 9)  # nine where eight was skipped
    assert now < policy.quiet_from(now, zone) <= now + timedelta(hours=26)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no mapping": ({"reminders": ["day-before"]}, "reminders: must map"),
    "neither days nor hours": ({"reminders": {"soon": {}}}, "reminders.soon: must have either"),
    "both": ({"reminders": {"soon": {"days": 1, "hours": 1}}}, "reminders.soon: must have either"),
    "a time without days": ({"reminders": {"soon": {"hours": 1, "at": "10:00"}}}, "reminders.soon.at: goes with days"),
    "a time that is none": ({"reminders": {"day-before": {"at": "25:00"}}}, "reminders.day-before.at: '25:00' must be"),
    "a time without quotes": ({"reminders": {"day-before": {"at": 1020}}}, "reminders.day-before.at: 1020 must be"),
    "a name of our own": ({"reminders": {"missed": {"days": 1}}}, "reminders.missed: is no reminder"),
    "an unknown channel": ({"reminders": {"day-before": {"fax": "x"}}}, "reminders.day-before: 'fax' is not known"),
    "half a quiet": ({"quiet": {"from": "21:00"}}, "quiet.until: None must be"),
    "a negative deadline": ({"changes": {"move_hours": -1}}, "changes.move_hours: -1 must be"),
    "too long after": ({"missed": {"after_hours": 999}}, "missed.after_hours: 999 must be"),
}


@pytest.mark.parametrize("why", WRONG)
def test_a_wrong_policy_is_refused_with_its_place(why: str) -> None:
    body, said = WRONG[why]
    with pytest.raises(ProgrammeError) as refused:
        from_mapping({"key": "flu", "title": "Flu", **body})
    assert said in str(refused.value)


def test_each_channel_has_its_own_words() -> None:
    rule = policy_of({"reminders": {"day-before": {"text": "Long words.", "sms": "Short."}}}).rule("day-before")
    assert (Words.of("Short."), Words.of("Long words.")) == (rule.words("sms"), rule.words("telegram"))
