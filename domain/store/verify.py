"""Every invariant of the design, looked for in a live database: how often each is broken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.store.tables import CLAIMING
from domain.store.types import Moment

#: Invariant → what it says, and a query that counts its breaches.
INVARIANTS: dict[str, tuple[str, str]] = {
    "I1": (
        "no slot has more claims than capacity and overbook",
        f"""SELECT count(*) FROM slot WHERE (SELECT count(*) FROM appointment a
            WHERE a.slot_id = slot.id AND a.status IN {CLAIMING}) > capacity + overbook""",
    ),
    "I2": (
        "one open claim per person and course",
        """SELECT count(*) FROM (SELECT 1 FROM appointment WHERE status IN ('pending', 'booked', 'arrived')
            GROUP BY patient_id, course HAVING count(*) > 1) twice""",
    ),
    "I3": (
        "one inbound message counts once",
        """SELECT (SELECT count(*) FROM (SELECT 1 FROM inbox GROUP BY channel, provider_id
            HAVING count(*) > 1) twice) + (SELECT count(*) FROM (SELECT 1 FROM appointment
            GROUP BY idempotency_key HAVING count(*) > 1) again)""",
    ),
    "I4": (
        "no practitioner is in two places, and the time that slots take is the time that is kept as taken",
        """SELECT (SELECT count(*) FROM slot a JOIN slot b ON b.practitioner_id = a.practitioner_id
            AND b.starts_at >= a.starts_at AND b.starts_at < a.ends_at AND (b.starts_at > a.starts_at OR b.id > a.id)
            WHERE a.practitioner_id IS NOT NULL AND a.status <> 'busy-unavailable' AND b.status <> 'busy-unavailable')
            + (SELECT count(*) FROM slot WHERE practitioner_id IS NOT NULL AND status <> 'busy-unavailable'
            AND NOT EXISTS (SELECT 1 FROM occupancy WHERE occupancy.slot_id = slot.id))
            + (SELECT count(*) FROM occupancy o LEFT JOIN slot ON slot.id = o.slot_id WHERE slot.id IS NULL
            OR slot.practitioner_id IS NULL OR slot.practitioner_id <> o.practitioner_id
            OR slot.status = 'busy-unavailable')""",
    ),
    "I5": (
        "doses on hand equal their movements, doses promised the claims on them, and spare doses what that leaves",
        """SELECT (SELECT count(*) FROM lot WHERE on_hand <> (SELECT coalesce(sum(quantity), 0)
            FROM stock_movement WHERE lot_id = lot.id)) + (SELECT count(*) FROM stock_day d WHERE d.promised <>
            (SELECT count(*) FROM appointment a JOIN slot ON slot.id = a.slot_id WHERE a.product = d.product
            AND a.product_day = d.day AND slot.centre_id = d.centre_id
            AND a.status IN ('pending', 'booked', 'arrived')))
            + (SELECT count(*) FROM allocation k WHERE k.promised <>
            (SELECT count(*) FROM appointment a JOIN slot ON slot.id = a.slot_id WHERE a.product = k.product
            AND a.priority_group = k.group_key AND slot.centre_id = k.centre_id
            AND a.status IN ('pending', 'booked', 'arrived')))
            + (SELECT count(*) FROM (SELECT DISTINCT centre_id, product, expires_on FROM lot WHERE on_hand > 0) l
            WHERE NOT EXISTS (SELECT 1 FROM stock_span p WHERE p.centre_id = l.centre_id AND p.product = l.product
            AND p.until = l.expires_on AND p.spare = (SELECT coalesce(sum(on_hand), 0) FROM lot m
                WHERE m.centre_id = l.centre_id AND m.product = l.product AND m.expires_on > p.after)
            - (SELECT coalesce(sum(promised), 0) FROM stock_day d JOIN stock s ON s.centre_id = d.centre_id
                AND s.product = d.product WHERE d.centre_id = l.centre_id AND d.product = l.product
                AND d.day > p.after AND (s.counted_on IS NULL OR d.day >= s.counted_on))))""",
    ),
    "I6": (
        "a move is one change of the same appointment: none is open without a slot of its own programme",
        """SELECT count(*) FROM appointment a LEFT JOIN slot ON slot.id = a.slot_id
            WHERE slot.id IS NULL OR (a.course NOT LIKE slot.programme || ':%'
            AND NOT EXISTS (SELECT 1 FROM displaced_hold h WHERE h.appointment_id = a.id))""",
    ),
    "I7": (
        "places taken equal the claims",
        f"""SELECT count(*) FROM slot WHERE taken <> (SELECT count(*) FROM appointment a
            WHERE a.slot_id = slot.id AND a.status IN {CLAIMING})""",
    ),
    "I8": (
        "no message is queued to who wants none, and no reminder waits that is superseded or was told already",
        """SELECT (SELECT count(*) FROM outbox JOIN contact ON contact.id = outbox.contact_id
            WHERE outbox.state = 'queued' AND contact.stopped_at IS NOT NULL
            AND outbox.due_at > contact.stopped_at AND outbox.priority >= 0)
            + (SELECT count(*) FROM reminder r JOIN appointment a ON a.id = r.appointment_id
            WHERE r.state = 'waiting' AND r.version <> a.version)
            + (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE menu < 0 AND state IN ('queued', 'sent')
            GROUP BY menu, contact_id HAVING count(*) > 1) twice)""",
    ),
    "I9": (
        "every change of an appointment has its audit event",
        """SELECT count(*) FROM appointment a WHERE a.version <> (SELECT count(*) FROM audit_event e
            WHERE e.entity = 'appointment' AND e.entity_id = a.id)
            OR NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.entity = 'appointment'
                AND e.entity_id = a.id AND e.version = a.version AND e.action = a.status)""",
    ),
    "I10": (
        "no slot is published twice",
        """SELECT count(*) FROM (SELECT 1 FROM slot GROUP BY schedule_id, starts_at
            HAVING count(*) > 1) twice""",
    ),
    "holds": (
        "no hold outlives its time by more than a minute",
        "SELECT count(*) FROM appointment WHERE status = 'pending' AND expires_at < :minute_ago",
    ),
}


async def breaches(connection: AsyncConnection, minute_ago: datetime) -> dict[str, int]:
    """Return how often each invariant is broken."""
    found: dict[str, int] = {}
    for name, (_, query) in INVARIANTS.items():
        statement: Any = text(query)
        if ":minute_ago" in query:
            statement = statement.bindparams(bindparam("minute_ago", minute_ago, type_=Moment()))
        found[name] = (await connection.execute(statement)).scalar_one()
    return found
