"""A centre's week or month in words, short enough to read standing."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogs.prompt import Sheet
from dialogs.text import CalendarDay, Joined, Number, Text, Weekday, Writable, joined, many, say
from domain.staff.report_commands import Report
from domain.staff.report_table import file_name, table_of
from domain.staff.reports import FEW, Freed, GroupShare, Lead, Missed, Wait

VALID = timedelta(days=7)
_LEADS: dict[Lead, Text] = {
    Lead.DAY: say("booked 0 to 1 days before"),
    Lead.WEEK: say("booked 2 to 7 days before"),
    Lead.FORTNIGHT: say("booked 8 to 14 days before"),
    Lead.LONGER: say("booked 15 days before or more"),
}


def told(report: Report) -> Joined:
    """Say a report."""
    found = report.figures
    head = say(
        "{centre}, {first} to {last}",
        centre=report.centre.name,
        first=CalendarDay(report.first),
        last=CalendarDay(report.last),
    )
    missed = [_missed(_LEADS[lead], one) for lead, one in found.by_lead if one.visits]
    missed += [_missed(Weekday(day), one) for day, one in found.by_weekday]
    return joined(
        head,
        joined(
            say("Bookings: {count}", count=found.bookings),
            say("Visits: {visits}, missed: {missed}", visits=found.visits, missed=found.missed),
            _wait(found.wait),
            _freed(found.freed),
            between="\n",
        ),
        joined(say("Missed visits:"), *missed, between="\n") if missed else None,
        joined(say("By group:"), *map(_group, found.groups), between="\n") if found.groups else None,
    )


def sheet_of(report: Report, now: datetime, caption: str = "") -> Sheet:
    """Return the same figures as a file; a link to it is good for a week."""
    return Sheet(
        report=f"{report.period}.{report.centre.id}.{report.first.isoformat()}",
        file_name=file_name(report),
        content=table_of(report),
        until=now + VALID,
        caption=caption,
    )


def _missed(of: Writable, one: Missed) -> Text:
    return say("{what}: {missed} of {visits}", what=of, missed=one.missed, visits=one.visits)


def _wait(wait: Wait) -> Text | None:
    if wait.median is None or wait.longest is None:
        return None
    return say(
        "Days of wait: {median} in the middle, {longest} or more for the longest tenth",
        median=Number(wait.median),
        longest=Number(wait.longest),
    )


def _freed(freed: Freed) -> Text:
    return say(
        "Cancelled places: {places}, booked again: {again}, left empty: {empty}, still open: {open}",
        places=freed.places,
        again=freed.again,
        empty=freed.empty,
        open=freed.open,
    )


def _group(one: GroupShare) -> Text:
    name: Writable = one.group or say("no group")
    if one.bookings is None or one.share is None or one.median is None:
        return say("{group}: <{few}", group=name, few=FEW)
    return many(
        "{group}: {count} booking, {share}%, {median} days of wait",
        "{group}: {count} bookings, {share}%, {median} days of wait",
        one.bookings,
        group=name,
        share=round(one.share * 100),
        median=Number(one.median),
    )
