"""A tab of the demo page without a browser: it posts what people do, and follows the stream of what is shown."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp

from bot.settings import Settings, read_settings
from tests.conftest import KEYS, Clock
from webhooks.try_page.stack import Demo, demo_at_work, free_port

PATIENCE_S = 20.0
BRISTOL = {"lat": 51.45, "lon": -2.59}
_NUMBERED = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)

Item = dict[str, Any]


def settings_for(database: Path, **more: Any) -> Settings:
    """Return settings for a demo, whatever the environment says."""
    given = {"database_url": f"sqlite:///{database}", "field_keys": KEYS, "log_level": "WARNING", **more}
    return read_settings(_env_file=None, **given)


@contextlib.asynccontextmanager
async def demo_on(template: Path, folder: Path, clock: Clock) -> AsyncIterator[Demo]:
    """Run a demo on a copy of *template*."""
    shutil.copyfile(template, folder / "demo.sqlite3")
    async with demo_at(folder, clock) as demo:
        yield demo


@contextlib.asynccontextmanager
async def demo_at(folder: Path, clock: Clock) -> AsyncIterator[Demo]:
    """Run a demo on the database in *folder*."""
    settings = settings_for(folder / "demo.sqlite3")
    async with demo_at_work(settings, host="127.0.0.1", port=free_port(), clock=clock) as demo:
        yield demo


class Tab:
    """One tab: `items` are the messages of each phone by id, `keys` what replaces the letters, `seen` all events."""

    def __init__(self, session: aiohttp.ClientSession, address: str, secret: str) -> None:
        self.secret = secret
        self.items: dict[str, dict[str, Item]] = {}
        self.keys: list[Item] = []
        self.behind: list[Item] = []
        self.seen: list[tuple[str, Item]] = []
        self._session = session
        self._address = f"{address}/try/sessions/{secret}"
        self._changed = asyncio.Event()

    async def follow(self) -> None:
        """Follow the stream until it ends."""
        async with self._session.get(f"{self._address}/events") as response:
            assert 200 == response.status
            assert "text/event-stream" == response.content_type
            name = ""
            async for line in response.content:
                field, _, value = line.decode().rstrip("\n").partition(": ")
                name = value if field == "event" else name
                if field == "data":
                    self._hear(name, json.loads(value))

    def _hear(self, name: str, body: Item) -> None:
        self.seen.append((name, body))
        match name:
            case "screen":
                self.items = {
                    phone: {item["id"]: item for item in held["items"]} for phone, held in body["phones"].items()
                }
            case "item":
                self.items[body["phone"]][body["id"]] = body
            case "ticks":
                self.items[body["phone"]][body["id"]]["ticks"] = body["ticks"]
            case "keys":
                self.keys = [key for row in body["keys"] for key in row]
            case "behind":
                self.behind.append(body)
        self._changed.set()

    async def until(self, is_so: Callable[[], Any]) -> Any:
        """Wait until *is_so* gives something, and return it."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := is_so()):
                self._changed.clear()
                await self._changed.wait()
        return found

    def shown(self, phone: str) -> list[Item]:
        """Return what the desk sent to *phone*."""
        return [item for item in self.items[phone].values() if not item.get("mine")]

    async def do(self, phone: str, **action: Any) -> tuple[int, Item]:
        """Do something on a phone; return the status and what was answered."""
        async with self._session.post(f"{self._address}/{phone}", json=action) as response:
            is_json = response.content_type == "application/json"
            return response.status, await response.json() if is_json else {}

    async def answer(self, phone: str, **action: Any) -> str:
        """Do something, and return the text of the first message that comes back."""
        before = {item["id"] for item in self.shown(phone)}
        status, told = await self.do(phone, **action)
        assert (200, 200) == (status, told["webhook"]), told
        new = await self.until(
            lambda: [item for item in self.shown(phone) if item["id"] not in before and item.get("text")]
        )
        return str(new[0]["text"])

    async def say(self, phone: str, text: str) -> str:
        """Write, and return the answer."""
        return await self.answer(phone, do="say", text=text)

    async def choose(self, phone: str, label: str) -> str:
        """Choose what begins with *label*, by a button, from a list, or by its number."""
        return await self.answer(phone, **await self.until(lambda: self._offered(phone, label)))

    def _offered(self, phone: str, label: str) -> Item | None:
        for item in reversed(self.shown(phone)):
            labels = [text for row in item.get("rows", []) for text in row] + item.get("replies", [])
            labels += [row["title"] for row in item.get("list", {}).get("items", [])]
            places = [place for place, text in enumerate(labels) if text.startswith(label)]
            if places:
                return {"do": "tap", "item": item["id"], "place": places[0]}
            for number, text in _NUMBERED.findall(item.get("text", "")):
                if text.startswith(label):
                    return {"do": "say", "text": number}
        return None


@contextlib.asynccontextmanager
async def tab_at(address: str, *, language: str = "en") -> AsyncIterator[Tab]:
    """Open a tab with new people, and follow its stream."""
    async with aiohttp.ClientSession(read_bufsize=2**22) as session:
        async with session.post(f"{address}/try/sessions", json={"language": language}) as response:
            assert 201 == response.status
            tab = Tab(session, address, (await response.json())["id"])
        following = asyncio.create_task(tab.follow())
        try:
            await tab.until(lambda: tab.seen)
            yield tab
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def book(tab: Tab, phone: str) -> str:
    """Book at the nearest centre in Bristol, from the first hello; return the last message."""
    await tab.say(phone, "/start" if phone == "telegram" else "hello")
    await tab.choose(phone, "Yes, for me")
    await tab.choose(phone, "COVID-19 vaccination")
    await tab.say(phone, "Ana Silva, 3 April 1950")
    await tab.choose(phone, "None of these")
    await _place(tab, phone)
    await tab.choose(phone, "Riverside")
    await tab.choose(phone, "Tue 2 Mar")
    return await tab.choose(phone, "Yes, book it")


async def _place(tab: Tab, phone: str) -> None:
    match phone:
        case "telegram":
            await tab.until(lambda: [key for key in tab.keys if key["kind"] == "request_location"])
            await tab.answer(phone, do="press", place=0, **BRISTOL)
        case "whatsapp":
            await tab.answer(phone, do="share", label="Harbour", **BRISTOL)
        case _:
            await tab.say(phone, "Bristol")
