"""Keyboards under and below messages: the rules that the types alone do not tell, and how they are shown."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webhooks.simulator.exchange import Payload
from webhooks.simulator.telegram_parameters import SPEC, bad

MOST_BUTTONS = 100
MOST_IN_ROW = 8
LOOKS = {"text", "icon_custom_emoji_id", "style"}
INLINE_KINDS = set(SPEC["types"]["InlineKeyboardButton"]["fields"]) - LOOKS
REPLY_KINDS = set(SPEC["types"]["KeyboardButton"]["fields"]) - LOOKS
PRIVATE_ONLY = {"request_contact": "phone number", "request_location": "location"}
SCHEMES = ("http", "https", "tg", "ton")


@dataclass(frozen=True, slots=True)
class Button:
    """One button as a person sees it; *kind* is the field that says what it does, or "text"."""

    text: str
    kind: str
    value: Any = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class ReplyKeyboard:
    """The keyboard that stands in place of the letters."""

    rows: Rows
    one_time: bool = False
    placeholder: str | None = None

    @property
    def labels(self) -> list[str]:
        return [button.text for row in self.rows for button in row]


def inline_rows(markup: Payload | None) -> Rows:
    return _rows((markup or {}).get("inline_keyboard", []), INLINE_KINDS)


def reply_keyboard(markup: Payload) -> ReplyKeyboard:
    return ReplyKeyboard(
        rows=_rows(markup["keyboard"], REPLY_KINDS),
        one_time=markup.get("one_time_keyboard", False),
        placeholder=markup.get("input_field_placeholder"),
    )


def _rows(rows: list[list[Payload]], kinds: set[str]) -> Rows:
    return tuple(tuple(_button(button, kinds) for button in row) for row in rows)


def _button(button: Payload, kinds: set[str]) -> Button:
    kind = next((name for name in sorted(kinds) if name in button), "text")
    return Button(button["text"], kind, button.get(kind))


def check(markup: Payload, *, is_private: bool) -> None:
    """Refuse a *markup* that the types allow and the server does not."""
    if "inline_keyboard" in markup:
        _check_rows(markup["inline_keyboard"])
        for row in markup["inline_keyboard"]:
            for button in row:
                _check_inline(button)
    if "keyboard" in markup:
        if not markup["keyboard"]:
            raise bad("reply keyboard is empty")
        _check_rows(markup["keyboard"])
        for row in markup["keyboard"]:
            for button in row:
                _check_reply(button, is_private=is_private)
    for flag in ("remove_keyboard", "force_reply"):
        if markup.get(flag) is False:
            raise bad(f"{flag} must be True")


def _check_rows(rows: list[list[Payload]]) -> None:
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad("REPLY_MARKUP_TOO_LONG")
    if any(not row for row in rows):
        raise bad("keyboard row is empty")
    if any(len(row) > MOST_IN_ROW for row in rows):
        raise bad(f"keyboard row has more than {MOST_IN_ROW} buttons")
    if any(not button["text"].strip() for row in rows for button in row):
        raise bad("keyboard button text must be non-empty")


def _check_inline(button: Payload) -> None:
    kinds = INLINE_KINDS & set(button)
    if not kinds:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise bad(f"can't parse inline keyboard button: several kinds at once: {', '.join(sorted(kinds))}")
    if "url" in button:
        _check_url(button["url"])


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_web = parts.scheme in ("http", "https")
    if parts.scheme not in SCHEMES or (is_web and "." not in host.strip(".")) or " " in url:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _check_reply(button: Payload, *, is_private: bool) -> None:
    kinds = REPLY_KINDS & set(button)
    if len(kinds) > 1:
        raise bad(f"can't parse keyboard button: several kinds at once: {', '.join(sorted(kinds))}")
    for kind, what in PRIVATE_ONLY.items():
        if button.get(kind) and not is_private:
            raise bad(f"{what} can be requested in private chats only")
