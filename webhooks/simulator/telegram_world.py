"""All that Telegram knows about one bot: chats, taps, queued updates, settings; and how updates teach it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from webhooks.simulator.exchange import Exchange, Payload
from webhooks.simulator.telegram_chats import CallbackAnswer, Chat, Message, Tap

NEEDED_RIGHT = {"kicked": "bot was blocked by the user", "left": "bot is not a member of the group chat"}


@dataclass(slots=True, kw_only=True)
class World:
    """The state behind the double's methods."""

    exchange: Exchange
    bot: Payload
    strict_chats: bool
    chats: dict[int, Chat] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    callback_answers: list[CallbackAnswer] = field(default_factory=list)
    updates: list[Payload] = field(default_factory=list)
    last_update_id: int
    poll: int = 0
    webhook: Payload = field(default_factory=dict)
    webhook_set_at: datetime | None = None
    commands: dict[tuple[str, str], list[Payload]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int | None, Payload] = field(default_factory=dict)

    @property
    def now(self) -> Callable[[], datetime]:
        return self.exchange.now

    def next_update_id(self) -> int:
        self.last_update_id += 1
        return self.last_update_id

    def chat(self, described: Payload) -> Chat:
        """Find or open the chat that a payload describes."""
        return self.chats.setdefault(described["id"], Chat(described))

    def show(self, kind: str, chat: Chat, message: Message) -> Message:
        """Put *message* on the screen and tell those who watch."""
        shown = replace(message, sequence=self.exchange.step())
        chat.show(shown)
        self.tell(kind, chat, message=shown.payload())
        return shown

    def tell(self, kind: str, chat: Chat, **details: Any) -> None:
        self.exchange.tell(kind, provider="telegram", recipient=str(chat.id), **details)

    def learn(self, update: Payload) -> None:
        """Take in what people did: their messages, taps, blocks."""
        self.last_update_id = max(self.last_update_id, update.get("update_id", 0))
        for kind in ("message", "edited_message"):
            if kind in update:
                self._learn_message(kind, update[kind])
        if "callback_query" in update:
            self._learn_tap(update["callback_query"])
        if "my_chat_member" in update:
            self._learn_membership(update["my_chat_member"])
        self.exchange.changed()

    def _learn_message(self, kind: str, written: Payload) -> None:
        chat = self.chat(written["chat"])
        fixed = ("message_id", "from", "chat", "date", "edit_date", "reply_markup")
        message = Message(
            chat=chat.described,
            message_id=written["message_id"],
            sender=written.get("from", chat.described),
            at=self.now(),
            edited_at=self.now() if kind == "edited_message" else None,
            content={name: value for name, value in written.items() if name not in fixed},
        )
        self.show("heard", chat, message)

    def _learn_tap(self, query: Payload) -> None:
        chat_id = query.get("message", {}).get("chat", {}).get("id")
        self.taps[query["id"]] = Tap(query_id=query["id"], user_id=query["from"]["id"], chat_id=chat_id, at=self.now())

    def _learn_membership(self, change: Payload) -> None:
        chat = self.chat(change["chat"])
        chat.closed = NEEDED_RIGHT.get(change["new_chat_member"]["status"])
        self.tell("membership", chat, closed=chat.closed)
