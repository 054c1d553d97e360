"""A whole clinic for a test: the real application over HTTP on loopback, doubles of the providers, people's phones."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer
from sqlalchemy import text

from bot.app import App, open_app
from bot.jobs import publish
from bot.settings import Settings, read_settings
from bot.shipped import shipped_programmes
from domain.patients import Channel
from domain.schedules import Opening, WeeklyRule
from domain.store import catalogue
from domain.store.database import Database
from domain.store.verify import breaches
from tests.conftest import KEYS, STAMP
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
            self.session,
            f"{self.address}/webhooks/telegram",
            SECRET,
            self.telegram,
            1000 + self.people,
            "Ana",
            language,
            **more,
        )

    def twilio_phone(self, *, whatsapp: bool, prefix: str = "+1555123") -> TwilioPhone:
        """Return the phone of somebody new with SMS or WhatsApp."""
        self.people += 1
        ours = WHATSAPP_FROM if whatsapp else SMS_FROM
        return TwilioPhone(
            self.session,
            f"{self.address}/webhooks/twilio",
            f"{PUBLIC}/webhooks/twilio",
            self.twilio,
            f"{prefix}{self.people:04}",
            ours,
            whatsapp,
        )

    def phone(self, channel: str) -> TelegramPhone | TwilioPhone:
        """Return the phone of somebody new on *channel*."""
        return self.telegram_phone() if channel == "telegram" else self.twilio_phone(whatsapp=channel == "whatsapp")

    async def breaches(self) -> dict[str, int]:
        """Return which invariants are broken, and how often."""
        async with self.app.database.read() as connection:
            found = await breaches(connection, self.app.clock())
        return {name: count for name, count in found.items() if count}

    async def value(self, query: str, **values: Any) -> Any:
        """Return the first value that *query* finds."""
        async with self.app.database.read() as connection:
            return (await connection.execute(text(query), values)).scalar()

    async def column(self, query: str, **values: Any) -> list[Any]:
        """Return the first value of each row that *query* finds."""
        async with self.app.database.read() as connection:
            return list((await connection.execute(text(query), values)).scalars())

    async def twilio_receipts(self) -> None:
        """Have Twilio tell what became of the messages."""
        self.twilio.route = lambda url: url.replace(PUBLIC, self.address)
        assert {204} >= {done.status for done in await self.twilio.deliver_receipts()}

    async def deliver(self) -> int:
        """Send all that is due, where nobody works in the background; return how many sends were tried."""
        return await self.app.dispatcher.send_all_due()


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
async def clinic_at_work(
    database_url: str,
    clock: Callable[[], datetime],
    *,
    works: bool = True,
    change: Callable[[App], App] = lambda app: app,
    **more: Any,
) -> AsyncIterator[Clinic]:
    """Run the application on a migrated database, after *change* put other parts in.

    Unless it *works*, there are webhooks alone, and nothing is sent or tried again by itself.
    """
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
        app = change(await stack.enter_async_context(open_app(settings, clock=clock)))
        app.dispatcher.pace.rates = dict.fromkeys(Channel, 10_000.0)  # the doubles take as much as they get
        port = await stack.enter_async_context(serving(site_of.make(app), "127.0.0.1", 0))
        if works:
            await stack.enter_async_context(working(app, sends=True))
        yield Clinic(app, telegram, twilio, f"http://127.0.0.1:{port}", session)


async def write_small(
    database: Database, *, today: date, places: int = 20, days: int = 3, body: dict[str, Any] | None = None
) -> None:
    """Write one centre in Bristol that gives one vaccine (*body*), at nine, ten and eleven of the next *days*."""
    body = body or shipped_programmes()["flu"]
    centre = {
        "key": "small",
        "name": "Harbour Practice",
        "address": "1 Quay Street",
        "town": "Bristol",
        "postcode": "BS1 1XX",
        "country": "GB",
        "lat": 51.45,
        "lon": -2.59,
        "tz": "Europe/London",
        "access_notes": "",
    }
    morning, hour = Opening(start=time(9), until=time(12)), timedelta(hours=1)
    rules = [WeeklyRule(weekday=weekday, opening=morning, slot_length=hour, capacity=places) for weekday in range(7)]
    async with database.begin() as connection:
        await catalogue.keep_programme(connection, body, STAMP)
        centre_id, _ = await catalogue.keep_centre(connection, centre)
        await catalogue.keep_schedule(connection, centre_id=centre_id, programme_key=body["key"], rules=rules)
    await publish(database, today=today, until=today + timedelta(days=days + 1))
