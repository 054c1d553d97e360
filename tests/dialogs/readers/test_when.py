"""What holds for all phrases about time, and how what they say is kept."""

import json
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.readers.calendar_days import FARTHEST
from dialogs.readers.lexicon import VOCABULARIES
from dialogs.readers.when import LONGEST, When, read_when, warm_up
from tests.dialogs.readers.expected import NOW, on

LANGUAGES = st.sampled_from(("en", "fr", "es", "pt", ""))
ZONES = st.sampled_from([ZoneInfo(name) for name in ("Europe/Lisbon", "America/New_York", "Pacific/Auckland")])
MOMENTS = st.datetimes(NOW.replace(tzinfo=None), timedelta(days=30_000) + NOW.replace(tzinfo=None), timezones=ZONES)
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
PIECES = "1 2 3 9 12 24 31 32 0 1530 2027 9:30 3/4 31/12/2026 4.25 3rd 1er , - / or"


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    warm_up()


def month_name(day: date, language: str) -> str:
    """Return the name of the month of *day*."""
    return MONTHS[language].split()[day.month - 1]


def words_of(language: str) -> list[str]:
    """Return all phrases of a language, and what stands between them."""
    known = VOCABULARIES[language]
    phrases = [phrase for spelled in known.phrases.values() for each in spelled.values() for phrase in each.split("|")]
    return [*phrases, *PIECES.split()]


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a language and a salad of its words."""
    language = draw(st.sampled_from(tuple(VOCABULARIES)))
    return language, " ".join(draw(st.lists(st.sampled_from(words_of(language)), min_size=1, max_size=7)))


def check(said: When | None, now: datetime) -> None:
    """Check what holds for whatever was understood."""
    if said is None:
        return
    today, last = now.date(), now.date() + FARTHEST
    assert all(today <= first < end <= last + timedelta(days=1) for first, end in said.days)
    assert all(one <= other for one, other in pairwise(said.days))
    assert not (said.weekdays and said.not_weekdays)
    assert said.at is None or (said.from_time is None and said.until_time is None)
    assert said.until_time is None or (said.from_time or time.min) < said.until_time
    assert said != When()
    assert said == When.from_json(json.loads(json.dumps(said.to_json())))


@settings(deadline=None)
@given(text=st.text(max_size=100), language=LANGUAGES, now=MOMENTS, month_first=st.booleans())
def test_no_text_raises_or_gives_the_past(text: str, language: str, now: datetime, month_first: bool) -> None:
    check(read_when(text, language=language, now=now, month_first=month_first), now)


@settings(deadline=None)
@given(said=sentences(), now=MOMENTS, month_first=st.booleans())
def test_no_salad_of_words_raises_or_gives_the_past(said: tuple[str, str], now: datetime, month_first: bool) -> None:
    language, text = said
    check(read_when(text, language=language, now=now, month_first=month_first), now)


@settings(deadline=None)
@given(
    now=MOMENTS,
    ahead=st.integers(0, FARTHEST.days),
    language=st.sampled_from(tuple(MONTHS)),
    shape=st.sampled_from(("{0:%Y-%m-%d}", "{0:%d/%m/%Y}", "{0.day}.{0.month}.{0.year}", "{0.day} {1} {0.year}")),
)
def test_every_date_that_can_be_booked_is_read(now: datetime, ahead: int, language: str, shape: str) -> None:
    day = now.date() + timedelta(days=ahead)
    said = read_when(shape.format(day, month_name(day, language)), language=language, now=now)
    assert When(days=((day, day + timedelta(days=1)),)) == said


@settings(deadline=None)
@given(now=MOMENTS, ahead=st.integers(0, 364), language=st.sampled_from(tuple(MONTHS)))
def test_a_date_without_a_year_is_the_next_such(now: datetime, ahead: int, language: str) -> None:
    day = now.date() + timedelta(days=ahead)
    said = read_when(f"{day.day} {month_name(day, language)}", language=language, now=now)
    assert said is not None
    assert said.days[0][0] in (day, next_such(day, now.date()))


def next_such(day: date, today: date) -> date:
    """Return *day* in the first year in which it is not past."""
    return day.replace(year=today.year) if day >= today and day.year == today.year else day


@settings(deadline=None)
@given(now=MOMENTS, wall=st.times())
def test_every_time_of_the_24_hour_clock_is_read(now: datetime, wall: time) -> None:
    wall = wall.replace(second=0, microsecond=0)
    said = read_when(f"at {wall:%H:%M}", language="en", now=now)
    assert When(at=wall) == said


@pytest.mark.parametrize("text", ["", " ", "2", "12", "a", "A.", "10", "#3", "(4)", "2️⃣", "٣"])
def test_one_or_two_characters_are_a_choice_and_no_time(text: str) -> None:
    assert read_when(text, language="en", now=NOW) is None


@pytest.mark.parametrize("text", ["9" * 2000, "monday or " * 200, "a " * 1000, "?" * 2000])
def test_a_long_text_is_a_story_and_no_time(text: str) -> None:
    assert len(text) > LONGEST
    assert read_when(text, language="en", now=NOW) is None


@pytest.mark.parametrize(
    ("text", "month_first", "expected"),
    [
        ("3/4", False, on("2027-04-03")),
        ("3/4", True, on("2027-03-04")),
        ("4/25", False, on("2027-04-25")),
        ("25/4", True, on("2027-04-25")),
        ("12/11/2026", False, None),
        ("12/11/2026", True, on("12-11")),
    ],
)
def test_numbers_are_read_in_the_order_of_the_place(text: str, month_first: bool, expected: When | None) -> None:
    assert expected == read_when(text, language="en", now=NOW, month_first=month_first)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23 December 2027", on("2027-12-23")),
        ("24 December 2027", None),
        ("17 November 2026", None),
        ("17 November", on("2027-11-17")),
        ("today before 10", None),
        ("today before 11", on("11-18", until_time="11:00")),
        ("wednesday at 9", on("11-25", at="09:00")),
        ("wednesday at 11", on("11-18", "11-25", at="11:00")),
        ("this week before 9", on("11-19/11-23", until_time="09:00")),
    ],
)
def test_what_is_past_or_more_than_400_days_ahead_is_cut(text: str, expected: When | None) -> None:
    assert expected == read_when(text, language="en", now=NOW)


@pytest.mark.parametrize(
    ("said", "local", "allowed"),
    [
        (on("11-24"), "2026-11-24 09:00", True),
        (on("11-24"), "2026-11-25 00:00", False),
        (on("11-24", "11-26"), "2026-11-26 09:00", True),
        (on(weekdays={1}), "2026-11-24 09:00", True),
        (on(weekdays={1}), "2026-11-25 09:00", False),
        (on(not_weekdays={1}), "2026-11-24 09:00", False),
        (on(from_time="17:00"), "2026-11-24 17:00", True),
        (on(from_time="17:00"), "2026-11-24 16:59", False),
        (on(until_time="12:00"), "2026-11-24 11:59", True),
        (on(until_time="12:00"), "2026-11-24 12:00", False),
        (on(at="09:30"), "2026-11-24 09:30", True),
        (on(at="09:30"), "2026-11-24 09:45", False),
        (on(soonest=True), "2026-11-24 09:30", True),
    ],
)
def test_a_constraint_allows_what_is_within_it(said: When, local: str, allowed: bool) -> None:
    assert allowed == said.allows(datetime.fromisoformat(local).replace(tzinfo=NOW.tzinfo))


def test_dateparser_is_asked_for_full_dates_that_the_phrases_miss() -> None:
    warm_up()
    assert on("12-03") == read_when("2026 december 3", language="en", now=NOW)
    assert read_when("2026 december 3 or 4", language="en", now=NOW) is None
