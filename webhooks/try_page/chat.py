"""A phone of the demo in the terminal: lines go out, what the desk sends is printed, choices are picked by number."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, TextIO

import aiohttp

from domain.patients import Channel
from webhooks.simulator.exchange import Payload
from webhooks.try_page.people import STAFF

BRISTOL = {"lat": 51.4489, "lon": -2.5986}
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=60)
_LARGEST_EVENT = 2**22
_YOU, _DESK, _MARGIN = "you>  ", "desk> ", "      "
_NAMES = {Channel.TELEGRAM: "Telegram", Channel.WHATSAPP: "WhatsApp", Channel.SMS: "SMS", STAFF: "Telegram, as staff"}

Choice = tuple[str, Payload]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long an answer is waited for, and then for more of it; what comes later is printed when it comes."""

    answer_s: float = 10.0
    quiet_s: float = 0.4


async def converse(
    address: str,
    channel: str,
    language: str,
    lines: AsyncIterator[str],
    out: TextIO,
    patience: Patience = Patience(),
) -> int:
    """Carry a conversation with the demo at *address*, until *lines* end or one says "exit"."""
    async with aiohttp.ClientSession(timeout=_TIMEOUT, read_bufsize=_LARGEST_EVENT) as session:
        async with session.post(f"{address}/try/sessions", json={"language": language}) as response:
            response.raise_for_status()
            secret = (await response.json())["id"]
        talk = _Talk(session, f"{address}/try/sessions/{secret}", channel, out, patience)
        listening = asyncio.create_task(talk.listen())
        try:
            return await _until_exit(talk, listening, lines)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


async def _until_exit(talk: _Talk, listening: asyncio.Task[None], lines: AsyncIterator[str]) -> int:
    await talk.begun.wait()
    if talk.start:
        await talk.write(talk.start)
    while True:
        talk.ask()
        coming = asyncio.ensure_future(anext(lines, None))
        await asyncio.wait({coming, listening}, return_when=asyncio.FIRST_COMPLETED)
        if listening.done():
            coming.cancel()
            talk.say("The demo has ended.")
            return 1
        line = coming.result()
        if line is None or line.strip().lower() == "exit":
            talk.say("" if line is None else "Goodbye.")
            return 0
        if line.strip():
            await talk.write(line.strip())


class _Talk:
    """The conversation as far as it has come."""

    def __init__(
        self, session: aiohttp.ClientSession, address: str, channel: str, out: TextIO, patience: Patience
    ) -> None:
        self.begun = asyncio.Event()
        self.start = ""  # what the person sends first
        self._session = session
        self._address = address
        self._channel = channel
        self._out = out
        self._patience = patience
        self._heard = asyncio.Event()
        self._known: set[str] = set()
        self._keys: list[Payload] = []
        self._choices: list[Choice] = []
        self._asking = False
        self._is_over = False

    # ---- the person

    def ask(self) -> None:
        """Invite to write, on a terminal."""
        if self._out.isatty():
            self._put(_YOU)
            self._asking = True

    async def write(self, line: str) -> None:
        """Send *line*, or press what it numbers, and wait for the answer."""
        self._asking = False
        if not self._out.isatty():
            self.say(_YOU + line)
        self._heard.clear()
        async with self._session.post(f"{self._address}/{self._channel}", json=self._action(line)) as response:
            if response.status != 200:
                self.say(f"{_MARGIN}(That could not be sent.)")
                return
            if (await response.json())["webhook"] != 200:
                self.say(f"{_MARGIN}(The desk did not take it.)")
        await self._answered()

    def _action(self, line: str) -> Payload:
        number = int(line) if line.isdecimal() and len(line) < 4 else 0
        if 1 <= number <= len(self._choices):
            return self._choices[number - 1][1]
        return {"do": "say", "text": line}

    async def _answered(self) -> None:
        wait_s, is_answered = self._patience.answer_s, False
        with contextlib.suppress(TimeoutError):
            while not self._is_over:
                async with asyncio.timeout(wait_s):
                    await self._heard.wait()
                self._heard.clear()
                wait_s, is_answered = self._patience.quiet_s, True
        if not is_answered and not self._is_over:
            self.say(f"{_MARGIN}(No answer came.)")

    # ---- the desk

    async def listen(self) -> None:
        """Print what comes, until the stream ends."""
        try:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._session.get(f"{self._address}/events") as response:
                    response.raise_for_status()
                    async for name, body in _events(response):
                        self._hear(name, body)
        finally:
            self._is_over = True
            self.begun.set()
            self._heard.set()

    def _hear(self, name: str, body: Payload) -> None:
        if name == "screen":
            self._greet(body)
            self.begun.set()
        elif body.get("phone") != self._channel:
            return
        elif name == "keys":
            self._keys = [key for row in body["keys"] for key in row]
        elif name == "item" and not body.get("mine") and body["id"] not in self._known:
            self._known.add(body["id"])
            self._show(body)
            self._heard.set()

    def _greet(self, body: Payload) -> None:
        person = body["people"][self._channel]
        self.start = body["starts"].get(self._channel, "")
        self.say(
            f"You are {person.get('number', person['name'])} on {_NAMES[self._channel]}, and write to"
            f' {body["clinic"]}. Begin with "hello"; "exit" ends it.\n'
        )

    def _show(self, item: Payload) -> None:
        if self._asking:
            self._put("\r" + " " * len(_YOU) + "\r")
        lines = self._lines_of(item)
        self.say("\n".join((_MARGIN if index else _DESK) + line if line else "" for index, line in enumerate(lines)))
        if self._asking:
            self.ask()

    def _lines_of(self, item: Payload) -> list[str]:
        lines = item.get("text", "").splitlines()
        if place := item.get("place"):
            named = ", ".join(place[name] for name in ("title", "address") if place.get(name))
            return [*lines, f"[map: {named or 'a place'}, {place['lat']}, {place['lon']}]"]
        if file := item.get("file"):
            return [*lines, f"[file: {file['name']}, {self._address}/files/{item['id']}]"]
        self._choices = _buttons(item) or self._pressable()
        return [*lines, *(f"{number}. {label}" for number, (label, _) in enumerate(self._choices, start=1))]

    def _pressable(self) -> list[Choice]:
        return [
            (
                key["label"],
                {"do": "press", "place": place, **(BRISTOL if key["kind"] == "request_location" else {})},
            )
            for place, key in enumerate(self._keys)
        ]

    def say(self, text: str) -> None:
        """Print a line."""
        self._put(text + "\n")

    def _put(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def _buttons(item: Payload) -> list[Choice]:
    """Return what can be pressed under *item*, or picked from its list."""
    labels: list[str] = [label for row in item.get("rows", []) for label in row] + item.get("replies", [])
    labels += [" - ".join(part for part in row.values() if part) for row in item.get("list", {}).get("items", [])]
    return [(label, {"do": "tap", "item": item["id"], "place": place}) for place, label in enumerate(labels)]


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any]]:
    """Read server-sent events, each of which has one line of data."""
    name = ""
    async for raw in response.content:
        field, _, value = raw.decode().rstrip("\n").partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)
