"""Examples about requests and visits by video."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dialogs.staff_examples.common import VISIT
from domain.appointments import AppointmentId
from domain.staff import commands
from domain.staff.presence import NobodyNow, PresentTold, SayPresent, SeveralPresent
from domain.staff.request_commands import Answered, AnswerRequest, NotRequested, ShowRequests

_ANOTHER = replace(VISIT, id=AppointmentId(2), patient_name="")
_SEVERAL = SeveralPresent((VISIT, _ANOTHER))
RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    ShowRequests: lambda _: (
        commands.VisitsFound((VISIT,)),
        commands.VisitsFound((VISIT, _ANOTHER), has_more=True),
        commands.VisitsFound(()),
        commands.NotAllowed(),
    ),
    AnswerRequest: lambda command: (
        Answered(VISIT, command.accept),
        NotRequested(VISIT),
        commands.NoVisit(),
        commands.NotAllowed(),
    ),
    SayPresent: lambda command: (
        PresentTold(VISIT),
        *(() if command.appointment else (_SEVERAL,)),
        NobodyNow(),
        commands.NotAllowed(),
    ),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "request": ({"visit": "1"}, {"visit": "1", "as": "confirm"}),
    "present": ({}, {"visit": "1"}),
}
