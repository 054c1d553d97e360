"""Examples about the team."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dialogs.staff_examples.common import HERE, NOW, THERE
from domain.identity import Locked
from domain.staff import commands
from domain.staff.members import StaffId
from domain.staff.rights import Role

_TEAM = commands.Team(
    (
        commands.Colleague(id=StaffId(1), name="Maria", role=Role.ADMINISTRATOR),
        commands.Colleague(id=StaffId(2), name="", role=Role.RECEPTION),
    )
)
RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    commands.JoinStaff: lambda _: (
        commands.JoinedStaff(role=Role.RECEPTION, centres=(HERE.name,)),
        commands.JoinedStaff(role=Role.ADMINISTRATOR, centres=(), is_group=True),
        commands.NoSuchInvite(),
        Locked(NOW),
    ),
    commands.FindWorkplaces: lambda _: (
        commands.Workplaces((HERE,)),
        commands.Workplaces((HERE, THERE)),
        commands.Workplaces(()),
    ),
    commands.InviteStaff: lambda _: (commands.Invited(), commands.NotAllowed()),
    commands.ShowTeam: lambda _: (_TEAM, commands.NotAllowed()),
    commands.EndMembership: lambda _: (commands.LeftStaff(), commands.NotAllowed()),
    commands.LeaveStaff: lambda _: (commands.LeftStaff(), commands.NotAllowed()),
    commands.NameMe: lambda _: (commands.Named("Maria"), commands.NotAllowed()),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "join": ({"code": "ABCD2345"},),
    "call-me": ({"name": "Maria"},),
}
