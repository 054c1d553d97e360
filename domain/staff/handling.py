"""What carries out a command of staff once its member is allowed it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from domain.context import Context
from domain.staff.members import Member

Handler = Callable[[Any, Member, Context], Awaitable[object]]
