"""Members of staff in SQL: who they are, their posts, invitations and the chats of their teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.patients import Channel, ContactId
from domain.staff.commands import Workplace
from domain.staff.members import Member, Post, StaffId
from domain.staff.ports import Invite
from domain.staff.rights import Role
from domain.store import handovers, tables
from domain.store.conversations import contact_at
from domain.store.stamp import Stamp
from domain.store.statements import insert_into
from domain.store.tables import centre, contact, staff, staff_group, staff_invite, staff_post

_here, _joined = contact.alias("here"), contact.alias("joined")
_POSTS = (
    select(staff.c.id, staff.c.name, staff.c.contact_id, staff_post.c.role, staff_post.c.centre_id)
    .join_from(staff, staff_post, staff_post.c.staff_id == staff.c.id)
    .where(staff.c.left_at.is_(None))
    .order_by(staff.c.id, staff_post.c.id)
)


class SqlStaffing:
    """`domain.staff.ports.Staffing`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def member(self, contact_id: ContactId) -> Member | None:
        mine = (
            select(_joined.c.id)
            .join_from(_here, _joined, _joined.c.conversation_id == _here.c.conversation_id)
            .where(_here.c.id == contact_id)
        )
        return next(iter(await self._members(staff.c.contact_id.in_(mine))), None)

    async def members(self, centre_id: CentreId) -> list[Member]:
        own = select(staff_post.c.staff_id).where(
            or_(staff_post.c.centre_id == centre_id, staff_post.c.centre_id.is_(None))
        )
        return await self._members(staff.c.id.in_(own))

    async def everybody(self) -> list[Member]:
        return await self._members(true())

    async def member_by_id(self, staff_id: StaffId) -> Member | None:
        locked = select(staff.c.id).where(staff.c.id == staff_id).with_for_update()
        await self._connection.execute(locked)
        return next(iter(await self._members(staff.c.id == staff_id)), None)

    async def _members(self, where: ColumnElement[bool]) -> list[Member]:
        return members_of(await self._connection.execute(_POSTS.where(where)))

    async def add_invite(
        self,
        digest: str,
        posts: Sequence[Post],
        *,
        name: str | None,
        lasts: timedelta,
        practitioner: int | None = None,
    ) -> None:
        centres = [post.centre for post in posts]
        values = {
            "digest": digest,
            "role": posts[0].role,
            "centres": None if None in centres else centres,
            "name": name,
            "made_at": self._stamp.now,
            "made_by": self._stamp.actor,
            "expires_at": self._stamp.now + lasts,
            "practitioner_id": practitioner,
        }
        await self._connection.execute(insert(staff_invite).values(values))

    async def invite(self, digest: str) -> Invite | None:
        found = select(staff_invite).where(
            staff_invite.c.digest == digest,
            staff_invite.c.used_at.is_(None),
            staff_invite.c.expires_at > self._stamp.now,
        )
        row = (await self._connection.execute(found.with_for_update())).first()
        if row is None:
            return None
        role = Role(row.role)
        centres = row.centres or [None]
        posts = tuple(Post(role, one) for one in centres)
        return Invite(id=row.id, posts=posts, name=row.name, practitioner=row.practitioner_id)

    async def is_practitioner(self, staff_id: StaffId, practitioner: int) -> None:
        own = update(tables.practitioner).where(tables.practitioner.c.id == practitioner)
        await self._connection.execute(own.values(staff_id=staff_id))

    async def use_invite(self, invite_id: int, staff_id: StaffId) -> None:
        used = update(staff_invite).where(staff_invite.c.id == invite_id)
        await self._connection.execute(used.values(used_at=self._stamp.now, staff_id=staff_id))

    async def add_member(self, contact_id: ContactId, name: str | None, *, wants_digest: bool) -> StaffId:
        values = {
            "contact_id": contact_id,
            "name": name,
            "wants_digest": wants_digest,
            "made_at": self._stamp.now,
            "made_by": self._stamp.actor,
        }
        added = await self._connection.execute(insert(staff).values(values).returning(staff.c.id))
        return StaffId(added.scalar_one())

    async def add_posts(self, staff_id: StaffId, posts: Sequence[Post]) -> None:
        known = next(iter(await self._members(staff.c.id == staff_id)), None)
        new = [post for post in posts if known is None or post not in known.posts]
        if new:
            rows = [{"staff_id": staff_id, "role": post.role, "centre_id": post.centre} for post in new]
            await self._connection.execute(insert(staff_post), rows)

    async def name(self, staff_id: StaffId, name: str) -> None:
        await self._connection.execute(update(staff).where(staff.c.id == staff_id).values(name=name))

    async def leave(self, staff_id: StaffId) -> None:
        left = update(staff).where(staff.c.id == staff_id, staff.c.left_at.is_(None))
        await self._connection.execute(left.values(left_at=self._stamp.now, left_by=self._stamp.actor))
        await handovers.let_go(self._connection, staff_id, self._stamp)

    async def bind_group(self, contact_id: ContactId, centres: Collection[CentreId]) -> None:
        rows = [{"contact_id": contact_id, "centre_id": one} for one in centres]
        if rows:
            await self._connection.execute(insert_into(self._connection, staff_group).on_conflict_do_nothing(), rows)

    async def workplaces(self, centres: Collection[CentreId] | None) -> list[Workplace]:
        found = select(centre.c.id, centre.c.name, centre.c.tz).where(centre.c.active).order_by(centre.c.name)
        if centres is not None:
            found = found.where(centre.c.id.in_(centres))
        return [
            Workplace(id=CentreId(row.id), name=row.name, tz=row.tz) for row in await self._connection.execute(found)
        ]

    async def person_at(self, user: str, secret: bytes) -> ContactId:
        return await contact_at(
            self._connection, secret=secret, channel=Channel.TELEGRAM, address=user, now=self._stamp.now
        )


def members_of(rows: Iterable[Any]) -> list[Member]:
    """Return members of rows that have one post each, in the order in which they come."""
    posts: dict[StaffId, list[Post]] = defaultdict(list)
    known: dict[StaffId, Any] = {}
    for row in rows:
        known[StaffId(row.id)] = row
        centre_id = CentreId(row.centre_id) if row.centre_id is not None else None
        posts[StaffId(row.id)].append(Post(Role(row.role), centre_id))
    return [
        Member(id=key, name=row.name or "", contact=ContactId(row.contact_id), posts=tuple(posts[key]))
        for key, row in known.items()
    ]
