"""Where a practitioner is: the five minutes that are taken, and by which slot (I4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.practitioners import TICK
from domain.schedules import PlannedSlot
from domain.store.tables import occupancy, practitioner, slot

_Standing = tuple[int, datetime]  # the schedule of a slot, and when it starts: what it is known by (I10)


def ticks(starts_at: datetime, ends_at: datetime) -> Iterator[int]:
    """Yield every step of five minutes since the epoch that a span touches."""
    step = int(TICK.total_seconds())
    yield from range(int(starts_at.timestamp()) // step, -(-int(ends_at.timestamp()) // step))


@dataclass(slots=True)
class Occupied:
    """The ticks of one practitioner that are taken within a span of time, each with the slot that has it."""

    by_tick: dict[int, _Standing]

    @classmethod
    async def of(cls, connection: AsyncConnection, practitioner_id: int, start: datetime, until: datetime) -> Occupied:
        """Read them, with the practitioner locked, so that nobody else takes any before this is committed."""
        locked = select(practitioner.c.id).where(practitioner.c.id == practitioner_id).with_for_update()
        await connection.execute(locked)
        steps = list(ticks(start, until))
        found = (
            select(occupancy.c.tick, slot.c.schedule_id, slot.c.starts_at)
            .join_from(occupancy, slot, slot.c.id == occupancy.c.slot_id)
            .where(
                occupancy.c.practitioner_id == practitioner_id,
                occupancy.c.tick >= steps[0],
                occupancy.c.tick <= steps[-1],
            )
        )
        return cls({row.tick: (row.schedule_id, row.starts_at) for row in await connection.execute(found)})

    def take(self, schedule_id: int, planned: PlannedSlot) -> bool:
        """Take the time of a slot that is planned; say whether it could be had, or is the very slot's already."""
        own = (schedule_id, planned.starts_at)
        steps = list(ticks(planned.starts_at, planned.ends_at))
        if any(self.by_tick.get(step, own) != own for step in steps):
            return False
        self.by_tick.update(dict.fromkeys(steps, own))
        return True
