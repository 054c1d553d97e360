"""Past visits: listed newest first with how they ended, page by page, by free words and among one's bookings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dialogs.intents import Intent, intent_of
from dialogs.outcomes import CLAIM, ME, NOW
from dialogs.prompt import Prompt
from domain.appointments import AppointmentId, Status
from domain.commands import Caller, Claim, Mine, Past, PastAppointments
from tests.dialogs.world import PROGRAMMES, FakeWorld, Person, text_of

TITLE = PROGRAMMES[0].title.in_language("en")
SECOND = replace(CLAIM, id=AppointmentId(2), reference="DEF345")


def visit(number: int, status: Status = Status.FULFILLED, **more: Any) -> Claim:
    """Return a visit of *number* weeks ago."""
    at = NOW - timedelta(weeks=number)
    own = {"programme": PROGRAMMES[0].key, "starts_at": at, "ends_at": at + timedelta(minutes=10), **more}
    return replace(CLAIM, id=AppointmentId(100 + number), reference=f"PAST{number:02}", status=status, **own)


def somebody(*past: Claim, mine: tuple[Claim, ...] = (), **more: Any) -> Person:
    """Return somebody with *past* visits, of which the desk gives as many as it is asked for."""

    def page_of(command: PastAppointments) -> Past:
        start = command.page * command.at_once
        return Past(past[start : start + command.at_once], has_more=len(past) > start + command.at_once)

    results = {"WhoIsThis": Caller(consented=True, me=ME), "MyAppointments": Mine(mine), "PastAppointments": page_of}
    return Person(FakeWorld(results={**results, **more}))


#: How a visit stands, and what is said of how it ended.
ENDS = {
    Status.FULFILLED: "Been there.",
    Status.ARRIVED: "Been there.",
    Status.NOSHOW: "Missed.",
    Status.CANCELLED: "Cancelled.",
    Status.BOOKED: "It is over.",
}


@pytest.mark.parametrize("status", ENDS)
async def test_it_is_said_when_where_for_whom_what_it_was_and_how_it_ended(status: Status) -> None:
    said = text_of(await somebody(visit(1, status)).says("past visits"))
    assert f"22 February 2027, 09:00, Riverside: {TITLE} for Ana Silva. {ENDS[status]}" in said


async def test_what_is_not_offered_any_more_is_named_by_its_key() -> None:
    assert "withdrawn for Ana" in text_of(await somebody(visit(1, programme="withdrawn")).says("history"))


async def test_ten_are_shown_at_once_and_older_ones_after_more() -> None:
    person = somebody(*(visit(number) for number in range(1, 24)))
    said = [text_of(await person.says(words)) for words in ("past visits", "more", "1")]
    assert [10, 10, 3] == [text.count("Been there.") for text in said]
    assert "write: book" in said[-1]
    assert person.asked is None


async def test_enough_is_enough() -> None:
    person = somebody(*(visit(number) for number in range(1, 24)))
    await person.says("past visits")
    assert "write: book" in text_of(await person.says("that is enough"))


async def test_who_has_none_is_told_so() -> None:
    assert "no past visits" in text_of(await somebody().says("past visits"))


async def test_without_bookings_to_come_both_are_said() -> None:
    said = text_of(await somebody(visit(1)).says("my bookings"))
    assert said.index("no bookings to come") < said.index("Been there.")


async def test_without_any_visits_there_is_nothing_beside() -> None:
    said = text_of(await somebody().says("my bookings"))
    assert "no bookings to come" in said
    assert "past" not in said.lower()


@pytest.mark.parametrize("mine", [(CLAIM,), (CLAIM, SECOND)], ids=["one booking", "two"])
async def test_they_are_offered_beside_the_bookings_only_where_there_are_any(mine: tuple[Claim, ...]) -> None:
    person = somebody(visit(1), mine=mine)
    await person.says("my bookings")
    assert "Past visits" in offered(person)
    assert "Been there." in text_of(await person.says("past visits"))
    nobody = somebody(mine=mine)
    await nobody.says("my bookings")
    assert "Past visits" not in offered(nobody)


async def test_who_came_to_move_a_booking_is_not_led_astray() -> None:
    person = somebody(visit(1), mine=(CLAIM, SECOND))
    await person.says("move my booking")
    assert "Past visits" not in offered(person)


def offered(person: Person) -> list[str]:
    """Return the labels that the last message offers."""
    return [choice.label for choice in person.heard[-1].choices] if isinstance(person.heard[-1], Prompt) else []


WORDS = (
    "past visits",
    "History",
    "my past appointments please",
    "mes anciens rendez-vous",
    "Historique",
    "visites passées",
    "historial",
    "mis citas anteriores",
)


@pytest.mark.parametrize("words", WORDS)
def test_they_can_be_asked_for_in_any_language(words: str) -> None:
    assert Intent.PAST == intent_of(words)
