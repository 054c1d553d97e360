"""Centres, programmes and schedules as operators write them, and the slots published from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import exists, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.gazetteer.names import fold
from domain.programmes import ProgrammeError, from_mapping
from domain.schedules import Opening, WeeklyRule
from domain.store.stamp import Stamp
from domain.store.statements import insert_into
from domain.store.tables import centre, closure, programme, programme_version, schedule, slot


@dataclass(frozen=True, slots=True)
class Kept:
    """What writing a list of rows did."""

    added: int = 0
    changed: int = 0
    same: int = 0


async def is_empty(connection: AsyncConnection) -> bool:
    """Say whether there is no centre and no programme."""
    counts = select(func.count(centre.c.id) + select(func.count(programme.c.key)).scalar_subquery())
    return not (await connection.execute(counts)).scalar_one()


async def keep_centre(connection: AsyncConnection, values: Mapping[str, Any]) -> tuple[int, str]:
    """Write a centre by its *key*; return its id and one of "added", "changed", "same"."""
    row = {**values, "town_folded": fold(values["town"])}
    found = (await connection.execute(select(centre).where(centre.c.key == row["key"]))).mappings().first()
    if found is None:
        return (await connection.execute(insert(centre).returning(centre.c.id), row)).scalar_one(), "added"
    if all(found[name] == value for name, value in row.items()):
        return found["id"], "same"
    await connection.execute(update(centre).where(centre.c.id == found["id"]).values(**row))
    return found["id"], "changed"


async def keep_programme(connection: AsyncConnection, body: Mapping[str, Any], stamp: Stamp) -> str:
    """Write a programme by its key, as a version of its own when it says something else; return what was done.

    Of several that write it at once one is first, and the others see what it wrote.
    """
    key = str(body["key"])
    standing = select(programme).where(programme.c.key == key).with_for_update()
    found = (await connection.execute(standing)).first()
    if found is None:
        position = select(func.count(programme.c.key)).scalar_subquery()
        new = insert_into(connection, programme).values(key=key, position=position, version=1, body=dict(body))
        if (await connection.execute(new.on_conflict_do_nothing())).rowcount:
            await _keep_version(connection, body, 1, stamp)
            return "added"
        found = (await connection.execute(standing)).one()
    if _says_the_same(found.body, body):
        return "same"
    raised = update(programme).where(programme.c.key == key).values(body=dict(body), version=found.version + 1)
    await connection.execute(raised)
    await _keep_version(connection, body, found.version + 1, stamp)
    return "changed"


def _says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether two bodies are the same programme, however it is written down."""
    if one == other:
        return True
    try:
        return from_mapping(one) == from_mapping(other)
    except ProgrammeError:
        return False


async def _keep_version(connection: AsyncConnection, body: Mapping[str, Any], version: int, stamp: Stamp) -> None:
    kept = {"key": str(body["key"]), "version": version, "body": dict(body)}
    await connection.execute(insert(programme_version), kept | {"made_at": stamp.now, "made_by": stamp.actor})


async def kept_programme(
    connection: AsyncConnection, key: str, version: int | None = None
) -> tuple[dict[str, Any], int] | None:
    """Return a programme's body as it was in *version*, or is now, with the version; None where there is none."""
    wanted = select(programme.c.body, programme.c.version).where(programme.c.key == key)
    if version is not None:
        of = programme_version.c
        wanted = select(of.body, of.version).where(of.key == key, of.version == version)
    found = (await connection.execute(wanted)).first()
    return None if found is None else (found.body, found.version)


async def programmes(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Return the programmes' bodies, in the order in which they were first written."""
    rows = await connection.execute(select(programme.c.body).order_by(programme.c.position, programme.c.key))
    return list(rows.scalars())


async def products_by_code(connection: AsyncConnection) -> dict[str, str]:
    """Return the keys of products by the codes that programmes say they have elsewhere, such as NDC."""
    codes: dict[str, str] = {}
    for body in await programmes(connection):
        for product, its_codes in (body.get("product_codes") or {}).items():
            codes |= dict.fromkeys(its_codes, product)
    return codes


async def programmes_version(connection: AsyncConnection) -> tuple[int, int]:
    """Return something that changes whenever a programme does."""
    row = (await connection.execute(select(func.count(programme.c.key), func.sum(programme.c.version)))).one()
    return row[0], row[1] or 0


async def keep_schedule(
    connection: AsyncConnection,
    *,
    centre_id: int,
    programme_key: str,
    rules: Sequence[WeeklyRule],
    valid_from: date | None = None,
    valid_until: date | None = None,
    practitioner_id: int | None = None,
) -> None:
    """Write the weekly rules of a programme at a centre, there of one practitioner's; published slots stay."""
    values = {
        "practitioner_id": practitioner_id,
        "centre_id": centre_id,
        "programme": programme_key,
        "rules": [rule_as_json(rule) for rule in rules],
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    kept = insert_into(connection, schedule)
    changed = {name: kept.excluded[name] for name in ("rules", "valid_from", "valid_until")}
    unique, theirs = ["centre_id", "programme"], schedule.c.practitioner_id
    where = theirs.is_(None)
    if practitioner_id is not None:
        unique, where = ["practitioner_id", *unique], theirs.is_not(None)
    await connection.execute(kept.on_conflict_do_update(index_elements=unique, index_where=where, set_=changed), values)


async def schedules(connection: AsyncConnection, *, practitioner_id: int | None = None) -> list[Any]:
    """Return the schedules of all active centres, each with the centre's *tz* and the programme's *body*.

    With *practitioner_id* only those of one practitioner.
    """
    wanted = (
        select(schedule, centre.c.tz, programme.c.body)
        .join_from(schedule, centre, schedule.c.centre_id == centre.c.id)
        .join(programme, schedule.c.programme == programme.c.key)
        .where(centre.c.active)
        .order_by(schedule.c.id)
    )
    if practitioner_id is not None:
        wanted = wanted.where(schedule.c.practitioner_id == practitioner_id)
    return list((await connection.execute(wanted)).all())


async def keep_policy(connection: AsyncConnection, schedule_id: int, policy: Mapping[str, Any] | None) -> None:
    """Let a centre keep places of a programme otherwise than the programme says; None: as it says."""
    await connection.execute(update(schedule).where(schedule.c.id == schedule_id).values(policy=policy or None))


async def keep_publishing(connection: AsyncConnection, ahead_days: int) -> None:
    """From now on the worker keeps all schedules published so many days ahead."""
    await connection.execute(update(schedule).values(ahead_days=ahead_days))


async def closures(connection: AsyncConnection, centre_id: int) -> frozenset[date]:
    """Return the days on which a centre is closed."""
    found = await connection.execute(select(closure.c.day).where(closure.c.centre_id == centre_id))
    return frozenset(found.scalars())


async def close_day(connection: AsyncConnection, centre_id: int, day: date) -> None:
    """Make *day* an exception on which no slots are published."""
    kept = insert_into(connection, closure).on_conflict_do_nothing()
    await connection.execute(kept, {"centre_id": centre_id, "day": day})


async def programmes_without_slots(connection: AsyncConnection, now: datetime) -> list[str]:
    """Return the programmes that nobody can book, for want of slots to come."""
    booked = select(slot.c.programme).where(slot.c.starts_at > now.astimezone(UTC)).distinct()
    wanted = select(programme.c.key).where(programme.c.key.not_in(booked)).order_by(programme.c.position)
    return list((await connection.execute(wanted)).scalars())


def rule_as_json(rule: WeeklyRule) -> dict[str, Any]:
    return {
        "weekday": rule.weekday,
        "start": rule.opening.start.isoformat("minutes"),
        "until": rule.opening.until.isoformat("minutes"),
        "minutes": int(rule.slot_length / timedelta(minutes=1)),
        "capacity": rule.capacity,
        "overbook": rule.overbook,
    }


def rule_from_json(body: Mapping[str, Any]) -> WeeklyRule:
    """Read a weekly rule as a schedule keeps it."""
    return WeeklyRule(
        weekday=body["weekday"],
        opening=Opening(start=time.fromisoformat(body["start"]), until=time.fromisoformat(body["until"])),
        slot_length=timedelta(minutes=body["minutes"]),
        capacity=body["capacity"],
        overbook=body["overbook"],
    )


async def offer_everywhere(connection: AsyncConnection, programme_key: str) -> int:
    """Let every centre that has a schedule offer a programme at the hours of its first one; return how many are new."""
    nobodys = schedule.c.practitioner_id.is_(None)
    first = select(func.min(schedule.c.id)).where(nobodys).group_by(schedule.c.centre_id)
    offers = exists().where(
        _own.c.centre_id == schedule.c.centre_id,
        _own.c.programme == programme_key,
        _own.c.practitioner_id.is_(None),
    )
    wanted = select(
        schedule.c.centre_id,
        literal(programme_key),
        schedule.c.rules,
        schedule.c.valid_from,
        schedule.c.valid_until,
        schedule.c.ahead_days,
    ).where(schedule.c.id.in_(first), ~offers)
    columns = ["centre_id", "programme", "rules", "valid_from", "valid_until", "ahead_days"]
    return (await connection.execute(insert(schedule).from_select(columns, wanted))).rowcount


_own = schedule.alias("own")
