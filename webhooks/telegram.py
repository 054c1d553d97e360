"""Telegram's webhook: the secret is checked before the body is read, then the update becomes an `Inbound`.

An update that cannot be read is logged and answered like any other: Telegram would bring it again and again, and
nothing else of that chat meanwhile. Only what is no update at all is a bad request.
"""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import replace
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "1")

import structlog
from aiohttp import web
from telegram import CallbackQuery, Message, Update

from bot.app import App
from bot.messages import Inbound
from bot.subscription import as_subscription
from dialogs.said import Kind, Said
from dialogs.staff_words import join_code_in, wish_in
from domain.centres import Position
from domain.patients import Channel

log = structlog.get_logger()
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name
_TOO_LARGE = 2**63
#: What the library raises at what is no update: among others at dates that no calendar has.
_MALFORMED = (TypeError, KeyError, ValueError, AttributeError, OverflowError, OSError, RecursionError)
#: What a message can be that nobody wrote: changes of the chat, and doings in it.
_SERVICE = (
    "channel_chat_created",
    "chat_background_set",
    "chat_owner_changed",
    "chat_owner_left",
    "connected_website",
    "delete_chat_photo",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "group_chat_created",
    "left_chat_member",
    "message_auto_delete_timer_changed",
    "migrate_from_chat_id",
    "migrate_to_chat_id",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "pinned_message",
    "proximity_alert_triggered",
    "supergroup_chat_created",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
    "write_access_allowed",
)


class UnreadableUpdateError(ValueError):
    """An update has not Telegram's shape."""


def handler(app: App) -> Any:
    """Return the handler of the webhook."""
    secret = app.settings.telegram_webhook_secret

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if secret is None or not hmac.compare_digest(given.encode(errors="replace"), secret.encode()):
            log.warning("forged webhook", route="telegram")
            return web.Response(status=403)
        try:
            message = inbound(await _body(request))
        except UnreadableUpdateError:
            log.error("update cannot be read", route="telegram")
            return web.Response()
        if message is not None:
            await app.turns.receive(message)
        return web.Response()

    return receive


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not is_update(body):
        log.warning("malformed webhook", route="telegram")
        raise web.HTTPBadRequest
    update: dict[str, Any] = body
    return update


def is_update(body: Any) -> bool:
    """Say whether *body* is an update, whatever there is in it."""
    return isinstance(body, dict) and isinstance(body.get("update_id"), int) and abs(body["update_id"]) < _TOO_LARGE


def inbound(body: dict[str, Any]) -> Inbound | None:
    """Read an update; None where there is nothing to answer. UnreadableUpdateError when it has not Telegram's shape."""
    try:
        return _read(Update.de_json(_well_formed(body), None))
    except _MALFORMED as problem:
        raise UnreadableUpdateError(type(problem).__name__) from problem


def _well_formed(body: dict[str, Any]) -> dict[str, Any]:
    """Return *body* without halves of letters, which JSON can write and nothing can store."""
    whole: dict[str, Any] = json.loads(json.dumps(body, ensure_ascii=False).encode(errors="replace"))
    return whole


def _read(update: Update) -> Inbound | None:
    if update.callback_query is not None:
        return _tap(update, update.callback_query)
    if update.message is not None:
        return _message(update, update.message)
    if update.edited_message is not None:
        return _edited(update, update.edited_message)
    return _membership(update)


def _tap(update: Update, query: CallbackQuery) -> Inbound | None:
    menu, _, option = (query.data or "").partition(":")
    is_ours = menu.removeprefix("-").isdecimal() and option.isdecimal() and len(menu) < 10 and len(option) < 4
    said = Said(kind=Kind.TAP, menu=int(menu) if is_ours else None, option=int(option) if is_ours else None)
    chat = query.message.chat.id if query.message is not None else query.from_user.id
    return Inbound(
        channel=Channel.TELEGRAM,
        address=str(chat),
        provider_id=str(update.update_id),
        said=said,
        language=query.from_user.language_code,
        callback=query.id,
        speaker=None if chat == query.from_user.id else str(query.from_user.id),
    )


def _edited(update: Update, message: Message) -> Inbound | None:
    is_words = message.text is not None and message.chat.type == "private"
    return _about(update, message, Said(kind=Kind.EDITED)) if is_words else None


def _message(update: Update, message: Message) -> Inbound | None:
    if message.migrate_to_chat_id is not None:
        return _about(update, message, Said(kind=Kind.MIGRATED, text=str(message.migrate_to_chat_id)))
    if any(getattr(message, name) for name in _SERVICE):
        return None
    return _about(update, message, _said(message)) if message.chat.type == "private" else _in_group(update, message)


def _in_group(update: Update, message: Message) -> Inbound | None:
    """Read what is said to us in a group, and of what is not, wishes of staff alone."""
    text = message.text or ""
    answered = message.reply_to_message.from_user if message.reply_to_message else None
    is_for_us = text.startswith("/") or (answered is not None and answered.is_bot)
    is_wish = wish_in(text) is not None or join_code_in(text) is not None
    if message.from_user is None or not (is_for_us or is_wish):
        return None
    said = _begins(text) or (Said(text=text) if text else Said(kind=Kind.UNREADABLE))
    return replace(_about(update, message, said), speaker=str(message.from_user.id), overheard=not is_for_us)


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
    return _begins(text) or as_subscription(text, Channel.TELEGRAM) or Said(text=text)


def _begins(text: str) -> Said | None:
    command, _, payload = text.partition(" ")
    is_start = command.partition("@")[0] == "/start"
    return Said(kind=Kind.BEGIN, text=payload.strip()[:64]) if is_start else None


def _about(update: Update, message: Message, said: Said) -> Inbound:
    return Inbound(
        channel=Channel.TELEGRAM,
        address=str(message.chat.id),
        provider_id=str(update.update_id),
        said=said,
        language=message.from_user.language_code if message.from_user else None,
        answers=_quoted(message),
    )


def _quoted(message: Message) -> str | None:
    quoted = message.reply_to_message
    if quoted is None:
        return None
    is_ours = quoted.from_user is not None and quoted.from_user.is_bot
    return str(quoted.message_id) if message.chat.type == "private" or is_ours else None


def _membership(update: Update) -> Inbound | None:
    """Somebody who blocks the bot, or a group that puts it out, wants no more messages."""
    change = update.my_chat_member
    if change is None or change.new_chat_member.status not in ("kicked", "left"):
        return None
    return Inbound(
        channel=Channel.TELEGRAM,
        address=str(change.chat.id),
        provider_id=str(update.update_id),
        said=Said(kind=Kind.BLOCKED),
    )
