"""When it is tried again: soon at first, then less and less often, and never later than is of use."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.retry import GIVE_UP_AFTER, TURN_ATTEMPTS, send_again_in, turn_again_in

TRIES = 200


def seconds(low: float, high: float) -> tuple[timedelta, timedelta]:
    return timedelta(seconds=low), timedelta(seconds=high)


@pytest.mark.parametrize(
    ("attempts", "low", "high"),
    [(1, 1, 2), (2, 2, 4), (3, 4, 8), (4, 9, 15), (6, 36, 60), (7, 45, 75), (50, 45, 75), (100_000, 45, 75)],
)
def test_a_send_is_tried_again_after(attempts: int, low: float, high: float) -> None:
    first, last = seconds(low, high)
    assert all(first <= send_again_in(attempts) <= last for _ in range(TRIES))


@pytest.mark.parametrize(("attempts", "low", "high"), [(1, 1.5, 2.5), (2, 6, 10), (3, 24, 40), (5, 384, 640)])
def test_a_turn_is_tried_again_after(attempts: int, low: float, high: float) -> None:
    first, last = seconds(low, high)
    assert all(first <= turn_again_in(attempts) <= last for _ in range(TRIES))


def test_pauses_differ_so_that_not_all_come_back_at_once() -> None:
    assert TRIES // 2 < len({send_again_in(3) for _ in range(TRIES)})


def test_all_tries_of_a_turn_together_take_less_than_an_hour() -> None:
    pauses = (turn_again_in(attempt) for attempt in range(1, TURN_ATTEMPTS))
    assert sum(pauses, timedelta()) < timedelta(hours=1) < GIVE_UP_AFTER
