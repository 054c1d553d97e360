"""One turn of a conversation: hear what was said, replay the scripts, and return what is to be said.

Hearing goes from the surest to the least sure: a button, a number, the exact words of something shown; then words that
mean the same at any point (`intents`); then the question's own reader; then near misses. Whatever happens here,
answers are only ever added or, at the person's wish, asked again; nothing that went wrong clears them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dialogs import offers, sentences, staff_words
from dialogs.courtesies import Courtesy, courtesy_of
from dialogs.handing_over import BACK, person_asked
from dialogs.intents import SWITCHES, Intent, code_in, intent_of
from dialogs.ledger import Entry
from dialogs.prompt import Line, Message, Settled
from dialogs.questions import Hearing, Instead, Missed, Narrow, Took
from dialogs.readers import choices
from dialogs.readers.constraint import both
from dialogs.readers.fold import fold
from dialogs.said import Kind, Said
from dialogs.script import Asks, Goto
from dialogs.scripts.answers import Where, dump_where
from dialogs.staff_words import join_code_in
from dialogs.stage import Open, Stage, presented
from dialogs.state import Notice
from dialogs.text import Writable, render
from domain.centres import CentreId
from domain.staff.handover_commands import Called, CallPerson, Why

SILENCE = timedelta(hours=1)
_EXCUSES = {
    Kind.RESUME: sentences.RESUMED,
    Kind.UNREADABLE: sentences.ONLY_WORDS,
    Kind.EDITED: sentences.EDITED,
}
#: Words that mean what is shown, where one thing shown has them: "cancel" at "Yes, cancel it".
_ABOUT_WHAT_IS_SHOWN = frozenset((Intent.SET_ASIDE, Intent.BOOK, Intent.CANCEL, Intent.MOVE, Intent.QUIET))
#: What may be wished before it is clear whose the number is: nothing of anybody is shown by it.
_TELLS_NOTHING = frozenset(
    (Intent.HELP, Intent.WHY, Intent.REPEAT, Intent.LANGUAGE, *SWITCHES, Intent.PERSON, Intent.HELLO, Intent.NOT_ME)
)
#: What may be wished where a team reads along: nothing of anybody's own visits.
_IN_GROUPS = frozenset(
    (Intent.HELP, Intent.WHY, Intent.BACK, Intent.MENU, Intent.REPEAT, *SWITCHES, Intent.MORE, Intent.HELLO)
)
#: What is a wish even where a text is dictated.
_LEADS_AWAY = frozenset((Intent.BACK, Intent.MENU, Intent.HELP, Intent.WHY, Intent.REPEAT, Intent.SET_ASIDE))
_LONGEST_ID = 12  # digits
DAY = "day"  # the script that words for a day begin
PATIENCE = 3  # replies in a row that cannot be read before a person is asked to look


class Turn:
    """One turn over a stage's state."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.state = stage.state

    async def hear(self, said: Said, *, heard_at: datetime | None) -> list[Message]:
        """Carry out one turn; *heard_at* is when the person was last heard."""
        if self.state.frames and heard_at is not None and self.stage.desk.now - heard_at >= SILENCE:
            self._recap()
        overtaken = await self._catch_up()
        if overtaken is not None and not _asks_the_desk(said):
            await self.stage.show(overtaken.asks, narrow=overtaken.narrow)
        else:
            await self._heard(said)
        return self.stage.messages

    async def answer(self, goto: Goto) -> list[Message]:
        """Carry out a turn that answers what the desk said unasked: *goto* is the script for it."""
        self.state.misreads = 0
        self.stage.start(goto)
        await self.stage.advance()
        return self.stage.messages

    async def _catch_up(self) -> Open | None:
        """Do again what time has undone, such as a hold; return the question if it is no longer the one shown."""
        if not self.state.frames or self.stage.open_question() is not None:
            return None
        found, menu = await self.stage.run(), self.state.menu
        if found is None or menu is None or (found.asks.key, found.asks.question.given) == (menu.key, menu.given):
            return None
        return found

    async def _heard(self, said: Said) -> None:
        match said.kind:
            case Kind.TAP:
                await self._tapped(said)
            case Kind.BEGIN if self.state.withheld is not None and said.text:
                await self._put_by(said)
            case Kind.BEGIN:
                await self._begun(said.text)
            case Kind.RESUME | Kind.UNREADABLE | Kind.EDITED:
                self.stage.notes.append(_EXCUSES[said.kind])
                await self._go_on()
            case _:
                await self._told(said)

    async def go_on(self) -> list[Message]:
        """Ask what is open, and say what is to be said."""
        await self.stage.advance()
        return self.stage.messages

    async def begun(self, goto: Goto) -> list[Message]:
        """Say what the desk begins by itself, beside what is open, which stays as it is."""
        frames, menu, ended = self.state.frames, self.state.menu, self.state.ended
        self.state.frames, self.state.menu = [], None
        self.stage.start(goto)
        await self.stage.advance()
        self.state.frames, self.state.menu, self.state.ended = frames, menu, ended
        return self.stage.messages

    async def taken_up(self) -> list[Message]:
        """Go on after somebody else has talked with the person: ask what was open, in the words of the menu as shown.

        Where time has undone what it stood on, what is to be asked now.
        """
        self.stage.notes.append(BACK)
        if not self.state.frames:
            self.stage.flush()
            return self.stage.messages
        overtaken = await self._catch_up()
        if overtaken is not None:
            await self.stage.show(overtaken.asks, narrow=overtaken.narrow)
        else:
            await self._go_on(again=True)
        return self.stage.messages

    async def nudge(self) -> list[Message]:
        """Say once, after a silence, what is still open."""
        self.stage.notes.append(sentences.STILL_HERE)
        await self._go_on()
        return self.stage.messages

    # ---- hearing

    async def _begun(self, payload: str) -> None:
        name, _, value = payload.partition("_")
        if name == "centre" and value.isascii() and value.isdecimal() and len(value) <= _LONGEST_ID:
            await self._led_to(CentreId(int(value)))
        elif name == "link" and (code := code_in(f"link {value}")) is not None:
            await self._push(Goto(script="link", args=(("code", code),)))
        elif name == "join" and (code := join_code_in(f"join {value}")) is not None:
            await self._push(Goto(script="join", args=(("code", code),)))
        elif name == "here" and value.isascii() and value.isdecimal() and len(value) <= _LONGEST_ID:
            await self._push(Goto(script="here", args=(("centre", value),)))
        elif name == "arrived" and (goto := self._scanned(f"arrived {value}")) is not None:
            await self._push(goto)
        else:
            await self._go_on()

    def _scanned(self, text: str) -> Goto | None:
        """Return what comes of a visit's code that is scanned or written: staff mark it, others see their own."""
        wish = staff_words.arrival_in(text)
        if wish is None or self.stage.desk.staff is not None:
            return wish
        return Goto(script="here", args=(("reference", dict(wish.args)["text"].upper()),))

    async def _led_to(self, centre: CentreId) -> None:
        """Book at *centre*: a booking under way goes on there and keeps what it has been told."""
        under_way = next((frame for frame in self.state.frames if frame.script == "book"), None)
        if under_way is None:
            self.stage.start(Goto(script="book", args=(("centre", str(centre)),)))
        else:
            self.stage.start(Goto(script="book"))
            under_way.ledger.put("where", Entry(origin="answer", value=dump_where(Where(centre=centre))))
            for key in ("centre", "slot"):
                under_way.ledger.forget(key)
        await self.stage.advance()

    async def _tapped(self, said: Said) -> None:
        menu = self.state.menu
        notice = self.state.notice(said.menu)
        if notice is not None and said.option is not None and said.option < len(notice.begins):
            await self._begin(notice, said.option)
        elif menu is None or said.menu != menu.number or said.option is None or said.option >= len(menu.shown):
            if not self.state.frames and self.state.ended is not None and said.menu == self.state.ended.menu:
                self.stage.messages.append(Line(text=self.state.ended.text))  # a second tap: it is done already
                return
            self.stage.notes.append(sentences.STALE)
            if said.menu is not None and (menu is None or said.menu != menu.number):
                self.stage.messages.append(Settled(menu=said.menu, text="", label=""))
            await self._go_on()
        else:
            await self._picked(said.option)

    async def _begin(self, notice: Notice, option: int) -> None:
        """Begin what stands under a notice, which goes on to stand there."""
        begins = notice.begins[option]
        await self._push(Goto(script=begins.script, args=begins.args))

    def _of_notice(self, text: str) -> int | None:
        """Return which of the things under a notice that was shown last is named, by its number or its very words.

        Where no question is open, its place in words and a part of its words will do, unless they mean something else.
        """
        notice = self.state.last_shown()
        labels = [one.label for one in notice.begins] if notice is not None else []
        picked = choices.pick(text, labels, language=self.state.language) if labels and text else None
        if not isinstance(picked, int):
            return None
        language = self.state.language
        is_place = choices.is_place(text, labels, picked, language=language, beside_dates=True)
        if _is_exact(text, labels[picked]) or is_place:
            return picked
        return picked if not self.state.frames and self._means_nothing_else(text) else None

    def _means_nothing_else(self, text: str) -> bool:
        intent = intent_of(text)
        return intent is None and courtesy_of(text) is None and self._wish_of_staff(text, intent) is None

    async def _told(self, said: Said) -> None:
        menu = self.state.menu
        if (notice := self.state.last_shown()) is not None and (option := self._of_notice(said.text)) is not None:
            await self._begin(notice, option)
            return
        labels = [one.label for one in menu.shown] if menu else []
        picked = choices.pick(said.text, labels, language=self.state.language) if labels and said.text else None
        intent = self._intent_in(said.text)
        if self._is_dictated(said, intent):
            await self._read(said, picked if isinstance(picked, int) and _is_exact(said.text, labels[picked]) else None)
            return
        if (code := code_in(said.text)) is not None and self.state.withheld is None:
            await self._push(Goto(script="link", args=(("code", code),)))
        elif (invitation := join_code_in(said.text)) is not None and self.state.withheld is None:
            await self._push(Goto(script="join", args=(("code", invitation),)))
        elif self.state.withheld is not None and (code or self._tells_something(intent)):
            await self._put_by(said if intent not in (Intent.BACK, Intent.MORE) else None)
        elif isinstance(picked, int) and (_is_exact(said.text, labels[picked]) or intent in _ABOUT_WHAT_IS_SHOWN):
            await self._picked(picked)
        elif (wish := self._wish_of_staff(said.text, intent)) is not None:
            await self._push(wish)
        elif intent is not None:
            await self._intended(intent)
        elif self.state.withheld is None and (scanned := self._scanned(said.text)) is not None:
            await self._push(scanned)
        elif picked is None and (courtesy := courtesy_of(said.text)) is not None:
            await self._answered_kindly(courtesy)
        elif menu is None or not self.state.frames:
            self._unreadable_without_question(said)
            await self._go_on()
        else:
            await self._read(said, picked)

    def _intent_in(self, text: str) -> Intent | None:
        """Return what is wished; "here" alone may answer where something should be."""
        intent = intent_of(text)
        is_place = intent == Intent.HERE and fold(text) == "here" and self.stage.open_question() is not None
        return None if is_place else intent

    def _is_dictated(self, said: Said, intent: Intent | None) -> bool:
        """Say whether what was said answers a question to the letter; only what leads away from there does not."""
        if said.kind != Kind.TEXT or intent in _LEADS_AWAY or self.state.withheld is not None:
            return False
        asks = self.stage.open_question() if self.state.frames else None
        return asks is not None and asks.question.is_dictated

    def _wish_of_staff(self, text: str, intent: Intent | None) -> Goto | None:
        """Return what a member of staff wants; what means more of what is shown goes before."""
        menu = self.state.menu
        if self.stage.desk.staff is None or self.state.withheld is not None:
            return None
        if intent == Intent.MORE and menu is not None and any(one.more for one in menu.shown):
            return None
        wish, asks = staff_words.wish_in(text), self.stage.open_question()
        if wish is None or asks is None:
            return wish
        is_day = wish.script == DAY and asks.question.source is not None  # to a question of time or place
        is_lot = asks.question.takes_anything and staff_words.is_reference(text)  # whose number may look so
        return None if is_day or is_lot else wish

    def _tells_something(self, intent: Intent | None) -> bool:
        """Say whether a wish leads to what is withheld."""
        if intent == Intent.BACK:
            return len(self.state.frames) == 1 and self.state.frames[-1].ledger.last_answer() is None
        return intent is not None and intent not in _TELLS_NOTHING

    async def _put_by(self, said: Said | None) -> None:
        """Keep a wish until it is clear whose the number is; without one, what was wished before is kept."""
        assert self.state.withheld is not None  # noqa: S101  else there is nothing to wait for
        self.state.withheld.said = said or self.state.withheld.said
        self.stage.notes.append(sentences.WHOSE_FIRST)
        await self._go_on(again=True)

    def _unreadable_without_question(self, said: Said) -> None:
        if said.kind == Kind.PIN:
            self.stage.notes.append(sentences.NICE_PLACE)

    async def _read(self, said: Said, picked: int | choices.Close | None) -> None:
        asks = self.stage.open_question()
        if asks is None:
            await self._go_on()
            return
        if isinstance(picked, int) and self._is_clear(said.text, picked, asks):
            await self._picked(picked)
            return
        reading = asks.question.reader.read(said, self._hearing()) if asks.question.reader else Missed()
        match reading:
            case Took(value, others, note):
                if note is not None:
                    self.stage.notes.append(note)
                answer = {asks.key: asks.question.dump(value), **_scoped(asks.key, others)}
                self.stage.settle(said.text)
                self._learn(answer, asks, label=said.text)
                await self.stage.advance()
            case Instead(answers, note):
                self.stage.settle(said.text)
                self._learn(_scoped(asks.key, answers), None, label=said.text)
                if note is not None:
                    self.stage.notes.append(note)
                await self.stage.advance()
            case Narrow():
                await self._narrowed(asks, reading)
            case Missed(hint):
                if isinstance(picked, int) and not asks.question.takes_anything:
                    await self._picked(picked)
                else:
                    await self._missed(asks, hint, picked)

    def _is_clear(self, text: str, index: int, asks: Asks) -> bool:
        """Say whether *text* picks so clearly that the question's own reader is not asked."""
        labels = [one.label for one in self.state.menu.shown] if self.state.menu else []
        anything = asks.question.takes_anything
        return (anything and choices.is_label(text, labels[index])) or choices.is_place(
            text, labels, index, language=self.state.language, beside_dates=not anything
        )

    async def _answered_kindly(self, courtesy: Courtesy) -> None:
        """Answer thanks and the like; a question that is open stays so, and none is begun."""
        self.stage.notes.append(sentences.COURTESIES[courtesy])
        if self.state.frames:
            await self._go_on(again=True)
        else:
            self.stage.flush()

    async def _picked(self, index: int) -> None:
        menu = self.state.menu
        assert menu is not None  # noqa: S101  only what a menu showed can be picked
        shown = menu.shown[index]
        asks = self.stage.open_question()
        if shown.more and asks is not None:
            await self.stage.show(asks, narrow=menu.narrow, page=menu.page + 1)
            return
        if asks is None or asks.key != menu.key or asks.question.given != menu.given:
            self.stage.notes.append(sentences.STALE)
            await self._go_on()
            return
        self.stage.settle(shown.label)
        if shown.reopens:
            for key in shown.reopens:
                self.state.frames[-1].ledger.reopen(key)
        elif shown.answers:
            self._learn(_scoped(menu.key, tuple(shown.answers.items())), None, label=shown.label)
        else:
            self._learn({menu.key: shown.value}, asks, label=shown.label)
        await self.stage.advance()

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
        narrow = self._narrower(narrow)
        page = await offers.page_of(asks.question.source, narrow, 0, self.stage.world)
        if page.is_exact and len(page.items) == 1 and narrow.when is not None and narrow.when.at is not None:
            option = presented(asks.question, page.items[0])
            label = render(option.label, self.state.language)
            self.stage.settle(label)
            self._learn({asks.key: asks.question.dump(option.value)}, asks, label=label)
            await self.stage.advance()
            return
        if not page.is_exact:
            self.stage.notes.append(sentences.NOT_THEN)
        await self.stage.show(asks, narrow=narrow, page=0)

    def _narrower(self, narrow: Narrow) -> Narrow:
        """Add what was said just before: "Tuesday", then "in the afternoon"."""
        before = self.state.menu.narrow if self.state.menu else None
        if narrow.when is None or before is None or before.when is None or narrow.when.days or narrow.when.weekdays:
            return narrow
        return Narrow(when=both(before.when, narrow.when) or narrow.when)

    async def _missed(self, asks: Asks, hint: Writable | None, picked: choices.Chosen) -> None:
        self.state.misreads += 1
        if self.state.misreads >= PATIENCE:
            self.state.misreads = 0
            called = await self.stage.world.do("help", self._call_for_help())
            self.stage.notes.append(sentences.ASKED_A_PERSON)
            if isinstance(called, Called) and called.is_closed:
                self.stage.notes.append(person_asked(called, self.stage.desk.now))
        elif isinstance(picked, choices.Close) and self.state.menu is not None:
            labels = (self.state.menu.shown[index].label for index in picked.indexes)
            self.stage.notes.append(sentences.did_you_mean(" / ".join(labels)))
        else:
            self.stage.notes.append(hint or sentences.NOT_UNDERSTOOD)
        helps = asks.question.help
        if helps:
            self.stage.notes.append(helps[min(self.state.misreads, len(helps)) - 1])
        await self.stage.show_again(asks)

    # ---- words that work at any point

    async def _intended(self, intent: Intent) -> None:
        staff = self.stage.desk.staff
        if staff is not None and intent == Intent.HELP and self.stage.open_question() is None:
            intent = Intent.MENU
        if staff is not None and staff.is_in_group and intent not in _IN_GROUPS:
            self.stage.notes.append(sentences.IN_PRIVATE)
            self.stage.flush()
            return
        match intent:
            case Intent.HELP | Intent.WHY | Intent.REPEAT:
                self._explain(intent)
                await self._go_on(again=True)
            case Intent.BACK:
                await self._back()
            case Intent.ENGLISH | Intent.FRENCH | Intent.SPANISH:
                self.state.language = SWITCHES[intent]
                self.stage.notes.append(sentences.LANGUAGE_CHANGED)
                await self._go_on()
            case Intent.SET_ASIDE:
                await self._set_aside()
            case Intent.MORE:
                await self._more()
            case Intent.HELLO:
                await self._go_on()
            case Intent.NOT_ME:
                await self._is_somebody_else()
            case _:
                await self._push(self._script_for(intent))

    async def _is_somebody_else(self) -> None:
        """Ask whose the number is, since the person says that it is another's."""
        if self.state.withheld is None:
            self.state.withhold()
            self.stage.start(Goto(script="prove"))
        await self._go_on()

    def _script_for(self, intent: Intent) -> Goto:
        match intent:
            case Intent.MENU if self.stage.desk.staff is not None:
                return Goto(script="staff")
            case Intent.MENU:
                return Goto(script="home", args=self._under())
            case Intent.LANGUAGE:
                if not self.state.frames:
                    self.stage.start(Goto(script="home"))
                return Goto(script="language")
            case Intent.CANCEL | Intent.MOVE | Intent.QUIET:
                return Goto(script="manage", args=(("wish", intent.value),))
            case Intent.BOOKINGS:
                return Goto(script="manage")
            case Intent.PERSON:
                return Goto(script="person", args=self._as_under_way())
            case Intent.PAST | Intent.EMAIL | Intent.LINK | Intent.SILENCE | Intent.HERE:
                return Goto(script=intent.value)
            case Intent.NO_EMAIL:
                return Goto(script="email", args=(("wish", "none"),))
            case _:
                return Goto(script="book")

    def _centre_under_way(self) -> CentreId | None:
        """Return the centre that a booking under way is at, if it has come so far."""
        frame = next((one for one in self.state.frames if one.script == "book"), None)
        entry = frame.ledger.entries.get("centre") if frame is not None else None
        known = entry.value if entry is not None and entry.origin == "answer" else None
        if known is None and frame is not None:
            known = frame.args.get("centre")
        return CentreId(int(known)) if known is not None and str(known).isdecimal() else None

    def _name_under_way(self) -> str:
        """Return the name that a booking under way is in, if it has come so far."""
        frame = next((one for one in self.state.frames if one.script == "book"), None)
        entry = frame.ledger.entries.get("name") if frame is not None else None
        return entry.value if entry is not None and isinstance(entry.value, str) else ""

    def _call_for_help(self) -> CallPerson:
        return CallPerson(why=Why.STUCK, centre=self._centre_under_way(), name=self._name_under_way())

    def _as_under_way(self) -> tuple[tuple[str, str], ...]:
        centre, name = self._centre_under_way(), self._name_under_way()
        return (
            *((("centre", str(centre)),) if centre is not None else ()),
            *((("name", name),) if name else ()),
        )

    def _under(self) -> tuple[tuple[str, str], ...]:
        return (("under", "yes"),) if any(one.script != "home" for one in self.state.frames) else ()

    def _explain(self, intent: Intent) -> None:
        asks = self.stage.open_question()
        if intent == Intent.HELP:
            self.stage.notes.append(sentences.HELP)
            if asks is not None and asks.question.help:
                self.stage.notes.append(asks.question.help[0])
        elif intent == Intent.WHY:
            self.stage.notes.append((asks.question.why if asks else None) or sentences.WHY)

    async def _back(self) -> None:
        """Ask the question before once more; before the first one stands the menu."""
        if self.state.frames:
            ledger = self.state.frames[-1].ledger
            key = ledger.last_answer()
            if key is not None:
                ledger.reopen(key)
                asks = self.stage.open_question()
                if asks is not None and asks.question.is_aside:
                    ledger.forget(key)
                await self.stage.advance()
                return
            if len(self.state.frames) > 1:
                self.state.frames.pop()
                await self.stage.advance()
                return
        await self._push(self._script_for(Intent.MENU))

    async def _set_aside(self) -> None:
        """Leave a booking under way, whose hold lapses by itself; with none under way a made one is meant."""
        if not self.state.frames or self.state.frames[-1].script != "book":
            await self._push(Goto(script="manage", args=(("wish", Intent.CANCEL.value),)))
            return
        self.state.frames.clear()
        self.state.menu = None
        self.stage.notes.append(sentences.SET_ASIDE)
        self.stage.flush()

    async def _more(self) -> None:
        menu, asks = self.state.menu, self.stage.open_question()
        if menu is not None and asks is not None and any(one.more for one in menu.shown):
            await self.stage.show(asks, narrow=menu.narrow, page=menu.page + 1)
        else:
            self.stage.notes.append(sentences.NO_MORE)
            await self._go_on(again=True)

    # ---- scripts

    async def _push(self, goto: Goto) -> None:
        self.state.misreads = 0
        self.stage.start(goto)
        await self.stage.advance()

    async def _go_on(self, *, again: bool = False) -> None:
        """Ask what is open, in the words of the menu as shown if *again*; say hello where nothing is."""
        asks = self.stage.open_question() if again else None
        if asks is not None:
            await self.stage.show_again(asks)
        else:
            await self._advance_or_home()

    async def _advance_or_home(self) -> None:
        if not self.state.frames:
            self.stage.start(Goto(script="staff" if self.stage.desk.staff is not None else "home"))
        await self.stage.advance()

    def _recap(self) -> None:
        known = [entry.label for _, entry in self.state.frames[-1].ledger.answers() if entry.label]
        self.stage.notes.append(sentences.so_far(", ".join(known)) if known else sentences.WELCOME_BACK)

    def _hearing(self) -> Hearing:
        desk, menu = self.stage.desk, self.state.menu
        shown = tuple(one.value for one in menu.shown) if menu else ()
        return Hearing(language=self.state.language, now=desk.now, today=desk.today, shown=shown)


def picked_of(notice: Notice, text: str, language: str) -> int | None:
    """Return which of the things under *notice* is named, by its number or its very words."""
    labels = [one.label for one in notice.begins]
    picked = choices.pick(text, labels, language=language) if labels and text else None
    return picked if isinstance(picked, int) and _is_exact(text, labels[picked]) else None


def _asks_the_desk(said: Said) -> bool:
    return said.kind != Kind.TAP and (said.kind != Kind.TEXT or intent_of(said.text) not in (None, Intent.HELLO))


def _scoped(key: str, others: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """Put the keys of *others* beside *key*, in the same scope."""
    scope, dot, _ = key.rpartition(".")
    return {f"{scope}{dot}{other}": value for other, value in others}


def _is_exact(text: str, label: str) -> bool:
    """Say whether *text* is a label itself or a bare number, which goes before words of other meaning."""
    folded = fold(text)
    return folded == fold(label) or not any(letter.isalpha() for letter in folded)
