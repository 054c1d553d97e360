"""Who belongs to an audience, in SQL: the conversations of the people, each once, however many visits they had."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, func, or_, select, tuple_, union

from domain.appointments import CLAIMING, Status
from domain.centres import CentreId
from domain.staff.broadcast_commands import Audience, Whom
from domain.store.staff_visits import bounds_of
from domain.store.tables import appointment, contact, conversation, patient, recommendation, schedule, slot

#: Visits that somebody has or came to: neither holds, nor what was cancelled or missed.
_HAS = (Status.BOOKED, Status.ARRIVED, Status.FULFILLED)
_later = appointment.alias("later")


def conversations_of(
    centre: CentreId, audience: Audience, *, tz: str, now: datetime, language: str
) -> Select[tuple[int]]:
    """Select the ids of the conversations; who told no *language* counts as speaking this one."""
    people = _people(centre, audience, tz, now).subquery("people")
    found = select(conversation.c.id).where(conversation.c.id.in_(select(people.c.conversation_id)))
    if audience.language is not None:
        found = found.where(func.coalesce(conversation.c.language, language) == audience.language)
    return found


def _people(centre: CentreId, audience: Audience, tz: str, now: datetime) -> Select[Any] | CompoundSelect[Any]:
    match audience.whom:
        case Whom.VISIT:
            if audience.first is None or audience.last is None:
                raise ValueError("an audience by visits has a first and a last day")
            start, until = bounds_of(audience.first, tz)[0], bounds_of(audience.last, tz)[1]
            return _visits(centre, audience).where(slot.c.starts_at >= start, slot.c.starts_at < until)
        case Whom.BEEN:
            return _visits(centre, audience).where(slot.c.starts_at <= now)
        case Whom.DUE:
            return union(_waiting(centre, audience), _next_due(centre, audience))


def _visits(centre: CentreId, audience: Audience) -> Select[Any]:
    return (
        select(contact.c.conversation_id)
        .join_from(appointment, slot, appointment.c.slot_id == slot.c.id)
        .join(contact, contact.c.id == appointment.c.contact_id)
        .where(slot.c.centre_id == centre, appointment.c.status.in_(_HAS), *_limits(audience))
    )


def _limits(audience: Audience) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = []
    if audience.programme is not None:
        limits.append(slot.c.programme == audience.programme)
    if audience.group is not None:
        limits.append(appointment.c.priority_group == audience.group)
    return limits


def _waiting(centre: CentreId, audience: Audience) -> Select[Any]:
    """Select who waits for a day: those who were here last, and those who were nowhere yet and want what is here."""
    offered = exists().where(schedule.c.centre_id == centre, schedule.c.programme == recommendation.c.programme)
    found = (
        select(contact.c.conversation_id)
        .join_from(recommendation, contact, contact.c.id == recommendation.c.contact_id)
        .join(patient, patient.c.id == contact.c.patient_id, isouter=True)
        .where(
            recommendation.c.state == "waiting",
            or_(patient.c.last_centre_id == centre, and_(patient.c.last_centre_id.is_(None), offered)),
        )
    )
    if audience.programme is not None:
        found = found.where(recommendation.c.programme == audience.programme)
    if audience.group is not None:
        found = found.where(
            exists().where(
                appointment.c.contact_id == contact.c.id,
                appointment.c.priority_group == audience.group,
            )
        )
    return found


def _next_due(centre: CentreId, audience: Audience) -> Select[Any]:
    """Select who was served here for the first of two courses and has nothing for the second."""
    pairs = [(before, after) for before, after in audience.following]
    follows = exists().where(
        _later.c.patient_id == appointment.c.patient_id,
        tuple_(appointment.c.course, _later.c.course).in_(pairs),
        _later.c.status.in_(CLAIMING),
    )
    return _visits(centre, audience).where(
        appointment.c.status == Status.FULFILLED,
        appointment.c.course.in_([before for before, _ in pairs]),
        ~follows,
    )
