"""The stage: scripts under way are run on it until one asks something; what they ask and say becomes messages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dialogs import notices, offers, sentences
from dialogs.desk import Desk
from dialogs.foresight import steps_in_all
from dialogs.ledger import Entry
from dialogs.offers import Page, World
from dialogs.prompt import Choice, Line, MapPin, Message, Picture, Prompt, Settled, Sheet, Visit
from dialogs.questions import Narrow, Option, Question
from dialogs.script import Again, Asks, Does, End, Ends, Goto, Offer, Performance, Replay, Tells, dump_result, following
from dialogs.state import Ended, Frame, Menu, Shown, State
from dialogs.text import Joined, Writable, joined, render
from domain.queries import Source

#: Makes the coroutine of a script from the desk and the frame's arguments.
Maker = Callable[[Desk, Mapping[str, str]], Coroutine[Any, Any, Again | End]]

_STEPS = 60  # a turn that takes more is going round in a circle


class GoingRoundError(RuntimeError):
    """A script asks again and again for what it has been told: it has a fault."""


@dataclass(frozen=True, slots=True)
class Open:
    """The question that is open, and what to offer to it."""

    asks: Asks
    narrow: Narrow | None = None


@dataclass(slots=True)
class Playing:
    """The performance of a frame, and how much of the frame's ledger it has seen."""

    frame: Frame
    performance: Performance
    seen: int = 0
    last: Replay | None = None

    def __post_init__(self) -> None:
        self.seen = len(self.frame.ledger.written)

    def holds(self) -> bool:
        """Say whether nothing was written that it has passed already."""
        return not any(map(self.performance.has_passed, self.frame.ledger.written[self.seen :]))

    def replay(self) -> Replay:
        """Go as far as the ledger leads."""
        written = len(self.frame.ledger.written)
        if self.last is None or written != self.seen:
            self.seen, self.last = written, self.performance.further(self.frame.ledger)
        return self.last


@dataclass(slots=True)
class Stage:
    """Runs scripts over *state*; `messages` fills up in the order of sending, `notes` go before the next of them."""

    state: State
    desk: Desk
    world: World
    scripts: Mapping[str, Maker]
    messages: list[Message] = field(default_factory=list)
    notes: list[Writable] = field(default_factory=list)
    has_changed_hands: bool = False
    _playing: Playing | None = None

    # ---- scripts

    def start(self, goto: Goto) -> None:
        """Put a script on top; a booking that is under way goes on instead, unless another one is meant."""
        args = dict(goto.args)
        frames = self.state.frames
        for index, frame in enumerate(frames):
            if frame.script == goto.script == "book" and (frame.args == args or not args):
                del frames[index + 1 :]
                return
        passing = {goto.script, "language"} if goto.script == "language" else {goto.script, "language", "home"}
        self.state.frames = [frame for frame in frames if frame.script not in passing]
        self.state.frames.append(Frame(goto.script, args))

    async def advance(self) -> None:
        """Run what is under way to its next question and ask it; where nothing is, say what is to be said.

        Where it has changed hands, what is to be said is left to whoever goes on with it.
        """
        found = await self.run()
        if self.has_changed_hands:
            return
        if found is None:
            self.flush()
        else:
            await self.show(found.asks, narrow=found.narrow)

    async def run(self) -> Open | None:
        """Replay the script on top, and what comes after it, until something is asked or all is over."""
        narrow: Narrow | None = None
        for _ in range(_STEPS):
            if not self.state.frames:
                return None
            frame = self.state.frames[-1]
            match self._replay(frame).step:
                case Asks() as asks:
                    return Open(asks, narrow)
                case Does(key, given, command):
                    wanted = following(command, frame.ledger.entries.get(key))
                    result = await self.world.do(f"{len(self.state.frames)}.{key}", wanted)
                    frame.ledger.put(key, Entry(origin="result", value=dump_result(result), given=given))
                case Tells(key, given, text):
                    self.notes.append(text)
                    frame.ledger.put(key, Entry(origin="told", given=given))
                case Ends(Again() as again):
                    narrow = again.narrow or narrow
                    self._reopen(frame, again)
                case Ends(End() as end):
                    self._ended(end)
                    if end.changes_hands:
                        self.has_changed_hands = True
                        return None
        raise GoingRoundError(f"script {self.state.frames[-1].script!r} went round {_STEPS} times")

    def _reopen(self, frame: Frame, again: Again) -> None:
        for key in again.keys:
            frame.ledger.reopen(key)
        if again.because is not None:
            self.notes.append(again.because)

    def _ended(self, end: End) -> None:
        self.state.frames.pop()
        if end.language:
            self.state.language = end.language
        if end.text is not None:
            self.notes.append(end.text)
            if self.state.menu is not None:
                self.state.ended = Ended(menu=self.state.menu.number, text=render(end.text, self.state.language))
        if end.offers:
            self._notice(end.offers)
        if end.extras:
            self.flush()
            self.messages.extend(map(self._captioned, end.extras))
        if end.then is not None:
            self.start(end.then)
        elif (
            not end.changes_hands
            and self.state.frames
            and self.state.frames[-1].script != "home"
            and (end.text is not None or end.extras)
        ):
            self.notes.append(sentences.BACK_TO)
        if not self.state.frames:
            self.state.menu = None

    def _notice(self, offers: Sequence[Offer]) -> None:
        """Say the notes as a notice, with what can be begun."""
        text = joined(*self.notes)
        self.notes.clear()
        self.messages.append(notices.post(self.state, text, offers))

    def _captioned(self, extra: MapPin | Visit | Sheet | Picture) -> Message:
        match extra:
            case Visit():
                caption = sentences.CALENDAR_CANCELLED if extra.is_cancelled else sentences.CALENDAR
                return replace(extra, caption=render(caption, self.state.language))
            case Sheet():
                return replace(extra, caption=render(sentences.TABLE, self.state.language))
            case _:
                return extra

    def _replay(self, frame: Frame) -> Replay:
        """Replay a frame as it stands; what was replayed before goes on where the ledger still leads to it."""
        playing = self._playing
        if playing is None or playing.frame is not frame or not playing.holds():
            if playing is not None:
                playing.performance.close()
            script = functools.partial(self.scripts[frame.script], self.desk, frame.args)
            playing = self._playing = Playing(frame, Performance(script))
        return playing.replay()

    def open_question(self) -> Asks | None:
        if not self.state.frames:
            return None
        step = self._replay(self.state.frames[-1]).step
        return step if isinstance(step, Asks) else None

    # ---- showing

    async def show(self, asks: Asks, *, narrow: Narrow | None = None, page: int = 0) -> None:
        question = asks.question
        options = list(question.options)
        has_more = False
        text = question.text
        if question.source is not None:
            found, narrow, text = await self._offered(question, question.source, narrow, page)
            has_more = found.has_more
            options += [presented(question, item) for item in found.items]
            if not found.items and question.none is not None:
                self.notes.append(question.none)
        shown = [self._shown(option, question) for option in options]
        if has_more:
            shown.append(Shown(label=render(sentences.MORE, self.state.language), more=True))
        shown += [self._shown(option, question) for option in question.extras]
        self._prompt(asks, tuple(shown), narrow=narrow, page=page, text=text)

    async def _offered(
        self, question: Question[Any], source: Source, narrow: Narrow | None, page: int
    ) -> tuple[Page, Narrow | None, Writable]:
        """Return what to offer, by what it is narrowed in the end, and what is said with it."""
        if narrow is not None and narrow != question.narrow:
            return await offers.page_of(source, narrow, page, self.world), narrow, question.text
        found = await offers.page_of(source, question.narrow, page, self.world)
        if found.is_exact:
            return found, question.narrow, question.limited or question.text
        if question.narrow is not None:
            found = await offers.page_of(source, None, page, self.world)
        return found, None, (question.unlimited if found.items else None) or question.text

    async def show_again(self, asks: Asks) -> None:
        """Show the open menu with the very options it had, so that a number still means what the person saw."""
        menu = self.state.menu
        if menu is None or menu.key != asks.key or menu.given != asks.question.given:
            await self.show(asks)
        else:
            self._prompt(asks, menu.shown, narrow=menu.narrow, page=menu.page, text=menu.text, is_whole=True)

    def _shown(self, option: Option[Any], question: Question[Any]) -> Shown:
        label = render(option.label, self.state.language)
        if option.reopens:
            return Shown(label=label, reopens=option.reopens)
        if option.answers:
            return Shown(label=label, answers=dict(option.answers))
        detail = render(option.detail or "", self.state.language)
        return Shown(label=label, detail=detail, value=question.dump(option.value))

    def _prompt(
        self,
        asks: Asks,
        shown: tuple[Shown, ...],
        *,
        narrow: Narrow | None,
        page: int,
        text: Writable,
        is_whole: bool = False,
    ) -> None:
        """Ask by *text*, which tells already how far it still is if it *is_whole*."""
        question, language = asks.question, self.state.language
        if self.state.menu is not None and self.state.menu.wants:
            self.flush()  # a channel may have to put its means to share something away
        text = render(text, language) if is_whole else render(text, language) + self._progress()
        self.state.menus += 1
        self.state.menu = Menu(
            number=self.state.menus,
            key=asks.key,
            given=question.given,
            text=text,
            shown=shown,
            narrow=narrow,
            page=page,
            wants=bool(question.wants),
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
        done = len(self._replay(frame).asked)
        ahead, self._playing = self._playing, None  # foresight leads it elsewhere
        in_all = steps_in_all(ahead.performance, frame.ledger) if ahead else done
        return f" ({done}/{max(done, in_all)})"

    def settle(self, label: str) -> None:
        menu = self.state.menu
        if menu is not None and menu.shown and not menu.wants:
            self.messages.append(Settled(menu=menu.number, text=menu.text, label=label))

    def flush(self) -> None:
        if self.notes:
            self.messages.append(Line(text=render(Joined(tuple(self.notes)), self.state.language)))
            self.notes.clear()


def presented(question: Question[Any], item: Any) -> Option[Any]:
    if question.present is None:
        raise TypeError(f"question {question.key!r} has a source and does not say how to present its offers")
    return question.present(item)
