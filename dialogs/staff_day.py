"""A centre's day in a few lines, to be read standing: what is not as it should be first, then the hours, then doses.

The same words are the answer to "today" and the daily digest; what needs somebody is offered under them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dialogs.script import Goto, Offer
from dialogs.text import CalendarDay, Clock, DayAndTime, Joined, Text, Writable, joined, say
from domain.staff.day_commands import DaySummary, Doses, Hour, LotLeft

#: Lines in all, of which hours get what is left, and never fewer than so many.
_LINES, _FEWEST_HOURS = 12, 4
_LOTS, _PRODUCTS = 2, 3
_ROOM = 3  # things offered: more would not fit on buttons everywhere
SHOW = say("Show the day")
NOTHING = say("Nothing is planned, and nothing waits.")


def written(day: DaySummary) -> Joined:
    """Return a day in lines."""
    zone = day.zone
    before = [title(day), *_exceptions(day, zone)]
    doses = _stock(day.doses)
    left = _LINES - len(before) - (1 if doses else 0)
    lines = [*before, *_hours(day.hours, max(_FEWEST_HOURS, left), zone), *([doses] if doses else [])]
    if len(lines) == 1:
        lines.append(NOTHING)
    return joined(*lines, between="\n")


def title(day: DaySummary) -> Joined:
    """Return where and when it is."""
    return joined(day.centre.name, CalendarDay(day.day), between=", ")


def brief(day: DaySummary) -> tuple[Writable, Writable, Writable]:
    """Return the centre and the two numbers of a day that are told where there is no room for more."""
    return day.centre.name, day.booked, day.exceptions


def announced(centre: Writable, visits: Writable, exceptions: Writable) -> Joined:
    """Return the words that bring those numbers; they are agreed upon with WhatsApp."""
    return joined(
        say(
            "The day at {centre}. Visits: {visits}. Things to look at: {things}.",
            centre=centre,
            visits=visits,
            things=exceptions,
        ),
        say("You get this as a member of staff. The button shows the whole day."),
        between="\n",
    )


def offered(day: DaySummary, now: datetime) -> tuple[Offer, ...]:
    """Return what can be done about a day; what is a mere convenience goes where it would cost the buttons."""
    found = tuple(_offered(day, now))
    return found[:-1] if len(found) > _ROOM else found


def show(day: DaySummary) -> Offer:
    """Return what brings the whole of a day."""
    return Offer(label=SHOW, goto=_goto("day", day))


def _offered(day: DaySummary, now: datetime) -> Iterator[Offer]:
    today = day.centre.today(now)
    if calls := day.silent + day.unreachable:
        yield Offer(label=say("Whom to ring ({count})", count=calls), goto=_goto("day-calls", day))
    if day.tasks:
        yield Offer(label=say("Open tasks ({count})", count=day.tasks), goto=Goto(script="tasks"))
    if day.lots or any(one.short for one in day.doses):
        yield Offer(label=say("Doses"), goto=_goto("day-doses", day))
    if day.day != today:
        yield Offer(label=say("Today"), goto=_goto("day", day, "today"))
        return
    yield Offer(label=say("Next visits"), goto=Goto(script="visits", args=(("centre", str(day.centre.id)),)))
    yield Offer(label=say("Tomorrow"), goto=_goto("day", day, "tomorrow"))


def _goto(script: str, day: DaySummary, on: str | None = None) -> Goto:
    return Goto(script=script, args=(("centre", str(day.centre.id)), ("day", on or day.day.isoformat())))


# ---- lines


def _exceptions(day: DaySummary, zone: ZoneInfo) -> Iterator[Writable]:
    for one in day.doses:
        if one.short:
            yield say("{product}, doses missing for what is promised: {count}", product=one.product, count=one.short)
    if day.silent:
        yield say("No answer to the reminder: {count}", count=day.silent)
    if day.unreachable:
        yield say("Could not be reminded: {count}", count=day.unreachable)
    yield from (lot_left(one, day.day) for one in day.lots[:_LOTS])
    if len(day.lots) > _LOTS:
        yield say("More lots that expire soon: {count}", count=len(day.lots) - _LOTS)
    if day.oldest_task is not None:
        since = DayAndTime(day.oldest_task.astimezone(zone))
        yield say("Open tasks: {count}, the oldest since {since}", count=day.tasks, since=since)


def lot_left(one: LotLeft, today: date) -> Text:
    """Return how many doses of a lot there are and until when they are good."""
    until = CalendarDay(one.expires_on)
    if one.expires_on < today:
        return say(
            "{product}, lot {lot}, expired on {day}. Doses left: {count}",
            product=one.product,
            lot=one.number,
            day=until,
            count=one.doses,
        )
    return say(
        "{product}, lot {lot}, good until {day}. Doses left: {count}",
        product=one.product,
        lot=one.number,
        day=until,
        count=one.doses,
    )


def _hours(hours: Sequence[Hour], room: int, zone: ZoneInfo) -> Iterator[Writable]:
    """Return a line for each hour, or for several together where they would be too many."""
    size = -(-len(hours) // room) if hours else 1
    for start in range(0, len(hours), size):
        yield _line(hours[start : start + size], zone)


def _line(together: Sequence[Hour], zone: ZoneInfo) -> Joined:
    first, last = together[0].starts_at.astimezone(zone), together[-1].starts_at.astimezone(zone)
    clock: Writable = Clock(first)
    if len(together) > 1:
        clock = joined(clock, Clock(last + timedelta(hours=1)), between="-")
    return joined(clock, joined(*_counts(together), between=", "), between="  ")


_COUNTED: Mapping[str, str] = {
    "booked": say("booked {count}").template,
    "confirmed": say("confirmed {count}").template,
    "silent": say("silent {count}").template,
    "unreachable": say("not reminded {count}").template,
    "empty": say("empty {count}").template,
    "arrived": say("here {count}").template,
    "done": say("done {count}").template,
    "missed": say("missed {count}").template,
}


def _counts(together: Sequence[Hour]) -> Iterator[Writable]:
    """Return how many there are of each, but for those that are none."""
    for name, template in _COUNTED.items():
        count = sum(getattr(hour, name) for hour in together)
        if count or name == "booked":
            yield Text(template, (("count", count),))


def _stock(doses: Sequence[Doses]) -> Joined | None:
    """Return doses against promises in one line."""
    return joined(*map(doses_line, doses[:_PRODUCTS]), between="; ") if doses else None


def doses_line(one: Doses) -> Text:
    """Return doses of one product against promises."""
    return say(
        "{product}: doses {good}, promised {promised}", product=one.product, good=one.good, promised=one.promised
    )
