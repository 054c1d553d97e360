"""Commands that set things up at the providers: Telegram's webhook and commands, WhatsApp's Content resources."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aiohttp

from bot.app import open_database
from bot.channels.whatsapp import resources, variables_in
from bot.cli import CommandLine
from bot.settings import SettingError, Settings
from dialogs.sentences import BOT_COMMANDS
from dialogs.text import render
from domain.store import content
from domain.words import LANGUAGES

if TYPE_CHECKING:
    from telegram import Bot

_TIMEOUT = aiohttp.ClientTimeout(total=20)
PROVISION = "run: frontdesk whatsapp provision"


async def run_set_webhook(_given: argparse.Namespace, settings: Settings) -> int:
    """Tell Telegram where updates go, with the secret, and register the commands; safe to repeat."""
    if settings.telegram_bot_token is None:
        raise SettingError("TELEGRAM_BOT_TOKEN: is not set; BotFather gives you one.")
    if settings.telegram_webhook_secret is None:
        raise SettingError("TELEGRAM_WEBHOOK_SECRET: is not set; make up a long one.")
    if settings.public_url is None:
        raise SettingError("PUBLIC_URL: is not set; Telegram must know where to send updates.")
    from telegram.error import TelegramError

    from bot.channels.telegram import UPDATES, make_bot

    async with aiohttp.ClientSession() as session:
        bot = make_bot(settings.telegram_bot_token, settings.telegram_api_url, session)
        try:
            await bot.set_webhook(
                f"{settings.public_url}/webhooks/telegram",
                secret_token=settings.telegram_webhook_secret,
                allowed_updates=UPDATES,
                max_connections=40,
            )
            await register_commands(bot)
        except TelegramError as problem:
            print(f"frontdesk telegram set-webhook: Telegram says: {problem}", file=sys.stderr)
            return 1
    print(f"Updates go to {settings.public_url}/webhooks/telegram; {len(BOT_COMMANDS)} commands are registered.")
    return 0


async def register_commands(bot: Bot) -> None:
    """Tell Telegram what to offer beside the input line, in each language."""
    from telegram import BotCommand

    for language in LANGUAGES:
        commands = [BotCommand(name, render(text, language)) for name, text in BOT_COMMANDS.items()]
        await bot.set_my_commands(commands, language_code=None if language == "en" else language)


async def run_provision(_given: argparse.Namespace, settings: Settings) -> int:
    """Make the Content resources that WhatsApp's buttons and lists need; those that still fit are taken as they are."""
    database = await open_database(settings)
    try:
        sids, made = await provisioned(settings)
        async with database.begin() as connection:
            for name, sid in sids.items():
                await content.keep_sid(connection, name, sid)
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as problem:
        print(f"frontdesk whatsapp provision: {_why(problem)}.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    print(f"{len(sids)} Content resources are ready, {made} of them new.")
    return 0


def _why(problem: Exception) -> str:
    match problem:
        case aiohttp.ClientResponseError(status=status):
            return f"Twilio answers with status {status}"
        case aiohttp.ClientError() | TimeoutError():
            return "Twilio cannot be reached"
        case _:
            return "what Twilio answers cannot be read"


async def provisioned(settings: Settings) -> tuple[dict[str, str], int]:
    """Make the Content resources that are missing; return the SIDs of all by name, and how many are new."""
    sids: dict[str, str] = {}
    made = 0
    async with _content_api(settings) as session:
        there = await _there(session, settings)
        for name, body in resources().items():
            fitting = [item["sid"] for item in there if _fits(item, body)]
            sids[name] = fitting[0] if fitting else await _make(session, settings, body)
            made += not fitting
    return sids, made


async def resource_faults(settings: Settings, stored: Mapping[str, str]) -> list[str]:
    """Name what is wrong with the *stored* SIDs of Content resources by asking Twilio for them."""
    try:
        async with _content_api(settings) as session:
            there = {item["sid"]: item for item in await _there(session, settings)}
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as problem:
        return [f"WhatsApp's Content resources cannot be looked at: {_why(problem)}"]
    wanted = resources()
    lost = [name for name, sid in stored.items() if name in wanted and not _fits(there.get(sid, {}), wanted[name])]
    if not lost:
        return []
    return [f"WhatsApp: {len(lost)} Content resources are not at Twilio as they should be; {PROVISION}"]


def _content_api(settings: Settings) -> aiohttp.ClientSession:
    account, token = settings.twilio_account_sid, settings.twilio_auth_token
    if account is None or token is None:
        raise SettingError("TWILIO_ACCOUNT_SID: is not set, or TWILIO_AUTH_TOKEN is not; see the Twilio console.")
    headers = {"Authorization": aiohttp.encode_basic_auth(account, token)}
    return aiohttp.ClientSession(headers=headers, timeout=_TIMEOUT)


async def _there(session: aiohttp.ClientSession, settings: Settings) -> list[dict[str, Any]]:
    """Return the account's resources, page by page."""
    root = f"{settings.twilio_content_url}/v1/Content"
    found: list[dict[str, Any]] = []
    address: str | None = f"{root}?PageSize=100"
    while address:
        async with session.get(address) as response:
            response.raise_for_status()
            body: dict[str, Any] = await response.json()
        found += body["contents"]
        following = (body.get("meta") or {}).get("next_page_url")
        # The provider names its own host; we stay with the one we were given.
        address = f"{root}?{following.partition('?')[2]}" if following else None
    return found


def _fits(item: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Say whether a resource at Twilio is the one that *body* would make: its name, its kinds, its variables."""
    if item.get("friendly_name") != body["friendly_name"]:
        return False
    types, wanted = item.get("types") or {}, body["types"]
    return set(types) == set(wanted) and variables_in(types) == variables_in(wanted)


async def _make(session: aiohttp.ClientSession, settings: Settings, body: dict[str, Any]) -> str:
    async with session.post(f"{settings.twilio_content_url}/v1/Content", json=body) as response:
        response.raise_for_status()
        return str((await response.json())["sid"])


COMMANDS = (
    CommandLine(
        name="telegram set-webhook",
        does="Tell Telegram where updates go, and register the commands.",
        run=run_set_webhook,
    ),
    CommandLine(
        name="whatsapp provision",
        does="Make the Content resources for WhatsApp's buttons and lists.",
        run=run_provision,
    ),
)
