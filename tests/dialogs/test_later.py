"""A day in the past is asked for and said back; who comes too early hears from when on, and may be written to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from dialogs.conversation import Turn
from dialogs.desk import Desk
from dialogs.outcomes import ME
from dialogs.said import Said
from dialogs.scripts import SCRIPTS
from dialogs.stage import Stage
from dialogs.state import State
from domain.commands import Caller, RememberRecommendation
from domain.programmes import Programme, from_mapping
from tests.dialogs.world import MORNING, FakeWorld, text_of

LAST_DOSE = {
    "key": "last-dose",
    "kind": "date",
    "text": "When was your last dose?",
    "wait_days": 91,
    "because": "It is too early.",
    "options": [
        {"key": "never", "label": "I have had none"},
        {"key": "unknown", "label": "I do not know", "decides": "refer", "because": "A nurse looks it up."},
    ],
}
ILL = {
    "key": "ill",
    "text": "Are you ill?",
    "options": [
        {"key": "no", "label": "No"},
        {"key": "yes", "label": "Yes", "decides": "not-before", "wait_days": 7, "because": "Get well first."},
    ],
}
AGED = {"from": 60, "because": "Not so young."}


def programme(*criteria: object, **more: object) -> Programme:
    return from_mapping({"key": "booster", "title": "Booster", "criteria": list(criteria), **more})


@dataclass(slots=True)
class Known:
    """Somebody known here, at a desk whose programme may change between turns."""

    programme: Programme
    world: FakeWorld = field(default_factory=lambda: FakeWorld(results={"WhoIsThis": Caller(consented=True, me=ME)}))
    state: State = field(default_factory=State)

    async def says(self, *each: str) -> str:
        """Write each, and return the last answer."""
        said = ""
        for text in each:
            self.state = State.from_json(self.state.to_json(), frozenset(SCRIPTS))
            desk = Desk(now=MORNING, today=MORNING.date(), name="Riverside", programmes=(self.programme,))
            said = text_of(
                await Turn(Stage(self.state, desk, self.world, SCRIPTS)).hear(Said(text=text), heard_at=MORNING)
            )
        return said

    @property
    def asked(self) -> str | None:
        return self.state.menu.key if self.state.menu else None

    @property
    def remembered(self) -> list[RememberRecommendation]:
        return [one for one in self.world.done if isinstance(one, RememberRecommendation)]


async def test_a_day_is_said_back_in_words_and_the_next_thing_asked() -> None:
    person = Known(programme(LAST_DOSE))
    assert "When was your last dose?" in await person.says("book", "me")
    assert "Noted: 5 April 2026." in await person.says("5 4 2026")
    assert "where" == person.asked


@pytest.mark.parametrize(("said", "asked"), [("I have had none", "where"), ("1", "where"), ("never mind 5", None)])
async def test_an_option_answers_as_well(said: str, asked: str | None) -> None:
    person = Known(programme(LAST_DOSE))
    await person.says("book", "me", said)
    assert (asked or "screening-last-dose") == person.asked


@pytest.mark.parametrize("said", ["5 April 2027", "5 April", "last summer", "31 February 2026"])
async def test_what_is_no_whole_day_in_the_past_is_asked_again_with_help(said: str) -> None:
    person = Known(programme(LAST_DOSE))
    told = await person.says("book", "me", said)
    assert "I could not read that as a day in the past." in told
    assert "Please write day, month and year" in told
    assert "screening-last-dose" == person.asked


async def test_who_does_not_know_is_for_a_person() -> None:
    assert "A nurse looks it up." in await Known(programme(LAST_DOSE)).says("book", "me", "I do not know")


async def test_who_comes_too_early_hears_from_when_on_and_may_be_written_to() -> None:
    person = Known(programme(LAST_DOSE))
    told = await person.says("book", "me", "1 February 2027")
    assert "It is too early." in told
    assert "From 3 May 2027 on it is possible. Shall I write to you then?" in told
    assert "I will write to you on 3 May 2027." in await person.says("yes, write to me")
    assert [RememberRecommendation(programme="booster", due_on=date(2027, 5, 3))] == person.remembered


async def test_who_does_not_want_that_is_not_written_to() -> None:
    person = Known(programme(ILL))
    assert "Shall I write to you then?" in await person.says("book", "me", "yes")
    told = await person.says("no")
    assert "From 8 March 2027 on it is possible: write to me again then." in told
    assert [] == person.remembered


async def test_a_promise_for_years_ahead_is_not_offered() -> None:
    person = Known(programme(age=AGED))
    told = await person.says("book", "me")
    assert "From 4 May 2040 on it is possible" in told
    assert "Shall I write" not in told


async def test_a_conversation_under_way_is_asked_only_what_is_new() -> None:
    person = Known(programme(ILL))
    await person.says("book", "me", "no")
    assert "where" == person.asked
    person.programme = programme(ILL, LAST_DOSE)
    await person.says("Northfield")
    assert "screening-last-dose" == person.asked
    assert "Noted" in await person.says("5 April 2026")
    assert person.asked in {"where", "centre"}


async def test_a_lasting_day_is_not_asked_again_and_not_said_back() -> None:
    dated = LAST_DOSE | {"keeps": True}
    me = Caller(consented=True, me=replace(ME, facts=(("last-dose", "2026-04-05"),)))
    person = Known(programme(dated), FakeWorld(results={"WhoIsThis": me}))
    assert "Noted" not in await person.says("book", "me")
    assert "where" == person.asked


async def test_a_lasting_answer_that_is_not_offered_any_more_is_asked() -> None:
    me = Caller(consented=True, me=replace(ME, facts=(("last-dose", "2026"),)))
    person = Known(programme(LAST_DOSE | {"keeps": True}), FakeWorld(results={"WhoIsThis": me}))
    await person.says("book", "me")
    assert "screening-last-dose" == person.asked
