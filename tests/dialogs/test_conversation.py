"""A turn hears what people say: numbers, labels, near misses, words that work at any point, old buttons, silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dialogs import sentences
from dialogs.outcomes import CENTRE, CLAIM, ME
from dialogs.prompt import Line, MapPin, Prompt, Settled, Visit
from dialogs.said import Kind
from dialogs.text import Text
from domain.centres import Position
from domain.commands import (
    AlreadyBooked,
    BookSlots,
    Caller,
    CancelAppointment,
    FindPlace,
    Held,
    HoldSlots,
    KeepPatient,
    Mine,
    MoveAppointment,
    NoSuchPlace,
    Place,
    SeveralPlaces,
    SlotGone,
)
from domain.staff.handover_commands import CallPerson
from tests.dialogs.world import FakeWorld, Person, text_of

NEW_TO_SLOT = ("hello", "1", "1", "Ana Silva, 3 April 1950", "1", "Bristol", "1")
NEW_TO_REVIEW = (*NEW_TO_SLOT, "1")


async def at(*replies: str, world: FakeWorld | None = None) -> Person:
    """Return somebody who has said *replies*."""
    person = Person(world or FakeWorld())
    for reply in replies:
        await person.says(reply)
    return person


# ---- the way through


@pytest.mark.parametrize(
    ("replies", "wanted"),
    [
        (("hello",), "consent"),
        (("hello", "1"), "programme"),
        (("hello", "1", "1"), "name"),
        (("hello", "1", "1", "Ana Silva"), "birth"),
        (("hello", "1", "1", "Ana Silva, 3 April 1950"), "screening-job"),
        (("hello", "1", "1", "3 April 1950"), "name"),
        (("hello", "1", "1", "3 April 1950", "Ana Silva"), "screening-job"),
        (("hello", "1", "1", "Ana Silva, 3 April 1950", "1"), "where"),
        (("hello", "1", "1", "Ana Silva, 3 April 1950", "1", "Bristol"), "centre"),
        (("hello", "1", "1", "Ana Silva, 3 April 1950", "1", "show all centres"), "centre"),
        (NEW_TO_SLOT, "slot"),
        (NEW_TO_REVIEW, "review"),
        (("hello", "3"), None),
        (("hello", "2", "2", "Tom Silva 1.2.2015", "1", "1", "1", "1"), "review"),
    ],
)
async def test_answers_so_far_lead_to_the_next_question(replies: tuple[str, ...], wanted: str | None) -> None:
    assert wanted == (await at(*replies)).asked


async def test_a_booking_ends_with_the_reference_the_way_there_and_a_calendar_entry() -> None:
    person = await at(*NEW_TO_REVIEW)
    messages = await person.says("1")
    kinds = [type(message) for message in messages]
    assert [Settled, Line, MapPin, Visit] == kinds
    assert f"Reference {CLAIM.reference}" in text_of(messages)
    assert isinstance(person.world.done[-1], BookSlots)


async def test_a_new_patient_needs_at_most_nine_replies_in_every_programme() -> None:
    for programme in ("1", "2", "3"):
        person = Person()
        replies = 0
        messages = await person.says("hello")
        answers = {"name": "Ana Silva", "birth": "3 April 1950", "where": "Bristol", "programme": programme}
        while "Reference" not in text_of(messages):
            messages = await person.says(answers.get(person.asked or "", "1"))
            replies += 1
        assert replies <= 9, programme


async def test_a_returning_patient_needs_at_most_four_replies() -> None:
    for courses in ((), ("covid-19:1",), ("covid-19:1", "flu:1")):
        person = Person(FakeWorld(results={"WhoIsThis": Caller(consented=True, me=ME, courses=courses)}))
        replies = 0
        messages = await person.says("hello")
        while "Reference" not in text_of(messages):
            messages = await person.says("1")
            replies += 1
        assert replies <= 4, courses


async def test_somebody_too_young_hears_from_which_day_they_may() -> None:
    person = await at("hello", "1", "1")
    messages = await person.says("Tom Silva, 5 May 2020")
    assert "5 May 2032" in text_of(messages)
    assert [] == person.state.frames


async def test_a_refusal_of_consent_keeps_nothing() -> None:
    person = await at("hello")
    await person.says("no")
    assert [] == person.state.frames
    assert "KeepConsent" not in [type(command).__name__ for command in person.world.done]


async def test_a_place_taken_meanwhile_is_answered_with_three_near_it() -> None:
    person = await at(*NEW_TO_SLOT)
    person.world.results["HoldSlots"] = SlotGone("1", CLAIM.starts_at)
    messages = await person.says("1")
    prompt = messages[-1]
    assert isinstance(prompt, Prompt)
    assert "just been taken" in prompt.text
    assert 3 == sum(choice.label.startswith(("Tue", "Wed", "Thu")) for choice in prompt.choices)


async def test_a_booking_that_exists_already_is_said() -> None:
    person = await at(*NEW_TO_SLOT)
    person.world.results["HoldSlots"] = AlreadyBooked(CLAIM)
    assert "already" in text_of(await person.says("1"))


async def test_changing_one_answer_at_the_review_keeps_all_others() -> None:
    person = await at(*NEW_TO_REVIEW)
    await person.says("correct my details")
    assert "name" == person.asked
    messages = await person.says("Ana Maria Silva, 3 April 1950")
    assert "review" == person.asked
    assert "Ana Maria Silva" in text_of(messages)


async def test_a_known_person_is_not_asked_for_what_is_known() -> None:
    known = ME.__class__(id=ME.id, name=ME.name, birth=ME.birth, facts=(("job", "school"),), last_centre=CENTRE.id)
    person = Person(FakeWorld(results={"WhoIsThis": Caller(consented=True, me=known), "MyAppointments": Mine(())}))
    await person.says("book")
    assert "whom" == person.asked
    await person.says("1")
    await person.says("1")
    assert "where" == person.asked
    kept = [command for command in person.world.done if isinstance(command, KeepPatient)]
    assert [("job", "school")] == list(kept[-1].facts)


async def test_a_link_to_a_centre_leads_to_its_times() -> None:
    person = Person()
    await person.does(Kind.BEGIN, text="centre_1")
    for reply in ("1", "1", "Ana Silva, 3 April 1950", "1"):
        await person.says(reply)
    assert "slot" == person.asked


async def test_a_place_nobody_knows_is_asked_again_with_a_way_on() -> None:
    person = await at("hello", "1", "1", "Ana Silva, 3 April 1950", "1")
    person.world.results["FindPlace"] = lambda command: NoSuchPlace()
    assert "nowhere" in text_of(await person.says("Nowhere")).lower()
    assert "where" == person.asked
    await person.says("1")
    assert "centre" == person.asked


async def test_of_several_places_the_larger_one_near_each_is_said() -> None:
    person = await at("hello", "1", "1", "Ana Silva, 3 April 1950", "1")
    two = tuple(Place(label="Newport", position=CENTRE.position, near=near) for near in ("Gosport", "Telford"))
    person.world.results["FindPlace"] = lambda command: SeveralPlaces(two)
    (asked,) = await person.says("Newport")
    assert isinstance(asked, Prompt)
    assert ["near Gosport", "near Telford", ""] == [choice.detail for choice in asked.choices]
    await person.says("2")
    assert "centre" == person.asked


@pytest.mark.parametrize(("how", "far"), [("town", "1 km"), ("pin", "1.0 km")])
async def test_how_far_a_centre_is_is_said_no_finer_than_where_one_is_is_known(how: str, far: str) -> None:
    person = await at("hello", "1", "1", "Ana Silva, 3 April 1950", "1")
    if how == "pin":
        shown = await person.does(Kind.PIN, position=CENTRE.position)
    else:
        shown = await person.says("Northfield")
    assert isinstance(shown[-1], Prompt)
    assert f"{far}, Northfield" == shown[-1].choices[0].detail


async def test_a_place_shared_while_choosing_a_centre_looks_there_instead() -> None:
    person = await at("hello", "1", "1", "Ana Silva, 3 April 1950", "1", "Bristol")
    await person.does(Kind.PIN, position=Position(48.0, 2.0))
    assert "centre" == person.asked
    await person.says("BS8 9XX")
    assert isinstance(person.world.done[-1], FindPlace)


# ---- understanding


@pytest.mark.parametrize("reply", ["2", "2.", "option 2", "the second one", "Flu vaccination", "flu", "FLU VACINATION"])
async def test_numbers_labels_and_near_misses_pick(reply: str) -> None:
    person = await at("hello", "1")
    await person.says(reply)
    assert "name" == person.asked
    chosen = dict(person.state.frames[-1].ledger.answers())["programme"].value
    assert "flu" == chosen


async def test_two_near_misses_are_asked_back() -> None:
    person = await at("hello", "1")
    messages = await person.says("covid-19")
    assert "programme" == person.asked
    assert "COVID-19 vaccination" in text_of(messages)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("wednesday", "Wed 3 Mar"),
        ("next friday afternoon", "Fri"),
        ("tomorrow", "Tue 2 Mar"),
        ("3 march", "Wed 3 Mar"),
    ],
)
async def test_days_in_words_make_the_offer_smaller(words: str, shown: str) -> None:
    person = await at(*NEW_TO_SLOT)
    prompt = (await person.says(words))[-1]
    assert isinstance(prompt, Prompt)
    assert "slot" == person.asked
    assert all(choice.label.startswith(shown) for choice in prompt.choices[:3])


async def test_an_exact_time_that_is_free_is_taken() -> None:
    person = await at(*NEW_TO_SLOT)
    messages = await person.says("wednesday at 10")
    assert "review" == person.asked
    assert "Wed 3 Mar, 10:00" not in sentences.MORE.template
    assert any(isinstance(command, HoldSlots) for command in person.world.done), messages


async def test_a_time_that_is_not_free_is_answered_with_the_nearest() -> None:
    person = await at(*NEW_TO_SLOT)
    prompt = (await person.says("wednesday at 10:20"))[-1]
    assert isinstance(prompt, Prompt)
    assert "Nothing is free just then" in prompt.text
    assert ["Wed 3 Mar, 09:00", "Wed 3 Mar, 10:00", "Wed 3 Mar, 11:00"] == [c.label for c in prompt.choices[:3]]


async def test_what_is_said_after_another_makes_the_offer_smaller_still() -> None:
    person = await at(*NEW_TO_SLOT, "thursday")
    prompt = (await person.says("afternoon"))[-1]
    assert isinstance(prompt, Prompt)
    assert "Thu 4 Mar, 12:00" == prompt.choices[0].label


async def test_more_turns_the_page_and_numbers_mean_the_new_one() -> None:
    person = await at(*NEW_TO_SLOT)
    first = person.state.menu
    await person.says("more")
    second = person.state.menu
    assert first is not None
    assert second is not None
    assert first.shown[0].label != second.shown[0].label
    await person.says("1")
    chosen = dict(person.state.frames[-1].ledger.answers())["slot"]
    assert second.shown[0].label == chosen.label


# ---- old buttons, silence


async def test_an_old_button_is_answered_with_where_things_stand_and_changes_nothing() -> None:
    person = await at("hello", "1", "1")
    before = person.state.frames[-1].ledger.to_json()
    messages = await person.taps(0, menu=1)
    assert "no longer open" in text_of(messages)
    assert "name" == person.asked
    assert before == person.state.frames[-1].ledger.to_json()
    assert any(isinstance(message, Settled) and message.menu == 1 for message in messages)


@pytest.mark.parametrize(("menu", "option"), [(None, 0), (99, 0), (1, 50)])
async def test_a_forged_button_does_nothing(menu: int | None, option: int) -> None:
    person = await at("hello")
    await person.does(Kind.TAP, menu=menu, option=option)
    assert "consent" == person.asked
    assert [] == list(person.state.frames[-1].ledger.answers())


async def test_after_a_long_silence_the_hold_is_taken_again_and_the_answer_counts() -> None:
    world = FakeWorld()
    held = Held((CLAIM,), world.now + timedelta(minutes=10))
    world.results["HoldSlots"] = held
    person = await at(*NEW_TO_REVIEW, world=world)
    world.now += timedelta(hours=25)
    world.results["HoldSlots"] = Held((CLAIM,), world.now + timedelta(minutes=10))
    messages = await person.says("1")
    assert "Welcome back. So far I have:" in text_of(messages)
    assert "Reference" in text_of(messages)
    assert 2 == sum(isinstance(command, HoldSlots) for command in world.done)


async def test_after_a_long_silence_a_place_that_is_gone_is_said_and_the_answer_is_not_misread() -> None:
    world = FakeWorld()
    world.results["HoldSlots"] = Held((CLAIM,), world.now + timedelta(minutes=10))
    person = await at(*NEW_TO_REVIEW, world=world)
    world.now += timedelta(hours=25)
    world.results["HoldSlots"] = SlotGone("1", CLAIM.starts_at)
    messages = await person.says("1")
    assert "just been taken" in text_of(messages)
    assert "slot" == person.asked
    assert "slot" not in dict(person.state.frames[-1].ledger.answers())


async def test_a_month_of_silence_costs_no_answer() -> None:
    person = await at("hello", "1", "1", "Ana Silva, 3 April 1950")
    person.world.now += timedelta(days=30)
    messages = await person.says("hello")
    assert "COVID-19 vaccination" in text_of(messages)
    assert "screening-job" == person.asked


# ---- words that work at any point


async def test_my_bookings_comes_back_to_the_open_question() -> None:
    person = await at(*NEW_TO_SLOT)
    person.world.results["MyAppointments"] = Mine(())
    messages = await person.says("my bookings")
    assert "Back to where we were" in text_of(messages)
    assert "slot" == person.asked


async def test_the_menu_offers_to_go_on() -> None:
    person = await at(*NEW_TO_SLOT)
    await person.says("menu")
    assert "wish" == person.asked
    await person.says("1")
    assert "slot" == person.asked


async def test_a_person_is_asked_for_and_the_question_stays_open() -> None:
    person = await at(*NEW_TO_SLOT)
    await person.says("talk to a person")
    assert any(isinstance(command, CallPerson) for command in person.world.done)
    assert "slot" == person.asked


async def test_cancel_alone_sets_a_booking_under_way_aside() -> None:
    person = await at(*NEW_TO_SLOT)
    assert "set this booking aside" in text_of(await person.says("cancel"))
    assert [] == person.state.frames


async def test_cancelling_asks_once() -> None:
    person = Person(FakeWorld(results={"WhoIsThis": Caller(consented=True, me=ME)}))
    await person.says("cancel my booking")
    assert "sure" == person.asked
    messages = await person.says("1")
    assert "Cancelled" in text_of(messages)
    assert CancelAppointment(appointment=CLAIM.id) in person.world.done


async def test_moving_keeps_the_old_place_until_the_new_one_is_sure() -> None:
    person = Person(FakeWorld(results={"WhoIsThis": Caller(consented=True, me=ME)}))
    assert "stays yours" in text_of(await person.says("move my booking"))
    await person.says("1")
    assert not any(isinstance(command, MoveAppointment) for command in person.world.done)
    person.world.results["MoveAppointment"] = SlotGone("1", CLAIM.starts_at)
    assert "you still have your own" in text_of(await person.says("1"))
    assert "slot" == person.asked


@pytest.mark.parametrize(("word", "language"), [("français", "fr"), ("español", "es"), ("english", "en")])
async def test_a_language_is_changed_by_its_name(word: str, language: str) -> None:
    person = await at("hello", "1")
    await person.says(word)
    assert language == person.state.language
    assert "programme" == person.asked


async def test_going_back_asks_the_question_before() -> None:
    person = await at(*NEW_TO_REVIEW)
    keys = []
    for _ in range(4):
        await person.says("back")
        keys.append(person.asked)
    assert ["slot", "centre", "where", "screening-job"] == keys


@pytest.mark.parametrize("kind", [Kind.UNREADABLE, Kind.EDITED])
async def test_what_cannot_be_read_is_explained_and_the_question_asked_again(kind: Kind) -> None:
    person = await at("hello", "1")
    messages = await person.does(kind)
    excuse = sentences.ONLY_WORDS if kind == Kind.UNREADABLE else sentences.EDITED
    assert isinstance(excuse, Text)
    assert excuse.template in text_of(messages)
    assert "programme" == person.asked


async def test_the_age_counts_on_the_day_of_the_turn() -> None:
    person = await at("hello", "1", "1")
    twelve_today = person.world.now.date().replace(year=person.world.now.year - 12)
    await person.says(f"Tom Silva, {twelve_today:%d.%m.%Y}")
    assert "screening-job" == person.asked
    assert date(2015, 3, 1) == twelve_today
