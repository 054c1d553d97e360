"""A person with Telegram: what they do becomes updates, posted to our webhook as Telegram posts them."""

import re
import secrets
from collections.abc import Callable
from typing import Any

import aiohttp

from webhooks.simulator.choices import AnsweredTooLateError, NoSuchButtonError, place_of
from webhooks.simulator.exchange import Payload
from webhooks.simulator.telegram_chats import CallbackAnswer, Chat, Message
from webhooks.simulator.telegram_double import TelegramDouble
from webhooks.simulator.telegram_formatting import utf16
from webhooks.simulator.telegram_keyboards import Button

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name, no secret)
PATIENCE = aiohttp.ClientTimeout(total=60)
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@\w+)?")


class TelegramPhone:
    """One person's chat with the bot, or in a *group* that both are in.

    Every action posts one update and returns the status that the webhook answered. Without a *webhook_url*
    updates wait in the double for getUpdates. `updates` keeps what was sent.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        webhook_url: str | None,
        secret: str | None,
        double: TelegramDouble,
        user_id: int,
        first_name: str,
        language_code: str = "en",
        *,
        username: str | None = None,
        group: Payload | None = None,
        phone_number: str | None = None,
        position: tuple[float, float] = (51.5072, -0.1276),
    ) -> None:
        self.session, self.webhook_url, self.secret, self.double = session, webhook_url, secret, double
        self.user: Payload = {
            "id": user_id,
            "is_bot": False,
            "first_name": first_name,
            "language_code": language_code,
        }
        if username is not None:
            self.user["username"] = username
        shown = {name: held for name, held in self.user.items() if name in ("first_name", "username")}
        self.described: Payload = group or {"id": user_id, **shown, "type": "private"}
        self.phone_number = phone_number or f"4477{user_id % 10**8:08d}"
        self.position = position
        self.updates: list[Payload] = []
        self.mark = 0
        self.patience = PATIENCE

    @property
    def chat_id(self) -> int:
        identity: int = self.described["id"]
        return identity

    @property
    def screen(self) -> list[Message]:
        """What the person sees, oldest first, their own messages included."""
        return self.double.screen(self.chat_id)

    @property
    def last_text(self) -> str:
        """The text of the lowest message on the screen that the bot wrote and that has one."""
        texts = [message.text for message in self.screen if message.from_bot and message.text]
        return texts[-1] if texts else ""

    @property
    def buttons(self) -> list[str]:
        """Labels of the newest inline keyboard, or else of the keyboard below."""
        message = self._newest_with_keyboard()
        return message.buttons if message is not None else self.keys

    @property
    def keys(self) -> list[str]:
        """Labels of the keyboard that stands in place of the letters."""
        keyboard = self._chat.keyboard
        return keyboard.labels if keyboard is not None else []

    @property
    def answers(self) -> list[CallbackAnswer]:
        """What the bot answered to this person's button presses."""
        return [answer for answer in self.double.callback_answers if answer.user_id == self.user["id"]]

    @property
    def _chat(self) -> Chat:
        """Look the chat up without opening it: it begins when the person writes."""
        return self.double.chats.get(self.chat_id, Chat(self.described))

    async def wait_for(
        self,
        predicate: Callable[[Message], bool] = lambda _: True,
        timeout: float = 5.0,  # noqa: ASYNC109 (the name that callers expect; it ends by an event)
    ) -> Message:
        """Return what the bot sent or edited since this person's last action began."""
        return await self.double.wait_for(predicate, timeout, since=self.mark, chat_id=self.chat_id)

    async def say(self, text: str) -> int:
        return await self._message({"text": text, **_command_entities(text)})

    async def reply_to(self, message_id: int, text: str) -> int:
        """Write *text* as an answer to a message of the chat."""
        quoted = self._chat.messages[message_id]
        return await self._message({"text": text, "reply_to_message": quoted.payload()})

    async def start(self, payload: str | None = None) -> int:
        """Press Start, or follow a deep link with *payload*."""
        if payload is not None and not START_PAYLOAD.fullmatch(payload):
            raise ValueError(f"Telegram does not pass on {payload!r} from a link")
        return await self.say("/start" if payload is None else f"/start {payload}")

    async def tap(self, label_or_index: str | int, message_id: int | None = None) -> int:
        """Press a button under the newest message that has any, or under *message_id*."""
        message = self._with_keyboard(message_id)
        pressed = [button for row in message.rows for button in row]
        button = pressed[place_of(label_or_index, message.buttons)]
        if button.kind != "callback_data":
            raise NoSuchButtonError(f"{button.text!r} is a {button.kind} button: nothing reaches the bot")
        return await self.tap_data(button.value, message.message_id)

    async def tap_data(self, data: str, message_id: int) -> int:
        """Send *data* as if a button had it; the message may be gone."""
        message = self._chat.messages.get(message_id)
        gone = {"chat": self.described, "message_id": message_id, "date": 0}
        query = {
            "id": str(secrets.randbits(62)),
            "from": self.user,
            "message": message.payload() if message else gone,
            "chat_instance": str(self.chat_id * 7919),
            "data": data,
        }
        return await self.send("callback_query", query)

    async def press(self, label: str | int) -> int:
        """Press a key of the keyboard below; it sends its label, the position or the own contact."""
        keyboard = self._chat.keyboard
        if keyboard is None:
            raise NoSuchButtonError("there is no keyboard below")
        keys = [key for row in keyboard.rows for key in row]
        key = keys[place_of(label, keyboard.labels)]
        if keyboard.one_time:
            self._chat.keyboard = None
        return await self._send_key(key)

    async def _send_key(self, key: Button) -> int:
        match key.kind:
            case "request_location":
                return await self.share_location(*self.position)
            case "request_contact":
                return await self.share_contact()
            case "text":
                return await self.say(key.text)
            case kind:
                raise NoSuchButtonError(f"{kind} keys are not simulated")

    async def share_location(self, lat: float, lon: float) -> int:
        return await self._message({"location": {"latitude": lat, "longitude": lon}})

    async def share_contact(self, own: bool = True) -> int:
        """Share the own number, or forward somebody else's card."""
        if own:
            card = {"first_name": self.user["first_name"], "user_id": self.user["id"]}
            return await self._message({"contact": {"phone_number": self.phone_number, **card}})
        other = {"phone_number": "+447700900999", "first_name": "Somebody", "user_id": self.user["id"] + 1}
        return await self._message({"contact": other})

    async def send_voice(self) -> int:
        return await self._message({"voice": {**_file_ids("voice"), "duration": 3, "mime_type": "audio/ogg"}})

    async def send_sticker(self) -> int:
        looks = {"width": 512, "height": 512, "emoji": "👍", "set_name": "Thumbs"}
        kind = {"type": "regular", "is_animated": False, "is_video": False}
        return await self._message({"sticker": {**_file_ids("sticker"), **looks, **kind}})

    async def edit(self, message_id: int, text: str) -> int:
        """Change a message of one's own."""
        written = self._chat.messages[message_id].payload()
        if written["from"] != self.user:
            raise ValueError("people edit only their own messages")
        return await self.send("edited_message", {**written, "text": text, "edit_date": self._seconds()})

    async def block(self) -> int:
        return await self._membership("member", {"status": "kicked", "until_date": 0})

    async def unblock(self) -> int:
        return await self._membership("kicked", {"status": "member"})

    async def _membership(self, before: str, after: Payload) -> int:
        bot = self.double.world.bot
        old = {"user": bot, "status": before, **({"until_date": 0} if before == "kicked" else {})}
        change = {
            "chat": self.described,
            "from": self.user,
            "date": self._seconds(),
            "old_chat_member": old,
            "new_chat_member": {"user": bot, **after},
        }
        return await self.send("my_chat_member", change)

    async def redeliver(self, n: int = 1) -> int:
        """Post the last update again, *n* times, and return the last answer."""
        status = 0
        for _ in range(n):
            status = await self._deliver(self.updates[-1])
        return status

    async def send(self, kind: str, content: Payload) -> int:
        """Send an update of any *kind*, one that Telegram invents tomorrow as well."""
        update = {"update_id": self.double.world.next_update_id(), kind: content}
        self.updates.append(update)
        self.mark = self.double.mark
        if self.webhook_url is None:
            self.double.put_update(update)
            return 200
        self.double.hear(update)
        return await self._deliver(update)

    async def _message(self, content: Payload) -> int:
        chat = self.double.world.chat(self.described)
        head = {"message_id": chat.next_id(), "from": self.user, "chat": chat.described}
        return await self.send("message", {**head, "date": self._seconds(), **content})

    async def _deliver(self, update: Payload) -> int:
        if self.webhook_url is None:
            self.double.world.updates.append(update)
            self.double.exchange.changed()
            return 200
        headers = {} if self.secret is None else {SECRET_HEADER: self.secret}
        options: dict[str, Any] = {"timeout": self.patience, "allow_redirects": False}
        try:
            async with self.session.post(self.webhook_url, json=update, headers=headers, **options) as response:
                await response.read()
                return response.status
        except TimeoutError as error:
            raise AnsweredTooLateError(f"the webhook did not answer within {self.patience.total} s") from error

    def _seconds(self) -> int:
        return int(self.double.exchange.now().timestamp())

    def _newest_with_keyboard(self) -> Message | None:
        return next((message for message in reversed(self.screen) if message.rows), None)

    def _with_keyboard(self, message_id: int | None) -> Message:
        messages = self._chat.messages
        message = self._newest_with_keyboard() if message_id is None else messages.get(message_id)
        if message is None or not message.rows:
            raise NoSuchButtonError(f"no message with buttons on the screen; last: {self.last_text!r}")
        return message


def _command_entities(text: str) -> Payload:
    found = COMMAND.match(text)
    if found is None:
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": utf16(found[0])}]}


def _file_ids(kind: str) -> Payload:
    mark = secrets.token_hex(8)
    return {"file_id": f"AwAC{kind}{mark}", "file_unique_id": f"AgAD{mark}", "file_size": 4096}
