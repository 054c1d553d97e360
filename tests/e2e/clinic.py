"""A whole clinic for a test: the real application over HTTP on loopback, doubles of the providers, people's phones."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer

from bot.app import App, open_app
from bot.settings import Settings, read_settings
from domain.store.verify import breaches
from tests.conftest import KEYS
from webhooks import app as site_of
from webhooks.main import serving, working
from webhooks.simulator.phones import TelegramPhone, TwilioPhone
from webhooks.simulator.telegram_double import TelegramDouble
from webhooks.simulator.twilio_double import TwilioDouble

TOKEN = "123456:TEST-token"
SECRET = "a-secret_for-tests"
ACCOUNT = "AC" + "0" * 32
AUTH = "twilio-token"
PUBLIC = "https://desk.example.org"
SMS_FROM, WHATSAPP_FROM = "+15550000001", "+15550000002"


@dataclass(slots=True)
class Clinic:
    """The application at work, and the world around it."""

    app: App
    telegram: TelegramDouble
    twilio: TwilioDouble
    address: str
    session: aiohttp.ClientSession
    people: int = 0
    phones: list[Any] = field(default_factory=list)

    def telegram_phone(self, language: str = "en", **more: Any) -> TelegramPhone:
        """Return the phone of somebody new with Telegram."""
        self.people += 1
        return TelegramPhone(
            self.session, f"{self.address}/webhooks/telegram", SECRET, self.telegram, 1000 + self.people, "Ana", language,
            **more,
        )  # fmt: skip

    def twilio_phone(self, *, whatsapp: bool, prefix: str = "+1555123") -> TwilioPhone:
        """Return the phone of somebody new with SMS or WhatsApp."""
        self.people += 1
        ours = WHATSAPP_FROM if whatsapp else SMS_FROM
        return TwilioPhone(
            self.session, f"{self.address}/webhooks/twilio", f"{PUBLIC}/webhooks/twilio", self.twilio,
            f"{prefix}{self.people:04}", ours, whatsapp,
        )  # fmt: skip

    def phone(self, channel: str) -> TelegramPhone | TwilioPhone:
        """Return the phone of somebody new on *channel*."""
        return self.telegram_phone() if channel == "telegram" else self.twilio_phone(whatsapp=channel == "whatsapp")

    async def breaches(self) -> dict[str, int]:
        """Return which invariants are broken, and how often."""
        async with self.app.database.read() as connection:
            found = await breaches(connection, self.app.clock())
        return {name: count for name, count in found.items() if count}


def settings_for(database_url: str, telegram: str, twilio: str, **more: Any) -> Settings:
    """Return settings for a test, whatever the environment says."""
    given: dict[str, Any] = {
        "database_url": database_url,
        "public_url": PUBLIC,
        "telegram_bot_token": TOKEN,
        "telegram_webhook_secret": SECRET,
        "telegram_api_url": telegram,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": AUTH,
        "twilio_sms_from": SMS_FROM,
        "twilio_whatsapp_from": WHATSAPP_FROM,
        "twilio_api_url": twilio,
        "twilio_content_url": twilio,
        "field_keys": KEYS,
        "clinic_name": "Riverside Clinics",
        "log_level": "WARNING",
    }
    return read_settings(_env_file=None, **given | more)


@contextlib.asynccontextmanager
async def clinic_at_work(database_url: str, clock: Callable[[], datetime], **more: Any) -> AsyncIterator[Clinic]:
    """Run the application on a migrated database."""
    telegram = TelegramDouble(token=TOKEN, now=clock)
    twilio = TwilioDouble(account_sid=ACCOUNT, auth_token=AUTH, now=clock)
    async with contextlib.AsyncExitStack() as stack:
        telegram_server = await stack.enter_async_context(TestServer(telegram.app()))
        twilio_server = await stack.enter_async_context(TestServer(twilio.app()))
        connector = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        settings = settings_for(
            database_url, str(telegram_server.make_url("")), str(twilio_server.make_url("")), **more
        )
        app = await stack.enter_async_context(open_app(settings, clock=clock))
        port = await stack.enter_async_context(serving(site_of.make(app), "127.0.0.1", 0))
        await stack.enter_async_context(working(app, sends=True))
        yield Clinic(app, telegram, twilio, f"http://127.0.0.1:{port}", session)
