"""What people write back to a reminder, in their own words, and what they write that is no answer to one."""

from __future__ import annotations

import pytest

from dialogs.reminding import Wish, wish_at, wish_in
from domain.policies import MISSED

ANSWERS: dict[Wish | None, tuple[str, ...]] = {
    Wish.COME: (
        "1",
        "yes",
        "Yes!",
        "ok",
        "I will come",
        "yes I will be there",
        "see you then",
        "confirmed, thanks",
        "oui",
        "je viendrai",
        "d'accord",
        "sí",
        "allí estaré",
        "confirmo",
    ),
    Wish.MOVE: (
        "2",
        "another time",
        "can we move it?",
        "please reschedule",
        "une autre date",
        "je voudrais changer",
        "otra hora",
        "cambiar",
    ),
    Wish.CANCEL: (
        "3",
        "no",
        "cancel",
        "I cannot come",
        "sorry, I can't make it tomorrow",
        "I won't be there",
        "je ne peux pas venir",
        "désolé, je ne viendrai pas",
        "no puedo ir",
        "cancelar",
    ),
    Wish.QUIET: ("no more reminders", "plus de rappels", "sin recordatorios"),
    None: (
        "thanks!",
        "hello",
        "book",
        "my bookings",
        "Where do I park?",
        "I have a cold",
        "is it confirmed?",
        "why have I heard nothing?",
        "talk to a person",
        "merci",
    ),
}
ROWS = [(words, wish) for wish, each in ANSWERS.items() for words in each]


@pytest.mark.parametrize(("words", "wish"), ROWS)
def test_words_are_taken_for(words: str, wish: Wish | None) -> None:
    assert wish == wish_in(words, "day-before", "en")


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("1", Wish.AGAIN),
        ("yes", Wish.AGAIN),
        ("otra hora", Wish.AGAIN),
        ("2", Wish.LEAVE),
        ("no", Wish.LEAVE),
        ("non", Wish.LEAVE),
        ("hello", None),
    ],
)
def test_after_a_missed_visit_words_are_taken_for(words: str, wish: Wish | None) -> None:
    assert wish == wish_in(words, MISSED, "en")


def test_a_number_that_was_not_offered_is_no_wish() -> None:
    assert [Wish.COME, Wish.MOVE, Wish.CANCEL, None, None] == [wish_at("day-before", one) for one in (0, 1, 2, 3, -1)]
