"""Telegram: messages as Bot API calls, through python-telegram-bot on the application's own HTTP session."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp

os.environ.setdefault("PTB_TIMEDELTA", "1")  # read by the library at import: waiting times as timedelta

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from bot.calendars import FILE_NAME, NOBODY, as_ics
from bot.channels.base import BlockedError, MovedError, RefusedError, ThrottledError, UnreachableError
from bot.channels.menus import cut, fitted, parts
from bot.charts import chart_of
from bot.messages import Mail, Outgoing, TapAnswered
from dialogs.prompt import Line, MapPin, Picture, Prompt, Settled, Sheet, Visit, Want

TEXT_LIMIT = 4096
BUTTON_LIMIT = 60  # more is not shown anyway
#: The kinds of update that mean something here.
UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
_TIMEOUT = aiohttp.ClientTimeout(total=10)
_HARMLESS = ("message is not modified", "query is too old", "message to edit not found", "message can't be edited")
_SHORT = 14  # labels up to this stand two in a row


class AiohttpRequest(BaseRequest):
    """The library's transport over the application's session, which the application opens and closes."""

    __slots__ = ("_session", "_timeout")

    def __init__(self, session: aiohttp.ClientSession, timeout: aiohttp.ClientTimeout = _TIMEOUT) -> None:
        self._session = session
        self._timeout = timeout

    @property
    def read_timeout(self) -> float | None:
        return self._timeout.total

    async def initialize(self) -> None:
        """Nothing to do: the session is open."""

    async def shutdown(self) -> None:
        """Nothing to do: the session is the application's."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_timeouts: Any, **_more: Any
    ) -> tuple[int, bytes]:
        """Make one HTTP request."""
        try:
            async with self._session.request(method, url, data=_form(request_data), timeout=self._timeout) as response:
                return response.status, await response.read()
        except TimeoutError as problem:
            raise TimedOut from problem
        except aiohttp.ClientError as problem:
            raise NetworkError(type(problem).__name__) from problem


def _form(request_data: RequestData | None) -> Any:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form


def make_bot(token: str, root: str, session: aiohttp.ClientSession, *, timeout_s: float = 10) -> Bot:
    """Return the library's bot, speaking to *root*."""
    request = AiohttpRequest(session, aiohttp.ClientTimeout(total=timeout_s))
    return Bot(
        token, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot", request=request, get_updates_request=request
    )


class TelegramChannel:
    """`bot.channels.base.Channel` for Telegram; an address is a chat id. *organizer* stands in calendar entries."""

    def __init__(self, bot: Bot, clock: Callable[[], datetime], *, organizer: str = NOBODY) -> None:
        self._bot = bot
        self._clock = clock
        self._organizer = organizer

    def shape(self, messages: list[Outgoing]) -> list[Outgoing]:
        return [part for message in messages for part in _within_limit(message)]

    async def send(self, address: str, message: Outgoing, shown_as: str | None) -> str | None:
        try:
            return await self._send(int(address), message, shown_as)
        except RetryAfter as problem:
            wait = problem.retry_after
            seconds = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
            raise ThrottledError("429", seconds) from problem
        except Forbidden as problem:
            raise BlockedError("403") from problem
        except BadRequest as problem:
            if any(word in str(problem).lower() for word in _HARMLESS):
                return None
            if "chat not found" in str(problem).lower():
                raise BlockedError("chat not found") from problem
            raise RefusedError("400") from problem
        except ChatMigrated as problem:
            raise MovedError("chat migrated", str(problem.new_chat_id)) from problem
        except (NetworkError, InvalidToken, TelegramError) as problem:
            raise UnreachableError(type(problem).__name__) from problem

    async def _send(self, chat: int, message: Outgoing, shown_as: str | None) -> str | None:
        match message:
            case Line(text=text):
                sent = await self._bot.send_message(chat, text, reply_markup=ReplyKeyboardRemove())
            case Prompt():
                sent = await self._bot.send_message(chat, message.text, reply_markup=keyboard(message))
            case MapPin(position=position, title=title, address=address):
                sent = await self._bot.send_venue(
                    chat, latitude=position.lat, longitude=position.lon, title=title, address=address or title
                )
            case Visit():
                file = InputFile(as_ics(message, now=self._clock(), organizer=self._organizer), filename=FILE_NAME)
                sent = await self._bot.send_document(chat, file, caption=message.caption or None)
            case Sheet():
                file = InputFile(message.content.encode("utf-8-sig"), filename=message.file_name)  # as Excel wants it
                sent = await self._bot.send_document(chat, file, caption=message.caption or None)
            case Picture():
                file = InputFile(chart_of(message.hours), filename="day.png")
                sent = await self._bot.send_photo(chat, file, caption=message.caption or None)
            case Settled():
                await self._settle(chat, message, shown_as)
                return None
            case TapAnswered(callback=callback):
                await self._bot.answer_callback_query(callback)
                return None
            case Mail():
                raise TypeError("an e-mail is not for Telegram")
        return str(sent.message_id)

    async def _settle(self, chat: int, message: Settled, shown_as: str | None) -> None:
        if shown_as is None:
            return
        if message.label:
            text = cut(f"{message.text}\n✓ {message.label}", TEXT_LIMIT)
            await self._bot.edit_message_text(text, chat_id=chat, message_id=int(shown_as))
        else:
            await self._bot.edit_message_reply_markup(chat_id=chat, message_id=int(shown_as))


def keyboard(prompt: Prompt) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove:
    """Return what a person can press; what is shared is asked for on the keyboard that replaces the letters."""
    if prompt.wants:
        rows = [[_sharing(want, label)] for want, label in zip(prompt.wants, prompt.shares, strict=False)]
        rows += [[KeyboardButton(choice.label)] for choice in prompt.choices]
        return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    if not prompt.choices:
        return ReplyKeyboardRemove()
    buttons = [
        InlineKeyboardButton(fitted(choice, BUTTON_LIMIT), callback_data=f"{prompt.menu}:{index}")
        for index, choice in enumerate(prompt.choices)
    ]
    return InlineKeyboardMarkup(_rows(buttons))


def _sharing(want: Want, label: str) -> KeyboardButton:
    match want:
        case Want.LOCATION:
            return KeyboardButton(label, request_location=True)
        case Want.CONTACT:
            return KeyboardButton(label, request_contact=True)


def _rows(buttons: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        fits = rows and len(rows[-1]) == 1 and len(rows[-1][0].text) <= _SHORT and len(button.text) <= _SHORT
        if fits:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


def _within_limit(message: Outgoing) -> list[Outgoing]:
    match message:
        case Line(text=text) | Prompt(text=text) if len(text) > TEXT_LIMIT:
            *before, last = parts(text, TEXT_LIMIT)
            return [*(Line(text=part) for part in before), replace(message, text=last)]
        case _:
            return [message]
