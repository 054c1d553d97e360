"""Slots closed and opened again by chat: which span, what it concerns, one confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import End, Goto, Offer, ask, do, fingerprint
from dialogs.scripts.staff.common import NOT_ALLOWED, workplace
from dialogs.staff_closing import WhenReader, span_between, span_in, spans_of, when_in
from dialogs.text import Text, Writable, joined, many, say
from domain.staff.closing_commands import (
    Affected,
    Closed,
    CloseIfIll,
    CloseSpan,
    CountAffected,
    CountIfIll,
    Opened,
    OpenSpan,
    Span,
)
from domain.staff.commands import NotAllowed, Workplace
from domain.staff.rights import Right

_WHICH = say("When? Write, for example: thursday morning, or 3 March from 2 to 4 pm.")


async def close(desk: Desk, args: Mapping[str, str]) -> End:
    """Close a span of a centre's time."""
    return await _close(desk, args, is_ill=False)


async def ill(desk: Desk, args: Mapping[str, str]) -> End:
    """Close what somebody who is ill cannot do."""
    return await _close(desk, args, is_ill=True)


async def _close(desk: Desk, args: Mapping[str, str], *, is_ill: bool) -> End:
    may_close = desk.staff is not None and desk.staff.may_somewhere(Right.HOURS)
    place = await workplace(args, Right.SHIFTS if is_ill and not may_close else Right.HOURS)
    if isinstance(place, End):
        return place
    span = await wanted_span(desk, place, args, _which_part(is_ill=is_ill))
    by_right = is_ill and not may_close
    count = CountIfIll(place.id, span) if by_right else CountAffected(place.id, span)
    match await do("affected", count):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case Affected(0) if not span.days:
            return End(text=say("{centre} has nothing open then.", centre=place.name))
        case Affected() as found:
            if not await ask(_sure(place, span, found)):
                return End(text=say("All right, everything stays open."))
            closing = CloseIfIll(place.id, span) if by_right else CloseSpan(place.id, span)
            return _closed(place, span, await do("closed", closing))
        case never:
            assert_never(never)


def _which_part(*, is_ill: bool) -> Text:
    if is_ill:
        return say("I am sorry to hear that. What shall I close? Write, for example: today, or tomorrow morning.")
    return _WHICH


def _sure(place: Workplace, span: Span, found: Affected) -> Question[bool]:
    slots = many("{count} slot would be closed.", "{count} slots would be closed.", found.slots)
    people = many(
        "{count} person is booked there: I hold three other times for them and ask which one suits.",
        "{count} people are booked there: I hold three other times for each and ask which one suits.",
        found.visits,
    )
    return Question(
        key="sure",
        text=joined(
            joined(place.name, span_in(span, place), between=", "),
            joined(slots, people if found.visits else say("Nobody is booked there."), between=" "),
            say("Shall I close it?"),
        ),
        type=bool,
        options=(Option(label=say("Yes, close it"), value=True), Option(label=say("No, leave it"), value=False)),
        given=fingerprint((place.id, span)),
    )


def _closed(place: Workplace, span: Span, done: Closed | NotAllowed) -> End:
    if isinstance(done, NotAllowed):
        return End(text=NOT_ALLOWED)
    said = many("Closed: {count} slot.", "Closed: {count} slots.", done.slots)
    people = many(
        "{count} person is being asked now. I tell you when it is settled.",
        "{count} people are being asked now. I tell you when all are settled.",
        done.visits,
    )
    args = (("centre", str(place.id)), ("closure", str(done.displacement)))
    shown = Offer(label=say("Who is affected"), goto=Goto(script="closures", args=args))
    again = Offer(label=say("Open it again"), goto=opening(place, span))
    return End(
        text=joined(
            joined(place.name, span_in(span, place), between=", "),
            joined(said, people if done.visits else None, between=" "),
            between="\n",
        ),
        offers=(shown, again) if done.visits else (again,),
    )


def opening(place: Workplace, span: Span) -> Goto:
    """Return what opens a span again."""
    return Goto(script="open", args=(("centre", str(place.id)), *_as_args(span)))


def closing(place: Workplace, span: Span) -> Goto:
    """Return what closes a span."""
    return Goto(script="close", args=(("centre", str(place.id)), *_as_args(span)))


def _as_args(span: Span) -> tuple[tuple[str, str], ...]:
    return ("from", span.start.isoformat()), ("until", span.until.isoformat())


async def open_again(desk: Desk, args: Mapping[str, str]) -> End:
    """Open a span again."""
    place = await workplace(args, Right.HOURS)
    if isinstance(place, End):
        return place
    span = await wanted_span(desk, place, args, _WHICH)
    match await do("opened", OpenSpan(place.id, span)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case Opened(slots, withdrawn):
            said = many("Open again: {count} slot.", "Open again: {count} slots.", slots)
            kept = many(
                "{count} person who had not answered is told that the visit can take place after all.",
                "{count} people who had not answered are told that their visits can take place after all.",
                withdrawn,
            )
            moved = say("Whoever has moved already stays moved.")
            where = joined(place.name, span_in(span, place), between=", ")
            return End(text=joined(where, joined(said, kept if withdrawn else None, moved, between=" "), between="\n"))
        case never:
            assert_never(never)


# ---- which span


async def wanted_span(desk: Desk, place: Workplace, args: Mapping[str, str], which: Writable) -> Span:
    """Return the span that *args* or the person names, of several that may be meant the one that is picked."""
    if "from" in args:
        return _of_args(args, place)
    now = desk.now.astimezone(ZoneInfo(place.tz)).replace(tzinfo=None)
    language = args.get("language", "")
    said = args.get("text")
    is_read = said is not None and when_in(said, now=now, language=language) is not None
    text = await ask(_when(place, which), said if is_read else None)
    when = when_in(text, now=now, language=language)
    spans = spans_of(when, place, desk.now) if when is not None else []
    if len(spans) == 1:
        return spans[0]
    start = await ask(_which_of(spans, place))
    return next(one for one in spans if one.start.isoformat() == start)


def _of_args(args: Mapping[str, str], place: Workplace) -> Span:
    zone = ZoneInfo(place.tz)
    start, until = (datetime.fromisoformat(args[name]).astimezone(zone) for name in ("from", "until"))
    return span_between(start, until)


def _when(place: Workplace, which: Writable) -> Question[str]:
    return Question(
        key="when",
        text=which,
        type=str,
        reader=WhenReader(place),
        help=(say('A day, or part of one: "tomorrow", "monday afternoon", "3 March from 2 to 4 pm".'),),
        samples=("thursday morning",),
        takes_anything=True,
    )


def _which_of(spans: list[Span], place: Workplace) -> Question[str]:
    return Question(
        key="which-span",
        text=say("Which do you mean?"),
        type=str,
        options=tuple(Option(label=span_in(one, place), value=one.start.isoformat()) for one in spans[:_MOST]),
        given=fingerprint(spans),
    )


_MOST = 9
