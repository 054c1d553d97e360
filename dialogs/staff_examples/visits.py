"""Examples about visits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from dialogs.staff_examples.common import VISIT
from domain.appointments import AppointmentId, Status
from domain.staff import commands


def _found() -> Iterator[object]:
    for status in (Status.BOOKED, Status.ARRIVED, Status.CANCELLED):
        yield commands.VisitsFound((replace(VISIT, status=status, programme="withdrawn"),))
    yield commands.VisitsFound((VISIT, replace(VISIT, id=AppointmentId(2))), has_more=True)
    yield commands.VisitsFound(())
    yield commands.NotAllowed()


def _of_day() -> Iterator[object]:
    mixed = (VISIT, replace(VISIT, is_accepted=True), replace(VISIT, status=Status.ARRIVED))
    yield commands.VisitsFound(mixed, has_more=True)
    yield commands.VisitsFound(mixed)
    yield commands.VisitsFound(())
    yield commands.NotAllowed()


def _marked(command: commands.MarkVisit) -> Iterator[object]:
    marked = replace(VISIT, status=command.status)
    yield commands.Marked(marked)
    yield commands.Marked(marked, again=True)
    yield from (commands.CannotMark(VISIT), commands.NoVisit(), commands.NotAllowed())


RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    commands.FindVisits: lambda _: tuple(_found()),
    commands.VisitsOfDay: lambda _: tuple(_of_day()),
    commands.MarkVisit: lambda command: tuple(_marked(command)),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "find": ({"text": "ABC234"},),
    "mark": ({"as": "arrived", "visit": "1"}, {"as": "noshow", "text": "ABC234"}),
    "visits": ({}, {"centre": "1", "page": "1"}),
}
