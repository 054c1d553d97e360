"""Examples about people who want a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dialogs.staff_examples.common import HERE, NOW
from domain.patients import ContactId
from domain.staff import handover_commands as commands
from domain.staff.commands import NotAllowed
from domain.staff.handover_commands import Call, CallOver, HandoverId, Sort, Spoken, Stage, Why
from domain.staff.members import StaffId

CALL = Call(
    id=HandoverId(1),
    contact=ContactId(1),
    name="Ana S.",
    why=Why.ASKED,
    stage=Stage.WAITING,
    opened_at=NOW,
    calls=1,
    centre=HERE,
)
_TAKEN = replace(CALL, stage=Stage.TAKEN, owner=StaffId(1), owner_name="Maria", chat=ContactId(9))
_OTHERS = replace(_TAKEN, owner_name="", name="")
_SAID = (
    Spoken(to_patient=True, text="May I keep your answers? " * 20),
    Spoken(to_patient=False, text="Yes"),
    *(Spoken(to_patient=False, sort=sort) for sort in (Sort.PLACE, Sort.NUMBER, Sort.OTHER)),
)
_LATER = NOW + timedelta(days=1)

RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    commands.CallPerson: lambda _: (
        commands.NobodyInChat(),
        commands.Called(),
        commands.Called(is_closed=True, reads_at=_LATER),
        commands.Called(is_closed=True, reads_at=NOW + timedelta(hours=1)),
        commands.Called(is_closed=True),
        commands.Talking("Maria"),
        commands.Talking(""),
    ),
    commands.SeeCall: lambda _: (
        CALL,
        replace(CALL, why=Why.STUCK, centre=None),
        replace(CALL, calls=2),
        CallOver(),
        NotAllowed(),
    ),
    commands.ShowCalls: lambda _: (commands.Calls((CALL,)), commands.Calls(()), NotAllowed()),
    commands.TakeCall: lambda _: (
        commands.CallTaken(_TAKEN),
        commands.CallHeld(_TAKEN),
        commands.CallHeld(_OTHERS),
        commands.HoldsAnother(_TAKEN),
        CallOver(),
        NotAllowed(),
    ),
    commands.ShowTranscript: lambda _: (
        commands.Transcript(CALL, _SAID),
        commands.Transcript(_TAKEN, _SAID[1:]),
        commands.Transcript(CALL, ()),
        CallOver(),
        NotAllowed(),
    ),
    commands.HandBack: lambda _: (commands.HandedBack(_TAKEN), commands.HoldsNone(), NotAllowed()),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "handover-call": ({"handover": "1"},),
    "handover-take": ({}, {"handover": "1"}),
    "handover-show": ({"handover": "1"},),
}
