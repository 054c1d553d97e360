"""What was said by a person and to them, of the inbox and the outbox, opened only here and only to be shown.

Sequences of digits that may be a telephone number, a code or a date of birth are hidden.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.patients import Channel, ContactId
from domain.staff.handover_commands import Sort, Spoken
from domain.store.statements import first
from domain.store.tables import inbox, outbox
from domain.store.types import opened, unopened

_DIGITS = re.compile(r"\+?\d(?:[ ().\-/]{0,2}\d){5,}")
_SORTS = {"pin": Sort.PLACE, "contact": Sort.NUMBER, "unreadable": Sort.OTHER}
_SHOWN = frozenset(("Line", "Prompt"))


async def transcript(connection: AsyncConnection, contacts: Collection[ContactId], limit: int) -> list[Spoken]:
    """Return the last *limit* things that were said by *contacts* and to them, oldest first."""
    heard = await connection.execute(
        select(inbox.c.id, inbox.c.received_at, unopened(inbox.c.payload).label("payload"))
        .where(inbox.c.contact_id.in_(contacts), inbox.c.state != literal_column("'dead'"))
        .order_by(inbox.c.id.desc())
        .limit(first(limit))
    )
    said = await connection.execute(
        select(outbox.c.id, outbox.c.due_at, outbox.c.menu, unopened(outbox.c.payload).label("payload"))
        .where(
            outbox.c.contact_id.in_(contacts),
            outbox.c.state.in_([literal_column("'sent'"), literal_column("'queued'")]),
            outbox.c.channel != literal_column(f"'{Channel.EMAIL.value}'"),
        )
        .order_by(outbox.c.id.desc())
        .limit(first(limit))
    )
    rows = [(row, opened(row.payload, outbox.c.payload) or {}) for row in said]
    menus = {row.menu: payload["of"] for row, payload in rows if row.menu is not None and payload}
    told = [((row.due_at, 1, row.id), _told(payload)) for row, payload in rows]
    words = [((row.received_at, 0, row.id), _heard(opened(row.payload, inbox.c.payload) or {}, menus)) for row in heard]
    ordered = sorted((*told, *words), key=lambda one: one[0])
    return [spoken for _, spoken in ordered if spoken is not None][-limit:]


def _told(payload: Mapping[str, Any]) -> Spoken | None:
    """Return what a message of ours said; None where it said nothing."""
    if payload.get("is") not in _SHOWN:
        return None
    return Spoken(to_patient=True, text=hidden(payload["of"]["text"]))


def _heard(payload: Mapping[str, Any], menus: Mapping[int, Mapping[str, Any]]) -> Spoken | None:
    """Return what somebody said; None where nobody did."""
    said = payload.get("said") or {}
    kind = said.get("kind", "text")
    if kind in _SORTS:
        return Spoken(to_patient=False, sort=_SORTS[kind])
    text = said.get("text") or ""
    if kind == "tap":
        choices = menus.get(said.get("menu", 0), {}).get("choices", [])
        option = said.get("option") or 0
        text = text or (choices[option]["label"] if option < len(choices) else "")
    elif kind not in ("text", "stop", "resume"):
        return None
    return Spoken(to_patient=False, text=hidden(text)) if text else None


def hidden(text: str) -> str:
    """Return *text* without what may be a number of somebody."""
    return _DIGITS.sub("***", text)
