"""What each role may do: the one table of rights, which the command handlers ask."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is at a centre; the value stands in the database, in invitations and on the command line."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    CLINICIAN = "clinician"
    RECEPTION = "reception"


class Right(StrEnum):
    """Something that not everybody may do."""

    SEE_DAY = "see-day"  # the day's visits, by name
    FIND = "find"  # a patient, by reference or name
    RECEIVE = "receive"  # mark who arrived or did not come, take in who walks in
    SERVE = "serve"  # record that somebody was served, with the lot
    STOCK = "stock"  # record doses that came, were used or lost
    HOURS = "hours"  # open and close slots, change hours and capacity, close a day
    SHIFTS = "shifts"  # own shifts, and being ill
    HAND_OVER = "hand-over"  # answer patients who want a person
    TASKS = "tasks"
    REPORTS = "reports"
    BROADCAST = "broadcast"
    INVITE = "invite"  # and see and end the memberships of others
    DIGEST = "digest"  # choose when digests come
    REQUESTS = "requests"  # confirm or decline requests, of visits to oneself
    ALL_REQUESTS = "all-requests"  # and of visits to others


_EVERYBODY = frozenset((Right.SEE_DAY, Right.FIND, Right.RECEIVE, Right.HAND_OVER, Right.TASKS))
_CLINICAL = frozenset((Right.SERVE, Right.STOCK, Right.SHIFTS, Right.REQUESTS))
_MANAGING = frozenset(
    (
        *(Right.STOCK, Right.HOURS, Right.REPORTS, Right.BROADCAST, Right.INVITE, Right.DIGEST),
        *(Right.REQUESTS, Right.ALL_REQUESTS),
    )
)

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.RECEPTION: _EVERYBODY,
    Role.CLINICIAN: _EVERYBODY | _CLINICAL,
    Role.MANAGER: _EVERYBODY | _MANAGING | {Right.SERVE},
    Role.ADMINISTRATOR: frozenset(Right),
}

#: Whom each role may make a member, and whose membership it may end.
INVITES: Mapping[Role, frozenset[Role]] = {
    Role.RECEPTION: frozenset(),
    Role.CLINICIAN: frozenset(),
    Role.MANAGER: frozenset((Role.CLINICIAN, Role.RECEPTION)),
    Role.ADMINISTRATOR: frozenset(Role),
}
