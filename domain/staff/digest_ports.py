"""What the handlers about digests need of a store."""

from __future__ import annotations

from typing import Protocol

from domain.centres import CentreId
from domain.staff.digest_plan import Plan
from domain.staff.members import StaffId


class Digests(Protocol):
    """When digests come, and who wants them."""

    async def plan(self, centre: CentreId) -> Plan:
        """Return when a centre's digests come."""

    async def keep(self, centre: CentreId, plan: Plan) -> None:
        """Let a centre's digests come so from now on."""

    async def is_wanted(self, staff_id: StaffId) -> bool:
        """Say whether somebody gets digests."""

    async def want(self, staff_id: StaffId, *, wanted: bool) -> None:
        """Keep whether somebody gets digests."""
