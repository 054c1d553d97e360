"""A stand-in for the Bot API server: as strict as the real one and stricter, with a screen for each chat."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from webhooks.simulator import telegram_parameters
from webhooks.simulator.exchange import (
    Answer,
    Call,
    Exchange,
    NothingCameError,
    Payload,
    RefusedError,
    utc_now,
)
from webhooks.simulator.telegram_chats import Message
from webhooks.simulator.telegram_contents import SENDERS
from webhooks.simulator.telegram_messages import CHANGERS, send
from webhooks.simulator.telegram_parameters import Sent
from webhooks.simulator.telegram_settings import SETTINGS
from webhooks.simulator.telegram_updates import answer_callback_query, get_updates
from webhooks.simulator.telegram_world import World

LARGEST_REQUEST = 60_000_000
SYNCHRONOUS: dict[str, Callable[[World, Payload], Any]] = {
    **CHANGERS,
    **SETTINGS,
    "answerCallbackQuery": answer_callback_query,
}


class TelegramDouble:
    """One bot on a server of its own.

    With *strict_chats* only chats that wrote to the bot exist. `refused` lists what a correct product would
    never have asked for; `declined` what circumstances forbade.
    """

    def __init__(
        self,
        *,
        token: str,
        username: str = "frontdesk_bot",
        strict_chats: bool = True,
        now: Callable[[], datetime] = utc_now,
        last_update_id: int = 100_000_000,
    ) -> None:
        self.token = token
        self.exchange = Exchange(now=now, speech=_speech)
        number = token.partition(":")[0]
        bot = {
            "id": int(number) if number.isdecimal() else 1,
            "is_bot": True,
            "first_name": "Frontdesk",
            "username": username,
        }
        self.world = World(exchange=self.exchange, bot=bot, strict_chats=strict_chats, last_update_id=last_update_id)
        self.calls = self.exchange.calls
        self.refused = self.exchange.refused
        self.declined = self.exchange.declined
        self.faults = self.exchange.faults
        self.listeners = self.exchange.listeners
        self.watchers = self.exchange.watchers
        self.chats = self.world.chats
        self.callback_answers = self.world.callback_answers

    @property
    def outage(self) -> bool:
        return self.exchange.outage

    @outage.setter
    def outage(self, value: bool) -> None:
        self.exchange.outage = value

    @property
    def mark(self) -> int:
        """How many changes people have seen so far; give it to `wait_for` as *since*."""
        return self.exchange.mark

    def screen(self, chat_id: int) -> list[Message]:
        """Give the messages of a chat as they stand now, oldest first."""
        chat = self.chats.get(chat_id)
        return chat.screen if chat else []

    def app(self) -> web.Application:
        application = web.Application(client_max_size=LARGEST_REQUEST)
        application.router.add_route("*", "/bot{token}/{method}", self._serve)
        application.on_startup.append(self._open)
        application.on_shutdown.append(self._close)
        return application

    def put_update(self, update: Payload) -> None:
        """Queue *update* for getUpdates, and learn from it."""
        self.world.updates.append(update)
        self.world.learn(update)

    def hear(self, update: Payload) -> None:
        """Learn from an update that goes to the webhook."""
        self.world.learn(update)

    def forget(self, chat_id: int, keep: int = 0) -> None:
        """Drop a chat, or with *keep* all but its newest messages."""
        taps = self.world.taps
        for query_id in [tap.query_id for tap in taps.values() if tap.chat_id == chat_id][: -keep or None]:
            del taps[query_id]
        self.callback_answers[:] = [answer for answer in self.callback_answers if answer.query_id in taps]
        if not keep:
            self.chats.pop(chat_id, None)
        elif (chat := self.chats.get(chat_id)) is not None:
            for message_id in sorted(chat.messages)[:-keep]:
                del chat.messages[message_id]

    def block(self, chat_id: int, reason: str = "bot was blocked by the user") -> None:
        """Close the chat to the bot: sends fail with 403 and *reason*."""
        self.chats[chat_id].closed = reason

    def unblock(self, chat_id: int) -> None:
        self.chats[chat_id].closed = None

    def migrate(self, group_id: int, supergroup_id: int) -> None:
        """Make a supergroup of a group: the old id then only tells the new one."""
        group = self.chats[group_id]
        group.moved_to = supergroup_id
        self.world.chat({**group.described, "id": supergroup_id, "type": "supergroup"})

    async def wait_for(
        self,
        predicate: Callable[[Message], bool],
        timeout: float = 5.0,  # noqa: ASYNC109 (the name that callers expect; it ends by an event)
        *,
        since: int = 0,
        chat_id: int | None = None,
    ) -> Message:
        """Return the bot's newest message that satisfies *predicate* and changed after the mark *since*."""

        def found() -> Message | None:
            shown = [message for message in self._shown(chat_id) if message.from_bot]
            return max(
                (message for message in shown if message.sequence > since and predicate(message)),
                key=lambda message: message.sequence,
                default=None,
            )

        recipient = None if chat_id is None else str(chat_id)
        if (message := await self.exchange.until(found, timeout, recipient)) is None:
            raise NothingCameError(f"no such message; {self._newest(chat_id)}; refused: {self.refused[-1:]}")
        return message

    def _shown(self, chat_id: int | None) -> list[Message]:
        chats = list(self.chats) if chat_id is None else [chat_id]
        return [message for each in chats for message in self.screen(each)]

    def _newest(self, chat_id: int | None) -> str:
        return f"on screen: {[message.text[:80] for message in self._shown(chat_id)[-3:]]}"

    async def _open(self, _: web.Application) -> None:
        self.exchange.open()

    async def _close(self, _: web.Application) -> None:
        self.exchange.close()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        sent, unreadable = await _read(request)
        call = Call(
            provider="telegram",
            method=request.match_info["method"],
            recipient=self._recipient(sent),
            parameters=sent.as_written(),
            at=self.exchange.now(),
        )

        async def process() -> Answer:
            if unreadable is not None:
                raise unreadable
            self._check_caller(request)
            return Answer(200, {"ok": True, "result": await self._result(call.method, sent)})

        return await self.exchange.serve(request, call, process)

    def _recipient(self, sent: Sent) -> str | None:
        """Say whose chat a call is about: the one it names, or the one where the button was pressed."""
        tap = self.world.taps.get(str(sent.fields.get("callback_query_id")))
        chat_id = tap.chat_id if tap is not None else sent.fields.get("chat_id")
        return None if chat_id is None else str(chat_id)

    def _check_caller(self, request: web.Request) -> None:
        if request.match_info["token"] != self.token:
            raise RefusedError("Unauthorized", status=401)
        if request.match_info["method"] not in telegram_parameters.SPEC["methods"]:
            raise RefusedError("Not Found: method not found", status=404)
        if request.method not in ("GET", "POST"):
            raise RefusedError("Method Not Allowed", status=405)

    async def _result(self, method: str, sent: Sent) -> Any:
        values = telegram_parameters.checked(method, sent)
        if method == "getUpdates":
            return await get_updates(self.world, values)
        if method in SENDERS:
            return send(self.world, values, SENDERS[method])
        return SYNCHRONOUS[method](self.world, values)


async def _read(request: web.Request) -> tuple[Sent, RefusedError | None]:
    try:
        return await telegram_parameters.read(request), None
    except RefusedError as refused:
        return Sent({}, {}), refused
    except web.HTTPRequestEntityTooLarge:
        return Sent({}, {}), RefusedError("Request Entity Too Large", status=413)


def _speech(refused: RefusedError) -> Answer:
    """Word an error as the Bot API does."""
    extra, headers, description = dict(refused.extra), dict[str, str](), refused.description
    if refused.status == 429:
        seconds = refused.retry_after or 1
        extra["retry_after"] = seconds
        headers["Retry-After"] = str(seconds)
        description = f"{description}: retry after {seconds}"
    body: Payload = {"ok": False, "error_code": refused.status, "description": description}
    if extra:
        body["parameters"] = extra
    return Answer(refused.status, body, headers)
