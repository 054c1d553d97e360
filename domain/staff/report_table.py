"""A report as a table for a spreadsheet: one figure a line, the same that is told in words, and no names of people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from domain.staff.report_commands import Report
from domain.staff.reports import FEW

HEAD = ("figure", "of", "value")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_Row = tuple[str, str, object]


def table_of(report: Report) -> str:
    """Return a report as CSV (RFC 4180); waits are in days, shares from 0 to 1."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([HEAD, *_rows(report)])
    return written.getvalue()


def file_name(report: Report) -> str:
    """Return what the file is called."""
    return f"{report.period}-{report.first.isoformat()}.csv"


def _rows(report: Report) -> Iterator[_Row]:
    found = report.figures
    yield "first day", "", report.first.isoformat()
    yield "last day", "", report.last.isoformat()
    yield "bookings", "", found.bookings
    yield "visits", "", found.visits
    yield "no-shows", "", found.missed
    for lead, missed in found.by_lead:
        yield "visits booked days before", lead, missed.visits
        yield "no-shows booked days before", lead, missed.missed
    for day, missed in found.by_weekday:
        yield "visits on", _WEEKDAYS[day], missed.visits
        yield "no-shows on", _WEEKDAYS[day], missed.missed
    yield "wait, median", "", _known(found.wait.median)
    yield "wait, longest tenth", "", _known(found.wait.longest)
    yield "freed places", "", found.freed.places
    yield "freed places", "booked again", found.freed.again
    yield "freed places", "left empty", found.freed.empty
    yield "freed places", "still open", found.freed.open
    for one in found.groups:
        group = one.group or "no group"
        yield "bookings of group", group, f"<{FEW}" if one.bookings is None else one.bookings
        yield "share of group", group, _known(one.share)
        yield "wait of group, median", group, _known(one.median)


def _known(value: float | None) -> object:
    return "" if value is None else value
