"""Tasks as staff take and do them. Of one that is shown it is written down who looked.

A task is seen where its centre is one's own. One that concerns no centre is seen by those who work at all of them, and
by every manager.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from domain.context import Context
from domain.staff import task_commands as commands
from domain.staff.handling import Handler
from domain.staff.members import Member
from domain.staff.rights import Right, Role
from domain.staff.task_commands import LEASE, StaffTask, TaskHeld, TaskId, TaskOver

PAGE = 5


def sees_elsewhere(member: Member) -> bool:
    """Say whether what concerns no centre concerns them."""
    return member.centres(Right.TASKS) is None or any(post.role == Role.MANAGER for post in member.posts)


async def _show(command: commands.ShowTasks, member: Member, context: Context) -> commands.TasksFound:
    found = await context.store.tasks.open_at(
        member.centres(command.right),
        elsewhere=sees_elsewhere(member),
        owner=member.id if command.mine else None,
        limit=PAGE + 1,
        offset=command.page * PAGE,
    )
    await context.store.tasks.looked_at([one.id for one in found[:PAGE]], "tasks")
    return commands.TasksFound(tuple(found[:PAGE]), len(found) > PAGE)


async def _claim(
    command: commands.ClaimTask, member: Member, context: Context
) -> commands.TaskClaimed | TaskHeld | TaskOver:
    until = context.now + LEASE
    done = await _changed(command.task, member, context, lambda task: context.store.tasks.claim(task, member.id, until))
    if not isinstance(done, StaffTask):
        return done
    claimed = await context.store.tasks.task(command.task)
    return commands.TaskClaimed(claimed or done)


async def _close(
    command: commands.CloseTask, member: Member, context: Context
) -> commands.TaskClosed | TaskHeld | TaskOver:
    done = await _changed(command.task, member, context, lambda task: context.store.tasks.close(task, member.id))
    return commands.TaskClosed(done) if isinstance(done, StaffTask) else done


async def _give_back(
    command: commands.GiveTaskBack, member: Member, context: Context
) -> commands.TaskGivenBack | TaskHeld | TaskOver:
    done = await _changed(command.task, member, context, lambda task: context.store.tasks.free(task, member.id))
    return commands.TaskGivenBack(done) if isinstance(done, StaffTask) else done


async def _changed(
    wanted: TaskId, member: Member, context: Context, change: Callable[[TaskId], Awaitable[bool]]
) -> StaffTask | TaskHeld | TaskOver:
    """Change a task that is theirs to see, and return it as it was, or why that was not done."""
    task = await context.store.tasks.task(wanted)
    if task is None or not _is_seen(task, member):
        return TaskOver()
    await context.store.tasks.looked_at([task.id], "task")
    if await change(wanted):
        return task
    standing = await context.store.tasks.task(wanted)  # somebody else was quicker
    return TaskOver() if standing is None else TaskHeld(standing)


def _is_seen(task: StaffTask, member: Member) -> bool:
    return sees_elsewhere(member) if task.centre is None else member.may(Right.TASKS, task.centre.id)


HANDLES: Mapping[type, Handler] = {
    commands.ShowTasks: _show,
    commands.ClaimTask: _claim,
    commands.CloseTask: _close,
    commands.GiveTaskBack: _give_back,
}
