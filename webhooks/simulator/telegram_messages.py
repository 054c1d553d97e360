"""The methods that put messages on a screen, change them and take them away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from webhooks.simulator import telegram_contents, telegram_keyboards
from webhooks.simulator.exchange import Payload, RefusedError
from webhooks.simulator.telegram_chats import Chat, Message
from webhooks.simulator.telegram_contents import Content
from webhooks.simulator.telegram_parameters import bad
from webhooks.simulator.telegram_world import World

GROUP_MESSAGES_A_MINUTE = 20
MINUTE = timedelta(minutes=1)
DELETABLE = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
ACTIONS = (
    *("typing", "upload_photo", "upload_video", "upload_voice", "upload_document", "upload_video_note"),
    *("record_video", "record_voice", "record_video_note", "choose_sticker", "find_location"),
)


def send(world: World, values: Payload, content: Callable[[Payload], Content]) -> Payload:
    """Send what *content* makes of the values to the chat they name."""
    chat = open_chat(world, values["chat_id"])
    made = content(values)
    markup = values.get("reply_markup") or {}
    telegram_keyboards.check(markup, is_private=chat.is_private)
    reply = _reply_fields(chat, values.get("reply_parameters"))
    _pace(world, chat)
    message = Message(
        chat=chat.described,
        message_id=chat.next_id(),
        sender=world.bot,
        at=world.now(),
        content={**reply, **made.fields, **_protection(values)},
        inline_keyboard=markup if markup.get("inline_keyboard") else None,
        file=made.file,
        is_editable=not {"keyboard", "remove_keyboard", "force_reply"} & set(markup),
    )
    _change_keyboard(world, chat, markup)
    return world.show("sent", chat, message).payload()


def _protection(values: Payload) -> Payload:
    return {"has_protected_content": True} if values.get("protect_content") else {}


def _change_keyboard(world: World, chat: Chat, markup: Payload) -> None:
    if "keyboard" in markup:
        chat.keyboard = telegram_keyboards.reply_keyboard(markup)
    elif "remove_keyboard" in markup:
        chat.keyboard = None
    else:
        return
    world.tell("keyboard", chat, labels=chat.keyboard.labels if chat.keyboard else [])


def open_chat(world: World, chat_id: int | str) -> Chat:
    """Find the chat, or say as the server does why nothing can be sent there."""
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None and isinstance(chat_id, int) and not world.strict_chats:
        kind = {"type": "private", "first_name": "Somebody"} if chat_id > 0 else {"type": "supergroup"}
        chat = world.chat({"id": chat_id, **kind})
    if chat is None:
        raise bad("chat not found")
    if chat.moved_to is not None:
        extra = {"migrate_to_chat_id": chat.moved_to}
        raise RefusedError("Bad Request: group chat was upgraded to a supergroup chat", extra=extra, circumstance=True)
    if chat.closed is not None:
        raise RefusedError(f"Forbidden: {chat.closed}", status=403, circumstance=True)
    return chat


def _pace(world: World, chat: Chat) -> None:
    if chat.is_private:
        return
    now = world.now()
    while chat.sent_at and chat.sent_at[0] <= now - MINUTE:
        chat.sent_at.popleft()
    if len(chat.sent_at) >= GROUP_MESSAGES_A_MINUTE:
        wait = int((chat.sent_at[0] + MINUTE - now).total_seconds()) + 1
        raise RefusedError("Too Many Requests", status=429, retry_after=wait, circumstance=True)
    chat.sent_at.append(now)


def _reply_fields(chat: Chat, parameters: Payload | None) -> Payload:
    if parameters is None:
        return {}
    if (original := chat.messages.get(parameters["message_id"])) is not None:
        return {"reply_to_message": original.payload()}
    if parameters.get("allow_sending_without_reply"):
        return {}
    raise bad("message to be replied not found")


def edit_text(world: World, values: Payload) -> Payload:
    """Replace the text; the inline keyboard goes unless it is given again."""
    chat, message = _editable(world, values)
    if "text" not in values:
        raise bad("message text is empty")
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    kept = {name: value for name, value in message.content.items() if name not in ("text", "entities")}
    return _edited(world, chat, message, {**kept, **telegram_contents.text(values).fields}, values.get("reply_markup"))


def edit_reply_markup(world: World, values: Payload) -> Payload:
    chat, message = _editable(world, values)
    return _edited(world, chat, message, message.content, values.get("reply_markup"))


def _editable(world: World, values: Payload) -> tuple[Chat, Message]:
    if "inline_message_id" in values or not {"chat_id", "message_id"} <= set(values):
        raise bad("message identifier is not specified")
    chat = open_chat(world, values["chat_id"])
    if (message := chat.messages.get(values["message_id"])) is None:
        raise bad("message to edit not found")
    if not message.from_bot or not message.is_editable:
        raise bad("message can't be edited")
    return chat, message


def _edited(world: World, chat: Chat, message: Message, content: Payload, markup: Payload | None) -> Payload:
    telegram_keyboards.check(markup or {}, is_private=chat.is_private)
    keyboard = markup if markup and markup["inline_keyboard"] else None
    if content == message.content and keyboard == message.inline_keyboard:
        raise RefusedError(f"Bad Request: {NOT_MODIFIED}", circumstance=True)
    changed = replace(message, content=content, inline_keyboard=keyboard, edited_at=world.now())
    return world.show("edited", chat, changed).payload()


def delete(world: World, values: Payload) -> bool:
    chat = open_chat(world, values["chat_id"])
    if (message := chat.messages.get(values["message_id"])) is None:
        raise bad("message to delete not found")
    if world.now() - message.at > DELETABLE or not (message.from_bot or chat.is_private):
        raise bad("message can't be deleted for everyone")
    del chat.messages[message.message_id]
    world.exchange.step()
    world.tell("deleted", chat, message_id=message.message_id)
    return True


def chat_action(world: World, values: Payload) -> bool:
    chat = open_chat(world, values["chat_id"])
    if values["action"] not in ACTIONS:
        raise bad("wrong parameter action in request")
    world.tell("action", chat, action=values["action"])
    return True


CHANGERS: dict[str, Callable[[World, Payload], Any]] = {
    "editMessageText": edit_text,
    "editMessageReplyMarkup": edit_reply_markup,
    "deleteMessage": delete,
    "sendChatAction": chat_action,
}
