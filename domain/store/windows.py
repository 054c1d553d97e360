"""Spans of time given to a statement as a table, each for one time zone: on which days a place is wanted there.

A day begins and ends at another moment in each zone, so that a list of days is a list of spans for each of them. The
search looks into a centre's slots once for each span of its zone, through the index by (centre, programme, start).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, String, bindparam, column, values

from domain.queries import Days
from domain.store.types import Moment

_LEAST = 4


@functools.cache
def table(count: int) -> CTE:
    """Return *count* spans as a table of (tz, start, until), whose values are parameters."""
    rows = [
        (
            bindparam(f"tz_{number}", type_=String),
            bindparam(f"start_{number}", type_=Moment),
            bindparam(f"until_{number}", type_=Moment),
        )
        for number in range(count)
    ]
    spans = values(column("tz", String), column("start", Moment), column("until", Moment), name="span")
    return spans.data(rows).cte("wanted")


def in_zones(
    days: Days, zones: Iterable[str], start: datetime, until: datetime, *, most: int | None
) -> tuple[int, dict[str, Any]]:
    """Return how many spans *days* are, the first *most* of each zone, and the parameters of the table.

    The count is filled up to one of few, each of which is a statement of its own.
    """
    rows = [(tz, *span) for tz in sorted(set(zones)) for span in days.windows(ZoneInfo(tz), start, until)[:most]]
    if not rows:
        return 0, {}
    count = max(_LEAST, 1 << (len(rows) - 1).bit_length())
    filled = rows + [rows[-1]] * (count - len(rows))
    found: dict[str, Any] = {}
    for number, (tz, first, end) in enumerate(filled):
        found |= {f"tz_{number}": tz, f"start_{number}": first, f"until_{number}": end}
    return count, found
