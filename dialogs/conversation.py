"""One turn of a conversation: hear what was said, replay the scripts, and return what is to be said.

Hearing goes from the surest to the least sure: a button, a number, the exact words of something shown; then words that
mean the same at any point (`intents`); then the question's own reader; then near misses. Whatever happens here,
answers are only ever added or, at the person's wish, asked again; nothing that went wrong clears them.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dialogs import offers, sentences
from dialogs.desk import Desk
from dialogs.foresight import steps_ahead
from dialogs.intents import SWITCHES, Intent, intent_of
from dialogs.ledger import Entry
from dialogs.offers import World
from dialogs.prompt import Choice, Line, Message, Prompt, Settled, Visit, Want
from dialogs.questions import Hearing, Instead, Missed, Narrow, Option, Question, Took
from dialogs.readers import choices
from dialogs.readers.fold import fold
from dialogs.said import Kind, Said
from dialogs.script import Again, Asks, Does, End, Ends, Goto, Replay, Script, Tells, dump_result, replay
from dialogs.state import Frame, Menu, Shown, State
from dialogs.text import Joined, Writable, joined, render
from domain.commands import OpenTask

#: Makes the coroutine of a script from the desk and the frame's arguments.
Maker = Callable[[Desk, Mapping[str, str]], Coroutine[Any, Any, Again | End]]

SILENCE = timedelta(hours=1)
PATIENCE = 3  # replies in a row that cannot be read before a person is asked to look
_STEPS = 60  # a turn that takes more is going round in a circle


class GoingRoundError(RuntimeError):
    """A script asks again and again for what it has been told: it has a fault."""


@dataclass(slots=True)
class Turn:
    """One turn over *state*; `messages` fills up in the order in which they are to be sent."""

    state: State
    desk: Desk
    world: World
    scripts: Mapping[str, Maker]
    messages: list[Message] = field(default_factory=list)
    notes: list[Writable] = field(default_factory=list)

    async def hear(self, said: Said, *, heard_at: datetime | None) -> list[Message]:
        """Carry out one turn; *heard_at* is when the person was last heard."""
        if self.state.frames and heard_at is not None and self.desk.now - heard_at >= SILENCE:
            self._recap()
        match said.kind:
            case Kind.TAP:
                await self._tapped(said)
            case Kind.BEGIN:
                await self._begun(said.text)
            case Kind.RESUME:
                self.notes.append(sentences.RESUMED)
                await self._go_on()
            case Kind.UNREADABLE:
                self.notes.append(sentences.ONLY_WORDS)
                await self._go_on()
            case Kind.EDITED:
                self.notes.append(sentences.EDITED)
                await self._go_on()
            case _:
                await self._told(said)
        return self.messages

    async def nudge(self) -> list[Message]:
        """Say once, after a silence, what is still open."""
        self.notes.append(sentences.STILL_HERE)
        await self._go_on()
        return self.messages

    # ---- hearing

    async def _begun(self, payload: str) -> None:
        name, _, value = payload.partition("_")
        if name == "centre" and value.isdigit():
            self._start(Goto(script="book", args=(("centre", value),)))
            await self._advance()
        else:
            await self._go_on()

    async def _tapped(self, said: Said) -> None:
        menu = self.state.menu
        if menu is None or said.menu != menu.number or said.option is None or said.option >= len(menu.shown):
            self.notes.append(sentences.STALE)
            if said.menu is not None and (menu is None or said.menu != menu.number):
                self.messages.append(Settled(menu=said.menu, text="", label=""))
            await self._go_on()
        else:
            await self._picked(said.option)

    async def _told(self, said: Said) -> None:
        menu = self.state.menu
        labels = [one.label for one in menu.shown] if menu else []
        picked = choices.pick(said.text, labels, language=self.state.language) if labels and said.text else None
        if isinstance(picked, int) and _is_exact(said.text, labels[picked]):
            await self._picked(picked)
        elif (intent := intent_of(said.text)) is not None:
            await self._intended(intent)
        elif menu is None or not self.state.frames:
            self._unreadable_without_question(said)
            await self._go_on()
        else:
            await self._read(said, picked)

    def _unreadable_without_question(self, said: Said) -> None:
        if said.kind == Kind.PIN:
            self.notes.append(sentences.NICE_PLACE)

    async def _read(self, said: Said, picked: int | choices.Close | None) -> None:
        asks = self._open_question()
        if asks is None:
            await self._go_on()
            return
        if isinstance(picked, int) and asks.question.takes_anything:
            await self._picked(picked)
            return
        reading = asks.question.reader.read(said, self._hearing()) if asks.question.reader else Missed()
        match reading:
            case Took(value, others):
                answer = {asks.key: asks.question.dump(value), **_scoped(asks.key, others)}
                self._settle(said.text)
                self._learn(answer, asks, label=said.text)
                await self._advance()
            case Instead(answers, note):
                self._settle(said.text)
                self._learn(_scoped(asks.key, answers), None, label=said.text)
                if note is not None:
                    self.notes.append(note)
                await self._advance()
            case Narrow():
                await self._narrowed(asks, reading)
            case Missed(hint):
                if isinstance(picked, int):
                    await self._picked(picked)
                else:
                    await self._missed(asks, hint, picked)

    async def _picked(self, index: int) -> None:
        menu = self.state.menu
        assert menu is not None  # noqa: S101  only what a menu showed can be picked
        shown = menu.shown[index]
        asks = self._open_question()
        if shown.more and asks is not None:
            await self._show(asks, narrow=menu.narrow, page=menu.page + 1)
            return
        if asks is None or asks.key != menu.key or asks.question.given != menu.given:
            self.notes.append(sentences.STALE)
            await self._go_on()
            return
        self._settle(shown.label)
        if shown.reopens:
            for key in shown.reopens:
                self.state.frames[-1].ledger.reopen(key)
        else:
            self._learn({menu.key: shown.value}, asks, label=shown.label)
        await self._advance()

    def _learn(self, answers: Mapping[str, Any], asks: Asks | None, *, label: str) -> None:
        ledger = self.state.frames[-1].ledger
        for key, value in answers.items():
            is_asked = asks is not None and key == asks.key
            given = asks.question.given if asks is not None and is_asked else ""
            private = asks is not None and is_asked and asks.question.is_private
            said_back = "" if private or not is_asked else label
            ledger.put(key, Entry(origin="answer", value=value, given=given, label=said_back))
        self.state.misreads = 0

    async def _narrowed(self, asks: Asks, narrow: Narrow) -> None:
        if asks.question.source is None:
            await self._missed(asks, None, None)
            return
        self.state.misreads = 0
        page = await offers.page_of(asks.question.source, narrow, 0, self.world)
        if page.is_exact and len(page.items) == 1 and narrow.when is not None and narrow.when.at is not None:
            option = _presented(asks.question, page.items[0])
            label = render(option.label, self.state.language)
            self._settle(label)
            self._learn({asks.key: asks.question.dump(option.value)}, asks, label=label)
            await self._advance()
            return
        if not page.is_exact:
            self.notes.append(sentences.NOT_THEN)
        await self._show(asks, narrow=narrow, page=0)

    async def _missed(self, asks: Asks, hint: Writable | None, picked: choices.Close | None) -> None:
        self.state.misreads += 1
        if self.state.misreads >= PATIENCE:
            self.state.misreads = 0
            await self.world.do("help", OpenTask(kind="stuck"))
            self.notes.append(sentences.ASKED_A_PERSON)
        elif isinstance(picked, choices.Close) and self.state.menu is not None:
            labels = (self.state.menu.shown[index].label for index in picked.indexes)
            self.notes.append(sentences.did_you_mean(" / ".join(labels)))
        else:
            self.notes.append(hint or sentences.NOT_UNDERSTOOD)
        helps = asks.question.help
        if helps:
            self.notes.append(helps[min(self.state.misreads, len(helps)) - 1])
        await self._show_again(asks)

    # ---- words that work at any point

    async def _intended(self, intent: Intent) -> None:
        match intent:
            case Intent.HELP | Intent.WHY | Intent.REPEAT:
                self._explain(intent)
                await self._go_on(again=True)
            case Intent.BACK:
                self._back()
                await self._advance_or_home()
            case Intent.MENU:
                await self._push(Goto(script="home", args=self._under()))
            case Intent.LANGUAGE:
                await self._push(Goto(script="language"))
            case Intent.ENGLISH | Intent.FRENCH | Intent.SPANISH:
                self.state.language = SWITCHES[intent]
                self.notes.append(sentences.LANGUAGE_CHANGED)
                await self._go_on()
            case Intent.PERSON:
                await self.world.do("person", OpenTask(kind="person"))
                self.notes.append(sentences.PERSON_ASKED)
                await self._go_on()
            case Intent.BOOKINGS | Intent.CANCEL | Intent.MOVE:
                args = () if intent == Intent.BOOKINGS else (("wish", intent.value),)
                await self._push(Goto(script="manage", args=args))
            case Intent.BOOK:
                await self._push(Goto(script="book"))
            case Intent.MORE:
                await self._more()
            case Intent.HELLO:
                await self._go_on()

    def _under(self) -> tuple[tuple[str, str], ...]:
        return (("under", "yes"),) if any(one.script != "home" for one in self.state.frames) else ()

    def _explain(self, intent: Intent) -> None:
        asks = self._open_question()
        if intent == Intent.HELP:
            self.notes.append(sentences.HELP)
            if asks is not None and asks.question.help:
                self.notes.append(asks.question.help[0])
        elif intent == Intent.WHY:
            self.notes.append((asks.question.why if asks else None) or sentences.WHY)

    def _back(self) -> None:
        while self.state.frames:
            ledger = self.state.frames[-1].ledger
            key = ledger.last_answer()
            if key is not None:
                ledger.reopen(key)
                return
            if len(self.state.frames) == 1:
                break
            self.state.frames.pop()
        self.notes.append(sentences.NOTHING_BEFORE)

    async def _more(self) -> None:
        menu, asks = self.state.menu, self._open_question()
        if menu is not None and asks is not None and any(one.more for one in menu.shown):
            await self._show(asks, narrow=menu.narrow, page=menu.page + 1)
        else:
            self.notes.append(sentences.NO_MORE)
            await self._go_on(again=True)

    # ---- scripts

    def _start(self, goto: Goto) -> None:
        """Put a script on top; one of that name that is under way already goes on instead, unless its task differs."""
        args = dict(goto.args)
        frames = self.state.frames
        for index, frame in enumerate(frames):
            if frame.script == goto.script and (frame.args == args or (not args and goto.script == "book")):
                del frames[index + 1 :]
                return
        self.state.frames = [frame for frame in frames if frame.script not in (goto.script, "home", "language")]
        self.state.frames.append(Frame(goto.script, args))

    async def _push(self, goto: Goto) -> None:
        self.state.misreads = 0
        self._start(goto)
        await self._advance()

    async def _go_on(self, *, again: bool = False) -> None:
        """Ask what is open, in the words of the menu as shown if *again*; say hello where nothing is."""
        asks = self._open_question() if again else None
        if asks is not None:
            await self._show_again(asks)
        else:
            await self._advance_or_home()

    async def _advance_or_home(self) -> None:
        if not self.state.frames:
            self._start(Goto(script="home"))
        await self._advance()

    async def _advance(self) -> None:
        """Replay the script on top, and what comes after it, until something is asked or all is over."""
        for _ in range(_STEPS):
            if not self.state.frames:
                self._flush()
                return
            frame = self.state.frames[-1]
            match self._replay(frame).step:
                case Asks() as asks:
                    await self._show(asks)
                    return
                case Does(key, given, command):
                    result = await self.world.do(f"{len(self.state.frames)}.{key}", command)
                    frame.ledger.put(key, Entry(origin="result", value=dump_result(result), given=given))
                case Tells(key, given, text):
                    self.notes.append(text)
                    frame.ledger.put(key, Entry(origin="told", given=given))
                case Ends(Again(keys, because, narrow)):
                    await self._once_more(frame, keys, because, narrow)
                    if narrow is not None:
                        return
                case Ends(End() as end):
                    self._ended(end)
        raise GoingRoundError(f"script {self.state.frames[-1].script!r} went round {_STEPS} times")

    async def _once_more(
        self, frame: Frame, keys: tuple[str, ...], because: Writable | None, narrow: Narrow | None
    ) -> None:
        for key in keys:
            frame.ledger.reopen(key)
        if because is not None:
            self.notes.append(because)
        if narrow is not None:
            match self._replay(frame).step:
                case Asks() as asks:
                    await self._show(asks, narrow=narrow)
                case _:
                    await self._advance()

    def _ended(self, end: End) -> None:
        self.state.frames.pop()
        if end.language:
            self.state.language = end.language
        if end.text is not None:
            self.notes.append(end.text)
        if end.extras:
            self._flush()
            caption = render(sentences.CALENDAR, self.state.language)
            self.messages.extend(replace(one, caption=caption) if isinstance(one, Visit) else one for one in end.extras)
        if end.then is not None:
            self._start(end.then)
        elif self.state.frames and (end.text is not None or end.extras):
            self.notes.append(sentences.BACK_TO)
        if not self.state.frames:
            self.state.menu = None

    def _replay(self, frame: Frame) -> Replay:
        return replay(self._script(frame), frame.ledger)

    def _script(self, frame: Frame) -> Script:
        maker = self.scripts[frame.script]
        return lambda: maker(self.desk, frame.args)

    def _open_question(self) -> Asks | None:
        if not self.state.frames:
            return None
        step = self._replay(self.state.frames[-1]).step
        return step if isinstance(step, Asks) else None

    # ---- showing

    async def _show(self, asks: Asks, *, narrow: Narrow | None = None, page: int = 0) -> None:
        question = asks.question
        options = list(question.options)
        has_more = False
        if question.source is not None:
            found = await offers.page_of(question.source, narrow, page, self.world)
            has_more = found.has_more
            options += [_presented(question, item) for item in found.items]
            if not found.items and question.none is not None:
                self.notes.append(question.none)
        shown = [self._shown(option, question) for option in options]
        if has_more:
            shown.append(Shown(label=render(sentences.MORE, self.state.language), more=True))
        shown += [self._shown(option, question) for option in question.extras]
        self._prompt(asks, tuple(shown), narrow=narrow, page=page)

    async def _show_again(self, asks: Asks) -> None:
        """Show the open menu with the very options it had, so that a number still means what the person saw."""
        menu = self.state.menu
        if menu is None or menu.key != asks.key or menu.given != asks.question.given:
            await self._show(asks)
        else:
            self._prompt(asks, menu.shown, narrow=menu.narrow, page=menu.page)

    def _shown(self, option: Option[Any], question: Question[Any]) -> Shown:
        label = render(option.label, self.state.language)
        if option.reopens:
            return Shown(label=label, reopens=option.reopens)
        detail = render(option.detail or "", self.state.language)
        return Shown(label=label, detail=detail, value=question.dump(option.value))

    def _prompt(self, asks: Asks, shown: tuple[Shown, ...], *, narrow: Narrow | None, page: int) -> None:
        question, language = asks.question, self.state.language
        if self.state.menu is not None and self.state.menu.wants_location:
            self._flush()  # a channel may have to put its means to share a place away
        text = render(question.text, language) + self._progress()
        self.state.menus += 1
        self.state.menu = Menu(
            number=self.state.menus,
            key=asks.key,
            given=question.given,
            text=text,
            shown=shown,
            narrow=narrow,
            page=page,
            wants_location=Want.LOCATION in question.wants,
        )
        self.messages.append(
            Prompt(
                text=render(joined(*self.notes, text), language),
                menu=self.state.menus,
                choices=tuple(Choice(one.label, one.detail) for one in shown),
                wants=question.wants,
                hints=tuple(render(sentences.HINTS[want], language) for want in question.wants),
                shares=tuple(render(sentences.SHARES[want], language) for want in question.wants),
                language=language,
            )
        )
        self.notes.clear()

    def _progress(self) -> str:
        frame = self.state.frames[-1]
        if frame.script != "book":
            return ""
        done, ahead = steps_ahead(self._script(frame), frame.ledger)
        return f" ({done}/{done + ahead - 1})" if ahead > 1 or done > 1 else ""

    def _settle(self, label: str) -> None:
        menu = self.state.menu
        if menu is not None and menu.shown and not menu.wants_location:
            self.messages.append(Settled(menu=menu.number, text=menu.text, label=label))

    def _flush(self) -> None:
        if self.notes:
            self.messages.append(Line(text=render(Joined(tuple(self.notes)), self.state.language)))
            self.notes.clear()

    def _recap(self) -> None:
        known = [entry.label for _, entry in self.state.frames[-1].ledger.answers() if entry.label]
        self.notes.append(sentences.so_far(", ".join(known)) if known else sentences.WELCOME_BACK)

    def _hearing(self) -> Hearing:
        return Hearing(language=self.state.language, now=self.desk.now, today=self.desk.today)


def _presented(question: Question[Any], item: Any) -> Option[Any]:
    if question.present is None:
        raise TypeError(f"question {question.key!r} has a source and does not say how to present its offers")
    return question.present(item)


def _scoped(key: str, others: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """Put the keys of *others* beside *key*, in the same scope."""
    scope, dot, _ = key.rpartition(".")
    return {f"{scope}{dot}{other}": value for other, value in others}


def _is_exact(text: str, label: str) -> bool:
    """Say whether *text* is a label itself or a bare number, which goes before words of other meaning."""
    folded = fold(text)
    return folded == fold(label) or not any(letter.isalpha() for letter in folded)
