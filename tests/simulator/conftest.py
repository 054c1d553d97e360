"""Doubles that run on loopback, a clock that tests set, and a webhook that notes what reaches it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from webhooks.simulator.exchange import Payload
from webhooks.simulator.telegram_double import TelegramDouble
from webhooks.simulator.twilio_double import TwilioDouble

TOKEN = "123456:ABC-def"
ACCOUNT = "AC" + "a" * 32
SECRET = "0123456789abcdef"
SENDERS = {"+15005550006", "whatsapp:+15005550006"}


@dataclass(slots=True)
class Clock:
    """A time that only tests move."""

    moment: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, span: timedelta) -> None:
        self.moment += span


@dataclass(slots=True, kw_only=True)
class Running:
    """A double behind a real port, and how to call it."""

    session: aiohttp.ClientSession
    root: str
    clock: Clock


@dataclass(slots=True, kw_only=True)
class Telegram(Running):
    double: TelegramDouble

    async def call(self, method: str, **parameters: object) -> tuple[int, Payload]:
        """Call *method* with a JSON body."""
        url = f"{self.root}/bot{TOKEN}/{method}"
        async with self.session.post(url, json=parameters) as response:
            body: Payload = await response.json()
            return response.status, body


@dataclass(slots=True, kw_only=True)
class Twilio(Running):
    double: TwilioDouble

    @property
    def messages(self) -> str:
        return f"{self.root}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    async def request(
        self, verb: str, url: str, *, form: Payload | None = None, body: object = None, secret: str = SECRET
    ) -> tuple[int, Payload]:
        headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, secret)}
        async with self.session.request(verb, url, data=form, json=body, headers=headers) as response:
            answer: Payload = await response.json() if response.status != 204 else {}
            return response.status, answer

    async def send(self, **form: object) -> tuple[int, Payload]:
        return await self.request("POST", self.messages, form=form)

    async def create_content(self, types: Payload, **rest: object) -> tuple[int, Payload]:
        body = {"language": "en", "types": types, **rest}
        return await self.request("POST", f"{self.root}/v1/Content", body=body)


@dataclass(slots=True)
class Webhook:
    """Our side, as far as the phones can tell."""

    url: str = ""
    status: int = 200
    body: str = ""
    content_type: str = "text/xml"
    headers: list[dict[str, str]] = field(default_factory=list)
    updates: list[Payload] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    answering: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        if request.content_type == "application/json":
            self.updates.append(await request.json())
        else:
            self.forms.append({name: str(value) for name, value in (await request.post()).items()})
        await self.answering.wait()
        return web.Response(status=self.status, text=self.body, content_type=self.content_type)


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest_asyncio.fixture
async def telegram(session: aiohttp.ClientSession) -> AsyncIterator[Telegram]:
    clock = Clock()
    double = TelegramDouble(token=TOKEN, now=clock)
    async with TestServer(double.app()) as server:
        yield Telegram(session=session, root=str(server.make_url("")).rstrip("/"), clock=clock, double=double)


@pytest_asyncio.fixture
async def twilio(session: aiohttp.ClientSession) -> AsyncIterator[Twilio]:
    clock = Clock()
    double = TwilioDouble(account_sid=ACCOUNT, auth_token=SECRET, numbers=set(SENDERS), now=clock)
    async with TestServer(double.app()) as server:
        yield Twilio(session=session, root=str(server.make_url("")).rstrip("/"), clock=clock, double=double)


@pytest_asyncio.fixture
async def webhook() -> AsyncIterator[Webhook]:
    received = Webhook()
    received.answering.set()
    application = web.Application()
    application.router.add_post("/hook", received.receive)
    async with TestServer(application) as server:
        received.url = str(server.make_url("/hook"))
        yield received
        received.answering.set()
