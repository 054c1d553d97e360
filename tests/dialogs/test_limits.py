"""Centres and times are limited to some days, or to places without steps, in words or by what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from dialogs.prompt import Line, Message, Prompt
from dialogs.readers.constraint import When
from dialogs.said import Kind
from domain.centres import Centre
from domain.commands import CentreFound
from domain.queries import CentresNear
from tests.dialogs.test_conversation import at
from tests.dialogs.world import CENTRES, FakeWorld, Person, text_of

TO_CENTRE = ("hello", "1", "1", "Ana Silva, 3 April 1950", "1", "Bristol")
SATURDAYS = When(weekdays=frozenset({5}))
ALL = "These have free places"


def limits(person: Person) -> tuple[object, bool]:
    source = person.world.looked_for[-1]
    return source.days, source.step_free


def choices(messages: Sequence[Message]) -> list[str]:
    prompt = messages[-1]
    assert isinstance(prompt, Prompt)
    return [choice.label for choice in prompt.choices]


def only_with_steps(source: CentresNear) -> Sequence[Centre]:
    return () if source.step_free else CENTRES


def only_on_weekdays(source: CentresNear) -> Sequence[Centre]:
    return () if source.days is not None else CENTRES


ON_DAYS = (
    ("only open on Saturday", SATURDAYS, "on Saturday."),
    ("on saturday", SATURDAYS, "on Saturday."),
    ("Saturdays please", SATURDAYS, "on Saturday."),
    ("the ones open on saturday", SATURDAYS, "on Saturday."),
    ("samedi", SATURDAYS, "on Saturday."),
    ("ouvert le samedi", SATURDAYS, "on Saturday."),
    ("el sábado", SATURDAYS, "on Saturday."),
    ("Only on Saturday", SATURDAYS, "on Saturday."),
    ("weekend", When(weekdays=frozenset({5, 6})), "on Saturday or Sunday."),
    ("tomorrow", When(days=((date(2027, 3, 2), date(2027, 3, 3)),)), "on Tuesday 2 March."),
    ("next week Tuesday", When(days=((date(2027, 3, 9), date(2027, 3, 10)),)), "on Tuesday 9 March."),
    ("3 December", When(days=((date(2027, 12, 3), date(2027, 12, 4)),)), "on Friday 3 December."),
    ("next week", When(days=((date(2027, 3, 8), date(2027, 3, 15)),)), "on Monday 8 March - Sunday 14 March."),
    ("in the morning", When(until_time=time(12)), "at this time: before 12:00."),
    ("saturday after 2pm", When(weekdays=frozenset({5}), from_time=time(14)), "on Saturday, from 14:00."),
    ("at 10am", When(at=time(10)), "at this time: 10:00."),
    ("not sunday", When(not_weekdays=frozenset({6})), "on Monday, Tuesday"),
)  # fmt: skip


@pytest.mark.parametrize(("words", "days", "said"), ON_DAYS)
async def test_days_in_words_limit_the_centres_and_are_said(words: str, days: When, said: str) -> None:
    person = await at(*TO_CENTRE)
    messages = await person.says(words)
    assert "centre" == person.asked
    assert (days, False) == limits(person)
    assert f"Only with a place {said}" in text_of(messages)


@pytest.mark.parametrize(
    "words",
    ["wheelchair", "step-free", "I use a wheelchair", "no steps", "accès fauteuil", "sans marches", "PMR",
     "silla de ruedas", "sin escalones", "Only step-free"],
)  # fmt: skip
async def test_who_cannot_climb_steps_is_offered_centres_without(words: str) -> None:
    person = await at(*TO_CENTRE)
    messages = await person.says(words)
    assert (None, True) == limits(person)
    assert "Only with step-free access." in text_of(messages)


@pytest.mark.parametrize("words", [("wheelchair on saturday",), ("saturday", "wheelchair"), ("step-free", "saturday")])
async def test_one_limit_goes_with_the_other(words: Sequence[str]) -> None:
    person = await at(*TO_CENTRE, *words)
    assert (SATURDAYS, True) == limits(person)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("any day", (None, True)),
        ("Any day", (None, True)),
        ("n'importe quel jour", (None, True)),
        ("cualquier día", (None, True)),
        ("with or without steps", (SATURDAYS, False)),
        ("no wheelchair", (SATURDAYS, False)),
        ("no filter", (None, False)),
        ("sans filtre", (None, False)),
        ("sunday", (When(weekdays=frozenset({6})), True)),
        ("back", (SATURDAYS, False)),
    ],
)
async def test_a_limit_is_taken_away_in_words_or_by_what_is_shown(words: str, left: tuple[object, bool]) -> None:
    person = await at(*TO_CENTRE, "saturday", "wheelchair", words)
    assert "centre" == person.asked
    assert left == limits(person)


async def test_what_is_shown_offers_each_limit_or_its_end() -> None:
    person = await at(*TO_CENTRE)
    assert ["Another place", "Only on Saturday", "Only step-free"] == choices(await person.says("repeat"))[-3:]
    shown = choices(await person.says("Only on Saturday"))
    assert ["Another place", "Any day", "Only step-free"] == shown[-3:]
    assert len(shown) <= 10, "as many rows as a list may have"
    shown = choices(await person.taps(shown.index("Only step-free")))
    assert ["Any day", "With or without steps"] == shown[-2:]
    shown = choices(await person.taps(shown.index("Any day")))
    assert ["Only on Saturday", "With or without steps"] == shown[-2:]


async def test_a_limit_stays_for_another_place_and_is_no_step_on_the_way() -> None:
    person = await at(*TO_CENTRE)
    before = text_of(await person.says("repeat")).rpartition("(")[2]
    assert before == text_of(await person.says("saturday")).rpartition("(")[2]
    await person.says("another place")
    assert "Only with a place on Saturday." in text_of(await person.says("Bath"))


@pytest.mark.parametrize(
    ("words", "wish", "fitting"),
    [("saturday", "Saturday", only_on_weekdays), ("wheelchair", "step-free access", only_with_steps)],
)
async def test_where_no_centre_has_it_that_is_said_and_all_are_offered(words: str, wish: str, fitting: object) -> None:
    person = await at(*TO_CENTRE, world=FakeWorld(fitting=fitting))  # type: ignore[arg-type]  # one of the two above
    messages = await person.says(words)
    assert f"I know of no centre with a free place like that ({wish})" in text_of(messages)
    assert "Only with" not in text_of(messages)
    assert [f"Centre {number}" for number in range(1, 6)] == choices(messages)[:5]
    assert ["Centre 6", "Centre 7"] == choices(await person.says("more"))[:2]
    await person.says("Centre 7")
    assert "slot" == person.asked


async def test_times_are_those_on_the_days_that_were_wanted_and_others_one_reply_away() -> None:
    person = await at(*TO_CENTRE, "only open on saturday")
    messages = await person.says("1")
    assert "slot" == person.asked
    assert "Only with a place on Saturday." in text_of(messages)
    assert all(label.startswith("Sat") for label in choices(messages)[:5])
    more = await person.says("more")
    assert "Only with a place on Saturday." in text_of(more)
    assert all(label.startswith("Sat") for label in choices(more)[:5])
    afternoon = await person.says("in the afternoon")
    assert all(label.startswith("Sat") and label[-5:] >= "12:00" for label in choices(afternoon)[:5])
    shown = await person.taps(choices(afternoon).index("Any day"))
    assert "slot" == person.asked
    assert choices(shown)[0].startswith("Tue 2 Mar")
    assert "Any day" not in choices(shown)


async def test_another_day_said_at_the_times_is_taken_for_once() -> None:
    person = await at(*TO_CENTRE, "saturday", "1")
    assert choices(await person.says("sunday"))[0].startswith("Sun 7 Mar")
    assert choices(await person.says("any day"))[0].startswith("Tue 2 Mar")
    assert choices(await person.says("whenever"))[0].startswith("Tue 2 Mar")


async def test_where_nothing_is_free_on_such_days_that_is_said_and_all_times_are_offered() -> None:
    person = await at(*TO_CENTRE, "3 december")
    messages = await person.says("1")
    assert "no place is free there then (Friday 3 December)" in text_of(messages)
    assert choices(messages)[0].startswith("Tue 2 Mar")
    assert choices(await person.says("more"))[0] != choices(messages)[0]


@pytest.mark.parametrize(
    ("step_free", "said", "asked"),
    [
        (True, "Centre 1 has step-free access.", "slot"),
        (False, "Centre 1 has no step-free access.", "centre"),
        (None, "I do not know whether Centre 1 has step-free access.", "centre"),
    ],
)
@pytest.mark.parametrize("known", [False, True], ids=["chosen", "named"])
async def test_who_says_at_the_times_that_steps_are_a_hindrance_is_told_and_offered_others(
    step_free: bool | None, said: str, asked: str, known: bool
) -> None:
    here = replace(CENTRES[0], step_free=step_free)
    world = FakeWorld(fitting=lambda source: CENTRES[3:5] if source.step_free else (here,))
    if known:
        world.results["FindCentre"] = lambda command: CentreFound(here)
        person = Person(world)
        await person.does(Kind.BEGIN, text="centre_1")
        for reply in ("1", "1", "Ana Silva, 3 April 1950", "1"):
            await person.says(reply)
    else:
        person = await at(*TO_CENTRE, "1", world=world)
    assert "slot" == person.asked
    messages = await person.says("I use a wheelchair")
    assert said in text_of(messages)
    assert asked == person.asked
    if asked == "centre":
        assert "Only with step-free access." in text_of(messages)
        await person.says("1")
        assert "slot" == person.asked


@pytest.mark.parametrize("words", ["8 mai", "sunday"])
async def test_a_centre_may_be_called_after_a_day(words: str) -> None:
    named = [replace(CENTRES[0], name="Salle du 8 Mai 1945"), replace(CENTRES[1], name="Sunday Street Surgery")]
    person = await at(*TO_CENTRE, world=FakeWorld(fitting=lambda source: named))
    await person.says(words)
    assert "slot" == person.asked


async def test_days_are_those_at_the_centres_that_are_shown() -> None:
    """In the evening in Alaska the day after is tomorrow, where the clock of the desk has it the day after that."""
    there = [replace(one, tz="America/Anchorage") for one in CENTRES]
    world = FakeWorld(now=datetime(2027, 3, 2, 5, tzinfo=UTC), fitting=lambda source: there)
    person = Person(world, heard_at=world.now)
    for reply in (*TO_CENTRE, "tomorrow"):
        await person.says(reply)
    assert (When(days=((date(2027, 3, 2), date(2027, 3, 3)),)), False) == limits(person)


async def test_limits_are_said_in_the_persons_language() -> None:
    person = await at(*TO_CENTRE, "français", "le samedi matin", "accès fauteuil")
    french = text_of(person.heard)
    assert "Seulement avec une place : samedi, avant 12:00. Seulement avec un accès sans marche." in french
    await person.says("español")
    assert "Solo con plaza: sábado, antes de las 12:00. Solo con acceso sin escalones." in text_of(person.heard)


async def test_help_tells_what_may_be_written() -> None:
    person = await at(*TO_CENTRE)
    assert "open on Saturday, step-free" in text_of(await person.says("help"))
    assert not any(isinstance(message, Line) for message in person.heard)
