"""SMS: numbered text in the alphabet that costs least, links instead of files, nothing to press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.channels.gsm import plain
from bot.channels.menus import in_parts, merged, numbered
from bot.channels.twilio import Sender
from bot.messages import Outgoing
from dialogs.prompt import Line, Picture, Prompt, Sheet, Visit

BODY_LIMIT = 1600


def no_file(_message: Sheet | Picture) -> str | None:
    """Return no address: there are no links to files."""
    return None


class SmsChannel:
    """`bot.channels.base.Channel` for text messages; an address is an E.164 number."""

    def __init__(
        self,
        sender: Sender,
        *,
        origin: dict[str, str],
        link: Callable[[str], str | None],
        files: Callable[[Sheet | Picture], str | None] = no_file,
    ) -> None:
        self._sender = sender
        self._origin = origin
        self._link = link
        self._files = files

    def shape(self, messages: list[Outgoing]) -> list[Outgoing]:
        return [
            part for message in merged(with_links(messages, self._link, self._files)) for part in _in_parts(message)
        ]

    async def send(self, address: str, message: Outgoing, shown_as: str | None) -> str | None:
        return await self._sender.create(to=address, body=_body(message), **self._origin)


def with_links(
    messages: list[Outgoing], link: Callable[[str], str | None], files: Callable[[Sheet | Picture], str | None]
) -> list[Outgoing]:
    """Return what can be said in words: calendar entries and tables become links; what is only seen is left out."""
    found: list[Outgoing] = []
    for message in messages:
        match message:
            case Visit(reference=reference, caption=caption):
                address = link(reference)
                if address is not None:
                    found.append(Line(text=f"{caption} {address}"))
            case Sheet(caption=caption):
                address = files(message)
                if address is not None:
                    found.append(Line(text=f"{caption} {address}"))
            case Line() | Prompt():
                found.append(message)
            case _:
                continue
    return found


def _body(message: Outgoing) -> str:
    match message:
        case Prompt():
            return plain(numbered(message, with_hints=False))
        case Line(text=text):
            return plain(text)
        case _:
            raise TypeError(f"{type(message).__name__} cannot be a text message")


def _in_parts(message: Outgoing) -> list[Outgoing]:
    if not isinstance(message, Prompt | Line):
        return [message]
    return in_parts(replace(message, text=plain(message.text)), _body(message), BODY_LIMIT)
