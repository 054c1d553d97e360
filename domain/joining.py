"""Two conversations of one person made one: what is known on either side is seen from both.

The one with bookings goes on, else the one that is known longer. A person who is on record twice, by name and date of
birth, becomes one, unless both records have a claim on the same course.
"""

from __future__ import annotations

import unicodedata

from domain.context import Context
from domain.linked import Known, Side
from domain.patients import ContactId, PatientId


class ElsewhereBusyError(RuntimeError):
    """Somebody is at the other conversation just now; the message is to be handled again a little later."""


async def join(other: ContactId, context: Context) -> None:
    """Make one conversation of this contact's and *other*'s. ElsewhereBusyError when it cannot be had now."""
    sides = await context.store.joining.lock(context.contact, other)
    if sides is None:
        raise ElsewhereBusyError(f"contact {other}")
    mine, theirs = sides
    keeps_mine = _rank(mine) >= _rank(theirs)
    kept, left = (mine, theirs) if keeps_mine else (theirs, mine)
    became = await _one_record_each(kept, left, context)
    me = kept.me if kept.me is not None else became.get(left.me, left.me) if left.me is not None else None
    for person in left.people:
        if person.id not in became and person.id == left.me != me:
            await context.store.joining.look_after(person.id, kept.contacts[0])
    await context.store.joining.join(kept, left, me=me, keeps_mine=keeps_mine)


def _rank(side: Side) -> tuple[bool, float, int]:
    return side.has_bookings, -side.known_since.timestamp(), -side.conversation


async def _one_record_each(kept: Side, left: Side, context: Context) -> dict[PatientId, PatientId]:
    """Make one of the records that are of one person; return which of those *left* became which."""
    became: dict[PatientId, PatientId] = {}
    for person in left.people:
        same = next((one for one in kept.people if _is_same(one, person)), None)
        if same is not None and same.id not in became.values():
            await context.store.joining.become_one(person, into=same)
            became[person.id] = same.id
    return became


def _is_same(one: Known, other: Known) -> bool:
    is_alike = (_folded(one.name), one.birth) == (_folded(other.name), other.birth)
    return is_alike and one.id != other.id and not one.open_courses & other.open_courses


def _folded(name: str) -> str:
    parted = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(one if one.isalnum() else " " for one in parted if not unicodedata.combining(one)).split())
