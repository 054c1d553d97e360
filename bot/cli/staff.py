"""Commands about those who work at the centres: invitations, who they are, and memberships that end."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.app import open_database, wall_clock
from bot.cli import CommandLine, json_option, whole_number
from bot.links import joining_link
from bot.settings import Settings
from domain.centres import CentreId
from domain.patients import tidy_name
from domain.staff.joining import INVITATION, digest, new_code
from domain.staff.members import Post, StaffId
from domain.staff.rights import Role
from domain.store import practitioners
from domain.store.stamp import Stamp
from domain.store.stocktaking import centres_called
from domain.store.work import Work


def _invite_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", required=True, choices=[role.value for role in Role], help="what they are there")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--centre", action="append", metavar="C", help="a centre's key or name; may be given again")
    where.add_argument("--all-centres", action="store_true", help="at all centres")
    parser.add_argument("--practitioner", metavar="KEY", help="which practitioner of the imported list they are")
    parser.add_argument("--name", help="who is meant, as colleagues are to see it")
    parser.add_argument("--days", type=whole_number, default=INVITATION.days, metavar="N", help="how long it counts")
    json_option(parser)


async def run_invite(
    given: argparse.Namespace, settings: Settings, *, clock: Callable[[], datetime] = wall_clock
) -> int:
    """Print a one-time code by which somebody joins."""
    wanted = given.centre or []
    name = tidy_name(given.name) if given.name else None
    if given.name and name is None:
        print(f"frontdesk staff invite: {given.name!r} does not look like a name.", file=sys.stderr)
        return 1
    code = new_code()
    database = await open_database(settings)
    try:
        async with database.begin() as connection:
            found = await centres_called(connection, wanted)
            unknown = [one for one in wanted if one not in found]
            own = await practitioners.id_of(connection, given.practitioner) if given.practitioner else None
            unknown += [given.practitioner] if given.practitioner and own is None else []
            if not unknown:
                centres = [CentreId(found[one].id) for one in dict.fromkeys(wanted)]
                posts = [Post(Role(given.role), one) for one in centres] or [Post(Role(given.role))]
                staffing = Work(connection, Stamp(now=clock(), actor="command")).staffing
                await staffing.add_invite(
                    digest(database.index_secret, code),
                    posts,
                    name=name,
                    lasts=timedelta(days=given.days),
                    practitioner=own,
                )
    finally:
        await database.close()
    if unknown:
        what = "practitioner with the key" if unknown[0] == given.practitioner else "one centre with the key or name"
        print(f"frontdesk staff invite: there is no {what} {unknown[0]!r}.", file=sys.stderr)
        return 1
    _print_code(code, given, settings)
    return 0


def _print_code(code: str, given: argparse.Namespace, settings: Settings) -> None:
    if given.json:
        print(json.dumps({"code": code}))
        return
    link = joining_link(settings.telegram_bot_username, code)
    print(f"{code}")
    print(f"Whoever uses it first becomes {given.role}. It counts once, for {given.days} days.")
    print(f"On Telegram: {f'open {link} or ' if link else ''}write /start join_{code}, to us or in the team's group.")
    print(f"By SMS or WhatsApp: write JOIN {code}")


async def run_list(given: argparse.Namespace, settings: Settings) -> int:
    """Print who works here."""
    database = await open_database(settings)
    try:
        async with database.begin() as connection:
            staffing = Work(connection, Stamp(now=wall_clock(), actor="command")).staffing
            names = {place.id: place.name for place in await staffing.workplaces(None)}
            members = await staffing.everybody()
    finally:
        await database.close()
    rows = [
        {
            "id": member.id,
            "name": member.name,
            "posts": [
                {"role": post.role, "centre": names.get(post.centre, "closed") if post.centre else None}
                for post in member.posts
            ],
        }
        for member in members
    ]
    if given.json:
        print(json.dumps({"staff": rows}, ensure_ascii=False))
        return 0
    for member in members:
        posts = ", ".join(
            f"{post.role} at {names.get(post.centre, 'a closed centre') if post.centre else 'all centres'}"
            for post in member.posts
        )
        print(f"{member.id}: {member.name or 'without a name'}, {posts}")
    if not members:
        print("Nobody has joined yet; see: frontdesk staff invite --help")
    return 0


def _end_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=whole_number, metavar="ID", help="as frontdesk staff list shows it")


async def run_end(given: argparse.Namespace, settings: Settings, *, clock: Callable[[], datetime] = wall_clock) -> int:
    """End a membership, from this moment."""
    database = await open_database(settings)
    try:
        async with database.begin() as connection:
            staffing = Work(connection, Stamp(now=clock(), actor="command")).staffing
            member = await staffing.member_by_id(StaffId(given.id))
            if member is not None:
                await staffing.leave(member.id)
    finally:
        await database.close()
    if member is None:
        print(f"frontdesk staff end: there is no member {given.id}; see: frontdesk staff list", file=sys.stderr)
        return 1
    print(f"{member.name or f'Member {member.id}'} is no longer a member of staff.")
    return 0


COMMANDS = (
    CommandLine(
        name="staff invite",
        does="Print a one-time code by which somebody becomes a member of staff.",
        run=run_invite,
        arguments=_invite_arguments,
    ),
    CommandLine(name="staff list", does="Print who works here.", run=run_list, arguments=json_option),
    CommandLine(name="staff end", does="End a membership at once.", run=run_end, arguments=_end_arguments),
)
