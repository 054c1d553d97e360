"""Which visit a message answers: the one whose button was pressed, whose message was quoted, or that was told last.

A number or a word is an answer to a reminder where the reminder was the last thing that the person was sent, or where
no question of a conversation is open. Of several visits the script asks which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Inbound
from dialogs.conversation import picked_of
from dialogs.courtesies import courtesy_of
from dialogs.intents import intent_of
from dialogs.reminding import Wish, wish_at, wish_in
from dialogs.said import Kind
from dialogs.script import Goto
from dialogs.state import State
from domain.policies import DIGEST, MISSED
from domain.store import reminders
from domain.store.conversations import Opened
from domain.store.database import Connection
from domain.store.reminders import Told

REMINDER = "reminder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is to be done about the visits of *told* reminders; without a *wish* it is asked."""

    told: tuple[Told, ...]
    wish: Wish | None = None

    def goto(self) -> Goto:
        """Return the script that does it."""
        visits = ",".join(str(one.appointment) for one in self.told)
        wish = () if self.wish is None else (("wish", self.wish.value),)
        return Goto(script=REMINDER, args=(("visits", visits), *wish))


async def reply_in(
    connection: Connection, opened: Opened, message: Inbound, state: State, now: datetime
) -> Reply | None:
    """Return what *message* answers about visits; None where it is for the conversation."""
    said = message.said
    if message.template == DIGEST:
        return None
    if message.template is not None:
        return await _pressed(connection, opened, message, message.template, now)
    if said.kind == Kind.TAP:
        wanted = reminders.reminder_of(said.menu)
        told = await reminders.told_to(connection, opened.contact, wanted) if wanted is not None else None
        return Reply(told=(told,), wish=wish_at(told.kind, said.option or 0)) if told else None
    if said.kind != Kind.TEXT:
        return None
    if message.answers is not None:
        told = await reminders.told_as(connection, opened.contact, message.answers)
        if told is not None:
            return _in_words((told,), said.text, state)
    seen = _seen_at(opened, state, said.text)
    if opened.reminded_at is None or (seen is not None and opened.reminded_at <= seen):
        return None
    lately = await reminders.told_lately(connection, opened.contact, now - reminders.ANSWERABLE)
    if _answers_notice(state, said.text, lately):
        return None
    if seen is not None:
        lately = [one for one in lately if one.sent_at > seen]
    return _of_several(lately, said.text, state)


def _seen_at(opened: Opened, state: State, text: str) -> datetime | None:
    """Return when they saw what may be meant: the question that is open, or by a number what a notice offers."""
    told_at = max(opened.heard_at, state.told_at or opened.heard_at)
    names_offer = state.last_shown() is not None and not any(letter.isalpha() for letter in text)
    return told_at if names_offer else opened.heard_at if state.frames else None


def _answers_notice(state: State, text: str, lately: Sequence[Told]) -> bool:
    """Say whether *text* names what stands under a notice that was said unasked after the last reminder."""
    notice = state.last_shown()
    if notice is None or notice.at is None or any(one.sent_at > notice.at for one in lately):
        return False
    return picked_of(notice, text, state.language) is not None


async def _pressed(connection: Connection, opened: Opened, message: Inbound, kind: str, now: datetime) -> Reply | None:
    """Return what a button answers that is the same under all agreed messages of a *kind*.

    Which visit is meant, the message tells that it stands under; where that is not known, it is as for a text.
    """
    named = await reminders.told_as(connection, opened.contact, message.answers) if message.answers else None
    if named is not None:
        told: tuple[Told, ...] = (named,)
    else:
        lately = await reminders.told_lately(connection, opened.contact, now - reminders.ANSWERABLE)
        alike = tuple(one for one in lately if (one.kind == MISSED) == (kind == MISSED))
        told = tuple(one for one in alike if not one.is_answered) or alike[:1]
    return Reply(told=told, wish=wish_at(told[0].kind, message.said.option or 0)) if told else None


def _of_several(lately: Sequence[Told], text: str, state: State) -> Reply | None:
    """Take the visits that nothing was said about yet, else the one told last."""
    open_ones = tuple(one for one in lately if not one.is_answered)
    if open_ones:
        reply = _in_words(open_ones, text, state)
        if reply.wish is not None or (not state.frames and intent_of(text) is None and courtesy_of(text) is None):
            return reply
        return None
    if lately and not state.frames and courtesy_of(text) is None:
        wish = wish_in(text, lately[0].kind, state.language)
        return Reply(told=(lately[0],), wish=wish) if wish is not None else None
    return None


def _in_words(told: tuple[Told, ...], text: str, state: State) -> Reply:
    return Reply(told=told, wish=wish_in(text, told[0].kind, state.language))
