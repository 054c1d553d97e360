"""What staff write about slots is read by the clock of the centre: days, parts of days, hours and places."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.questions import Hearing, Missed, Took
from dialogs.readers.when import When
from dialogs.said import Kind, Said
from dialogs.staff_closing import CountReader, Hours, HoursReader, WhenReader, hours_in, span_in, spans_of, when_in
from dialogs.staff_words import wish_in
from dialogs.text import render
from domain.centres import CentreId
from domain.staff.closing_commands import Span
from domain.staff.commands import Workplace

NOW = datetime(2027, 3, 2, 15, tzinfo=UTC)  # a Tuesday
LONDON, AUCKLAND = (Workplace(id=CentreId(1), name="", tz=tz) for tz in ("Europe/London", "Pacific/Auckland"))
HEARING = Hearing(language="en", now=NOW, today=NOW.date())

WISHES = [
    ("close thursday", "close", {"language": "en", "text": "thursday"}),
    ("Close Thursday morning", "close", {"language": "en", "text": "Thursday morning"}),
    ("/close thursday", "close", {"language": "en", "text": "thursday"}),
    ("close 3 March from 2 to 4 pm", "close", {"language": "en", "text": "3 March from 2 to 4 pm"}),
    ("fermer jeudi matin", "close", {"language": "fr", "text": "jeudi matin"}),
    ("cerrar el jueves por la mañana", "close", {"language": "es", "text": "el jueves por la mañana"}),
    ("I am ill today", "ill", {"language": "en", "text": "today"}),
    ("I'm ill tomorrow", "ill", {"language": "en", "text": "tomorrow"}),
    ("estoy enferma mañana", "ill", {"language": "es", "text": "mañana"}),
    ("open thursday", "open", {"language": "en", "text": "thursday"}),
    ("rouvrir jeudi", "open", {"language": "fr", "text": "jeudi"}),
    ("capacity 6 on thursday morning", "capacity", {"count": "6", "language": "en", "text": "thursday morning"}),
    ("6 places on thursday", "capacity", {"count": "6", "language": "en", "text": "thursday"}),
    ("capacité 6 le jeudi matin", "capacity", {"count": "6", "language": "fr", "text": "jeudi matin"}),
    ("plazas 6 el jueves", "capacity", {"count": "6", "language": "es", "text": "jueves"}),
    ("hours monday 9 to 12", "hours", {"language": "en", "text": "monday 9 to 12"}),
    ("horario lunes de 9 a 12", "hours", {"language": "es", "text": "lunes de 9 a 12"}),
    ("the fridge broke", "fridge", {}),
    ("le frigo est en panne", "fridge", {}),
    ("cierres", "closures", {}),
]


@pytest.mark.parametrize(("text", "script", "args"), WISHES)
def test_a_wish_begins_its_script(text: str, script: str, args: dict[str, str]) -> None:
    goto = wish_in(text)
    assert goto is not None
    assert (script, args) == (goto.script, dict(goto.args))


SPANS = [
    ("thursday", "Thursday 4 March", 1),
    ("thursday morning", "Thursday 4 March, until 12:00", 0),
    ("thursday from 14:00", "Thursday 4 March, from 14:00 on", 0),
    ("3 march from 2 to 4 pm", "Wednesday 3 March, 14:00 to 16:00", 0),
    ("3 to 5 march", "Wednesday 3 March to Friday 5 March", 3),
    ("el jueves por la mañana", "Thursday 4 March, until 12:00", 0),
    ("jeudi", "Thursday 4 March", 1),
]


@pytest.mark.parametrize(("text", "said", "days"), SPANS)
def test_a_span_is_said_back_as_it_was_meant(text: str, said: str, days: int) -> None:
    when = when_in(text, now=NOW.replace(tzinfo=None), language="en")
    assert when is not None
    (span,) = spans_of(when, LONDON, NOW)
    assert said == render(span_in(span, LONDON), "en")
    assert days == len(span.days)


def test_a_day_is_the_centres_own() -> None:
    when = when_in("today", now=datetime(2027, 3, 3, 4), language="en")  # noqa: DTZ001  a wall time
    assert when is not None
    (span,) = spans_of(when, AUCKLAND, NOW)
    assert (
        Span(start=datetime(2027, 3, 2, 11, tzinfo=UTC), until=datetime(2027, 3, 3, 11, tzinfo=UTC), days=span.days)
        == span
    )
    assert (date(2027, 3, 3),) == span.days


def test_where_two_days_may_be_meant_both_are_named() -> None:
    when = when_in("tuesday", now=NOW.replace(tzinfo=None), language="en")
    assert when is not None
    assert 2 == len(spans_of(when, LONDON, NOW))


@given(first=st.integers(0, 300), days=st.integers(1, 5))
def test_whole_days_are_whole_on_the_days_when_clocks_change_too(first: int, days: int) -> None:
    start = date(2027, 1, 1) + timedelta(days=first)
    when = When(days=((start, start + timedelta(days=days)),))
    (span,) = spans_of(when, LONDON, NOW)
    assert tuple(start + timedelta(days=number) for number in range(days)) == span.days
    hours = (span.until - span.start) / timedelta(hours=1)
    assert abs(hours - 24 * days) <= 1


@pytest.mark.parametrize(
    ("text", "weekdays", "until"),
    [("monday 9 to 12", (0,), 12), ("lundi de 9h à 12h", (0,), 12), ("mondays and tuesdays from 9 to 17", (0, 1), 17)],
)
def test_hours_are_of_every_week(text: str, weekdays: tuple[int, ...], until: int) -> None:
    found = hours_in(text, now=NOW.replace(tzinfo=None), language="en")
    assert Hours(weekdays=weekdays, start=time(9), until=time(until)) == found


def test_what_cannot_be_read_is_not_guessed() -> None:
    assert isinstance(WhenReader(LONDON).read(_said("soonish"), HEARING), Missed)
    assert Took("thursday") == WhenReader(LONDON).read(_said("thursday"), HEARING)
    assert isinstance(HoursReader(LONDON).read(_said("thursday"), HEARING), Missed)
    assert Took("monday 9 to 12") == HoursReader(LONDON).read(_said("monday 9 to 12"), HEARING)
    assert isinstance(CountReader().read(_said("some"), HEARING), Missed)
    assert Took(6) == CountReader().read(_said("6 places"), HEARING)


def _said(text: str) -> Said:
    return Said(kind=Kind.TEXT, text=text)
