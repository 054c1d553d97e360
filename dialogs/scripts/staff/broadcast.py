"""Writing to many patients at once: whom, what, a look at all of it, one confirmation; and how far it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import assert_never
from zoneinfo import ZoneInfo

from dialogs import broadcasting
from dialogs.broadcast_readers import Span
from dialogs.desk import Desk
from dialogs.script import Again, End, Goto, Offer, ask, do
from dialogs.scripts.staff import broadcast_questions as questions
from dialogs.scripts.staff.broadcast_questions import ANY
from dialogs.scripts.staff.common import NOT_ALLOWED, at_place, workplace
from dialogs.text import Writable, joined, say
from domain.privacy import tells
from domain.staff.broadcast_commands import (
    Audience,
    BeginBroadcast,
    Begun,
    BroadcastId,
    NobodyToTell,
    NoBroadcast,
    Preview,
    PreviewBroadcast,
    Progress,
    ShowBroadcast,
    StopBroadcast,
    Stopped,
    Whom,
)
from domain.staff.commands import NotAllowed, Workplace
from domain.staff.rights import Right
from domain.words import LANGUAGES

_LEFT = say("All right, nothing goes out.")
_NONE = say("No message to many is under way.")
_NOBODY = say("There is nobody any more who can be written to.")
_DUE = say("With a dose that is due:")
_BEEN = say("All who have been here:")


async def broadcast(desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Find out all of it, show it, and begin."""
    place = await workplace(args, Right.BROADCAST)
    if isinstance(place, End):
        return place
    audience, named = await _audience(desk, place)
    match await do("audience", PreviewBroadcast(centre=place.id, audience=audience)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case Preview() as found:
            if not await ask(questions.right_of(found, named)):
                return End(text=_LEFT)
            return await _write(desk, place, audience, found)
        case never:
            assert_never(never)


async def _audience(desk: Desk, place: Workplace) -> tuple[Audience, Writable]:
    """Return who is meant, and what they are called."""
    whom = await ask(questions.WHOM)
    span: Span | None = None
    named: Writable = _DUE if whom == Whom.DUE else _BEEN
    if whom == Whom.VISIT:
        span = await ask(questions.days_of(desk.now.astimezone(ZoneInfo(place.tz)).date()))
        named = questions.span_of(span)
    language, programme, group = [await ask(questions.beside(one), ANY) for one in ("language", "programme", "group")]
    title = desk.programme(programme)
    limits = (title.title if title else None, questions.groups_of(desk).get(group), questions.SPOKEN.get(language))
    named = joined(named, joined(*limits, between=", "), between=" ")
    await ask(questions.limits_of(desk, named), known=True)
    audience = Audience(
        whom=whom,
        first=span.first if span else None,
        last=span.last if span else None,
        programme=programme or None,
        group=group or None,
        language=language or None,
        following=_courses(desk) if whom == Whom.DUE else (),
    )
    return audience, named


def _courses(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Return each course that has a next one, with that."""
    return tuple(
        (f"{one.key}:{before.key}", f"{one.key}:{after.key}")
        for one in desk.programmes
        for before, after in zip(one.doses, one.doses[1:], strict=False)
    )


async def _write(desk: Desk, place: Workplace, audience: Audience, found: Preview) -> Again | End:
    mine = await ask(questions.TEXT)
    written = {mine.language: mine.text}
    speak = Counter[str]()
    for way in found.ways:
        speak[way.language or mine.language] += way.people
    for language in LANGUAGES:
        if language != mine.language and speak[language]:
            written[language] = (await ask(questions.text_in(language, speak[language], mine))).text
    texts = broadcasting.whole_texts(written, mine.language, place.name)
    match await do("preview", PreviewBroadcast(centre=place.id, audience=audience, texts=texts)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case Preview() as whole:
            shown = [text for language, text in texts if speak[language] or language == mine.language]
            is_telling = any(_tells(desk, text) for text in written.values())
            if not questions.is_sent(await ask(questions.sure_of(shown, whole, tells=is_telling))):
                return End(text=_LEFT)
            return await _begin(place, audience, texts)
        case never:
            assert_never(never)


def _tells(desk: Desk, text: str) -> bool:
    """Say whether a text tells what a visit is for."""
    return any(tells(text, one.title.in_language(language)) for one in desk.programmes for language in LANGUAGES)


async def _begin(place: Workplace, audience: Audience, texts: tuple[tuple[str, str], ...]) -> Again | End:
    match await do("begun", BeginBroadcast(centre=place.id, audience=audience, texts=texts)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NobodyToTell():
            return End(text=_NOBODY)
        case Begun() as begun:
            return _said(begun, place)
        case never:
            assert_never(never)


def _said(begun: Begun, place: Workplace) -> End:
    people = broadcasting.people(begun.people)
    text = say("It goes out now to {people}.", people=people)
    if begun.from_when is not None:
        text = say("It goes out to {people} from {time} on.", people=people, time=at_place(begun.from_when, place))
    args = (("broadcast", str(begun.id)),)
    return End(
        text=joined(text, say("I say when it is done."), between=" "),
        offers=(
            Offer(label=say("How far is it?"), goto=Goto(script="broadcasts", args=args)),
            Offer(label=say("Stop the broadcast"), goto=Goto(script="stop-broadcast", args=args)),
        ),
    )


async def broadcasts(_desk: Desk, args: Mapping[str, str]) -> End:
    """Show how far one is, or the last."""
    match await do("shown", ShowBroadcast(_meant(args))):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoBroadcast():
            return End(text=_NONE)
        case Progress(is_over=True) as progress:
            return End(text=broadcasting.so_far(progress))
        case Progress() as progress:
            stop = Goto(script="stop-broadcast", args=(("broadcast", str(progress.id)),))
            return End(text=broadcasting.so_far(progress), offers=(Offer(label=say("Stop the broadcast"), goto=stop),))
        case never:
            assert_never(never)


async def stop_broadcast(_desk: Desk, args: Mapping[str, str]) -> End:
    """Stop one, or the last, at once: nothing is asked, since what has gone is gone."""
    match await do("stopped", StopBroadcast(_meant(args))):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoBroadcast():
            return End(text=_NONE)
        case Stopped(progress, before):
            first = say("It was over already.") if before else say("Stopped: nothing more of it goes out.")
            return End(text=joined(first, broadcasting.so_far(progress), between=" "))
        case never:
            assert_never(never)


def _meant(args: Mapping[str, str]) -> BroadcastId | None:
    return BroadcastId(int(args["broadcast"])) if "broadcast" in args else None
