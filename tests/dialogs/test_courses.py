"""A course of several doses by chat: booked together or what is missing of it, moved within its intervals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dialogs.outcomes import CENTRE, CLAIM, ME, NOW
from dialogs.said import Kind
from domain.appointments import AppointmentId
from domain.commands import Caller, CancelAppointment, Claim, HoldSlots, Mine, MoveAppointment
from domain.programmes import from_mapping
from tests.dialogs.world import PROGRAMMES, FakeWorld, Person, text_of

COURSE = from_mapping(
    {
        "key": "course",
        "title": "Course",
        "doses": [{"key": "1"}, {"key": "2", "after_days": 21, "before_days": 43}, {"key": "3", "after_days": 90}],
    }
)
D = date(2027, 3, 1)
DAY = timedelta(days=1)

WINDOWS: tuple[tuple[str, str, dict[str, date], tuple[date | None, date | None]], ...] = (
    ("nothing known", "1", {}, (None, None)),
    ("after the one before", "2", {"1": D}, (D + 21 * DAY, D + 43 * DAY)),
    ("before the next one", "1", {"2": D}, (D - 42 * DAY, D - 20 * DAY)),
    ("between two", "2", {"1": D, "3": D + 120 * DAY}, (D + 21 * DAY, D + 31 * DAY)),
    ("a latest day that is not said", "3", {"2": D}, (D + 90 * DAY, D + 118 * DAY)),
    ("a dose that is not its neighbour", "3", {"1": D}, (None, None)),
    ("a dose that the programme has no more", "9", {"1": D}, (None, None)),
)


@pytest.mark.parametrize(("why", "dose", "others", "expected"), WINDOWS, ids=[row[0] for row in WINDOWS])
def test_the_days_of_a_dose_follow_from_the_others(
    why: str, dose: str, others: dict[str, date], expected: tuple[date | None, date | None]
) -> None:
    assert expected == COURSE.window(dose, others), why


PAIR = next(one for one in PROGRAMMES if len(one.doses) > 1)
FIRST = replace(CLAIM, programme=PAIR.key, starts_at=NOW + 2 * DAY)
SECOND = replace(CLAIM, id=AppointmentId(2), reference="DEF345", programme=PAIR.key, dose="2", starts_at=NOW + 30 * DAY)


def somebody(*claims: Claim, **results: Any) -> Person:
    """Return somebody known here who has booked *claims*."""
    caller = Caller(consented=True, me=ME)
    return Person(FakeWorld(results={"WhoIsThis": caller, "MyAppointments": Mine(claims), **results}))


def done(person: Person, kind: type) -> list[Any]:
    return [command for command in person.world.done if isinstance(command, kind)]


async def booking_the_pair(person: Person) -> Person:
    """Say that the pair is wanted, up to the first thing that depends on what is booked."""
    for words in ("book", "1", PAIR.title.in_language("en")):
        await person.says(words)
    return person


async def test_only_the_missing_dose_is_asked_for_and_held() -> None:
    person = await booking_the_pair(somebody(FIRST))
    for words in ("no", "show all centres", "1"):
        await person.says(words)
    assert "slot" == person.asked
    await person.says("1")
    assert ["2"] == [one.dose for one in done(person, HoldSlots)[-1].wanted]


async def test_the_missing_dose_is_offered_in_its_interval_only() -> None:
    person = await booking_the_pair(somebody(FIRST))
    for words in ("no", "show all centres", "1"):
        await person.says(words)
    assert person.state.menu is not None
    days = [date.fromisoformat(one.value["starts_at"][:10]) for one in person.state.menu.shown if one.value]
    assert days[0] == FIRST.starts_at.date() + PAIR.doses[1].after


async def test_who_has_it_all_is_told_so_before_anything_is_asked() -> None:
    person = await booking_the_pair(somebody(FIRST, SECOND))
    assert "has a booking" in text_of(person.heard)
    assert [] == done(person, HoldSlots)


async def test_a_move_stays_within_the_interval() -> None:
    person = somebody(FIRST, SECOND)
    for words in ("my bookings", "1", "move it", "1"):
        await person.says(words)
    assert "sure-of" == person.asked
    await person.says("1")
    (move,) = done(person, MoveAppointment)
    assert PAIR.window("1", {"2": SECOND.starts_at.date()}) == (move.first, move.last)


async def test_cancelling_the_first_cancels_what_depends_on_it_and_says_so() -> None:
    person = somebody(FIRST, SECOND)
    await person.says("my bookings")
    await person.says("1")
    assert "depends on it" in text_of(await person.says("no longer needed"))
    await person.says("1")
    assert [SECOND.id, FIRST.id] == [command.appointment for command in done(person, CancelAppointment)]
    assert 2 == text_of(person.heard).count("Cancelled:")


async def test_cancelling_the_last_leaves_the_first() -> None:
    person = somebody(FIRST, SECOND)
    await person.says("my bookings")
    await person.says("2")
    await person.says("no longer needed")
    await person.says("1")
    assert [SECOND.id] == [command.appointment for command in done(person, CancelAppointment)]


async def test_a_move_may_go_to_another_place_after_all() -> None:
    person = somebody(replace(CLAIM, programme=PROGRAMMES[0].key, centre=CENTRE))
    for words in ("my bookings", "move it", "another centre"):
        await person.says(words)
    assert "centre" == person.asked
    await person.says("another place")
    assert "where" == person.asked
    await person.does(Kind.PIN, position=CENTRE.position)
    assert "centre" == person.asked


@pytest.mark.parametrize(("language", "words"), [("en", "move"), ("fr", "déplacer"), ("es", "mover")])
async def test_a_booking_is_moved_by_the_word_alone(language: str, words: str) -> None:
    person = somebody(replace(CLAIM, programme=PROGRAMMES[0].key))
    person.state.language = language
    await person.says("my bookings")
    await person.says(words)
    assert "slot" == person.asked
