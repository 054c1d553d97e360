"""Examples about reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dialogs.staff_examples.common import HERE, NOW
from domain.staff import report_commands as commands
from domain.staff.commands import NotAllowed
from domain.staff.reports import Figures, Freed, GroupShare, Lead, Missed, Period, Wait

_FIGURES = Figures(
    bookings=12,
    visits=10,
    missed=1,
    by_lead=((Lead.DAY, Missed(visits=10, missed=1)),),
    by_weekday=((0, Missed(visits=10, missed=1)),),
    wait=Wait(median=1.5, longest=6.0),
    freed=Freed(places=2, again=1, empty=1),
    groups=(
        GroupShare(group="nurses", bookings=10, share=0.833, median=1.0),
        GroupShare(group=None, bookings=None),
    ),
)
RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    commands.ShowReport: lambda command: (
        commands.Report(
            centre=HERE, period=command.period or Period.WEEKLY, first=NOW.date(), last=NOW.date(), figures=_FIGURES
        ),
        NotAllowed(),
    ),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "report": ({}, {"centre": "1", "period": "monthly"}),
}
