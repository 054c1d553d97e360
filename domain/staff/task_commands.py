"""What members of staff ask about tasks: which there are, and that they take one, have done it, or give it back.

A task is taken for a while only, so that two do not do the same and nothing stays with somebody who forgot it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, NewType

from domain.staff.commands import NotAllowed, StaffCommand, Workplace
from domain.staff.members import StaffId
from domain.staff.rights import Right

TaskId = NewType("TaskId", int)

#: For so long a task is somebody's.
LEASE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTask:
    """An open task as staff see it: of what *kind*, for whom, where, since when, and who has it until when, if anybody.

    *reference* and *starts_at* are those of the visit that it is about, *product* that of which doses are missing,
    *handover* that of the person who waits for somebody to talk to.
    """

    id: TaskId
    kind: str
    opened_at: datetime
    patient_name: str = ""
    centre: Workplace | None = None
    reference: str = ""
    starts_at: datetime | None = None
    product: str = ""
    note: str = ""
    owner: StaffId | None = None
    owner_name: str = ""
    lease_until: datetime | None = None
    handover: int | None = None


@dataclass(frozen=True, slots=True)
class TasksFound:
    """Open tasks, the oldest first; *has_more*: there are more than are shown."""

    tasks: tuple[StaffTask, ...]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class ShowTasks(StaffCommand[TasksFound | NotAllowed]):
    """Which tasks are open at one's centres, or with *mine* one's own? Each shown is audited."""

    page: int = 0
    mine: bool = False
    right: ClassVar = Right.TASKS
    results: ClassVar = (TasksFound, NotAllowed)


@dataclass(frozen=True, slots=True)
class TaskClaimed:
    """It is theirs for a while."""

    task: StaffTask


@dataclass(frozen=True, slots=True)
class TaskHeld:
    """Somebody else has it."""

    task: StaffTask


@dataclass(frozen=True, slots=True)
class TaskOver:
    """It is done already, or there is none."""


@dataclass(frozen=True, slots=True)
class ClaimTask(StaffCommand[TaskClaimed | TaskHeld | TaskOver | NotAllowed]):
    """Take a task, so that nobody else does."""

    task: TaskId
    right: ClassVar = Right.TASKS
    results: ClassVar = (TaskClaimed, TaskHeld, TaskOver, NotAllowed)


@dataclass(frozen=True, slots=True)
class TaskClosed:
    """It is done."""

    task: StaffTask


@dataclass(frozen=True, slots=True)
class CloseTask(StaffCommand[TaskClosed | TaskHeld | TaskOver | NotAllowed]):
    """Record that a task is done, one's own or one that nobody has."""

    task: TaskId
    right: ClassVar = Right.TASKS
    results: ClassVar = (TaskClosed, TaskHeld, TaskOver, NotAllowed)


@dataclass(frozen=True, slots=True)
class TaskGivenBack:
    """Others can take it again."""

    task: StaffTask


@dataclass(frozen=True, slots=True)
class GiveTaskBack(StaffCommand[TaskGivenBack | TaskHeld | TaskOver | NotAllowed]):
    """Let others have a task of one's own."""

    task: TaskId
    right: ClassVar = Right.TASKS
    results: ClassVar = (TaskGivenBack, TaskHeld, TaskOver, NotAllowed)
