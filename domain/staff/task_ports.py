"""What the handlers of tasks need of a store."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from domain.centres import CentreId
from domain.staff.members import StaffId
from domain.staff.task_commands import StaffTask, TaskId


class Tasks(Protocol):
    """Tasks that are open."""

    async def open_at(
        self, centres: Collection[CentreId] | None, *, elsewhere: bool, owner: StaffId | None, limit: int, offset: int
    ) -> list[StaffTask]:
        """Return open tasks of *centres* (None: of all), the oldest first; *elsewhere*: those of no centre too.

        With an *owner* only those that are theirs.
        """

    async def task(self, task: TaskId) -> StaffTask | None:
        """Return an open task."""

    async def claim(self, task: TaskId, owner: StaffId, until: datetime) -> bool:
        """Let a task be somebody's until a moment; say whether nobody else has it."""

    async def close(self, task: TaskId, owner: StaffId) -> bool:
        """Record that a task is done; say whether it was open and nobody else has it."""

    async def free(self, task: TaskId, owner: StaffId) -> bool:
        """Let a task be nobody's; say whether it was the owner's."""

    async def looked_at(self, tasks: Collection[TaskId], action: str) -> None:
        """Write down that the people of these were looked at."""
