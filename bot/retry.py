"""When to try again: soon at first, then less and less often, and not for ever."""

from __future__ import annotations

import random
from datetime import timedelta

#: A reply that could not be sent for so long is of no use any more.
GIVE_UP_AFTER = timedelta(hours=24)
TURN_ATTEMPTS = 6


def send_again_in(attempts: int) -> timedelta:
    """Return the pause after the *attempts*-th failed send: 1-2 s at first, doubling to a minute."""
    return min(timedelta(seconds=1.5 * 2 ** min(attempts - 1, 8)), timedelta(seconds=60)) * random.uniform(0.75, 1.25)


def turn_again_in(attempts: int) -> timedelta:
    """Return the pause after the *attempts*-th failed turn: half a second at first, then 2, 8, 32, ... seconds."""
    return timedelta(seconds=0.5 * 4 ** min(attempts, 5)) * random.uniform(0.75, 1.25)
