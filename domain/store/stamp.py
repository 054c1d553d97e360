"""Who writes a row, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.patients import ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When and by whom rows are written; *contact* and *channel* are where a patient writes from."""

    now: datetime
    actor: str
    contact: ContactId | None = None
    channel: str = ""
