"""Telegram's webhook: the secret is checked before the body is read, then the update becomes an `Inbound`."""

from __future__ import annotations

import hmac
import json
import os
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "1")

import structlog
from aiohttp import web
from telegram import CallbackQuery, Message, Update

from bot.app import App
from bot.messages import Inbound
from bot.subscription import as_subscription
from dialogs.said import Kind, Said
from domain.centres import Position
from domain.patients import Channel

log = structlog.get_logger()
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name


def handler(app: App) -> Any:
    """Return the handler of the webhook."""
    secret = app.settings.telegram_webhook_secret

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if secret is None or not hmac.compare_digest(given.encode(errors="replace"), secret.encode()):
            log.warning("forged webhook", route="telegram")
            return web.Response(status=403)
        message = inbound(await _body(request))
        if message is not None:
            await app.turns.receive(message)
        return web.Response()

    return receive


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("update_id"), int):
        log.warning("malformed webhook", route="telegram")
        raise web.HTTPBadRequest
    return body


def inbound(body: dict[str, Any]) -> Inbound | None:
    """Read an update; None where there is nothing to answer. HTTPBadRequest when it has not Telegram's shape."""
    try:
        return _read(Update.de_json(body, None))
    except (TypeError, KeyError, ValueError, AttributeError):
        log.warning("malformed webhook", route="telegram")
        raise web.HTTPBadRequest from None


def _read(update: Update) -> Inbound | None:
    if update.callback_query is not None:
        return _tap(update, update.callback_query)
    if update.message is not None:
        return _message(update, update.message)
    if update.edited_message is not None and update.edited_message.text is not None:
        return _about(update, update.edited_message, Said(kind=Kind.EDITED))
    return _membership(update)


def _tap(update: Update, query: CallbackQuery) -> Inbound | None:
    menu, _, option = (query.data or "").partition(":")
    is_ours = menu.isdecimal() and option.isdecimal() and len(menu) < 10 and len(option) < 4
    said = Said(kind=Kind.TAP, menu=int(menu) if is_ours else None, option=int(option) if is_ours else None)
    chat = query.message.chat.id if query.message is not None else query.from_user.id
    return Inbound(
        channel=Channel.TELEGRAM,
        address=str(chat),
        provider_id=str(update.update_id),
        said=said if chat == query.from_user.id else Said(kind=Kind.GROUP),
        language=query.from_user.language_code,
        callback=query.id,
    )


def _message(update: Update, message: Message) -> Inbound | None:
    if message.chat.type != "private":
        is_for_us = (message.text or "").startswith("/") or message.reply_to_message is not None
        return _about(update, message, Said(kind=Kind.GROUP)) if is_for_us and message.from_user else None
    return _about(update, message, _said(message))


def _said(message: Message) -> Said:
    if message.text is not None:
        return _text(message.text)
    place = message.venue.location if message.venue else message.location
    if place is not None:
        return Said(kind=Kind.PIN, position=Position(place.latitude, place.longitude))
    if message.contact is not None:
        is_own = message.from_user is not None and message.contact.user_id == message.from_user.id
        return Said(kind=Kind.CONTACT, text=message.contact.phone_number if is_own else "")
    return Said(kind=Kind.UNREADABLE)


def _text(text: str) -> Said:
    command, _, payload = text.partition(" ")
    if command.partition("@")[0] == "/start":
        return Said(kind=Kind.BEGIN, text=payload.strip()[:64])
    return as_subscription(text, Channel.TELEGRAM) or Said(text=text)


def _about(update: Update, message: Message, said: Said) -> Inbound:
    return Inbound(
        channel=Channel.TELEGRAM,
        address=str(message.chat.id),
        provider_id=str(update.update_id),
        said=said,
        language=message.from_user.language_code if message.from_user else None,
    )


def _membership(update: Update) -> Inbound | None:
    """Somebody who blocks the bot wants no more messages."""
    change = update.my_chat_member
    if change is None or change.chat.type != "private" or change.new_chat_member.status != "kicked":
        return None
    return Inbound(
        channel=Channel.TELEGRAM,
        address=str(change.chat.id),
        provider_id=str(update.update_id),
        said=Said(kind=Kind.BLOCKED),
    )
