"""Hours and places changed by chat, of one span or of every week; refused while people must be moved first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import assert_never
from zoneinfo import ZoneInfo

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import End, Offer, ask, do, fingerprint
from dialogs.scripts.staff.closing import closing, wanted_span
from dialogs.scripts.staff.common import NOT_ALLOWED, workplace
from dialogs.staff_closing import CountReader, Hours, HoursReader, hours_in, span_in, when_in
from dialogs.text import Clock, Joined, Text, Weekdays, joined, many, say
from domain.staff.closing_commands import CapacitySet, MustMoveFirst, NoHours, SetCapacity, SetWeek, WeekSet
from domain.staff.commands import NotAllowed, Workplace
from domain.staff.rights import Right

_WHEN = say("For when? Write, for example: thursday morning, or every monday.")
_MONDAY = date(2027, 3, 1)  # any


async def capacity(desk: Desk, args: Mapping[str, str]) -> End:
    """Give the slots of a span, or of a day of every week, so many places."""
    place = await workplace(args, Right.HOURS)
    if isinstance(place, End):
        return place
    count = await ask(_how_many(), int(args["count"]) if "count" in args else None)
    weekdays = _weekly(desk, place, args)
    if weekdays:
        return await _every(place, [SetWeek(centre=place.id, weekday=one, capacity=count) for one in weekdays])
    span = await wanted_span(desk, place, args, _WHEN)
    match await do("capacity", SetCapacity(place.id, span, count)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case MustMoveFirst() as refused:
            return _first(place, refused)
        case CapacitySet(0):
            return End(text=say("{centre} has nothing open then.", centre=place.name))
        case CapacitySet(slots):
            done = many(
                "{count} slot has {places} places now.", "{count} slots have {places} places now.", slots, places=count
            )
            return End(text=joined(joined(place.name, span_in(span, place), between=", "), done, between="\n"))
        case never:
            assert_never(never)


def _weekly(desk: Desk, place: Workplace, args: Mapping[str, str]) -> list[int]:
    """Return the days of every week that *args* name: "mondays"."""
    now = desk.now.astimezone(ZoneInfo(place.tz)).replace(tzinfo=None)
    when = when_in(args.get("text", ""), now=now, language=args.get("language", ""))
    return sorted(when.weekdays) if when is not None and not when.days else []


def _how_many() -> Question[int]:
    return Question(
        key="count",
        text=say("How many places shall each slot have?"),
        type=int,
        reader=CountReader(),
        help=(say("A number, for example: 6."),),
        samples=(6,),
    )


async def hours(desk: Desk, args: Mapping[str, str]) -> End:
    """Be open on a day of every week from one time to another."""
    place = await workplace(args, Right.HOURS)
    if isinstance(place, End):
        return place
    now = desk.now.astimezone(ZoneInfo(place.tz)).replace(tzinfo=None)
    language = args.get("language", "")
    said = args.get("text", "")
    text = await ask(_which_hours(place), said if hours_in(said, now=now, language=language) is not None else None)
    wanted = hours_in(text, now=now, language=language)
    if wanted is None:
        return End(text=say("I could not read these hours. Write, for example: hours monday from 9 to 12."))
    changes = [SetWeek(centre=place.id, weekday=one, start=wanted.start, until=wanted.until) for one in wanted.weekdays]
    return await _every(place, changes, wanted)


def _which_hours(place: Workplace) -> Question[str]:
    return Question(
        key="hours",
        text=say("Which hours? Write, for example: monday from 9 to 12."),
        type=str,
        reader=HoursReader(place),
        help=(say("A day of the week and two times: monday from 9 to 12."),),
        samples=("monday from 9 to 12", "?"),
        takes_anything=True,
    )


async def _every(place: Workplace, changes: list[SetWeek], wanted: Hours | None = None) -> End:
    """Change each of the days, once that is sure; one that cannot be ends it."""
    if not await ask(_sure(place, changes, wanted)):
        return End(text=say("All right, the hours stay as they are."))
    changed = added = 0
    for one in changes:
        match await do(f"week-{one.weekday}", one):
            case NotAllowed():
                return End(text=NOT_ALLOWED)
            case NoHours():
                return End(
                    text=say(
                        "{centre} has no hours on that day yet, so I cannot tell how long slots are.", centre=place.name
                    )
                )
            case MustMoveFirst() as refused:
                return _first(place, refused)
            case WeekSet(here, new):
                changed, added = changed + here, added + new
            case never:
                assert_never(never)
    slots = joined(
        many("{count} slot was changed.", "{count} slots were changed.", changed),
        many("{count} slot is new.", "{count} slots are new.", added) if added else None,
        between=" ",
    )
    return End(text=joined(_every_week(place, changes, wanted), slots, between="\n"))


def _every_week(place: Workplace, changes: list[SetWeek], wanted: Hours | None) -> Joined:
    days = Weekdays(tuple(one.weekday for one in changes))
    if wanted is None:
        kept = say("every {weekday}: {places} places a slot", weekday=days, places=changes[0].capacity or 0)
    else:
        kept = say(
            "every {weekday}: {start} to {until}", weekday=days, start=_at(wanted.start), until=_at(wanted.until)
        )
    return joined(place.name, kept, between=", ")


def _at(wall: time) -> Clock:
    return Clock(datetime.combine(_MONDAY, wall))


def _sure(place: Workplace, changes: list[SetWeek], wanted: Hours | None) -> Question[bool]:
    return Question(
        key="sure",
        text=joined(
            _every_week(place, changes, wanted),
            say("Shall it be so from now on? Slots that are published already are changed, too."),
            between="\n",
        ),
        type=bool,
        options=(Option(label=say("Yes, change it"), value=True), Option(label=say("No, leave it"), value=False)),
        given=fingerprint(changes),
    )


def _first(place: Workplace, refused: MustMoveFirst) -> End:
    """Say who must be moved first, with a way to do so."""
    moved: Text = many(
        "{count} person must be moved first; nothing is changed.",
        "{count} people must be moved first; nothing is changed.",
        refused.people,
    )
    label = say("Close {span}", span=span_in(refused.span, place))
    return End(text=moved, offers=(Offer(label=label, goto=closing(place, refused.span)),))
