"""Becoming a member of staff, inviting others, and leaving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import End, ask, do, fingerprint
from dialogs.scripts.link import LOCKED
from dialogs.scripts.staff.common import ALL, HELP, NOT_ALLOWED, ROLES, workplace
from dialogs.text import Joined, joined, say
from domain.identity import Locked
from domain.staff.commands import (
    Colleague,
    EndMembership,
    Invited,
    InviteStaff,
    JoinedStaff,
    JoinStaff,
    LeaveStaff,
    LeftStaff,
    Named,
    NameMe,
    NoSuchInvite,
    NotAllowed,
    ShowTeam,
    Team,
)
from domain.staff.members import StaffId
from domain.staff.rights import Right, Role

_UNKNOWN = say("I do not know that code. Codes count once and for a week; please ask for a new one.")
_LEFT = say("You are no longer a member of staff here. Nothing more about the centre is sent to you.")
NOBODY = 0


async def join(_desk: Desk, args: Mapping[str, str]) -> End:
    """Become a member by the code."""
    match await do("joined", JoinStaff(args["code"])):
        case NoSuchInvite():
            return End(text=_UNKNOWN)
        case Locked():
            return End(text=LOCKED)
        case JoinedStaff() as found:
            return End(text=joined(_welcome(found), HELP), offers=(ALL,))
        case never:
            assert_never(never)


def _welcome(found: JoinedStaff) -> Joined:
    role = ROLES[found.role]
    where = (
        say("You are {role} at {centres} now.", role=role, centres=", ".join(found.centres))
        if found.centres
        else say("You are {role} at all centres now.", role=role)
    )
    group = say("What concerns the centre comes to this chat, too.") if found.is_group else None
    return joined(where, group, between=" ")


async def invite(desk: Desk, args: Mapping[str, str]) -> End:
    """Make a code for a colleague."""
    member = desk.staff
    if member is None or member.is_in_group:
        return End(text=say("Please do that in our own chat, where nobody reads along.") if member else NOT_ALLOWED)
    place = await workplace(args, Right.INVITE)
    if isinstance(place, End):
        return place
    roles = [role for role in Role if member.may_appoint(role, place.id)]
    if not roles:
        return End(text=NOT_ALLOWED)
    role = await ask(
        Question(
            key="role",
            text=say("As what shall your colleague join?"),
            type=Role,
            options=tuple(Option(label=ROLES[one], value=one) for one in roles),
            given=fingerprint(roles),
        )
    )
    match await do("invited", InviteStaff(role=role, centre=place.id)):
        case Invited():
            return End(
                text=say(
                    "The code is on its way to you. Whoever writes it here first joins {centre}.", centre=place.name
                )
            )
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case never:
            assert_never(never)


async def team(desk: Desk, args: Mapping[str, str]) -> End:
    """Show who works at a centre, and let one of them go."""
    place = await workplace(args, Right.INVITE)
    if isinstance(place, End):
        return place
    match await do("team", ShowTeam(place.id)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case Team(colleagues):
            return await _let_go(desk, colleagues)
        case never:
            assert_never(never)


async def _let_go(desk: Desk, colleagues: tuple[Colleague, ...]) -> End:
    """Let one of a team go, or nobody."""
    who = await ask(_who(colleagues, desk.staff.id if desk.staff else StaffId(NOBODY)))
    if who == NOBODY:
        return End(text=say("All right, the team stays as it is."))
    match await do("ended", EndMembership(StaffId(who))):
        case LeftStaff():
            return End(text=say("Done. From now on they can do nothing here any more."))
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case never:
            assert_never(never)


def _who(colleagues: tuple[Colleague, ...], me: StaffId) -> Question[int]:
    return Question(
        key="who",
        text=joined(
            say("Who works here:"),
            joined(*(joined(_name(one), ROLES[one.role], between=", ") for one in colleagues), between="\n"),
            say("Shall somebody leave the team?"),
        ),
        type=int,
        options=(
            *(Option(label=_name(one), value=int(one.id)) for one in colleagues if one.id != me),
            Option(label=say("Nobody"), value=NOBODY),
        ),
        given=fingerprint([(one.id, one.role) for one in colleagues]),
    )


def _name(one: Colleague) -> str:
    return one.name or f"#{one.id}"


async def call_me(_desk: Desk, args: Mapping[str, str]) -> End:
    """Keep what somebody is called by colleagues."""
    match await do("named", NameMe(args["name"])):
        case Named(name):
            return End(text=say("Thank you, {name}.", name=name))
        case NotAllowed():
            return End(text=say("That does not look like a name."))
        case never:
            assert_never(never)


async def leave_staff(_desk: Desk, _args: Mapping[str, str]) -> End:
    """Leave, once that is sure."""
    sure = Question(
        key="sure",
        text=say("Shall I end your membership? To come back you would need a new code."),
        type=bool,
        options=(Option(label=say("Yes, end it"), value=True), Option(label=say("No, I stay"), value=False)),
    )
    if not await ask(sure):
        return End(text=say("All right, you stay."))
    match await do("left", LeaveStaff()):
        case LeftStaff():
            return End(text=_LEFT)
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case never:
            assert_never(never)
