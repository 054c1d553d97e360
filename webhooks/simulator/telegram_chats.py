"""What a person has on the screen: chats, their messages as they stand now, and the keyboard below."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from webhooks.simulator.exchange import Payload
from webhooks.simulator.telegram_keyboards import ReplyKeyboard, Rows, inline_rows
from webhooks.simulator.telegram_parameters import File


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it is shown; *content* holds the fields that say what it is: text, venue, document."""

    chat: Payload
    message_id: int
    sender: Payload
    at: datetime
    content: Payload
    inline_keyboard: Payload | None = None
    edited_at: datetime | None = None
    file: File | None = None
    is_editable: bool = True
    sequence: int = 0

    @property
    def chat_id(self) -> int:
        identity: int = self.chat["id"]
        return identity

    @property
    def from_bot(self) -> bool:
        return bool(self.sender.get("is_bot"))

    @property
    def text(self) -> str:
        """Give the text, or the caption of a file, without its formatting."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def venue(self) -> Payload | None:
        return self.content.get("venue")

    @property
    def location(self) -> Payload | None:
        return self.content.get("location")

    @property
    def document(self) -> File | None:
        return self.file

    @property
    def rows(self) -> Rows:
        return inline_rows(self.inline_keyboard)

    @property
    def buttons(self) -> list[str]:
        return [button.text for row in self.rows for button in row]

    def payload(self) -> Payload:
        """Give the message as the Bot API writes it."""
        written: Payload = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat,
            "date": int(self.at.timestamp()),
            **self.content,
        }
        if self.edited_at is not None:
            written["edit_date"] = int(self.edited_at.timestamp())
        if self.inline_keyboard is not None:
            written["reply_markup"] = self.inline_keyboard
        return written


@dataclass(slots=True)
class Chat:
    """A chat that the bot is in; *closed* says why it may not write there any more."""

    described: Payload
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: ReplyKeyboard | None = None
    closed: str | None = None
    moved_to: int | None = None
    sent_at: deque[datetime] = field(default_factory=deque)
    last_id: int = 0

    @property
    def id(self) -> int:
        identity: int = self.described["id"]
        return identity

    @property
    def is_private(self) -> bool:
        return str(self.described["type"]) == "private"

    @property
    def screen(self) -> list[Message]:
        return [self.messages[number] for number in sorted(self.messages)]

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def show(self, message: Message) -> None:
        self.messages[message.message_id] = message
        self.last_id = max(self.last_id, message.message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A button press that waits for its answer."""

    query_id: str
    user_id: int
    chat_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAnswer:
    """What the bot said to a button press; the progress bar ends with it."""

    query_id: str
    user_id: int
    chat_id: int | None
    text: str
    show_alert: bool
    at: datetime
