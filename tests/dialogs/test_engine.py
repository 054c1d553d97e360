"""The engine: what a script awaits, what a replay comes to, and what counts as known."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, assert_type

import pytest

from dialogs.ledger import Entry, Ledger
from dialogs.questions import Option, Question
from dialogs.script import (
    Again,
    Asks,
    Does,
    End,
    Ends,
    Outcome,
    Tells,
    ask,
    do,
    dump_result,
    replay,
    tell,
    within,
)
from dialogs.text import say
from domain.commands import ConsentKept, FindPlace, KeepConsent, NoSuchPlace, PlaceFound, SeveralPlaces

COLOUR: Question[str] = Question(
    key="colour",
    text=say("Which colour?"),
    type=str,
    options=(Option(label="Red", value="red"), Option(label="Blue", value="blue")),
)
NUMBER: Question[int] = Question(key="number", text=say("How many?"), type=int, samples=(3,))


async def paints() -> Outcome:
    colour = await ask(COLOUR)
    await do("kept", KeepConsent())
    await tell("thanks", say("Thank you."))
    number = await ask(NUMBER)
    if number > 9:
        return Again(("number",), say("Too many."))
    return End(text=f"{number} {colour}")


def answer(value: object, given: str = "") -> Entry:
    return Entry(origin="answer", value=value, given=given)


def known(**entries: Entry) -> Ledger:
    return Ledger(dict(entries))


def done() -> Entry:
    step = replay(paints, known(colour=answer("red"))).step
    assert isinstance(step, Does)
    return Entry(origin="result", value=dump_result(ConsentKept()), given=step.given)


def told() -> Entry:
    step = replay(paints, known(colour=answer("red"), kept=done())).step
    assert isinstance(step, Tells)
    return Entry(origin="told", given=step.given)


@pytest.mark.parametrize(
    ("so_far", "wanted"),
    [
        (lambda: known(), "colour"),
        (lambda: known(colour=answer("red")), "kept"),
        (lambda: known(colour=answer("red"), kept=done()), "thanks"),
        (lambda: known(colour=answer("red"), kept=done(), thanks=told()), "number"),
        (lambda: known(number=answer(3)), "colour"),
        (lambda: known(colour=Entry(origin="open")), "colour"),
        (lambda: known(colour=answer("red", given="other circumstances")), "colour"),
        (lambda: known(colour=answer({"not": "a text"})), "colour"),
    ],
)
def test_a_replay_stops_at_the_first_thing_the_ledger_does_not_know(so_far: Callable[[], Ledger], wanted: str) -> None:
    step = replay(paints, so_far()).step
    assert isinstance(step, Asks | Does | Tells)
    assert wanted == step.key


@pytest.mark.parametrize(("number", "outcome"), [(3, End(text="3 red")), (12, Again(("number",), say("Too many.")))])
def test_a_replay_ends_where_all_is_known(number: int, outcome: Outcome) -> None:
    ledger = known(colour=answer("red"), kept=done(), thanks=told(), number=answer(number))
    assert Ends(outcome) == replay(paints, ledger).step


def test_the_same_ledger_leads_to_the_same_place_whatever_the_order_of_its_entries() -> None:
    ledger = known(colour=answer("red"), kept=done(), thanks=told())
    turned = Ledger(dict(reversed(ledger.entries.items())))
    assert replay(paints, ledger) == replay(paints, turned)


def test_an_answer_known_from_elsewhere_is_not_asked_until_somebody_wants_to_change_it() -> None:
    async def knows() -> Outcome:
        colour = await ask(COLOUR, "blue")
        return End(text=colour)

    assert Ends(End(text="blue")) == replay(knows, Ledger()).step
    ledger = Ledger()
    ledger.reopen("colour")
    assert isinstance(replay(knows, ledger).step, Asks)


def test_a_result_counts_only_for_the_very_command_it_answered() -> None:
    def finds(text: str) -> Callable[[], Coroutine[Any, Any, Outcome]]:
        async def script() -> Outcome:
            found = await do("found", FindPlace(text))
            assert_type(found, PlaceFound | SeveralPlaces | NoSuchPlace)
            return End(text=type(found).__name__)

        return script

    step = replay(finds("Lyon"), Ledger()).step
    assert isinstance(step, Does)
    ledger = known(found=Entry(origin="result", value=dump_result(NoSuchPlace()), given=step.given))
    assert Ends(End(text="NoSuchPlace")) == replay(finds("Lyon"), ledger).step
    assert isinstance(replay(finds("Lille"), ledger).step, Does)


def test_a_stored_result_of_another_release_is_done_again() -> None:
    ledger = known(
        colour=answer("red"), kept=Entry(origin="result", value={"is": "Gone", "of": {}}, given=done().given)
    )
    assert isinstance(replay(paints, ledger).step, Does)


def test_within_puts_the_keys_of_a_part_under_its_prefix() -> None:
    async def twice() -> Outcome:
        first = await within("first", paints())
        second = await within("second", paints())
        return first if isinstance(first, Again) else second

    assert ["first.colour"] == replay(twice, Ledger()).asked


def test_a_key_that_means_two_things_is_refused() -> None:
    async def confused() -> Outcome:
        await ask(COLOUR)
        await do("colour", KeepConsent())
        return End()

    with pytest.raises(TypeError, match="means two things"):
        replay(confused, known(colour=answer("red")))


def test_a_script_that_awaits_something_else_is_refused() -> None:
    class Other:
        def __await__(self) -> Any:
            yield self

    async def wrong() -> Outcome:
        await Other()
        return End()

    with pytest.raises(TypeError, match="awaits ask, do, tell and within only"):
        replay(wrong, Ledger())


def test_a_ledger_comes_back_from_json_with_renamed_keys_under_their_new_names() -> None:
    ledger = known(colour=answer("red"), kept=done())
    back = Ledger.from_json(ledger.to_json(), {"colour": "paint"})
    assert ["paint", "kept"] == list(back.entries)
