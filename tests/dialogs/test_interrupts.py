"""What comes between: links, second taps, going back, looking at one's bookings twice; nothing is lost by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.outcomes import CLAIM, ME
from dialogs.said import Kind
from domain.commands import Caller, KeepPatient, Mine, MyAppointments
from domain.patients import PatientId
from domain.staff.handover_commands import CallPerson
from tests.dialogs.world import MORNING, PROGRAMMES, FakeWorld, Person, text_of

MINE = replace(CLAIM, programme=PROGRAMMES[0].key)


async def at_where() -> Person:
    """Return somebody new who is asked where it should be."""
    person = Person()
    for words in ("hello", "1", "1", "Ana Silva, 3 April 1950", "1"):
        await person.says(words)
    assert "where" == person.asked
    return person


async def at_review() -> Person:
    person = await at_where()
    for words in ("Northfield", "1", "1"):
        await person.says(words)
    assert "review" == person.asked
    return person


async def test_a_link_leads_the_booking_under_way_to_its_centre() -> None:
    person = await at_where()
    await person.does(Kind.BEGIN, text="centre_1")
    assert "slot" == person.asked
    assert ["book"] == [frame.script for frame in person.state.frames]


async def test_a_link_leads_elsewhere_from_a_chosen_centre() -> None:
    person = await at_review()
    await person.does(Kind.BEGIN, text="centre_1")
    assert "slot" == person.asked


@pytest.mark.parametrize("payload", ["centre_²", "centre_99999999999999999999", "centre_", "centre_-1", "x", "_"])
async def test_a_payload_that_names_no_centre_only_says_hello(payload: str) -> None:
    person = Person()
    await person.does(Kind.BEGIN, text=payload)
    assert "consent" == person.asked


async def test_a_second_tap_is_told_what_came_of_the_first() -> None:
    person = await at_review()
    await person.taps(0)
    assert "Reference" in text_of(person.heard)
    assert person.asked is None
    await person.taps(0)
    assert "Reference" in text_of(person.heard)
    assert "no longer open" not in text_of(person.heard)


async def test_correcting_ones_details_corrects_the_same_person() -> None:
    person = await at_review()
    await person.says("correct my details")
    await person.says("Anna Silva, 3 April 1950")
    kept = [command for command in person.world.done if isinstance(command, KeepPatient)]
    assert [(None, "Ana Silva"), (PatientId(1), "Anna Silva")] == [(one.patient, one.name) for one in kept]


async def test_back_from_what_came_between_returns_and_asks_the_same_again() -> None:
    person = await at_where()
    person.world.results["MyAppointments"] = Mine((MINE, replace(MINE, reference="DEF345")))
    await person.says("my bookings")
    assert "which" == person.asked
    await person.says("back")
    assert "where" == person.asked


async def test_ones_bookings_are_looked_up_each_time() -> None:
    known = Caller(consented=True, me=ME)
    person = Person(FakeWorld(results={"WhoIsThis": known, "MyAppointments": Mine((MINE,))}))
    await person.says("my bookings")
    person.world.now = MORNING + timedelta(days=40)
    person.world.results["MyAppointments"] = Mine((replace(MINE, reference="NEW234"),))
    assert "NEW234" in text_of(await person.says("my bookings"))
    assert 2 == sum(isinstance(command, MyAppointments) for command in person.world.done)


async def test_who_asks_for_a_person_again_is_heard_again() -> None:
    person = Person(FakeWorld(results={"WhoIsThis": Caller(consented=True, me=ME, has_number=False)}))
    await person.says("talk to a person")
    await person.says("talk to a person")
    assert 2 == sum(isinstance(command, CallPerson) for command in person.world.done)


async def test_cancel_while_looking_at_a_booking_is_about_that_booking() -> None:
    person = await at_where()
    person.world.results["MyAppointments"] = Mine((MINE,))
    await person.says("my bookings")
    assert "wish" == person.asked
    await person.says("cancel")
    assert "sure" == person.asked
    assert ["book", "manage"] == [frame.script for frame in person.state.frames]


async def test_a_word_that_one_thing_shown_has_means_that() -> None:
    person = await at_review()
    person.world.results["MyAppointments"] = Mine((MINE,))
    for word in ("my bookings", "no longer needed", "cancel"):
        await person.says(word)
    assert "Cancelled" in text_of(person.heard)
