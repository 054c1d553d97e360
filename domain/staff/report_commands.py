"""What members of staff may ask of a centre's week or month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol

from domain.centres import CentreId
from domain.staff.commands import AtCentre, NotAllowed, Workplace
from domain.staff.reports import Figures, Period
from domain.staff.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The *figures* of a *centre* from *first* to *last*, both included."""

    centre: Workplace
    period: Period
    first: date
    last: date
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowReport(AtCentre[Report | NotAllowed]):
    """What was the last whole week or month at a centre?"""

    centre: CentreId
    period: Period
    right: ClassVar = Right.REPORTS
    results: ClassVar = (Report, NotAllowed)


class Reports(Protocol):
    """Reports as a store makes them."""

    async def report(self, centre: CentreId, period: Period, today: date | None = None) -> Report:
        """Return the last whole one before *today*, or before this day by the centre's wall clock."""
