"""How somebody becomes a member of staff, and ceases to be one.

An invitation is a code of eight signs that counts once and for a week; what is kept of it is a digest under the
database's secret. Wrong codes are counted for the contact, a few a day. Who uses one in the chat of a team becomes a
member by their own account, and the chat becomes one of the centre's.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta

from domain.appointments import REFERENCE_LETTERS
from domain.centres import CentreId
from domain.context import Context, Letter, LetterKind
from domain.identity import Locked
from domain.patients import tidy_name
from domain.proving import locked, missed
from domain.staff import commands
from domain.staff.handling import Handler
from domain.staff.members import Member, Post
from domain.staff.rights import Right

INVITATION = timedelta(days=7)
CODE_LENGTH = 8
GUESSES = 5


def new_code() -> str:
    """Return a code for an invitation, of letters that are not misread."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(CODE_LENGTH))


def digest(secret: bytes, code: str) -> str:
    """Return what is kept of *code*."""
    return hmac.new(secret, f"join\0{code.upper()}".encode(), hashlib.sha256).hexdigest()


async def join(command: commands.JoinStaff, context: Context) -> commands.JoinedStaff | commands.NoSuchInvite | Locked:
    """Use an invitation."""
    staffing, origin = context.store.staffing, context.origin
    if origin is None:
        raise LookupError("only who writes from somewhere can join")
    person = await staffing.person_at(origin.speaker, origin.secret) if origin.speaker else context.contact
    own = context.on(person)
    if (until := await locked(own)) is not None:
        return Locked(until)
    invite = await staffing.invite(digest(origin.secret, command.code))
    if invite is None:
        _, until = await missed(own, GUESSES)
        return Locked(until) if until is not None else commands.NoSuchInvite()
    known = await staffing.member(person)
    if known is not None:
        staff = known.id
    else:
        staff = await staffing.add_member(person, invite.name, wants_digest=origin.speaker is None)
    await staffing.add_posts(staff, invite.posts)
    if invite.practitioner is not None:
        await staffing.is_practitioner(staff, invite.practitioner)
    await staffing.use_invite(invite.id, staff)
    centres = await _centres_of(invite.posts, context)
    if origin.speaker is not None:
        await staffing.bind_group(context.contact, [one.id for one in centres])
    names = () if invite.posts[0].centre is None else tuple(one.name for one in centres)
    return commands.JoinedStaff(role=invite.posts[0].role, centres=names, is_group=origin.speaker is not None)


async def _centres_of(posts: Sequence[Post], context: Context) -> list[commands.Workplace]:
    wanted = None if posts[0].centre is None else [post.centre for post in posts if post.centre is not None]
    return await context.store.staffing.workplaces(wanted)


async def _invite(
    command: commands.InviteStaff, member: Member, context: Context
) -> commands.Invited | commands.NotAllowed:
    """Make a code, which goes to who asked and stands nowhere else."""
    origin = context.origin
    if origin is None or member.is_in_group or not member.may_appoint(command.role, command.centre):
        return commands.NotAllowed()
    if command.centre is not None and not await context.store.staffing.workplaces([command.centre]):
        return commands.NotAllowed()
    code = new_code()
    posts = [Post(command.role, command.centre)]
    await context.store.staffing.add_invite(digest(origin.secret, code), posts, name=None, lasts=INVITATION)
    context.post(
        Letter(
            kind=LetterKind.INVITATION,
            to=context.contact,
            channel=origin.channel,
            code=code,
            until=context.now + timedelta(hours=1),
        )
    )
    return commands.Invited()


async def _team(command: commands.ShowTeam, _member: Member, context: Context) -> commands.Team:
    """Return who works at a centre, each with the first of their roles there."""
    members = await context.store.staffing.members(command.centre)
    return commands.Team(
        tuple(
            commands.Colleague(id=one.id, name=one.name, role=post.role)
            for one in members
            for post in [next(post for post in one.posts if post.covers(command.centre))]
        )
    )


async def _end_membership(
    command: commands.EndMembership, member: Member, context: Context
) -> commands.LeftStaff | commands.NotAllowed:
    """Let somebody go whom one may appoint to all that they are."""
    other = await context.store.staffing.member_by_id(command.staff)
    if other is None or other.id == member.id:
        return commands.NotAllowed()
    if not all(member.may_appoint(post.role, post.centre) for post in other.posts):
        return commands.NotAllowed()
    await context.store.staffing.leave(other.id)
    return commands.LeftStaff()


async def workplaces(right: Right, member: Member | None, context: Context) -> commands.Workplaces:
    """Return where a right is one's own."""
    if member is None:
        return commands.Workplaces(())
    centres: frozenset[CentreId] | None = member.centres(right)
    return commands.Workplaces(tuple(await context.store.staffing.workplaces(centres)))


async def name_me(
    command: commands.NameMe, member: Member | None, context: Context
) -> commands.Named | commands.NotAllowed:
    """Keep what a member of staff is called."""
    name = tidy_name(command.name)
    if member is None or name is None:
        return commands.NotAllowed()
    await context.store.staffing.name(member.id, name)
    return commands.Named(name)


async def leave(member: Member | None, context: Context) -> commands.LeftStaff | commands.NotAllowed:
    """End one's own membership."""
    if member is None:
        return commands.NotAllowed()
    await context.store.staffing.leave(member.id)
    return commands.LeftStaff()


HANDLES: Mapping[type, Handler] = {
    commands.InviteStaff: _invite,
    commands.ShowTeam: _team,
    commands.EndMembership: _end_membership,
}
