"""Examples about slots that are closed and opened, and about the visits that fall out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dialogs.staff_examples.common import HERE, NOW, VISIT
from domain.appointments import AppointmentId, SlotId, Status
from domain.centres import Centre, Position
from domain.commands import Claim, Moved, NotOpen, SlotFound, SlotGone
from domain.displacements import Cause, DisplacementId, State
from domain.patients import PatientId
from domain.staff import closing_commands as commands
from domain.staff import closure_commands, losing_commands
from domain.staff.commands import NotAllowed, NoVisit

_CENTRE = Centre(
    id=HERE.id,
    name=HERE.name,
    address="1 Quay",
    town="Northfield",
    postcode="1000",
    position=Position(0.0, 0.0),
    tz=HERE.tz,
)
_PLACE = SlotFound(slot=SlotId(1), starts_at=NOW, ends_at=NOW + timedelta(minutes=10), centre=_CENTRE)
_CLAIM = Claim(
    id=VISIT.id,
    reference=VISIT.reference,
    patient=PatientId(1),
    patient_name=VISIT.patient_name,
    programme=VISIT.programme,
    dose=VISIT.dose,
    status=Status.BOOKED,
    version=2,
    slot=_PLACE.slot,
    starts_at=_PLACE.starts_at,
    ends_at=_PLACE.ends_at,
    centre=_CENTRE,
)
_CLOSURE = closure_commands.Closure(
    id=DisplacementId(1),
    cause=Cause.CLOSED,
    centre=HERE,
    start=NOW,
    until=NOW + timedelta(hours=3),
    is_open=True,
    visits=7,
    moved=1,
    cancelled=1,
    silent=2,
    lapsed=2,
    withdrawn=1,
    to_telephone=2,
)
_LOSS = replace(_CLOSURE, id=DisplacementId(3), cause=Cause.LOSS, product="flu")
_EMPTY = replace(_CLOSURE, id=DisplacementId(2), cause=Cause.ILL, visits=0)


def _visits() -> tuple[closure_commands.DisplacedVisit, ...]:
    each = (closure_commands.DisplacedVisit(visit=VISIT, state=state, until=NOW) for state in State)
    rung = closure_commands.DisplacedVisit(
        visit=replace(VISIT, id=AppointmentId(2)), state=State.OFFERED, is_telephoned=True, is_unreached=True
    )
    return (*each, rung)


def _shown() -> Iterator[object]:
    yield closure_commands.ClosureShown(_CLOSURE, _visits(), has_more=True)
    yield closure_commands.ClosureShown(_CLOSURE, _visits())
    yield from (closure_commands.NoClosure(), NotAllowed())


def _sheets() -> Iterator[object]:
    waits = closure_commands.DisplacedVisit(visit=VISIT, state=State.OFFERED, until=NOW)
    yield closure_commands.CallSheet(waits, (_PLACE,), "+15550100")
    yield closure_commands.CallSheet(replace(waits, until=None), ())
    yield from (closure_commands.NotWaiting(VISIT), NoVisit(), NotAllowed())


_WHOLE = commands.Span(start=NOW, until=NOW + timedelta(hours=3))
_LOT = losing_commands.LotOnHand(id=1, product="flu", number="A1", doses=6, expires_on=NOW.date())
_NOTED = (closure_commands.Noted(), NotOpen(), NoVisit(), NotAllowed())
_AFFECTED = (commands.Affected(6, 4, 2), commands.Affected(0, 0, 0), commands.Affected(2, 0, 2), NotAllowed())
_CLOSED = (commands.Closed(DisplacementId(1), 6, 4), commands.Closed(DisplacementId(1), 6, 0), NotAllowed())
RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    commands.CountAffected: lambda _: _AFFECTED,
    commands.CountIfIll: lambda _: _AFFECTED,
    commands.CloseSpan: lambda _: _CLOSED,
    commands.CloseIfIll: lambda _: _CLOSED,
    commands.OpenSpan: lambda _: (commands.Opened(6, 4), commands.Opened(6, 0), NotAllowed()),
    closure_commands.FindClosures: lambda _: (
        closure_commands.Closures((_CLOSURE, _EMPTY, _LOSS)),
        closure_commands.Closures(()),
        NotAllowed(),
    ),
    closure_commands.ShowClosure: lambda _: tuple(_shown()),
    closure_commands.FindCallSheet: lambda _: tuple(_sheets()),
    closure_commands.MoveByHand: lambda _: (Moved(_CLAIM), SlotGone("1", NOW), NotOpen(), NoVisit(), NotAllowed()),
    closure_commands.CancelByHand: lambda _: _NOTED,
    closure_commands.NoteCall: lambda _: _NOTED,
    commands.SetWeek: lambda _: (
        commands.WeekSet(3, 0),
        commands.WeekSet(3, 2),
        commands.MustMoveFirst(3, _WHOLE),
        commands.NoHours(),
        NotAllowed(),
    ),
    losing_commands.FindLots: lambda _: (losing_commands.Lots((_LOT,)), losing_commands.Lots(()), NotAllowed()),
    losing_commands.LoseLots: lambda _: (
        losing_commands.Lost(6, 4, DisplacementId(1)),
        losing_commands.Lost(6, 0),
        NotAllowed(),
    ),
    commands.SetCapacity: lambda _: (
        commands.CapacitySet(3),
        commands.CapacitySet(0),
        commands.MustMoveFirst(3, _WHOLE),
        NotAllowed(),
    ),
}
_SPAN = {"from": NOW.isoformat(), "until": (NOW + timedelta(hours=3)).isoformat()}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "close": ({}, {"text": "thursday morning", "language": "en"}, {"text": "monday"}, {"centre": "1", **_SPAN}),
    "ill": ({}, {"text": "today", "language": "en"}),
    "open": ({}, {"centre": "1", **_SPAN}),
    "closures": ({}, {"centre": "1", "closure": "1"}, {"centre": "1", "closure": "1", "page": "1"}),
    "call": ({"visit": "1"},),
    "capacity": ({}, {"count": "6", "text": "every monday", "language": "en"}),
    "hours": ({}, {"text": "monday 9 to 12", "language": "en"}),
}
