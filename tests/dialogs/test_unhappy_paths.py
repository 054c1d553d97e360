"""The unhappy paths, generated for every question that booking and managing ask, and walks at random."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from dialogs.outcomes import CLAIM, ME
from dialogs.prompt import Prompt
from dialogs.said import Kind
from dialogs.scripts import SCRIPTS
from dialogs.state import State
from domain.centres import Position
from domain.commands import Caller, Past
from domain.identity import CodeRight, Ways
from domain.mail_commands import EmailFound
from domain.staff.handover_commands import CallPerson
from tests.dialogs.world import FakeWorld, Person, Result, text_of

RETURNING = Caller(consented=True, me=ME)
#: Ways through the scripts, by name: who it is, and what they say; every question on the way is tried.
WAYS: dict[str, tuple[Caller, tuple[str, ...]]] = {
    "new": (
        Caller(consented=False),
        ("hello", "1", "1", "Ana Silva", "3 April 1950", "1", "Bristol", "1", "1", "1"),
    ),
    "pair": (Caller(consented=False), ("hello", "1", "3", "Ana Silva 3.4.1950", "1", "Bristol", "1", "1", "1")),
    "returning": (RETURNING, ("hello", "2", "1", "2", "1", "1", "1", "1")),
    "cancel": (RETURNING, ("my bookings", "2", "1")),
    "move": (RETURNING, ("my bookings", "1", "1", "1")),
    "link": (RETURNING, ("link", "2", "+33199001122", "123456", "1", "1950")),
    "link a code": (RETURNING, ("link 123456", "1", "1950")),
    "prove": (RETURNING, ("wrong number", "1950")),
    "begin anew": (RETURNING, ("wrong number", "1", "1")),
    "past": (RETURNING, ("past visits", "1", "1")),
    "email": (RETURNING, ("email", "ana@example.org", "482913")),
    "another address": (RETURNING, ("email", "2", "ana@example.org", "482913")),
}
#: What the world comes to on a way, and its last words, where they are not the usual ones.
RESULTS: dict[str, dict[str, Result]] = {
    "past": {"PastAppointments": lambda command: Past((CLAIM,), has_more=command.page < 2)},
    "another address": {"FindEmail": EmailFound("old@example.org")},
}
ENDS = {
    "past": "It is over",
    "email": "no e-mail",
    "another address": "no e-mail",
    "link": "linked now",
    "link a code": "linked now",
    "prove": "that is right",
    "begin anew": "anybody else",
}
LINKED: dict[str, Result] = {
    "WaysToLink": Ways(others=("telegram", "whatsapp", "sms"), write_first=("telegram",), same_number=("whatsapp",)),
    "CheckCode": CodeRight(needs_year=True, shown_to="022"),
}
QUESTIONS = [(way, number) for way, (_, replies) in WAYS.items() for number in range(1, len(replies))]
NONSENSE = "%& ?!"


async def _at(way: str, number: int) -> tuple[Person, str]:
    caller, replies = WAYS[way]
    person = Person(FakeWorld(results={"WhoIsThis": caller, **LINKED, **RESULTS.get(way, {})}, mails=True))
    for reply in replies[:number]:
        await person.says(reply)
    assert person.asked is not None
    return person, person.asked


async def _finishes(way: str, number: int, person: Person) -> None:
    """The rest of the way still leads to its end."""
    text = ""
    for reply in WAYS[way][1][number:]:
        text = text_of(await person.says(reply))
    assert ENDS.get(way, "Reference") in text


async def _tap_twice(person: Person) -> None:
    """A double tap: the same button of the menu before, once more."""
    await person.taps(0, menu=person.state.menus - 1)


async def _nothing_readable(person: Person) -> None:
    before = sum(isinstance(command, CallPerson) for command in person.world.done)
    texts = [text_of(await person.says(NONSENSE)) for _ in range(3)]
    assert before + 1 == sum(isinstance(command, CallPerson) for command in person.world.done)
    assert "asked a colleague" in texts[-1]


async def _language(person: Person) -> None:
    await person.says("français")
    await person.says("english")


async def _silence(person: Person) -> None:
    person.world.now += timedelta(hours=25)
    assert "Welcome back" in text_of(await person.says("hello"))


async def _help_and_why(person: Person) -> None:
    assert "At any point you can write" in text_of(await person.says("help"))
    await person.says("why")
    await person.says("repeat")


async def _voice(person: Person) -> None:
    await person.does(Kind.UNREADABLE)


async def _stopped_and_back(person: Person) -> None:
    assert "write to you again" in text_of(await person.does(Kind.RESUME))


TROUBLES: dict[str, Callable[[Person], Awaitable[None]]] = {
    "a double tap": _tap_twice,
    "nonsense three times": _nothing_readable,
    "another language and back": _language,
    "25 hours of silence": _silence,
    "help, why and repeat": _help_and_why,
    "a voice message": _voice,
    "STOP and START": _stopped_and_back,
}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize(("way", "number"), QUESTIONS)
async def test_trouble_at_any_question_leaves_it_open_and_the_way_to_the_end_free(
    way: str, number: int, trouble: str
) -> None:
    person, asked = await _at(way, number)
    await TROUBLES[trouble](person)
    assert asked == person.asked
    await _finishes(way, number, person)


@pytest.mark.parametrize(("way", "number"), [(way, number) for way, number in QUESTIONS if number > 1])
async def test_back_and_the_same_answer_come_to_the_same_question(way: str, number: int) -> None:
    person, asked = await _at(way, number)
    await person.says("back")
    assert asked != person.asked
    await person.says(WAYS[way][1][number - 1])
    assert asked == person.asked
    await _finishes(way, number, person)


@pytest.mark.parametrize("seed", range(30))
async def test_a_walk_at_random_never_fails_and_always_leaves_a_way_on(seed: int) -> None:
    chance = random.Random(seed)
    words = [
        "1", "2", "3", "9", "back", "menu", "help", "more", "language", "français", "my bookings", "cancel", "why",
        "cancel my booking", "move my booking", "talk to a person", "tomorrow afternoon", "Bristol", "Ana Silva",
        "3 April 1950", "hello", "no", "yes", "book", "link", "wrong number", "link 123456", "1950",
        NONSENSE, "x" * 3000, "2 2 2", "０", "\u202e", "None",
    ]  # fmt: skip
    person = Person(FakeWorld(results={"WhoIsThis": chance.choice([Caller(consented=False), RETURNING])}))
    for _ in range(60):
        match chance.randrange(8):
            case 0:
                messages = await person.taps(chance.randrange(8), menu=chance.randrange(1, person.state.menus + 2))
            case 1:
                messages = await person.does(Kind.PIN, position=Position(51.4, -2.6))
            case 2:
                person.world.now += timedelta(minutes=chance.randrange(200))
                messages = await person.does(chance.choice([Kind.UNREADABLE, Kind.EDITED, Kind.RESUME, Kind.BEGIN]))
            case _:
                messages = await person.says(chance.choice(words))
        assert text_of(messages).strip()
        assert person.asked is None or any(isinstance(message, Prompt) for message in messages)
        assert State.from_json(person.state.to_json(), frozenset(SCRIPTS)).to_json() == person.state.to_json()
