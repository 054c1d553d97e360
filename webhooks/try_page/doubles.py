"""The providers' doubles at work on loopback ports of their own, and the settings that point to them."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.settings import Settings
from webhooks.serving import serving
from webhooks.simulator.telegram_double import TelegramDouble
from webhooks.simulator.twilio_double import TwilioDouble

LOOPBACK = "127.0.0.1"
SMS_FROM, WHATSAPP_FROM = "+15550000001", "+15550000002"
CLINIC = "Riverside Clinics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubles:
    """Both providers, where they answer, and the secret that Telegram sends along."""

    telegram: TelegramDouble
    twilio: TwilioDouble
    telegram_root: str
    twilio_root: str
    secret: str

    def settings(self, given: Settings, *, port: int) -> Settings:
        """Return *given* with credentials of these doubles, so that nothing leaves the machine."""
        return given.model_copy(
            update={
                "port": port,
                "public_url": given.public_url or f"http://localhost:{port}",
                "redis_url": None,
                "telegram_bot_token": self.telegram.token,
                "telegram_webhook_secret": self.secret,
                "telegram_api_url": self.telegram_root,
                "twilio_account_sid": self.twilio.account_sid,
                "twilio_auth_token": self.twilio.auth_token,
                "twilio_sms_from": SMS_FROM,
                "twilio_whatsapp_from": WHATSAPP_FROM,
                "twilio_messaging_service_sid": None,
                "twilio_api_url": self.twilio_root,
                "twilio_content_url": self.twilio_root,
                "whatsapp_templates": None,
                "clinic_name": given.clinic_name if "clinic_name" in given.model_fields_set else CLINIC,
            }
        )


def ignored(given: Settings) -> list[str]:
    """Return the names of settings for real providers, which the demo does not use."""
    theirs = ("telegram_", "twilio_", "whatsapp_")
    return sorted(name.upper() for name in given.model_fields_set if name.startswith(theirs))


@contextlib.asynccontextmanager
async def doubles_at_work(route: Callable[[str], str], clock: Callable[[], datetime]) -> AsyncIterator[Doubles]:
    """Run both with credentials made up at random; *route* turns the address of a receipt into a local one."""
    telegram = TelegramDouble(
        token=f"{secrets.randbelow(10**9) + 10**9}:{secrets.token_urlsafe(24)}",
        strict_chats=False,
        now=clock,
        last_update_id=int(clock().timestamp() * 1000),  # the desk has seen those of earlier starts
    )
    twilio = TwilioDouble(
        account_sid="AC" + secrets.token_hex(16),
        auth_token=secrets.token_hex(16),
        numbers={SMS_FROM, f"whatsapp:{WHATSAPP_FROM}"},
        auto_receipts=True,
        auto_approve=True,
        route=route,
        now=clock,
    )
    async with _served(telegram.app()) as telegram_root, _served(twilio.app()) as twilio_root:
        yield Doubles(
            telegram=telegram,
            twilio=twilio,
            telegram_root=telegram_root,
            twilio_root=twilio_root,
            secret=secrets.token_urlsafe(24),
        )


@contextlib.asynccontextmanager
async def _served(double: web.Application) -> AsyncIterator[str]:
    async with serving(double, LOOPBACK, 0) as port:
        yield f"http://{LOOPBACK}:{port}"
