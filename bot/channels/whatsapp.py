"""WhatsApp: quick replies and lists as Content resources, numbered text where there are none, places on the map.

A resource that Twilio no longer knows, or refuses, costs the buttons and not the message: the same message goes out as
numbered text, and the resource is left alone for a while. `frontdesk whatsapp provision` makes it anew.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

import structlog

from bot.channels.base import RefusedError
from bot.channels.contents import variables_in
from bot.channels.menus import cut, fitted, in_parts, merged, numbered, short_labels
from bot.channels.sms import no_file, with_links
from bot.channels.templates import name_of, variables
from bot.channels.twilio import Sender
from bot.channels.twilio_codes import RESOURCE_FAULTS
from bot.messages import Outgoing
from dialogs.prompt import Choice, Line, MapPin, Picture, Prompt, Sheet
from dialogs.sentences import CHOOSE, PICK
from dialogs.text import render
from domain.words import LANGUAGES

BODY_LIMIT = 1600
RICH_LIMIT = 255  # of one variable's value
QUICK_REPLIES, QUICK_TITLE = 3, 20
LIST_ITEMS, LIST_ITEM, LIST_DETAIL = 10, 24, 72

log = structlog.get_logger()


class ContentSids(Protocol):
    """The SIDs of Content resources by their names."""

    async def sid(self, name: str) -> str | None:
        """Return the SID of the resource called *name*; None when it cannot be used."""

    def refused(self, sid: str) -> None:
        """Leave the resource *sid* alone for a while."""


class WhatsAppChannel:
    """`bot.channels.base.Channel` for WhatsApp; an address is an E.164 number, or the id of who shows none."""

    def __init__(
        self,
        sender: Sender,
        *,
        number: str,
        link: Callable[[str], str | None],
        sids: ContentSids,
        clock: Callable[[], datetime],
        files: Callable[[Sheet | Picture], str | None] = no_file,
    ) -> None:
        self._sender = sender
        self._clock = clock
        self._from = f"whatsapp:{number}"
        self._link = link
        self._files = files
        self._sids = sids

    def shape(self, messages: list[Outgoing]) -> list[Outgoing]:
        # Pictures go first and a pin goes last: what is said in words stays together.
        said = merged(with_links(messages, self._link, self._files))
        pictures = [message for message in messages if isinstance(message, Picture) and self._files(message)]
        pins = [message for message in messages if isinstance(message, MapPin)]
        shaped = [part for message in said for part in _in_parts(message)]
        at = next((index for index, message in enumerate(shaped) if isinstance(message, Prompt)), len(shaped))
        return [*pictures, *shaped[:at], *pins, *shaped[at:]]

    async def send(self, address: str, message: Outgoing, shown_as: str | None) -> str | None:
        to = f"whatsapp:{address}"
        if isinstance(message, Prompt) and message.free_until is not None and self._clock() >= message.free_until:
            return await self._send_agreed(to, message)
        rich = await self._rich(message) if isinstance(message, Prompt) else None
        if rich is not None:
            try:
                return await self._sender.create(to=to, from_=self._from, **rich)
            except RefusedError as refusal:
                if refusal.code not in RESOURCE_FAULTS:
                    raise
                log.error("resource refused", code=refusal.code, cure="frontdesk whatsapp provision")
                self._sids.refused(rich["content_sid"])
        if isinstance(message, Picture):
            return await self._sender.create(to=to, from_=self._from, **self._as_media(message))
        return await self._sender.create(to=to, from_=self._from, **_in_words(message))

    def _as_media(self, picture: Picture) -> dict[str, Any]:
        address = self._files(picture)
        return {"media_url": [address], **({"body": picture.caption} if picture.caption else {})}

    async def _send_agreed(self, to: str, prompt: Prompt) -> str:
        """Send the template that WhatsApp has approved; RefusedError where there is none."""
        template = prompt.template
        sid = await self._sids.sid(name_of(template.name, prompt.language)) if template else None
        if template is None or sid is None:
            raise RefusedError("no template")
        values = json.dumps(variables(template, prompt.language), ensure_ascii=False)
        try:
            return await self._sender.create(to=to, from_=self._from, content_sid=sid, content_variables=values)
        except RefusedError as refusal:
            if refusal.code in RESOURCE_FAULTS:
                self._sids.refused(sid)
            raise

    async def _rich(self, prompt: Prompt) -> dict[str, Any] | None:
        name = resource_for(prompt)
        sid = await self._sids.sid(name) if name else None
        if sid is None:
            return None
        variables = quick_variables(prompt) if _is_quick(prompt) else list_variables(prompt)
        return {"content_sid": sid, "content_variables": json.dumps(variables, ensure_ascii=False)}


def _in_words(message: Outgoing) -> dict[str, Any]:
    match message:
        case Prompt():
            return {"body": numbered(message, with_hints=True)}
        case Line(text=text):
            return {"body": text}
        case MapPin(position=position, title=title, address=address):
            name = title.replace("|", "/")
            return {
                "body": f"{title}\n{address}",
                "persistent_action": [f"geo:{position.lat},{position.lon}|{name}"],
            }
        case _:
            raise TypeError(f"{type(message).__name__} cannot be a WhatsApp message")


def _is_quick(prompt: Prompt) -> bool:
    return len(prompt.choices) <= QUICK_REPLIES and all(
        len(choice.label) <= QUICK_TITLE and not choice.detail for choice in prompt.choices
    )


def _has_bare_rows(prompt: Prompt) -> bool:
    """Say whether labels alone tell all, so that a description under each would only repeat it."""
    return all(len(choice.label) <= LIST_ITEM and not choice.detail for choice in prompt.choices)


def resource_for(prompt: Prompt) -> str | None:
    """Return the name of the Content resource that can show *prompt*; None when only text can."""
    count = len(prompt.choices)
    text = _text(prompt)
    if not 1 <= count <= LIST_ITEMS or len(text) > RICH_LIMIT:
        return None
    if _is_quick(prompt):
        return f"quick-{count}"
    return f"{'rows' if _has_bare_rows(prompt) else 'list'}-{count}-{prompt.language}"


def _text(prompt: Prompt) -> str:
    return "\n".join((prompt.text, *prompt.hints))


def _id(prompt: Prompt, index: int) -> str:
    return f"{prompt.menu}:{index}"


def quick_variables(prompt: Prompt) -> dict[str, str]:
    """Return the values for a quick-reply resource: the text, then title and id of each reply."""
    values = [_text(prompt)]
    for index, label in enumerate(short_labels(prompt.choices, QUICK_TITLE)):
        values += [label, _id(prompt, index)]
    return _by_number(values)


def list_variables(prompt: Prompt) -> dict[str, str]:
    """Return the values for a list resource: the text, then item, id and, unless rows are bare, description of each."""
    values, are_bare = [_text(prompt)], _has_bare_rows(prompt)
    for index, label in enumerate(short_labels(prompt.choices, LIST_ITEM)):
        description = [] if are_bare else [_description(prompt.choices[index], label)]
        values += [label, _id(prompt, index), *description]
    return _by_number(values)


def _description(choice: Choice, label: str) -> str:
    return fitted(choice, LIST_DETAIL) if label != choice.label else cut(choice.detail or choice.label, LIST_DETAIL)


def _by_number(values: list[str]) -> dict[str, str]:
    return {str(number): value for number, value in enumerate(values, start=1)}


def resources() -> dict[str, dict[str, Any]]:
    """Return every Content resource that the channel uses, by name, as Twilio's API takes it."""
    found = {
        f"quick-{count}": _resource(f"quick-{count}", "en", _quick(count)) for count in range(1, QUICK_REPLIES + 1)
    }
    for language in LANGUAGES:
        for count in range(1, LIST_ITEMS + 1):
            button = render(PICK, language)
            for name, fields in (("list", ("item", "id", "description")), ("rows", ("item", "id"))):
                whole = f"{name}-{count}-{language}"
                found[whole] = _resource(whole, language, _list(count, button, fields))
    return found


def _resource(name: str, language: str, types: dict[str, Any]) -> dict[str, Any]:
    return {
        "friendly_name": f"frontdesk_{name}".replace("-", "_"),
        "language": language,
        "variables": {number: f"Example {number}" for number in sorted(variables_in(types), key=int)},
        "types": types,
    }


# A body may neither begin nor end with a variable.
_BODY = "📅 {{1}}\n👇"


def _quick(count: int) -> dict[str, Any]:
    actions = [
        {"type": "QUICK_REPLY", "title": f"{{{{{2 * number}}}}}", "id": f"{{{{{2 * number + 1}}}}}"}
        for number in range(1, count + 1)
    ]
    return {"twilio/quick-reply": {"body": _BODY, "actions": actions}}


def _list(count: int, button: str, fields: Sequence[str]) -> dict[str, Any]:
    """Return a list of *count* rows whose *fields* are variables, numbered on after the one of the text."""
    numbers = itertools.count(2)
    items = [{field: f"{{{{{next(numbers)}}}}}" for field in fields} for _ in range(count)]
    return {"twilio/list-picker": {"body": _BODY, "button": button, "items": items}}


def _in_parts(message: Outgoing) -> list[Outgoing]:
    if not isinstance(message, Prompt | Line):
        return [message]
    if isinstance(message, Prompt) and 1 <= len(message.choices) <= LIST_ITEMS and len(_text(message)) > RICH_LIMIT:
        # The text goes before, so that the choices can still be pressed.
        short = replace(message, text=render(CHOOSE, message.language), hints=())
        return [*_in_parts(Line(text=_text(message))), *_in_parts(short)]
    body = numbered(message, with_hints=True) if isinstance(message, Prompt) else message.text
    return in_parts(message, body, BODY_LIMIT)
