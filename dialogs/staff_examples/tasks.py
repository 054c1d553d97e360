"""Examples about tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dialogs.staff_examples.common import HERE, NOW
from domain.staff import task_commands as commands
from domain.staff.commands import NotAllowed
from domain.staff.members import StaffId
from domain.staff.task_commands import StaffTask, TaskHeld, TaskId, TaskOver

_KINDS = (
    "person",
    "stuck",
    "refer",
    "stop-or-cancel",
    "unreachable",
    "undeliverable",
    "cannot-tell",
    "turn-failed",
    "not-reminded",
    "number-changed",
    "stock-shortfall",
    "another-kind",
)
TASK = StaffTask(id=TaskId(1), kind="unreachable", opened_at=NOW, patient_name="Ana Silva", centre=HERE)
_MINE = replace(TASK, owner=StaffId(1), owner_name="Maria", lease_until=NOW + timedelta(minutes=30))
_THEIRS = replace(_MINE, owner=StaffId(9), owner_name="")


def _shown() -> Iterator[object]:
    yield commands.TasksFound((TASK, _MINE, _THEIRS, replace(_THEIRS, owner_name="Nora")), has_more=True)
    for kind in _KINDS:
        yield commands.TasksFound((replace(TASK, kind=kind, product="flu", note="Look at it"),))
    visit = replace(TASK, kind="not-reminded", reference="ABC234", starts_at=NOW)
    yield commands.TasksFound((visit, replace(TASK, opened_at=NOW - timedelta(hours=2))))
    old = replace(TASK, opened_at=NOW - timedelta(days=3), patient_name="", centre=None)
    yield commands.TasksFound((old, replace(TASK, kind="person", handover=1)))
    yield commands.TasksFound(())
    yield NotAllowed()


RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    commands.ShowTasks: lambda _: tuple(_shown()),
    commands.ClaimTask: lambda _: (commands.TaskClaimed(_MINE), TaskHeld(_THEIRS), TaskOver(), NotAllowed()),
    commands.CloseTask: lambda _: (commands.TaskClosed(_MINE), TaskHeld(_THEIRS), TaskOver(), NotAllowed()),
    commands.GiveTaskBack: lambda _: (commands.TaskGivenBack(TASK), TaskHeld(_THEIRS), TaskOver(), NotAllowed()),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "tasks": ({}, {"page": "1"}),
    "task": ({"task": "1", "wish": "take"}, {"task": "1", "wish": "done"}, {"task": "1", "wish": "free"}),
}
