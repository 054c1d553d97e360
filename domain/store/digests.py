"""Digests in SQL: planned for each centre, queued once for each reader and day, found again by what stands under them.

Whoever has a centre's plan locked alone queues its digests. A digest is a row that can be there but once, written in
the transaction that queues it, so that restarts and other workers send it to nobody twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.centres import CentreId
from domain.patients import ContactId
from domain.staff.digest_plan import FEW_CENTRES, Plan, time_in
from domain.staff.members import StaffId
from domain.staff.rights import RIGHTS, Right
from domain.store.prepared import Prepared
from domain.store.stamp import Stamp
from domain.store.statements import first, insert_into, insert_of
from domain.store.tables import centre, contact, digest, digest_plan, outbox, staff, staff_group, staff_post

DAILY = "daily"
_PLAN = Prepared(select(digest_plan.c.at, digest_plan.c.weekdays).where(digest_plan.c.centre_id == bindparam("centre")))


class SqlDigests:
    """`domain.staff.digest_ports.Digests`."""

    def __init__(self, connection: AsyncConnection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp

    async def plan(self, centre_id: CentreId) -> Plan:
        row = await _PLAN.first(self._connection, {"centre": centre_id})
        return _plan_of(row) if row is not None else Plan()

    async def keep(self, centre_id: CentreId, plan: Plan) -> None:
        tz = (await self._connection.execute(select(centre.c.tz).where(centre.c.id == centre_id))).scalar_one()
        values = {
            "at": f"{plan.at:%H:%M}",
            "weekdays": list(plan.weekdays),
            "next_at": plan.next_after(self._stamp.now, ZoneInfo(tz)),
        }
        kept = insert_into(self._connection, digest_plan).values(centre_id=centre_id, **values)
        await self._connection.execute(kept.on_conflict_do_update(index_elements=["centre_id"], set_=values))

    async def is_wanted(self, staff_id: StaffId) -> bool:
        found = select(staff.c.wants_digest).where(staff.c.id == staff_id)
        return bool((await self._connection.execute(found)).scalar())

    async def want(self, staff_id: StaffId, *, wanted: bool) -> None:
        await self._connection.execute(update(staff).where(staff.c.id == staff_id).values(wants_digest=wanted))


def _plan_of(row: Any) -> Plan:
    return Plan(time_in(row.at) or Plan().at, tuple(row.weekdays))


# ---- what is due

_NEW = Prepared(
    select(centre.c.id, centre.c.tz).where(centre.c.active, ~exists().where(digest_plan.c.centre_id == centre.c.id))
)
_DUE = Prepared(
    select(digest_plan.c.centre_id)
    .join_from(digest_plan, centre, centre.c.id == digest_plan.c.centre_id)
    .where(digest_plan.c.next_at <= bindparam("now"), centre.c.active)
    .order_by(digest_plan.c.next_at, digest_plan.c.centre_id)
)
_TAKE = Prepared(
    select(digest_plan.c.centre_id, digest_plan.c.at, digest_plan.c.weekdays, centre.c.tz)
    .join_from(digest_plan, centre, centre.c.id == digest_plan.c.centre_id)
    .where(digest_plan.c.centre_id == bindparam("centre"), digest_plan.c.next_at <= bindparam("now"))
    .with_for_update(of=digest_plan, skip_locked=True)
)
_MOVE_ON = Prepared(
    update(digest_plan).where(digest_plan.c.centre_id == bindparam("centre_")).values(next_at=bindparam("at_"))
)


async def without_plan(connection: AsyncConnection) -> list[tuple[CentreId, str]]:
    """Return active centres for which no digests are planned yet, with their zones."""
    return [(CentreId(row.id), row.tz) for row in await _NEW.all(connection, {})]


async def begin_plans(connection: AsyncConnection, centres: Sequence[tuple[CentreId, str]], now: datetime) -> None:
    """Plan digests as they come where nobody has said when."""
    plan = Plan()
    rows = [
        {
            "centre_id": one,
            "at": f"{plan.at:%H:%M}",
            "weekdays": list(plan.weekdays),
            "next_at": plan.next_after(now, ZoneInfo(tz)),
        }
        for one, tz in centres
    ]
    if rows:
        await connection.execute(insert_into(connection, digest_plan).on_conflict_do_nothing(), rows)


async def due(connection: AsyncConnection, now: datetime) -> list[CentreId]:
    """Return the centres whose digests may be due, the longest due first."""
    return [CentreId(row.centre_id) for row in await _DUE.all(connection, {"now": now})]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The plan of a centre, which this unit of work alone may carry out."""

    centre: CentreId
    plan: Plan
    zone: ZoneInfo

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def is_time(self, now: datetime) -> bool:
        """Say whether the digest of today has come, and not too late."""
        today = self.today(now)
        moment = self.plan.moment(today, self.zone)
        return moment is not None and moment <= now < self.plan.useless_from(today, self.zone)


async def take(connection: AsyncConnection, centre_id: CentreId, now: datetime) -> Taken | None:
    """Lock the plan of a centre that is due; None where somebody else has it, or had."""
    row = await _TAKE.first(connection, {"centre": centre_id, "now": now})
    return Taken(centre=centre_id, plan=_plan_of(row), zone=ZoneInfo(row.tz)) if row is not None else None


async def move_on(connection: AsyncConnection, taken: Taken, now: datetime) -> None:
    """Let a centre's digests be due the next time that they come."""
    await _MOVE_ON.run(connection, {"centre_": taken.centre, "at_": taken.plan.next_after(now, taken.zone)})


async def put_off(connection: AsyncConnection, centre_id: CentreId, until: datetime) -> None:
    """Look at a centre's digests again later."""
    await _MOVE_ON.run(connection, {"centre_": centre_id, "at_": until})


# ---- who reads them

_ROLES: list[ColumnElement[Any]] = [
    literal_column(f"'{role}'") for role, rights in RIGHTS.items() if Right.SEE_DAY in rights
]
_active = centre.alias("active")
_FEW = select(func.count()).select_from(_active).where(_active.c.active).scalar_subquery() <= literal_column(
    str(FEW_CENTRES)
)
_of_person = contact.alias("of_person")
_MAY_BE_TOLD = (
    contact.c.stop_reason.is_(None),
    ~exists().where(
        _of_person.c.conversation_id == contact.c.conversation_id,
        _of_person.c.stop_reason == literal_column("'person'"),
    ),
    ~exists().where(
        digest.c.contact_id == contact.c.id,
        digest.c.centre_id == bindparam("centre"),
        digest.c.day == bindparam("day"),
        digest.c.kind == literal_column(f"'{DAILY}'"),
    ),
)
_MEMBERS = contact.c.id.in_(
    select(staff.c.contact_id)
    .join_from(staff, staff_post, staff_post.c.staff_id == staff.c.id)
    .where(
        staff.c.left_at.is_(None),
        staff.c.wants_digest,
        staff_post.c.role.in_(_ROLES),
        or_(staff_post.c.centre_id == bindparam("centre"), and_(staff_post.c.centre_id.is_(None), _FEW)),
    )
)
_GROUPS = contact.c.id.in_(select(staff_group.c.contact_id).where(staff_group.c.centre_id == bindparam("centre")))
_READERS = Prepared(select(contact.c.id).where(or_(_MEMBERS, _GROUPS), *_MAY_BE_TOLD).order_by(contact.c.id))


async def readers(connection: AsyncConnection, centre_id: CentreId, day: date) -> list[ContactId]:
    """Return who gets a centre's digest of a day and has not had it: members who want it, and the chats of teams.

    Who stopped, or cannot be written to, is passed over; so are members for all centres where these are many.
    """
    return [ContactId(row.id) for row in await _READERS.all(connection, {"centre": centre_id, "day": day})]


_WRITE = Prepared(
    lambda engine: insert_of(engine, digest).on_conflict_do_nothing().returning(digest.c.id),
    keys=("centre_id", "contact_id", "kind", "day", "made_at", "menu"),
)


async def write(
    connection: AsyncConnection, centre_id: CentreId, contact_id: ContactId, day: date, *, menu: int, now: datetime
) -> bool:
    """Write that somebody has a digest, under number *menu*; say whether they had none yet."""
    values = {
        "centre_id": centre_id,
        "contact_id": contact_id,
        "kind": DAILY,
        "day": day,
        "made_at": now,
        "menu": menu,
    }
    return await _WRITE.first(connection, values) is not None


# ---- found again


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A digest that somebody has got, or was to get."""

    id: int
    centre: CentreId
    contact: ContactId
    day: date


_SENT = select(digest.c.id, digest.c.centre_id, digest.c.contact_id, digest.c.day)
_OF_MENU = Prepared(_SENT.where(digest.c.contact_id == bindparam("contact"), digest.c.menu == bindparam("wanted")))
_OF_MESSAGE = Prepared(
    _SENT.join(outbox, and_(outbox.c.contact_id == digest.c.contact_id, outbox.c.menu == digest.c.menu)).where(
        outbox.c.provider_id == bindparam("message"), digest.c.contact_id == bindparam("contact")
    )
)
_LATEST = Prepared(
    _SENT.where(digest.c.contact_id == bindparam("contact"), digest.c.menu.is_not(None))
    .order_by(digest.c.made_at.desc(), digest.c.id.desc())
    .limit(first(1))
)


async def of_menu(connection: AsyncConnection, contact_id: ContactId, menu: int) -> Sent | None:
    """Return the digest that stands under number *menu* in a contact's chat."""
    return _sent(await _OF_MENU.first(connection, {"contact": contact_id, "wanted": menu}))


async def of_message(connection: AsyncConnection, contact_id: ContactId, provider_id: str | None) -> Sent | None:
    """Return the digest of a message by the provider's id of it; the last one where that is not known."""
    found = None
    if provider_id is not None:
        found = await _OF_MESSAGE.first(connection, {"contact": contact_id, "message": provider_id})
    return _sent(found or await _LATEST.first(connection, {"contact": contact_id}))


def _sent(row: Any) -> Sent | None:
    if row is None:
        return None
    return Sent(id=row.id, centre=CentreId(row.centre_id), contact=ContactId(row.contact_id), day=row.day)


# ---- lost ones


async def lost(connection: AsyncConnection, contact_id: ContactId, menu: int, now: datetime) -> bool:
    """Note that a digest did not arrive, so that another way is looked for; say whether it is one."""
    mine = digest.c.contact_id == contact_id, digest.c.menu == menu
    return bool((await connection.execute(update(digest).where(*mine).values(lost_at=now))).rowcount)


_LOST = Prepared(
    _SENT.where(digest.c.lost_at <= bindparam("now"))
    .order_by(digest.c.lost_at, digest.c.id)
    .limit(first(1))
    .with_for_update(skip_locked=True)
)
_FOUND = Prepared(
    update(digest)
    .where(digest.c.id == bindparam("wanted"))
    .values(lost_at=None, menu=func.coalesce(bindparam("under", type_=digest.c.menu.type), digest.c.menu))
)


async def take_lost(connection: AsyncConnection, now: datetime) -> Sent | None:
    """Lock a digest that did not arrive."""
    return _sent(await _LOST.first(connection, {"now": now}))


async def done_with(connection: AsyncConnection, sent: Sent, *, menu: int | None = None) -> None:
    """Close one that was lost; *menu* is the number under which it stands where it was sent another way."""
    await _FOUND.run(connection, {"wanted": sent.id, "under": menu})
