"""The search for centres with a place, as statements: a few, each compiled once."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from domain.store import windows
from domain.store.prepared import Prepared
from domain.store.statements import first
from domain.store.tables import centre, schedule, slot
from domain.store.types import Id

CENTRE = [
    centre.c.id.label("centre_id"),
    centre.c.name.label("centre_name"),
    centre.c.address,
    centre.c.town,
    centre.c.postcode,
    centre.c.lat,
    centre.c.lon,
    centre.c.tz,
    centre.c.access_notes,
    centre.c.country,
    centre.c.step_free,
]


def has_place(*, has_priority: bool) -> ColumnElement[bool]:
    """Say in SQL that a slot has a place, in the very words of the partial index that finds such slots."""
    kept = slot.c.capacity + slot.c.overbook if has_priority else slot.c.capacity + slot.c.overbook - slot.c.reserve
    return and_(slot.c.taken < kept, slot.c.status == literal_column("'free'"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What makes one search for centres another statement than the next: *windows* is how many spans of time it has."""

    has_priority: bool = False
    needs_dose: bool = False
    step_free: bool = False
    windows: int = 0
    practitioner: bool = False


def _with_place(search: Search) -> Select[Any]:
    """Return the search for centres with a place; where it *needs_dose*, for all, with when the first one is, if any.

    The first one, in whichever span of time, decides whether there is a dose: doses only run out as days go by.
    """
    first = select(func.min(slot.c.starts_at))
    if search.windows:
        wanted = windows.table(search.windows)
        here = _places(search, wanted.c.start, wanted.c.until)
        in_one = first.where(*here).correlate(centre, wanted).scalar_subquery()
        of_zone = wanted.c.tz == centre.c.tz
        first_at = select(func.min(in_one)).where(of_zone).correlate(centre).scalar_subquery()
        has_one = exists().where(of_zone, exists().where(*here).correlate(centre, wanted)).correlate(centre)
    else:
        here = _places(search, bindparam("start"), bindparam("until"))
        first_at = first.where(*here).correlate(centre).scalar_subquery()
        has_one = exists().where(*here)
    offered = _offered(step_free=search.step_free)
    if search.practitioner:
        offered = (*offered, centre.c.id.in_(_where_they_work()))
    if search.needs_dose:
        return select(*CENTRE, first_at.label("first_at")).where(*offered)
    return select(*CENTRE).where(*offered, has_one)


def _where_they_work() -> Select[Any]:
    return select(schedule.c.centre_id).where(
        schedule.c.practitioner_id == bindparam("practitioner", type_=Id),
        schedule.c.programme == bindparam("programme"),
    )


def _places(search: Search, start: Any, until: Any, at: Any = centre.c.id) -> tuple[ColumnElement[bool], ...]:
    """Say in SQL that a slot has a place at a centre in [*start*, *until*)."""
    theirs = (slot.c.practitioner_id == bindparam("practitioner", type_=Id),) if search.practitioner else ()
    return (
        *theirs,
        slot.c.centre_id == at,
        slot.c.programme == bindparam("programme"),
        slot.c.starts_at >= start,
        slot.c.starts_at < until,
        has_place(has_priority=search.has_priority),
    )


def _offered(*, step_free: bool) -> tuple[ColumnElement[bool], ...]:
    is_offered = (centre.c.active, ~centre.c.professionals_only)
    return (*is_offered, centre.c.step_free) if step_free else is_offered


@functools.cache
def among(count: int, search: Search) -> Prepared:
    """Return the search for those of *count* centres that have a place."""
    ids = [bindparam(f"id_{number}", type_=Id) for number in range(count)]
    return Prepared(_with_place(search).where(centre.c.id.in_(ids)))


@functools.cache
def nearest(count: int, search: Search) -> Prepared:
    """Return the search, in one statement, for those of the *count* nearest centres in a box that have a place.

    How far they are is measured on a plane, in degrees of latitude, squared (`far`); beside it stand how many centres
    were looked at and how far the last of them is. The box does not reach over the 180th meridian.
    """
    high, wide = _away(centre.c.lat, "lat"), _away(centre.c.lon, "lon") * bindparam("narrowed")
    far = (high * high + wide * wide).label("far")
    in_box = (*_offered(step_free=search.step_free), _is_high_enough(), _is_wide_enough())
    near = select(*CENTRE, far).where(*in_box).order_by(far).limit(first(count)).cte("near")
    here = _places(search, bindparam("start"), bindparam("until"), near.c.centre_id)
    looked_at = select(func.count()).select_from(near).scalar_subquery().label("looked_at")
    furthest = select(func.max(near.c.far)).scalar_subquery().label("furthest")
    if search.needs_dose:
        first_at = select(func.min(slot.c.starts_at)).where(*here).correlate(near).scalar_subquery()
        return Prepared(select(near, looked_at, furthest, first_at.label("first_at")))
    return Prepared(select(near, looked_at, furthest).where(exists().where(*here).correlate(near)))


def _away(column: ColumnElement[float], name: str) -> ColumnElement[float]:
    """Return how far a coordinate is from a parameter; zero where that is too little to be squared."""
    return (column - bindparam(name, type_=Float)) + 1.0 - 1.0


def _is_high_enough() -> ColumnElement[bool]:
    return centre.c.lat.between(bindparam("south"), bindparam("north"))


def _is_wide_enough() -> ColumnElement[bool]:
    return centre.c.lon.between(bindparam("west"), bindparam("east"))


@functools.cache
def everywhere(search: Search) -> Prepared:
    return Prepared(_with_place(search).order_by(centre.c.town, centre.c.name, centre.c.id))


@functools.cache
def by_name(search: Search) -> Prepared:
    return Prepared(
        _with_place(search)
        .order_by(centre.c.town, centre.c.name, centre.c.id)
        .limit(bindparam("most", type_=Integer))
        .offset(bindparam("skipped", type_=Integer))
    )


POSITIONS = {
    step_free: Prepared(
        select(centre.c.id, centre.c.lat, centre.c.lon, centre.c.tz).where(
            *_offered(step_free=step_free),
            _is_high_enough(),
            or_(
                _is_wide_enough(),
                centre.c.lon >= bindparam("west_again"),  # over the 180th meridian
                centre.c.lon <= bindparam("east_again"),
            ),
        )
    )
    for step_free in (False, True)
}
