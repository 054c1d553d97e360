"""What is asked to write to many: whom, with which words, and whether it is right as it will be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from dialogs.broadcast_readers import Span, SpanReader, TextReader, Written
from dialogs.broadcasting import people
from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import fingerprint
from dialogs.scripts.link import NAMES
from dialogs.text import CalendarDay, Joined, Text, Writable, joined, many, say
from domain.staff.broadcast_commands import LeftOut, Preview, Whom, Why
from domain.words import LANGUAGES

ANY = ""
SPOKEN: dict[str, Text] = {"en": say("English"), "fr": say("French"), "es": say("Spanish")}
_SEND, _DROP = "send", "drop"
_WEEK = timedelta(days=6)
_DAY = timedelta(days=1)

WHOM: Question[Whom] = Question(
    key="whom",
    text=say("To whom shall I write?"),
    type=Whom,
    options=(
        Option(label=say("With a visit"), value=Whom.VISIT, detail=say("on days that you name")),
        Option(label=say("A dose is due"), value=Whom.DUE, detail=say("those who may come now or soon")),
        Option(label=say("All who came"), value=Whom.BEEN, detail=say("everybody who has been here")),
    ),
)
TEXT: Question[Written] = Question(
    key="text",
    text=say("What shall I tell them? Write the text as they are to read it."),
    type=Written,
    reader=TextReader(),
    is_private=True,
    is_dictated=True,
    samples=(Written("The entrance is on the other side today.", "en"),),
)


def days_of(today: date) -> Question[Span]:
    """Ask on which days their visit is or was."""
    return Question(
        key="days",
        text=say("On which days is their visit? Words such as: tomorrow, next week, 3 to 7 March will do, too."),
        type=Span,
        options=(
            Option(label=say("Today"), value=Span(today, today)),
            Option(label=say("Tomorrow"), value=Span(today + _DAY, today + _DAY)),
            Option(label=say("Next 7 days"), value=Span(today, today + _WEEK)),
            Option(label=say("Last 7 days"), value=Span(today - _WEEK, today)),
        ),
        reader=SpanReader(),
        given=today.isoformat(),
    )


def beside(key: str) -> Question[str]:
    """Return the question for a limit, "language", "programme" or "group", which is answered at `limits_of`."""
    return Question(key=key, text="", type=str, is_aside=True)


def groups_of(desk: Desk) -> dict[str, Writable]:
    """Return the priority groups of all programmes, with their labels."""
    return {key: label for programme in desk.programmes for key, label in programme.groups}


def limits_of(desk: Desk, named: Writable) -> Question[bool]:
    """Ask to whom it is limited, as often as there is another limit."""
    known: tuple[tuple[str, str, Writable], ...] = (
        *(("language", one, SPOKEN[one]) for one in LANGUAGES),
        *(("programme", one.key, one.title) for one in desk.programmes),
        *(("group", key, label) for key, label in groups_of(desk).items()),
    )
    return Question(
        key="limits",
        text=joined(named, say("Only which of them?"), between="\n"),
        type=bool,
        options=(
            Option(label=say("That is all"), value=True),
            *(Option(label=label, answers=((key, value),)) for key, value, label in known),
            Option(label=say("No limit"), answers=(("language", ANY), ("programme", ANY), ("group", ANY))),
        ),
        given=fingerprint((named, [value for _, value, _ in known])),
    )


def right_of(found: Preview, whom: Writable) -> Question[bool]:
    """Show how many it would be, and ask whether these are meant."""
    narrower: tuple[Option[bool], ...] = (
        Option(label=say("Only some of them"), reopens=("limits",)),
        Option(label=say("Other people"), reopens=("whom", "days")),
    )
    go_on = [Option(label=say("Write to them"), value=True)] if found.people else []
    return Question(
        key="right",
        text=joined(whom, reach(found), say("Are these meant?") if found.people else None, between="\n"),
        type=bool,
        options=(*go_on, *narrower, Option(label=say("Leave it"), value=False)),
        given=fingerprint((whom, found)),
    )


def text_in(language: str, count: int, mine: Written) -> Question[Written]:
    """Ask for the text in another language of theirs."""
    return Question(
        key=f"text-{language}",
        text=many(
            "{count} of them speaks {language}. Write the text in that language, or leave it as it is.",
            "{count} of them speak {language}. Write the text in that language, or leave it as it is.",
            count,
            language=SPOKEN[language],
        ),
        type=Written,
        options=(Option(label=say("As it is"), value=mine),),
        reader=TextReader(),
        given=fingerprint(mine),
        is_private=True,
        is_dictated=True,
        samples=(Written("L'entrée est de l'autre côté aujourd'hui.", "en"),),
    )


def sure_of(texts: Sequence[str], found: Preview, *, tells: bool) -> Question[str]:
    """Show all as it will be, and ask whether it is to go out."""
    warning = say("Careful: this may tell what a visit is for, and others may see the phone.") if tells else None
    return Question(
        key="sure",
        text=joined(
            say("They will read:"),
            *texts,
            joined(reach(found), _cost(found), between="\n"),
            warning,
            say("Shall it go out?"),
        ),
        type=str,
        options=(
            Option(label=say("Yes, send it"), value=_SEND),
            Option(label=say("Change the text"), reopens=("text", *(f"text-{one}" for one in LANGUAGES))),
            Option(label=say("Change the people"), reopens=("right",)),
            Option(label=say("No, leave it"), value=_DROP),
        ),
        given=fingerprint((tuple(texts), found)),
        is_private=True,
    )


def is_sent(answer: str) -> bool:
    """Say whether it is to go out."""
    return answer == _SEND


def span_of(span: Span) -> Text:
    """Name the days."""
    if span.first == span.last:
        return say("With a visit on {day}:", day=CalendarDay(span.first))
    return say("With a visit from {first} to {last}:", first=CalendarDay(span.first), last=CalendarDay(span.last))


def reach(found: Preview) -> Joined:
    """Say how many are reached by which channel, and who is left out."""
    by_channel: dict[str, int] = {}
    for way in found.ways:
        by_channel[way.channel] = by_channel.get(way.channel, 0) + way.people
    channels = [say("{channel}: {count}", channel=NAMES[channel], count=count) for channel, count in by_channel.items()]
    reached = joined(people(found.people), joined(*channels, between=", "), between=". ") if channels else None
    left_out = [_left_out(one) for one in found.left_out]
    return joined(
        reached or say("Nobody can be written to."),
        say("Left out: {reasons}.", reasons=joined(*left_out, between=", ")) if left_out else None,
        between="\n",
    )


_WHY = {
    Why.STOPPED: say("they said STOP"),
    Why.NO_CONSENT: say("no consent"),
    Why.BLOCKED: say("no channel takes our messages"),
    Why.WINDOW: say("silent on WhatsApp for a day"),
    Why.OFF: say("their channel is off"),
    Why.FAILED: say("something went wrong"),
}


def _left_out(one: LeftOut) -> Joined:
    return joined(one.people, _WHY[one.why], between=" ")


def _cost(found: Preview) -> Text | None:
    plain = many("{count} text message is charged.", "{count} text messages are charged.", found.segments)
    priced = many(
        "{count} text message is charged: {cost}.",
        "{count} text messages are charged: {cost}.",
        found.segments,
        cost=found.cost or "",
    )
    return (priced if found.cost is not None else plain) if found.segments else None
