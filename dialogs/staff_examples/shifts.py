"""Examples about shifts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dialogs.staff_examples.common import HERE, NOW
from domain.staff import commands
from domain.staff.shift_commands import DayOff, MustMoveFirst, NoPractitioner, Shift, Shifts, ShowShifts, TakeDayOff

_SHIFT = Shift(day=NOW.date(), centre=HERE, starts_at=NOW, ends_at=NOW + timedelta(hours=3), people=1)
_LATER = replace(_SHIFT, day=NOW.date() + timedelta(days=4), people=2)
RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    ShowShifts: lambda _: (Shifts((_SHIFT, _LATER)), Shifts(()), NoPractitioner(), commands.NotAllowed()),
    TakeDayOff: lambda command: (
        DayOff(command.day, 3),
        MustMoveFirst(command.day, 2),
        NoPractitioner(),
        commands.NotAllowed(),
    ),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "day-off": ({}, {"day": "today"}, {"day": "friday"}, {"day": "nonsense"}),
}
